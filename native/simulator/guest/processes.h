// Processes inside a system. Each runs a program on a thread of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "../base/clock.h"
#include "../notifications/notification-queue.h"
#include "streams.h"

namespace hc::simulator {

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
  // What a rule wants its exit to be notified with.
  HResult exitStatus = kOk;
  std::optional<std::u16string> exitData;
};

// ERROR_PROCESS_ABORTED: what a process that was terminated, or whose system was, leaves as its
// exit code. A choice of this simulator; a real host lets the guest decide.
constexpr std::uint32_t kAbortedExitCode = 1067;
// STATUS_CONTROL_C_EXIT: of a process that a console signal ended, and of those alive when their
// system is shut down.
constexpr std::uint32_t kControlExitCode = 0xC000013A;
// As a shell of Linux reports SIGINT and SIGPIPE.
constexpr std::uint32_t kInterruptedLinux = 128 + 2;
constexpr std::uint32_t kBrokenPipeLinux = 128 + 13;

// {"ProcessId","Exited","ExitCode","LastWaitResult"}
std::u16string processStatus(const GuestProcess& process);

}  // namespace hc::simulator
