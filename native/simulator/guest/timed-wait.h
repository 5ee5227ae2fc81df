// A wait of a program for a time, for its client, or for both.
//
// While time is virtual, whoever moves it first lets the programs do what they have to do at the
// time it is. So programs are counted while they work (InFlight::working), and whoever ends a wait
// counts the program in before it wakes it: at no moment does it look idle while it has work.
#pragma once

#include <atomic>
#include <functional>
#include <utility>

#include "../base/in-flight.h"
#include "../base/scheduler.h"

namespace hc::simulator {

// Milliseconds, some three decades; much more does not fit into a Time.
constexpr double kForEver = 1e12;

// So many milliseconds from now; Time::max(): never.
Time timeAfter(double time);

class TimedWait {
 public:
  // `wakeUp` wakes the thread of the program when the time has come. It runs as a task of the
  // scheduler, on its thread. Time::max() never comes.
  TimedWait(InFlight& inFlight, Time until, std::function<void()> wakeUp)
      : inFlight_(inFlight), until_(until), wakeUp_(std::move(wakeUp)) {}
  TimedWait(const TimedWait&) = delete;
  TimedWait& operator=(const TimedWait&) = delete;

  // Before the wait: the time has come already, so there is nothing to wait for.
  bool late() const { return Clock::now() >= until_; }
  // In the wait: the time has come, and the scheduler has run the task of this wait.
  bool due() const { return due_.load(); }

  // The thread of the program, around its wait. end() waits for a task that runs, so no lock that
  // `wakeUp` takes may be held.
  void begin();
  void end();

  // Any thread, under any lock: the program has something to do before the time comes. Wakes
  // nobody.
  void interrupt();

 private:
  void countAsWorking();

  InFlight& inFlight_;
  const Time until_;
  const std::function<void()> wakeUp_;
  std::atomic<std::uint64_t> task_{0};  // of the scheduler; 0: none
  std::atomic<bool> due_{false};
  std::atomic<bool> working_{true};  // the program is counted as working
};

}  // namespace hc::simulator
