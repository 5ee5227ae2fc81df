#include "in-flight.h"

namespace hc::simulator {

InFlight& InFlight::instance() {
  static InFlight& inFlight = *new InFlight;
  return inFlight;
}

// Taking the lock before waking closes the gap between a waiter's test and its sleep.
void InFlight::wake() {
  { std::lock_guard lock(mutex_); }
  changed_.notify_all();
}

void InFlight::update(const std::function<void()>& action) {
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

bool InFlight::awaitCounts(const std::function<bool()>& reached, Duration timeout) {
  std::unique_lock lock(mutex_);
  awaiting_.fetch_add(1);
  const bool is = changed_.wait_for(lock, timeout, reached);
  awaiting_.fetch_sub(1);
  return is;
}

bool InFlight::awaitQuiet(std::uint64_t epoch, bool all) {
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

void InFlight::endEpoch() {
  std::unique_lock lock(mutex_);
  const std::uint64_t ended = epoch_.fetch_add(1);
  changed_.notify_all();
  changed_.wait(lock, [&] { return waiting_[ended & 1] == 0; });
}

}  // namespace hc::simulator
