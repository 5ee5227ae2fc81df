// What native/core/sync.h has in the test of seeds: locks, conditions, threads and atomics of the
// scheduler. Each use of them is a point where another thread may run.
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "scheduler.h"

namespace hc {

class Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  ~Mutex() { HOLDS(!held_); }

  void lock() {
    seeds::Scheduler& scheduler = seeds::Scheduler::get();
    scheduler.point("a lock");
    if (held_) scheduler.wait("a lock that another holds", [this] { return !held_; });
    held_ = true;
    scheduler.locked();
  }
  void unlock() {
    release();
    seeds::Scheduler::get().point("going on after a lock");
  }

 private:
  friend class Condition;
  // As a wait begins: nobody runs between this and the wait.
  void release() {
    HOLDS(held_);
    held_ = false;
    seeds::Scheduler::get().unlocked();
  }

  bool held_ = false;
};

class Condition {
 public:
  Condition() = default;
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;
  ~Condition() { HOLDS(waiters_.empty()); }

  void notify_one() {
    seeds::Scheduler& scheduler = seeds::Scheduler::get();
    scheduler.point("notifying one");
    std::list<bool*> sleeping;
    for (bool* const woken : waiters_) {
      if (!*woken) sleeping.push_back(woken);
    }
    if (sleeping.empty()) return;
    auto place = sleeping.begin();
    std::advance(place, scheduler.choose(sleeping.size()));
    **place = true;
  }
  void notify_all() {
    seeds::Scheduler::get().point("notifying all");
    for (bool* const woken : waiters_) *woken = true;
  }

  void wait(std::unique_lock<Mutex>& lock) { sleep(lock, {}); }
  template <class Rep, class Period, class Predicate>
  bool wait_for(std::unique_lock<Mutex>& lock, std::chrono::duration<Rep, Period> limit,
                Predicate holds) {
    using std::chrono::duration_cast;
    using std::chrono::nanoseconds;
    while (!holds()) {
      // Each wake begins the limit anew, so that it is never shorter than what was asked for.
      if (!sleep(lock, duration_cast<nanoseconds>(limit).count())) return holds();
    }
    return true;
  }

 private:
  // False when the time was over. A wake may come without a cause, as with any condition.
  bool sleep(std::unique_lock<Mutex>& lock, std::optional<std::uint64_t> nanoseconds) {
    seeds::Scheduler& scheduler = seeds::Scheduler::get();
    HOLDS(scheduler.mayWait());
    HOLDS(scheduler.locks() == 1);
    bool woken = scheduler.oneIn(32);
    const auto place = waiters_.insert(waiters_.end(), &woken);
    lock.mutex()->release();
    const bool inTime = scheduler.wait(
        "a condition", [&] { return woken; }, nanoseconds);
    waiters_.erase(place);
    lock.mutex()->lock();
    return inTime;
  }

  std::list<bool*> waiters_;
};

class Thread {
 public:
  template <class Body>
  explicit Thread(Body body) {
    seeds::Scheduler& scheduler = seeds::Scheduler::get();
    if (scheduler.refusesThread())
      throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
    scheduler.start(seeds::Scheduler::Kind::Core, std::move(body));
  }
  void detach() {}
};

template <class Value>
class Atomic {
 public:
  Atomic(Value value) : value_(value) {}
  operator Value() const { return point(), value_; }
  Value operator=(Value value) { return point(), value_ = value; }
  Value operator++() { return point(), ++value_; }
  Value operator+=(Value more) { return point(), value_ += more; }
  Value exchange(Value value) { return point(), std::exchange(value_, value); }

 private:
  static void point() { seeds::Scheduler::get().point("an atomic"); }

  Value value_;
};

}  // namespace hc
