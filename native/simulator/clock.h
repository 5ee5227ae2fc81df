// All time comes from here. It is real today; a virtual clock would replace these functions and
// nothing else.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace hc::simulator {

using Duration = std::chrono::nanoseconds;
using Time = std::chrono::time_point<std::chrono::steady_clock, Duration>;

class Clock {
 public:
  static Time now();
  // RFC 3339 in UTC with the seven decimals that Windows writes.
  static std::u16string dateTime(Time time);
  // Waits until notified, woken for no reason, or the time has come; says whether it has.
  static bool waitUntil(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                        Time time);
};

Duration milliseconds(double value);

// Runs tasks when their time comes, in order of time and then of arrival, on one thread of its own
// that is started with the first task. A task may take any lock.
class Scheduler {
 public:
  void at(Time due, std::function<void()> task);
  // Forgets what has not begun.
  void clear();

 private:
  struct Entry {
    Time due;
    std::uint64_t order;
    std::function<void()> task;
  };
  static bool later(const Entry& a, const Entry& b);
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> heap_;
  std::uint64_t next_ = 0;
  bool started_ = false;
};

}  // namespace hc::simulator
