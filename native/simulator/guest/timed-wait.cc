#include "timed-wait.h"

namespace hc::simulator {

void Nap::claim() {
  if (!claimed_.exchange(true)) census_.change(census_.working, 1);
}

// The task comes before the program is counted out: nobody then sees it neither work nor wait.
void Nap::begin() {
  claimed_.store(false);
  if (until_ != Time::max()) {
    task_.store(Clock::scheduler()
                    .at(until_,
                        [this] {
                          claim();
                          rung_.store(true);
                          ring_();
                        })
                    .second);
  }
  census_.change(census_.working, -1);
}

void Nap::end() {
  if (const std::uint64_t task = task_.exchange(0); task != 0)
    Clock::scheduler().cancel({until_, task});
  claim();
}

// A wait that is over must not move the clock.
void Nap::interrupt() {
  if (const std::uint64_t task = task_.load(); task != 0) Clock::scheduler().forget({until_, task});
  claim();
}

}  // namespace hc::simulator
