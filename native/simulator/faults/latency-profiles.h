// Named latency profiles: how long operations take, after figures that were published for real
// hosts. What is measured with them is simulated, and is to be labelled so.
#pragma once

#include <cstddef>
#include <string_view>

#include "../documents/operation.h"

namespace hc::simulator {

// Milliseconds by operation. Zeros are the profile "none".
struct Latency {
  double phases[kOperations] = {};
  double jitter = 0;     // share by which each phase may differ, up and down
  double rareShare = 0;  // of the starts, which take `rareMs` instead
  double rareMs = 0;
};

struct Profile {
  std::u16string_view name;
  Latency latency;
  std::u16string_view figure;    // what was published
  std::u16string_view source;    // where
  std::u16string_view inferred;  // what was not
};

constexpr std::size_t kProfileCount = 6;
extern const Profile kProfiles[kProfileCount];

}  // namespace hc::simulator
