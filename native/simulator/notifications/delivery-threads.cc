#include "delivery-threads.h"

#include <utility>

#include "../base/threads.h"
#include "notification-queue.h"

namespace hc::simulator {
namespace {

// Two are enough to deliver for different systems at once. A client whose callbacks block stops all
// delivery, which is what a client must expect of any host.
constexpr int kThreads = 2;

}  // namespace

// Never destroyed: its threads outlive every static object.
DeliveryThreads& DeliveryThreads::instance() {
  static DeliveryThreads& threads = *new DeliveryThreads;
  return threads;
}

// Starts a thread only when the ones there are busy, so a client with few notifications costs one.
void DeliveryThreads::add(std::shared_ptr<NotificationQueue> queue) {
  std::unique_lock lock(mutex_);
  ready_.push_back(std::move(queue));
  if (idle_ < static_cast<int>(ready_.size()) && threads_ < kThreads) {
    ++threads_;
    startThread([this] { run(); });
  }
  const bool wake = idle_ > 0;
  lock.unlock();
  if (wake) added_.notify_one();
}

void DeliveryThreads::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    added_.wait(lock, [this] { return !ready_.empty(); });
    --idle_;
    std::shared_ptr<NotificationQueue> queue = std::move(ready_.front());
    ready_.pop_front();
    lock.unlock();
    const bool more = queue->drain();
    lock.lock();
    if (more) ready_.push_back(std::move(queue));
    // Without the lock: this may free all that the queue owns.
    lock.unlock();
    queue.reset();
    lock.lock();
  }
}

}  // namespace hc::simulator
