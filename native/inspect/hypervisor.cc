// Whether programs can use a hypervisor.
#include "windows-calls.h"

namespace hc::inspect {

namespace {

using GetCapability = HRESULT(WINAPI*)(int, void*, UINT32, UINT32*);
constexpr int kHypervisorPresent = 0;  // WHvCapabilityCodeHypervisorPresent

}  // namespace

Failure hypervisor(Json& json) {
  const auto getCapability =
      systemFunction<GetCapability>(u"winhvplatform.dll", "WHvGetCapability");
  if (getCapability == nullptr) return lastError("WHvGetCapability");
  std::uint64_t capability[32] = {};
  UINT32 written = 0;
  const HRESULT result = getCapability(kHypervisorPresent, capability, sizeof capability, &written);
  if (result < 0) return {"WHvGetCapability", static_cast<std::uint32_t>(result)};
  // A BOOL.
  json.beginObject().key("present").boolean((capability[0] & 0xFFFFFFFF) != 0).endObject();
  return {};
}

}  // namespace hc::inspect
