#include "operations.h"

#include <utility>

namespace hc::simulator {
namespace {

// Far from the other handles, which are numbers too: none is ever mistaken for another.
constexpr std::uint64_t kFirst = std::uint64_t{1} << 40;
constexpr std::uint64_t kStep = 16;

}  // namespace

Operations& Operations::instance() {
  static Operations& operations = *new Operations;
  return operations;
}

HcsOperation* Operations::next() {
  std::lock_guard lock(mutex_);
  last_ += kStep;
  return reinterpret_cast<HcsOperation*>(kFirst + last_);
}

HcsOperation* Operations::add(std::shared_ptr<ClientOperation> operation) {
  HcsOperation* const handle = operation->handle;
  InFlight::instance().change(HandleKind::Operation, 1);
  std::lock_guard lock(mutex_);
  operations_.emplace(handle, std::move(operation));
  return handle;
}

HcsOperation* Operations::create(CallSite site, void* context, HcsOperationCallback callback) {
  return add(std::make_shared<ClientOperation>(next(), site, context, callback));
}

HcsOperation* Operations::create(CallSite site, void* context, bool progress,
                                 HcsEventCallback events) {
  return add(std::make_shared<ClientOperation>(next(), site, context, progress, events));
}

std::shared_ptr<ClientOperation> Operations::find(HcsOperation* handle) {
  std::lock_guard lock(mutex_);
  const auto at = operations_.find(handle);
  return at != operations_.end() ? at->second : nullptr;
}

std::shared_ptr<ClientOperation> Operations::remove(HcsOperation* handle) {
  std::shared_ptr<ClientOperation> removed;
  {
    std::lock_guard lock(mutex_);
    const auto at = operations_.find(handle);
    if (at == operations_.end()) return nullptr;
    removed = std::move(at->second);
    operations_.erase(at);
  }
  InFlight::instance().change(HandleKind::Operation, -1);
  return removed;
}

std::vector<std::shared_ptr<ClientOperation>> Operations::all() {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<ClientOperation>> all;
  for (const auto& [handle, operation] : operations_) all.push_back(operation);
  return all;
}

std::vector<std::shared_ptr<ClientOperation>> Operations::reset() {
  auto former = all();
  std::lock_guard lock(mutex_);
  operations_.clear();
  if (place_.queue) place_.queue->close();
  place_ = {};
  return former;
}

OperationPlace Operations::place() {
  std::lock_guard lock(mutex_);
  if (!place_.queue) {
    place_.queue = std::make_shared<NotificationQueue>(InFlight::instance());
    place_.source = std::make_shared<NotificationSource>();
  }
  return place_;
}

}  // namespace hc::simulator
