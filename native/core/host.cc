#include "host.h"

#include <utility>
#include <vector>

namespace hc {

std::shared_ptr<Watch> Host::makeWatch(std::uint64_t id) const {
  auto watch = std::make_shared<Watch>(id, inbox_, waker_);
  addWatch(watch);
  return watch;
}

// Any thread. The inbox has let go of its lock when the JavaScript thread is woken.
void Host::post(Record record) {
  if (inbox_->append(std::move(record))) waker_->wake();
}

void Host::finish(std::unique_ptr<Operation> operation) {
  const std::uint64_t id = operation->id;
  const HResult status = operation->status;
  post({Record::Tag::Completion, id, 0, status, {}, std::move(operation)});
}

// On a worker. The lock decides between a handle that is opened and an end that comes meanwhile.
bool Host::adopt(const std::shared_ptr<Handle>& handle) {
  std::lock_guard<Mutex> lock(mutex_);
  if (ended_) return false;
  handles_.emplace(handle->id(), handle);
  return true;
}

std::shared_ptr<Handle> Host::find(std::uint64_t id, HandleKind kind) {
  std::lock_guard<Mutex> lock(mutex_);
  const auto found = handles_.find(id);
  return found == handles_.end() || found->second->kind() != kind ? nullptr : found->second;
}

bool Host::ended() {
  std::lock_guard<Mutex> lock(mutex_);
  return ended_;
}

void Host::forget(std::uint64_t id) {
  std::lock_guard<Mutex> lock(mutex_);
  handles_.erase(id);
}

// On the JavaScript thread. Closing is submitted without the lock, as it takes those of the
// handles.
bool Host::end(std::chrono::milliseconds limit) {
  inbox_->close();
  workers_.dropQueued();
  std::vector<std::shared_ptr<Handle>> open;
  {
    std::lock_guard<Mutex> lock(mutex_);
    ended_ = true;
    for (const auto& [id, handle] : handles_) open.push_back(handle);
  }
  // Also of calls that are on no handle, which nothing may ever complete: they hold this host.
  for (const auto& watch : watchesOf(*inbox_)) watch->close();
  // One that is being closed already has its operation, which still runs.
  for (const auto& handle : open) {
    if (handle->needsClose()) closeUnowned(handle);
  }
  return workers_.settle(limit);
}

}  // namespace hc
