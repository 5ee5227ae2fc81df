// The numbers that the host answers with: HRESULTs, the conditions of HCS in both their families,
// and the exit codes of processes that do not end by themselves.
#pragma once

#include <string>

#include "../../abi/hcs.h"

namespace hc::simulator {

constexpr HResult kAbort = 0x80004004;               // E_ABORT
constexpr HResult kFileNotFound = 0x80070002;        // ERROR_FILE_NOT_FOUND
constexpr HResult kPathNotFound = 0x80070003;        // ERROR_PATH_NOT_FOUND
constexpr HResult kAccessDenied = 0x80070005;        // E_ACCESSDENIED
constexpr HResult kTooManyFiles = 0x80070004;        // ERROR_TOO_MANY_OPEN_FILES
constexpr HResult kNotEnoughMemory = 0x80070008;     // ERROR_NOT_ENOUGH_MEMORY
constexpr HResult kInvalidData = 0x8007000D;         // ERROR_INVALID_DATA
constexpr HResult kNotReady = 0x80070015;            // ERROR_NOT_READY
constexpr HResult kSharingViolation = 0x80070020;    // ERROR_SHARING_VIOLATION
constexpr HResult kDiskFull = 0x80070070;            // ERROR_DISK_FULL
constexpr HResult kInsufficientBuffer = 0x8007007A;  // ERROR_INSUFFICIENT_BUFFER
constexpr HResult kAlreadyExists = 0x800700B7;       // ERROR_ALREADY_EXISTS
constexpr HResult kNotRegistryFile = 0x800703F9;     // ERROR_NOT_REGISTRY_FILE
constexpr HResult kAssertionFailure = 0xC0000420;    // STATUS_ASSERTION_FAILURE
constexpr HResult kInvalidHandle = 0x80070006;       // ERROR_INVALID_HANDLE
constexpr HResult kNotSupported = 0x80070032;        // ERROR_NOT_SUPPORTED
constexpr HResult kInvalidArgument = 0x80070057;     // E_INVALIDARG
constexpr HResult kNotFound = 0x80070490;            // ERROR_NOT_FOUND
constexpr HResult kServerUnavailable = 0x800706BA;   // RPC_S_SERVER_UNAVAILABLE
constexpr HResult kCallFailed = 0x800706BE;          // RPC_S_CALL_FAILED
constexpr HResult kServerBroken = 0x800706BF;        // RPC_S_CALL_FAILED_DNE
constexpr HResult kServiceStopped = 0x80070426;      // ERROR_SERVICE_NOT_ACTIVE
constexpr HResult kWrongDisk = 0x80070022;           // ERROR_WRONG_DISK
constexpr HResult kStaleContext = 0x800706EF;        // RPC_X_SS_IN_NULL_CONTEXT

// The low words of the codes of HCS, which exist in two families: 0xC03701xx and 0x803701xx.
enum class Condition : std::uint32_t {
  TerminatedDuringStart = 0x00,
  InvalidState = 0x05,
  UnexpectedExit = 0x06,
  Terminated = 0x07,
  InvalidJson = 0x0D,
  SystemNotFound = 0x0E,
  SystemAlreadyExists = 0x0F,
  SystemAlreadyStopped = 0x10,
  InvalidLayer = 0x12,
  ProcessAlreadyStopped = 0x1F,
};

// The code of a condition in the family that is configured. Conditions from 0x14 on have no
// 0xC03701xx spelling.
HResult codeOf(Condition condition);
void useHcsFamily(bool hcs);
bool usesHcsFamily();

// What Windows says of a code.
const char16_t* meaningOf(HResult status);

// "0x8037010D".
std::u16string hexText(HResult status);

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
