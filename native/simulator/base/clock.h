// What time it is for the host: real time, or virtual time, which stands still until
// HcSimulatorControl moves it. Nothing of the simulator asks another clock or sleeps: what waits
// for a time has a task scheduled (scheduler.h) that wakes it, so that both kinds of time reach
// everyone in the same way. Any thread may ask, without a lock.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace hc::simulator {

using Duration = std::chrono::nanoseconds;
using Time = std::chrono::time_point<std::chrono::steady_clock, Duration>;

class Scheduler;

class Clock {
 public:
  static Time now();
  // RFC 3339 in UTC with the seven decimals that Windows writes.
  static std::u16string dateTime(Time time);
  static bool isVirtual();
  // How long the virtual clock has run.
  static Duration elapsed();
  // Never destroyed, as its thread outlives every static object.
  static Scheduler& scheduler();

 private:
  friend class Scheduler;
  // From the time it is, which then stands still or runs on.
  static void freeze();
  static void thaw();
  static void restart();
  static void move(Time time);
  // When the clock of the system shows what this one shows then, while time is real.
  static Time realTimeOf(Time time);
};

Duration milliseconds(double value);

}  // namespace hc::simulator
