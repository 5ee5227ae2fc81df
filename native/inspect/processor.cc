// What the processor tells of virtualization, and of a hypervisor below this Windows.
#include <initializer_list>

#include "windows-calls.h"

#if defined(_M_X64) || defined(__x86_64__)
#include <intrin.h>
#define HC_HAS_CPUID
#endif

namespace hc::inspect {

namespace {

constexpr DWORD kNx = 12;                      // PF_NX_ENABLED
constexpr DWORD kSlat = 20;                    // PF_SECOND_LEVEL_ADDRESS_TRANSLATION
constexpr DWORD kFirmwareVirtualization = 21;  // PF_VIRT_FIRMWARE_ENABLED

bool has(DWORD feature) { return IsProcessorFeaturePresent(feature) != 0; }

#if defined(HC_HAS_CPUID)

constexpr unsigned kVendorLeaf = 0x40000000;
constexpr unsigned kInterfaceLeaf = 0x40000001;
constexpr unsigned kPrivilegesLeaf = 0x40000003;

struct Leaf {
  explicit Leaf(unsigned number) {
    __cpuid(reinterpret_cast<int*>(registers), static_cast<int>(number));
  }
  unsigned eax() const { return registers[0]; }
  unsigned ebx() const { return registers[1]; }
  unsigned ecx() const { return registers[2]; }
  unsigned edx() const { return registers[3]; }
  unsigned registers[4] = {};
};

// The letters of registers, up to the first that is none.
std::string lettersOf(std::initializer_list<unsigned> registers) {
  std::string text;
  for (const unsigned each : registers) {
    for (int shift = 0; shift < 32; shift += 8) {
      const char letter = static_cast<char>(each >> shift);
      if (letter < 0x20 || letter > 0x7E) return text;
      text += letter;
    }
  }
  return text;
}

void writeHypervisor(Json& json) {
  const bool present = (Leaf(1).ecx() >> 31) != 0;
  std::string vendor;
  std::string kind;
  bool createPartitions = false;
  if (present) {
    const Leaf first(kVendorLeaf);
    vendor = lettersOf({first.ebx(), first.ecx(), first.edx()});
    if (first.eax() >= kInterfaceLeaf) kind = lettersOf({Leaf(kInterfaceLeaf).eax()});
    // The leaf means this with the interface of Microsoft alone.
    if (kind == "Hv#1" && first.eax() >= kPrivilegesLeaf)
      createPartitions = (Leaf(kPrivilegesLeaf).ebx() & 1) != 0;
  }
  json.key("hypervisor").boolean(present);
  json.key("vendor").ascii(vendor);
  json.key("interface").ascii(kind);
  json.key("createPartitions").boolean(createPartitions);
}

#else

void writeHypervisor(Json& json) {
  for (const char* name : {"hypervisor", "vendor", "interface", "createPartitions"})
    json.key(name).null();
}

#endif

}  // namespace

Failure processor(Json& json) {
  json.beginObject();
  json.key("firmwareVirtualization").boolean(has(kFirmwareVirtualization));
  json.key("slat").boolean(has(kSlat));
  json.key("nx").boolean(has(kNx));
  writeHypervisor(json);
  json.endObject();
  return {};
}

}  // namespace hc::inspect
