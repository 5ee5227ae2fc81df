// The functions of computestorage.dll, as a client in C calls them.
#include "../support/layer-client.h"

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

namespace {

constexpr HResult kNotReady = 0x80070015;
constexpr HResult kExists = 0x800700B7;
constexpr HResult kNotFound = 0x80070490;
constexpr const char16_t* kContainer = u"{\"Type\":\"Container\"}";
constexpr const char16_t* kVm = u"{\"Type\":\"Vm\"}";

void writeFiles(const LayerFolder& folder, const std::string& layer) {
  folder.write((layer + "/Files/a.txt").c_str(), std::string("\x20\0\0\0", 4));
  folder.write((layer + "/Files.$wcidirs$").c_str(), std::string("\x10\0\0\0", 4));
}

VirtDisk* create(const std::u16string& path) {
  const DiskTypeData type{};
  CreateDiskParameters wanted{};
  wanted.version = 2;
  wanted.maximumSize = 8u << 20;
  VirtDisk* disk = nullptr;
  CHECK(CreateVirtualDisk(&type, path.c_str(), 0, nullptr, 0, 0, &wanted, nullptr, &disk) == 0);
  return disk;
}

HResult attach(VirtDisk* disk) { return AttachVirtualDisk(disk, nullptr, 2, 0, nullptr, nullptr); }

// A layer is set up once, with a disk for a virtual machine and without one for a container.
void baseLayers() {
  reset();
  const LayerFolder folder("storage-base-");
  writeFiles(folder, "base");
  writeFiles(folder, "vm");
  VirtDisk* const disk = create(folder.path("a.vhdx"));
  CHECK(HcsSetupBaseOSLayer(nullptr, nullptr, kContainer) == kBadArgument);
  CHECK(HcsSetupBaseOSLayer(folder.path("base").c_str(), nullptr, nullptr) == kBadArgument);
  CHECK(HcsSetupBaseOSLayer(folder.path("base").c_str(), nullptr, u"{") == kInvalidJson);
  CHECK(HcsSetupBaseOSLayer(folder.path("base").c_str(), disk, kContainer) == kBadArgument);
  CHECK(HcsSetupBaseOSLayer(folder.path("base").c_str(), nullptr, kContainer) == kOk);
  CHECK(HcsSetupBaseOSLayer(folder.path("base").c_str(), nullptr, kContainer) == kExists);
  CHECK(HcsSetupBaseOSLayer(folder.path("vm").c_str(), nullptr, kVm) == kBadHandle);
  CHECK(HcsSetupBaseOSLayer(folder.path("vm").c_str(), disk, kVm) == kNotReady);
  CHECK(attach(disk) == 0);
  CHECK(HcsSetupBaseOSLayer(folder.path("vm").c_str(), disk, kVm) == kOk);
  CHECK(CloseVirtualDisk(disk) == 0);
}

// The path is freed with LocalFree, as the documentation says.
void volumes() {
  reset();
  const LayerFolder folder("storage-volume-");
  VirtDisk* const disk = create(folder.path("a.vhdx"));
  char16_t* path = nullptr;
  CHECK(HcsGetLayerVhdMountPath(disk, nullptr) == kBadArgument);
  CHECK(HcsGetLayerVhdMountPath(nullptr, &path) == kBadHandle && path == nullptr);
  CHECK(HcsFormatWritableLayerVhd(nullptr) == kBadHandle);
  CHECK(HcsFormatWritableLayerVhd(disk) == kOk);
  CHECK(HcsGetLayerVhdMountPath(disk, &path) == kNotReady && path == nullptr);
  CHECK(attach(disk) == 0);
  CHECK(HcsGetLayerVhdMountPath(disk, &path) == kOk && path != nullptr);
  CHECK(contains(path, u"\\\\?\\Volume{"));
  LocalFree(path);
#if !defined(_WIN32)
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Misfreed\":[]"));
  CHECK(HcsGetLayerVhdMountPath(disk, &path) == kOk);
  CoTaskMemFree(path);
  CHECK(contains(control(u"{\"State\":{}}"),
                 u"\"Misfreed\":[{\"Function\":\"computestorage.HcsGetLayerVhdMountPath\""));
#endif
  CHECK(CloseVirtualDisk(disk) == 0);
}

void filters() {
  reset();
  const LayerFolder folder("storage-filter-");
  folder.base("base");
  folder.write("scratch/sandbox.vhdx", "");
  const std::u16string scratch = folder.path("scratch");
  const std::u16string data =
      u"{\"SchemaVersion\":{},\"Layers\":[{\"Id\":\"11111111-2222-5333-8444-555555555555\","
      u"\"Path\":\"" +
      folder.path("base") + u"\"}]}";
  CHECK(HcsAttachLayerStorageFilter(scratch.c_str(), nullptr) == kBadArgument);
  CHECK(HcsDetachLayerStorageFilter(scratch.c_str()) == kNotFound);
  CHECK(HcsInitializeWritableLayer(scratch.c_str(), data.c_str(), u"") == kOk);
  CHECK(HcsAttachLayerStorageFilter(scratch.c_str(), data.c_str()) == kOk);
  CHECK(HcsAttachLayerStorageFilter(scratch.c_str(), data.c_str()) == kExists);
  CHECK(HcsDestroyLayer(folder.path("base").c_str()) == 0xC0000420);
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Name\":\"scratch\",\"Activations\":0,"));
  CHECK(HcsDetachLayerStorageFilter(scratch.c_str()) == kOk);
  CHECK(HcsAttachOverlayFilter(scratch.c_str(), u"{\"FilterType\":\"UnionFS\"}") == kOk);
  CHECK(HcsDestroyLayer(scratch.c_str()) == 0x80070020);
  CHECK(HcsDetachOverlayFilter(scratch.c_str(), u"{\"FilterType\":\"UnionFS\"}") == kOk);
  CHECK(HcsDestroyLayer(scratch.c_str()) == kOk);
}

}  // namespace

int main() {
  baseLayers();
  volumes();
  filters();
  return summary();
}
