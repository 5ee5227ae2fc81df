// Chance that can be repeated: which calls a rule with a probability meets, how latencies vary,
// which ids systems get.
#pragma once

#include <cstdint>

namespace hc::simulator {

// A small generator (splitmix64): the same seed gives the same choices.
class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  double fraction();  // in [0, 1)

 private:
  std::uint64_t state_;
};

}  // namespace hc::simulator
