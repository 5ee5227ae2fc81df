#include "census.h"

namespace hc::simulator {

// Taking the lock before waking closes the gap between a waiter's test and its sleep.
void Census::wake() {
  { std::lock_guard lock(mutex_); }
  changed_.notify_all();
}

void Census::update(const std::function<void()>& action) {
  {
    std::lock_guard lock(mutex_);
    action();
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

bool Census::wait(std::uint64_t epoch, const std::function<bool()>& ready) {
  std::unique_lock lock(mutex_);
  arrive(epoch);
  changed_.wait(lock, [&] { return epoch_.load() != epoch || ready(); });
  return depart(epoch);
}

bool Census::sleep(std::uint64_t epoch, Duration duration) {
  const Time until = Clock::now() + duration;
  std::unique_lock lock(mutex_);
  arrive(epoch);
  while (epoch_.load() == epoch && !Clock::waitUntil(changed_, lock, until)) {
  }
  return depart(epoch);
}

bool Census::block(std::uint64_t epoch, const std::function<bool()>& ready) {
  std::unique_lock lock(mutex_);
  arrive(epoch);
  blocked.fetch_add(1);
  changed_.notify_all();
  changed_.wait(lock, [&] { return epoch_.load() != epoch || ready(); });
  blocked.fetch_sub(1);
  changed_.notify_all();
  return depart(epoch);
}

bool Census::awaitCounts(const std::function<bool()>& reached, Time until) {
  std::unique_lock lock(mutex_);
  awaiting_.fetch_add(1);
  bool is = reached();
  while (!is) {
    const bool late = Clock::waitUntil(changed_, lock, until);
    is = reached();
    if (late) break;
  }
  awaiting_.fetch_sub(1);
  return is;
}

void Census::endEpoch() {
  std::unique_lock lock(mutex_);
  const std::uint64_t ended = epoch_.fetch_add(1);
  changed_.notify_all();
  changed_.wait(lock, [&] { return waiting_[ended & 1] == 0; });
}

}  // namespace hc::simulator
