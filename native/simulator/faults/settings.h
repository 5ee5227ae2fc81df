// What HcSimulatorControl's Configure sets. Guarded by the lock of the host.
#pragma once

#include <cstdint>
#include <string>

#include "../documents/operation.h"
#include "../documents/shape.h"
#include "fault-rules.h"
#include "latency-profiles.h"

namespace hc::simulator {

struct Settings {
  Completion completion = Completion::Pending;  // Pending, Now or Early
  bool echoCompletion = false;
  bool hcsFamily = false;
  // A real host refuses to pause a process-isolated container (0x80070032). It is allowed by
  // default, because a test of pausing should not need the long document of a virtual machine.
  bool pauseContainers = true;
  // Whether SystemSiloJobCreated is notified for process-isolated containers. No client is known to
  // use it.
  bool siloJobs = false;
  // Whether documents may name endpoints and namespaces that the network service does not have.
  bool unknownNetworks = false;
  Dialect dialect;                         // which documents it takes
  std::u16string user = u"Administrator";  // who calls
  bool virtualClock = false;
  std::u16string_view profile = u"none";  // a constant
  Latency latency;
  std::uint64_t seed = 1;
};

}  // namespace hc::simulator
