// The C types of virtual disks as virtdisk.dll knows them, beside those of hcs.h. The header of
// mingw-w64 lacks a member, and is not used.
#pragma once

#include "hcs.h"

namespace hc {

// A kernel handle.
struct VirtDisk;

// VIRTUAL_STORAGE_TYPE. All zero: the extension of the file decides.
struct DiskTypeData {
  std::uint32_t deviceId;
  GuidData vendorId;
};
static_assert(sizeof(DiskTypeData) == 20, "VIRTUAL_STORAGE_TYPE");
constexpr std::uint32_t kVhdxDevice = 3;

// Of the parameters below. It goes with an access mask of 0.
constexpr std::uint32_t kParametersVersion = 2;

// CREATE_VIRTUAL_DISK_PARAMETERS, version 2.
struct CreateDiskParameters {
  std::uint32_t version;
  std::uint32_t padding;
  GuidData uniqueId;
  std::uint64_t maximumSize;
  std::uint32_t blockSize;
  std::uint32_t sectorSize;
  std::uint32_t physicalSectorSize;
  const char16_t* parentPath;
  const char16_t* sourcePath;
  std::uint32_t openFlags;
  DiskTypeData parentType;
  DiskTypeData sourceType;
  GuidData resiliencyGuid;
};
static_assert(offsetof(CreateDiskParameters, uniqueId) == 8 &&
                  offsetof(CreateDiskParameters, maximumSize) == 24 &&
                  offsetof(CreateDiskParameters, physicalSectorSize) == 40 &&
                  offsetof(CreateDiskParameters, parentPath) == 48 &&
                  offsetof(CreateDiskParameters, openFlags) == 64 &&
                  offsetof(CreateDiskParameters, parentType) == 68 &&
                  offsetof(CreateDiskParameters, sourceType) == 88 &&
                  offsetof(CreateDiskParameters, resiliencyGuid) == 108 &&
                  sizeof(CreateDiskParameters) == 128,
              "CREATE_VIRTUAL_DISK_PARAMETERS");

// OPEN_VIRTUAL_DISK_PARAMETERS, version 2.
struct OpenDiskParameters {
  std::uint32_t version;
  std::int32_t getInfoOnly;
  std::int32_t readOnly;
  GuidData resiliencyGuid;
};
static_assert(offsetof(OpenDiskParameters, resiliencyGuid) == 12 &&
                  sizeof(OpenDiskParameters) == 28,
              "OPEN_VIRTUAL_DISK_PARAMETERS");

// ATTACH_VIRTUAL_DISK_PARAMETERS, version 2. Server 2019 knows version 1 only, which has no members
// that are used; none at all means the same everywhere, and is what the core gives.
struct AttachDiskParameters {
  std::uint32_t version;
  std::uint32_t padding;
  std::uint64_t restrictedOffset;
  std::uint64_t restrictedLength;
};
static_assert(offsetof(AttachDiskParameters, restrictedOffset) == 8 &&
                  sizeof(AttachDiskParameters) == 24,
              "ATTACH_VIRTUAL_DISK_PARAMETERS");

// GET_VIRTUAL_DISK_INFO: the version chooses what is asked for.
enum class DiskQuery : std::uint32_t {
  Size = 1,
  Identifier = 2,
  ParentLocation = 3,
  ParentIdentifier = 4,
  StorageType = 6,
  ProviderSubtype = 7,
  Is4KAligned = 8,
  PhysicalSectorSize = 10,
  IsLoaded = 13,
  VirtualDiskId = 14,
};
struct DiskSizes {
  std::uint64_t virtualSize;
  std::uint64_t physicalSize;
  std::uint32_t blockSize;
  std::uint32_t sectorSize;
};
struct DiskParentLocation {
  std::int32_t resolved;
  char16_t path[1];  // as long as the memory that the caller has given
};
struct GetDiskInformation {
  DiskQuery version;
  std::uint32_t padding;
  union {
    DiskSizes sizes;
    GuidData guid;
    DiskParentLocation parent;
    DiskTypeData type;
    std::uint32_t number;
  };
};
static_assert(offsetof(GetDiskInformation, sizes) == 8 && sizeof(GetDiskInformation) == 32,
              "GET_VIRTUAL_DISK_INFO");
static_assert(offsetof(DiskParentLocation, path) == 4, "GET_VIRTUAL_DISK_INFO.ParentLocation");

// SET_VIRTUAL_DISK_INFO.
enum class DiskChange : std::uint32_t { Identifier = 2, VirtualDiskId = 5 };
struct SetDiskInformation {
  DiskChange version;
  std::uint32_t padding;
  union {
    GuidData guid;
    std::uint64_t widest[3];
  };
};
static_assert(offsetof(SetDiskInformation, guid) == 8 && sizeof(SetDiskInformation) == 32,
              "SET_VIRTUAL_DISK_INFO");

constexpr std::uint32_t kFixedDisk = 2;  // VIRTUAL_DISK_INFO provider subtypes
constexpr std::uint32_t kDynamicDisk = 3;
constexpr std::uint32_t kDifferencingDisk = 4;

constexpr std::uint32_t kCreateFullyAllocated = 0x1;  // CREATE_VIRTUAL_DISK_FLAG
constexpr std::uint32_t kOpenNoParents = 0x1;         // OPEN_VIRTUAL_DISK_FLAG
constexpr std::uint32_t kOpenIgnoreRelativeParent = 0x80;
constexpr std::uint32_t kAttachReadOnly = 0x1;  // ATTACH_VIRTUAL_DISK_FLAG
constexpr std::uint32_t kAttachPermanently = 0x4;

// The functions of virtdisk.dll return a Win32 error code, where all others return an HRESULT: what
// HRESULT_FROM_WIN32 makes of it. Codes of virtual disks, 0xC03A00xx, stay as they are.
constexpr HResult fromWin32(std::uint32_t error) {
  return error == 0 || failed(error) ? error : 0x80070000u | (error & 0xFFFFu);
}
// The way back.
constexpr std::uint32_t toWin32(HResult status) {
  return (status & 0xFFFF0000u) == 0x80070000u ? status & 0xFFFFu : status;
}

}  // namespace hc
