#include "census.h"

#include <utility>

namespace hc::simulator {
namespace {

// How often this thread's call is counted as returning.
thread_local int owed = 0;

}  // namespace

Census& Census::instance() {
  static Census& census = *new Census;
  return census;
}

// Taking the lock before waking closes the gap between a waiter's test and its sleep.
void Census::wake() {
  { std::lock_guard lock(mutex_); }
  changed_.notify_all();
}

void Census::update(const std::function<void()>& action) {
  {
    std::lock_guard lock(mutex_);
    action();
    if (Clock::isVirtual()) {
      for (Waiter& waiter : waiters_) {
        if (waiter.woken || !waiter.ready()) continue;
        waiter.woken = true;
        returning.fetch_add(1);
      }
    }
  }
  changed_.notify_all();
}

void Census::arrive(std::uint64_t epoch) { ++waiting_[epoch & 1]; }

// True when the epoch goes on. Else the one who ended it may be waiting for the last to depart.
bool Census::depart(std::uint64_t epoch) {
  --waiting_[epoch & 1];
  if (epoch_.load() == epoch) return true;
  changed_.notify_all();
  return false;
}

// With the lock held, between arrive and depart.
bool Census::await(std::unique_lock<std::mutex>& lock, std::uint64_t epoch,
                   const std::function<bool()>& ready) {
  const auto self = waiters_.insert(waiters_.end(), {ready});
  changed_.wait(lock, [&] { return epoch_.load() != epoch || ready(); });
  if (self->woken) ++owed;
  waiters_.erase(self);
  return depart(epoch);
}

bool Census::wait(std::uint64_t epoch, const std::function<bool()>& ready) {
  std::unique_lock lock(mutex_);
  arrive(epoch);
  return await(lock, epoch, ready);
}

bool Census::waitTurn(std::uint64_t epoch, const std::function<bool()>& take) {
  std::unique_lock lock(mutex_);
  arrive(epoch);
  changed_.wait(lock, [&] { return epoch_.load() != epoch || take(); });
  return depart(epoch);
}

bool Census::sleep(std::uint64_t epoch, Duration duration) {
  bool over = false;
  const Scheduler::Key alarm = Clock::scheduler().at(Clock::now() + duration, [&] {
    returning.fetch_add(1);
    update([&] { over = true; });
  });
  std::unique_lock lock(mutex_);
  arrive(epoch);
  changed_.wait(lock, [&] { return epoch_.load() != epoch || over; });
  const bool goesOn = depart(epoch);
  lock.unlock();
  Clock::scheduler().cancel(alarm);
  if (over) ++owed;
  return goesOn;
}

bool Census::block(std::uint64_t epoch, const std::function<bool()>& ready) {
  std::unique_lock lock(mutex_);
  arrive(epoch);
  blocked.fetch_add(1);
  changed_.notify_all();
  const bool goesOn = await(lock, epoch, ready);
  blocked.fetch_sub(1);
  changed_.notify_all();
  return goesOn;
}

void Census::returned() {
  if (owed != 0) change(returning, -std::exchange(owed, 0));
}

bool Census::awaitCounts(const std::function<bool()>& reached, Duration timeout) {
  std::unique_lock lock(mutex_);
  awaiting_.fetch_add(1);
  const bool is = changed_.wait_for(lock, timeout, reached);
  awaiting_.fetch_sub(1);
  return is;
}

bool Census::awaitQuiet(std::uint64_t epoch, bool all) {
  std::unique_lock lock(mutex_);
  awaiting_.fetch_add(1);
  changed_.wait(lock, [&] {
    const bool quiet =
        working.load() <= 0 && (!all || (returning.load() <= 0 && undelivered.load() <= 0));
    return quiet || epoch_.load() != epoch;
  });
  awaiting_.fetch_sub(1);
  return epoch_.load() == epoch;
}

void Census::endEpoch() {
  std::unique_lock lock(mutex_);
  const std::uint64_t ended = epoch_.fetch_add(1);
  changed_.notify_all();
  changed_.wait(lock, [&] { return waiting_[ended & 1] == 0; });
}

}  // namespace hc::simulator
