// Where calls wait: for a rule to be released, for time to pass, for their operation, for their
// turn. Each runs on the thread of its call, which holds no other lock. The end of the epoch ends
// them.
#include <utility>

#include "in-flight.h"
#include "scheduler.h"

namespace hc::simulator {
namespace {

// How often this thread's call is counted as returning.
thread_local int owed = 0;

}  // namespace

void InFlight::arrive(std::uint64_t epoch) { ++waiting_[epoch & 1]; }

// True when the epoch goes on. Else the one who ended it may be waiting for the last to depart.
bool InFlight::depart(std::uint64_t epoch) {
  --waiting_[epoch & 1];
  if (epoch_.load() == epoch) return true;
  changed_.notify_all();
  return false;
}

// Between arrive and depart.
bool InFlight::await(std::unique_lock<std::mutex>& lock, std::uint64_t epoch,
                     const std::function<bool()>& ready) {
  const auto self = waiters_.insert(waiters_.end(), {ready});
  changed_.wait(lock, [&] { return epoch_.load() != epoch || ready(); });
  if (self->woken) ++owed;
  waiters_.erase(self);
  return depart(epoch);
}

bool InFlight::wait(std::uint64_t epoch, const std::function<bool()>& ready) {
  std::unique_lock lock(mutex_);
  arrive(epoch);
  return await(lock, epoch, ready);
}

bool InFlight::waitTurn(std::uint64_t epoch, const std::function<bool()>& take) {
  std::unique_lock lock(mutex_);
  arrive(epoch);
  changed_.wait(lock, [&] { return epoch_.load() != epoch || take(); });
  return depart(epoch);
}

bool InFlight::sleep(std::uint64_t epoch, Duration duration) {
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

WaitEnd InFlight::waitFor(std::uint64_t epoch, const std::function<bool()>& ready,
                          std::optional<Duration> limit) {
  if (ready()) return WaitEnd::Ready;
  if (limit && *limit <= Duration::zero()) return WaitEnd::TimedOut;
  bool over = false;
  std::optional<Scheduler::Key> alarm;
  if (limit)
    alarm = Clock::scheduler().at(Clock::now() + *limit, [&] { update([&] { over = true; }); });
  const bool goesOn = wait(epoch, [&] { return over || ready(); });
  if (alarm) Clock::scheduler().cancel(*alarm);
  if (!goesOn) return WaitEnd::Reset;
  return ready() ? WaitEnd::Ready : WaitEnd::TimedOut;
}

bool InFlight::block(std::uint64_t epoch, const std::function<bool()>& ready) {
  std::unique_lock lock(mutex_);
  arrive(epoch);
  blocked.fetch_add(1);
  changed_.notify_all();
  const bool goesOn = await(lock, epoch, ready);
  blocked.fetch_sub(1);
  changed_.notify_all();
  return goesOn;
}

void InFlight::returned() {
  if (owed != 0) change(returning, -std::exchange(owed, 0));
}

}  // namespace hc::simulator
