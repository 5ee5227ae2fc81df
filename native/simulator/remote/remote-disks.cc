#include "remote-disks.h"

namespace hc::simulator {
namespace {

DiskNumber numberOf(VirtDisk* served) { return reinterpret_cast<std::uintptr_t>(served); }
VirtDisk* handleOf(DiskNumber disk) { return reinterpret_cast<VirtDisk*>(disk); }

}  // namespace

RemoteDisks& RemoteDisks::instance() {
  static RemoteDisks& disks = *new RemoteDisks;
  return disks;
}

VirtDisk* RemoteDisks::served(VirtDisk* handle) {
  const DiskNumber disk = diskOf(handle);
  return disk != 0 ? handleOf(disk) : handle;
}

bool RemoteDisks::give(VirtDisk* served, VirtDisk** handle) {
  auto made = DiskHandle::open(numberOf(served), handle);
  if (!made) return false;
  std::lock_guard lock(mutex_);
  open_[numberOf(served)] = std::move(made);
  return true;
}

void RemoteDisks::close(VirtDisk* handle) {
  {
    std::lock_guard lock(mutex_);
    open_.erase(diskOf(handle));
  }
  closeDiskHandle(handle);
}

std::vector<VirtDisk*> RemoteDisks::takeClosed() {
  std::vector<VirtDisk*> closed;
  std::lock_guard lock(mutex_);
  for (auto at = open_.begin(); at != open_.end();) {
    if (!at->second->isClosed()) {
      ++at;
      continue;
    }
    closed.push_back(handleOf(at->first));
    at = open_.erase(at);
  }
  return closed;
}

}  // namespace hc::simulator
