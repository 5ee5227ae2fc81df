// What HcSimulatorControl's Configure sets. Guarded by the lock of the host.
#pragma once

#include <cstdint>

#include "faults.h"
#include "system.h"

namespace hc::simulator {

struct Settings {
  Completion completion = Completion::Pending;  // Pending, Now or Early
  bool echoCompletion = false;
  bool hcsFamily = false;
  // A real host refuses to pause a process-isolated container (0x80070032). It is allowed by
  // default, because a test of pausing should not need the long document of a virtual machine.
  bool pauseContainers = true;
  bool virtualClock = false;
  double latency[kOperations] = {};  // milliseconds, by operation
  double jitter = 0;                 // share by which a latency may differ, up and down
  std::uint64_t seed = 1;
};

}  // namespace hc::simulator
