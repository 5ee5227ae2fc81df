// The functions of virtdisk.dll, which return Win32 error codes.
#include <exception>
#include <new>
#include <utility>

#include "../base/trace.h"
#include "../disks/disks.h"
#include "../host/call-dispatch.h"
#include "exports.h"

namespace hc::simulator {
namespace {

DiskStore& store() { return DiskStore::instance(); }

// What the disk or the memory fails is a failure of the call; a disk has no result document, so
// that what was wrong is kept for the state.
template <class Function, class Body>
std::uint32_t runOn(const std::u16string& name, const Body& body) {
  return toWin32(run<Function>({name.c_str(), 0}, {}, [&](const Call& call) {
    Outcome outcome;
    try {
      outcome = body(call);
    } catch (const std::bad_alloc&) {
      outcome = kNotEnoughMemory;
    } catch (const std::exception&) {
      outcome = fail(kInvalidArgument, u"A path cannot be used here.");
    }
    if (!outcome.ok() && !outcome.message.empty()) {
      Host::instance().layers.setLastError(functionKey(call.site.function) + u" " + name + u": " +
                                           outcome.message);
    }
    outcome.payload.reset();
    return outcome;
  }));
}

template <class Function, class Body>
std::uint32_t runOn(VirtDisk* disk, const Body& body) {
  return runOn<Function>(store().nameOf(diskOf(disk)), body);
}

std::u16string lastPart(const char16_t* path) {
  if (path == nullptr) return {};
  const std::u16string_view text = path;
  const std::size_t slash = text.find_last_of(u"\\/");
  return std::u16string(slash == std::u16string_view::npos ? text : text.substr(slash + 1));
}

// A rule may fail a call after its work was done: what it has opened is closed again.
template <class Function, class Body>
std::uint32_t runOpening(const char16_t* path, VirtDisk** disk, const Body& body) {
  DiskNumber opened = 0;
  const std::uint32_t error =
      runOn<Function>(lastPart(path), [&](const Call& call) { return body(call, &opened); });
  if (error == 0) return toWin32(store().give(opened, disk).status);
  if (opened != 0) store().close(opened);
  return error;
}

// VIRTUAL_STORAGE_TYPE: VHDX, or what the extension of the file says.
bool isKnownType(const DiskTypeData* type) {
  return type != nullptr && (type->deviceId == 0 || type->deviceId == kVhdxDevice);
}

constexpr std::uint32_t kInvalidParameter = toWin32(kInvalidArgument);

}  // namespace

std::uint32_t HC_CALL exports::virtdisk::OpenVirtualDisk(const DiskTypeData* type,
                                                         const char16_t* path, std::uint32_t access,
                                                         std::uint32_t flags,
                                                         const OpenDiskParameters* parameters,
                                                         VirtDisk** disk) {
  if (!clear(disk)) return kInvalidParameter;
  return runOpening<functions::virtdisk::OpenVirtualDisk>(
      path, disk, [&](const Call& call, DiskNumber* opened) -> Outcome {
        if (!isKnownType(type)) return fail(kInvalidArgument, u"The type must be VHDX.");
        if (path == nullptr) return kInvalidArgument;
        const bool second = parameters != nullptr && parameters->version == kParametersVersion;
        if (second && access != 0)
          return fail(kInvalidArgument, u"Version 2 of the parameters wants an access mask of 0.");
        constexpr std::uint32_t kWrites = 0x320000;  // VIRTUAL_DISK_ACCESS_WRITABLE
        const bool readOnly = second ? parameters->readOnly != 0 : (access & kWrites) == 0;
        return store().open(call.site, path, readOnly, second && parameters->getInfoOnly != 0,
                            flags, opened);
      });
}

std::uint32_t HC_CALL exports::virtdisk::CreateVirtualDisk(
    const DiskTypeData* type, const char16_t* path, std::uint32_t access,
    void* /*securityDescriptor*/, std::uint32_t flags, std::uint32_t /*providerFlags*/,
    const CreateDiskParameters* parameters, void* overlapped, VirtDisk** disk) {
  if (!clear(disk)) return kInvalidParameter;
  return runOpening<functions::virtdisk::CreateVirtualDisk>(
      path, disk, [&](const Call& call, DiskNumber* made) -> Outcome {
        if (!isKnownType(type)) return fail(kInvalidArgument, u"The type must be VHDX.");
        if (path == nullptr || parameters == nullptr || overlapped != nullptr)
          return kInvalidArgument;
        if (parameters->version != kParametersVersion || access != 0)
          return fail(kInvalidArgument, u"It takes version 2 of the parameters, and no access.");
        return store().create(call.site, path, *parameters, (flags & kCreateFullyAllocated) != 0,
                              made);
      });
}

std::uint32_t HC_CALL exports::virtdisk::AttachVirtualDisk(VirtDisk* disk,
                                                           void* /*securityDescriptor*/,
                                                           std::uint32_t flags,
                                                           std::uint32_t /*providerFlags*/,
                                                           void* parameters, void* overlapped) {
  return runOn<functions::virtdisk::AttachVirtualDisk>(disk, [&](const Call& call) -> Outcome {
    const auto* given = static_cast<const AttachDiskParameters*>(parameters);
    const bool known = given == nullptr || given->version == 1 || given->version == 2;
    if (!known || overlapped != nullptr) return kInvalidArgument;
    return store().attach(call.site, diskOf(disk), flags);
  });
}

std::uint32_t HC_CALL exports::virtdisk::DetachVirtualDisk(VirtDisk* disk, std::uint32_t flags,
                                                           std::uint32_t /*providerFlags*/) {
  return runOn<functions::virtdisk::DetachVirtualDisk>(disk, [&](const Call&) -> Outcome {
    return flags != 0 ? Outcome(kInvalidArgument) : store().detach(diskOf(disk));
  });
}

std::uint32_t HC_CALL exports::virtdisk::GetVirtualDiskPhysicalPath(VirtDisk* disk,
                                                                    std::uint32_t* bytes,
                                                                    char16_t* path) {
  return runOn<functions::virtdisk::GetVirtualDiskPhysicalPath>(disk, [&](const Call&) -> Outcome {
    if (bytes == nullptr) return kInvalidArgument;
    Outcome outcome = store().physicalPath(diskOf(disk));
    if (!outcome.ok()) return outcome;
    const auto needed =
        static_cast<std::uint32_t>((outcome.payload->size() + 1) * sizeof(char16_t));
    const bool enough = path != nullptr && *bytes >= needed;
    *bytes = needed;
    if (!enough) return kInsufficientBuffer;
    path[outcome.payload->copy(path, outcome.payload->size())] = u'\0';
    return outcome;
  });
}

std::uint32_t HC_CALL exports::virtdisk::GetVirtualDiskInformation(VirtDisk* disk,
                                                                   std::uint32_t* bytes,
                                                                   GetDiskInformation* information,
                                                                   std::uint32_t* used) {
  return runOn<functions::virtdisk::GetVirtualDiskInformation>(disk, [&](const Call&) -> Outcome {
    if (bytes == nullptr || information == nullptr) return kInvalidArgument;
    Outcome outcome = store().information(diskOf(disk), information, bytes);
    if (used != nullptr) *used = outcome.ok() ? *bytes : 0;
    return outcome;
  });
}

std::uint32_t HC_CALL
exports::virtdisk::SetVirtualDiskInformation(VirtDisk* disk, const SetDiskInformation* setting) {
  return runOn<functions::virtdisk::SetVirtualDiskInformation>(disk, [&](const Call&) -> Outcome {
    return setting == nullptr ? Outcome(kInvalidArgument) : store().change(diskOf(disk), *setting);
  });
}

// No function of Windows: it returns an HRESULT, as what closes other handles does.
HResult HC_CALL exports::virtdisk::CloseVirtualDisk(VirtDisk* disk) {
  return fromWin32(runOn<functions::virtdisk::CloseVirtualDisk>(disk, [&](const Call&) {
    Outcome outcome = store().close(diskOf(disk));
    if (outcome.ok()) closeDiskHandle(disk);
    return outcome;
  }));
}

// No function of Windows either: there the drive is opened by CreateFile.
std::uint32_t HC_CALL exports::virtdisk::OpenDrive(const char16_t* path, VirtDisk** drive) {
  if (path == nullptr || !clear(drive)) return kInvalidParameter;
  return runOpening<functions::virtdisk::OpenDrive>(
      path, drive, [&](const Call& call, DiskNumber* opened) {
        return store().openDrive(call.site, path, opened);
      });
}

}  // namespace hc::simulator
