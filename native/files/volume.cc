#include "volume.h"

#include "status.h"

namespace hc::files {

namespace {

constexpr DWORD kGetLengthInfo = 0x0007405C;  // IOCTL_DISK_GET_LENGTH_INFO
constexpr DWORD kExtendVolume = 0x000900F0;   // FSCTL_EXTEND_VOLUME
constexpr std::int64_t kCluster = 4096;
constexpr std::int64_t kSectorsPerCluster = kCluster / 512;
// ATTACH_VIRTUAL_DISK_FLAG_BYPASS_DEFAULT_ENCRYPTION_POLICY: a host may demand that disks of data
// are encrypted.
constexpr ULONG kBypassEncryptionPolicy = 0x20;

// The structures of virtdisk.h, which not every toolchain has as Windows has them. All zero: by the
// ending of the file.
struct StorageType {
  ULONG device;
  GUID vendor;
};
struct OpenParameters {
  ULONG version;
  BOOL infoOnly;
  BOOL readOnly;
  GUID resiliency;
};
static_assert(sizeof(StorageType) == 20);
static_assert(sizeof(OpenParameters) == 28);

using OpenFunction = DWORD(WINAPI*)(StorageType*, const wchar_t*, ULONG, ULONG, OpenParameters*,
                                    HANDLE*);
using AttachFunction = DWORD(WINAPI*)(HANDLE, void*, ULONG, ULONG, void*, OVERLAPPED*);

// Only when it is needed, and from where Windows has it. It stays.
void* virtdisk(const char* name) {
  const HMODULE module = LoadLibraryExW(L"virtdisk.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  return module == nullptr ? nullptr : reinterpret_cast<void*>(GetProcAddress(module, name));
}

Status partitionSize(HANDLE volume, std::int64_t& size) {
  DWORD got = 0;
  const BOOL done =
      DeviceIoControl(volume, kGetLengthInfo, nullptr, 0, &size, sizeof size, &got, nullptr);
  return done ? 0 : lastError();
}

}  // namespace

Status attachDisk(const std::u16string& path, File& disk) {
  const auto openDisk = reinterpret_cast<OpenFunction>(virtdisk("OpenVirtualDisk"));
  const auto attach = reinterpret_cast<AttachFunction>(virtdisk("AttachVirtualDisk"));
  if (openDisk == nullptr || attach == nullptr) return ofError(ERROR_MOD_NOT_FOUND);
  StorageType type{};
  OpenParameters parameters{};
  parameters.version = 2;
  HANDLE handle = nullptr;
  DWORD error =
      openDisk(&type, reinterpret_cast<const wchar_t*>(path.c_str()), 0, 0, &parameters, &handle);
  if (error != 0) return ofError(error);
  File opened(handle);
  error = attach(handle, nullptr, kBypassEncryptionPolicy, 0, nullptr, nullptr);
  if (error != 0) return ofError(error);
  disk = std::move(opened);
  return 0;
}

Status extendVolume(std::u16string path) {
  while (!path.empty() && path.back() == u'\\') path.pop_back();
  const HANDLE handle =
      CreateFileW(reinterpret_cast<const wchar_t*>(path.c_str()), GENERIC_READ | GENERIC_WRITE,
                  FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return lastError();
  const File volume(handle);
  std::int64_t partition = 0;
  const Status known = partitionSize(handle, partition);
  if (known < 0) return known;
  path += u'\\';
  ULARGE_INTEGER total{};
  if (!GetDiskFreeSpaceExW(reinterpret_cast<const wchar_t*>(path.c_str()), nullptr, &total,
                           nullptr)) {
    return lastError();
  }
  const std::int64_t clusters = partition / kCluster;
  // NTFS keeps a cluster for itself, and where nothing can grow the call fails.
  if (static_cast<std::int64_t>(total.QuadPart) / kCluster + 1 >= clusters) return 0;
  std::int64_t sectors = clusters * kSectorsPerCluster;
  DWORD got = 0;
  if (!DeviceIoControl(handle, kExtendVolume, &sectors, sizeof sectors, nullptr, 0, &got,
                       nullptr)) {
    return lastError();
  }
  return 1;
}

}  // namespace hc::files
