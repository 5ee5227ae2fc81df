// What the host knows of a process inside a system, whose program runs on a thread of its own
// unless it only waits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "../base/clock.h"
#include "../guest/streams.h"
#include "../notifications/notification-queue.h"
#include "compute-system.h"

namespace hc::simulator {

// The client's ends of the streams while nobody has them.
struct UnclaimedStreams {
  explicit UnclaimedStreams(const ProcessInformation& ends) : information(ends) {}
  ~UnclaimedStreams() { discardStreams(&information); }
  UnclaimedStreams(const UnclaimedStreams&) = delete;
  UnclaimedStreams& operator=(const UnclaimedStreams&) = delete;

  ProcessInformation information;
};

// Guarded by the lock of the host.
struct GuestProcess {
  std::uint32_t id = 0;
  std::u16string imageName;
  std::shared_ptr<NotificationSource> source;
  std::shared_ptr<Streams> streams;  // set once, and used without the lock as well
  Time created;
  bool exited = false;
  std::uint32_t exitCode = 0;
  std::int32_t lastWaitResult = 0;
  bool exitLost = false;
  bool moved = false;  // with its machine, where it goes on as another
  const std::shared_ptr<ExitRecord> exitRecord = std::make_shared<ExitRecord>();
  // The client's ends, when the operation that made it has failed and yet it runs: who asks for
  // them first gets them.
  std::shared_ptr<UnclaimedStreams> unclaimed;
  // What a rule wants its exit to be notified with.
  HResult exitStatus = kOk;
  std::optional<std::u16string> exitData;
};

// {"ProcessId","Exited","ExitCode","LastWaitResult"}
std::u16string processStatus(const GuestProcess& process);

}  // namespace hc::simulator
