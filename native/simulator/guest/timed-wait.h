// A wait of a program for a time, or for its client, or for both.
//
// While time is virtual, whoever moves it first lets the programs do what they have to do at the
// time it is. So they are counted while they work, and whoever ends a wait counts the program in
// before it has woken.
#pragma once

#include <atomic>
#include <functional>
#include <utility>

#include "../base/census.h"
#include "../base/clock.h"

namespace hc::simulator {

class Nap {
 public:
  // `ring` wakes the thread of the program when the time has come, from a task of the scheduler;
  // Time::max() never comes.
  Nap(Census& census, Time until, std::function<void()> ring)
      : census_(census), until_(until), ring_(std::move(ring)) {}
  Nap(const Nap&) = delete;
  Nap& operator=(const Nap&) = delete;

  // Before the wait: there is nothing to wait for.
  bool late() const { return Clock::now() >= until_; }
  // In the wait: the time has come, and it is the turn of this program among those that are due.
  bool rung() const { return rung_.load(); }

  // The thread of the program, around its wait; end() without any lock that `ring` takes.
  void begin();
  void end();

  // Any thread: the program has something to do before the time comes. Wakes nobody.
  void interrupt();

 private:
  void claim();

  Census& census_;
  const Time until_;
  const std::function<void()> ring_;
  std::atomic<std::uint64_t> task_{0};
  std::atomic<bool> rung_{false};
  std::atomic<bool> claimed_{true};  // the program is counted as working
};

}  // namespace hc::simulator
