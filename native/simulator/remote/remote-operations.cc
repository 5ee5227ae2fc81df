#include "remote-operations.h"

#include <utility>

namespace hc::simulator {

RemoteOperations::Entry* RemoteOperations::entryOf(HcsOperation* operation) {
  const auto found = entries_.find(operation);
  return found == entries_.end() ? nullptr : &found->second;
}

RemoteOperations::Lost RemoteOperations::ended(HcsOperation* operation, Entry& entry) {
  entry.phase = Phase::Idle;
  return {operation, entry.callbacks.calling, entry.handle};
}

void RemoteOperations::add(HcsOperation* operation, OperationCallbacks callbacks) {
  std::lock_guard lock(mutex_);
  entries_[operation].callbacks = std::move(callbacks);
}

std::optional<OperationCallbacks> RemoteOperations::find(HcsOperation* operation) {
  std::lock_guard lock(mutex_);
  const Entry* const entry = entryOf(operation);
  if (entry == nullptr) return std::nullopt;
  return entry->callbacks;
}

void RemoteOperations::change(HcsOperation* operation, OperationCallbacks callbacks) {
  std::lock_guard lock(mutex_);
  if (Entry* const entry = entryOf(operation)) entry->callbacks = std::move(callbacks);
}

void RemoteOperations::remove(HcsOperation* operation) {
  std::lock_guard lock(mutex_);
  entries_.erase(operation);
}

bool RemoteOperations::begin(HcsOperation* operation, std::uint64_t handle) {
  std::lock_guard lock(mutex_);
  Entry* const entry = entryOf(operation);
  if (entry == nullptr || entry->phase != Phase::Idle) return false;
  entry->phase = Phase::Starting;
  entry->handle = handle;
  return true;
}

std::optional<RemoteOperations::Lost> RemoteOperations::accept(HcsOperation* operation,
                                                               std::uint64_t made) {
  std::lock_guard lock(mutex_);
  Entry* const entry = entryOf(operation);
  // It may have completed before the call returned, and even run again.
  if (entry == nullptr || entry->phase != Phase::Starting) return std::nullopt;
  entry->phase = Phase::Running;
  if (made != 0) entry->handle = made;
  if (!entry->lost) return std::nullopt;
  return ended(operation, *entry);
}

void RemoteOperations::end(HcsOperation* operation) {
  std::lock_guard lock(mutex_);
  if (Entry* const entry = entryOf(operation)) entry->phase = Phase::Idle;
}

}  // namespace hc::simulator
