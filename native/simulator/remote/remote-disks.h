// Handles of disks of a host that another process serves. What the client has is a handle of its
// own process, which CloseHandle closes on Windows (handles/disk-handles.h); it is known by the
// handle that the host gave. The host is told of those that were closed before the next call about
// a disk, and closes all of them when the process ends. Any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "../handles/disk-handles.h"

namespace hc::simulator {

class RemoteDisks {
 public:
  // Never destroyed: threads may be inside it when the process ends.
  static RemoteDisks& instance();

  // The host's handle for one of the client; what is none stays as it is, which the host refuses.
  static VirtDisk* served(VirtDisk* handle);
  // The client's handle for one that the host has given. False: the system has no more.
  bool give(VirtDisk* served, VirtDisk** handle);
  // The host has closed it.
  void close(VirtDisk* handle);
  // The host's handles of those that the client has closed itself; they are forgotten.
  std::vector<VirtDisk*> takeClosed();

 private:
  std::mutex mutex_;
  std::map<DiskNumber, std::shared_ptr<DiskHandle>> open_;
};

}  // namespace hc::simulator
