#include "timed-wait.h"

namespace hc::simulator {

Time timeAfter(double time) {
  const Time now = Clock::now();
  const bool ends = time < kForEver && milliseconds(time) < Time::max() - now;
  return ends ? now + milliseconds(time) : Time::max();
}

// The time, an interrupt and the program itself may end a wait at once, on three threads: the first
// counts the program in.
void TimedWait::countAsWorking() {
  if (!working_.exchange(true)) inFlight_.change(inFlight_.working, 1);
}

// The task comes before the program is counted out: nobody then sees it neither work nor wait.
void TimedWait::begin() {
  working_.store(false);
  if (until_ != Time::max()) {
    task_.store(Clock::scheduler()
                    .at(until_,
                        [this] {
                          countAsWorking();
                          due_.store(true);
                          wakeUp_();
                        })
                    .second);
  }
  inFlight_.change(inFlight_.working, -1);
}

void TimedWait::end() {
  if (const std::uint64_t task = task_.exchange(0); task != 0)
    Clock::scheduler().cancel({until_, task});
  countAsWorking();
}

// A wait that is over must not move the clock, so its task goes too.
void TimedWait::interrupt() {
  if (const std::uint64_t task = task_.load(); task != 0) Clock::scheduler().forget({until_, task});
  countAsWorking();
}

}  // namespace hc::simulator
