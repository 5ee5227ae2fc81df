// Handles of disks as clients have them. On Windows each is a handle of the kernel, since
// virtdisk.dll has no function that closes one: clients call CloseHandle. It is the end of a pipe
// whose name says which disk it is of, so that duplicates are of that disk as well, and a number
// that has become the handle of something else is not; and the host's end says when the last of
// them has been closed. Elsewhere there is no CloseHandle, and a handle is the number of the disk.
#pragma once

#include <cstdint>
#include <memory>

#include "../../abi/virtdisk.h"

namespace hc::simulator {

// Of disks that are open, which are none of other objects.
using DiskNumber = std::uint64_t;

// The host's end. Any thread.
class DiskHandle {
 public:
  // *client is for the client to close. Null: the system has no more handles.
  static std::shared_ptr<DiskHandle> open(DiskNumber disk, VirtDisk** client);
  ~DiskHandle();
  DiskHandle(const DiskHandle&) = delete;
  DiskHandle& operator=(const DiskHandle&) = delete;

  // Whether the client has closed its handle and all duplicates.
  bool isClosed() const;

 private:
  DiskHandle() = default;
  void* pipe_ = nullptr;
};

// 0: no handle of a disk of this process.
DiskNumber diskOf(VirtDisk* handle);

// What the client does.
void closeDiskHandle(VirtDisk* handle);

}  // namespace hc::simulator
