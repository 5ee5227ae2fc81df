// The exit codes of processes that do not end by themselves.
#pragma once

#include <cstdint>

namespace hc::simulator {

// ERROR_PROCESS_ABORTED: what a process that was terminated, or whose system was, leaves as its
// exit code. A choice of this simulator; a real host lets the guest decide.
constexpr std::uint32_t kAbortedExitCode = 1067;
// STATUS_CONTROL_C_EXIT: of a process that a console signal ended, and of those alive when their
// system is shut down.
constexpr std::uint32_t kControlExitCode = 0xC000013A;
// As a shell of Linux reports SIGINT and SIGPIPE.
constexpr std::uint32_t kInterruptedLinux = 128 + 2;
constexpr std::uint32_t kBrokenPipeLinux = 128 + 13;

}  // namespace hc::simulator
