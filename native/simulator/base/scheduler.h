// What is to happen when: the timers of the simulated host.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "clock.h"

namespace hc::simulator {

// Runs tasks when their time comes, in order of time and then of arrival, one after the other: on a
// thread of its own that is started with the first task, or while time is virtual on the thread
// that moves it. A task may take any lock, and no lock may be held that a task takes when one waits
// for it.
class Scheduler {
 public:
  // When a task is due, and its number.
  using Key = std::pair<Time, std::uint64_t>;

  Key at(Time due, std::function<void()> task);
  // Forgets a task that has not begun. Under any lock.
  void forget(const Key& key);
  // Forgets a task, or waits until it is done.
  void cancel(const Key& key);
  // Forgets what has not begun.
  void clear();

  void useVirtual(bool on);
  // Back to real time, whatever has been added to it.
  void restart();

  // For virtual time. Runs the next task if it is due by then, at its own time; false when it is
  // not, or time is real again.
  bool runNext(Time limit);
  std::optional<Time> next();
  // Moves time on to where nothing was due before.
  void reach(Time time);

 private:
  void run();
  void runFirst(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Key, std::function<void()>> tasks_;
  std::uint64_t last_ = 0;
  std::uint64_t running_ = 0;  // the number of the task that runs
  bool started_ = false;
};

}  // namespace hc::simulator
