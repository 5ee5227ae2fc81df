#include "pool.h"

#include <utility>

#include "../host/delivery.h"
#include "threads.h"

namespace hc::simulator {
namespace {

// Two are enough to deliver for different systems at once. A client whose callbacks block stops all
// delivery, which is what a client must expect of any host.
constexpr int kThreads = 2;

}  // namespace

// Never destroyed: its threads outlive every static object.
Pool& Pool::instance() {
  static Pool& pool = *new Pool;
  return pool;
}

// Starts a thread only when the ones there are busy, so a client that hears little costs one.
void Pool::add(std::shared_ptr<Strand> strand) {
  std::unique_lock lock(mutex_);
  ready_.push_back(std::move(strand));
  if (idle_ < static_cast<int>(ready_.size()) && threads_ < kThreads) {
    ++threads_;
    startThread([this] { run(); });
  }
  const bool wake = idle_ > 0;
  lock.unlock();
  if (wake) added_.notify_one();
}

void Pool::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    added_.wait(lock, [this] { return !ready_.empty(); });
    --idle_;
    std::shared_ptr<Strand> strand = std::move(ready_.front());
    ready_.pop_front();
    lock.unlock();
    const bool more = strand->drain();
    lock.lock();
    if (more) ready_.push_back(std::move(strand));
    // Without the lock: a strand may be the last owner of much.
    lock.unlock();
    strand.reset();
    lock.lock();
  }
}

}  // namespace hc::simulator
