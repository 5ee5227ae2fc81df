#include "runners.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <utility>

#include "../../core/detached-thread.h"
#include "../../core/sync.h"

namespace hc::archive {

namespace {

constexpr std::chrono::seconds kPatience{5};

struct Pool {
  Mutex mutex;
  Condition work;
  std::deque<std::shared_ptr<Runnable>> queue;
  std::size_t threads = 0;
  std::size_t idle = 0;
};

// Never destroyed: threads outlive static objects.
Pool& pool() {
  static Pool& pool = *new Pool;
  return pool;
}

void serve() {
  Pool& all = pool();
  std::unique_lock<Mutex> lock(all.mutex);
  for (;;) {
    ++all.idle;
    const bool busy = all.work.wait_for(lock, kPatience, [&] { return !all.queue.empty(); });
    --all.idle;
    if (!busy) break;
    std::shared_ptr<Runnable> next = std::move(all.queue.front());
    all.queue.pop_front();
    lock.unlock();
    next->run();
    next.reset();
    lock.lock();
  }
  --all.threads;
}

}  // namespace

std::size_t mostRunners() {
  static const std::size_t most = std::clamp<std::size_t>(Thread::hardware_concurrency(), 2, 8);
  return most;
}

bool submit(std::shared_ptr<Runnable> runnable) {
  Pool& all = pool();
  std::lock_guard<Mutex> lock(all.mutex);
  if (all.idle <= all.queue.size() && all.threads < mostRunners() && startDetached(serve)) {
    ++all.threads;
  }
  if (all.threads == 0) return false;
  all.queue.push_back(std::move(runnable));
  all.work.notify_one();
  return true;
}

}  // namespace hc::archive
