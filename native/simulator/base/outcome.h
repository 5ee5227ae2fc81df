// How a call ended: its code, its payload, and for a failure the error document that explains it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

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

struct Outcome {
  HResult status = kOk;
  std::u16string message;       // what exactly was wrong
  std::u16string value;         // the offending name or text, for the event's data
  std::u16string more;          // a second one
  std::u16string_view failure;  // an OperationFailureDetail, or empty
  std::optional<std::u16string> payload;

  Outcome() = default;
  Outcome(HResult code)
      : status(code) {}  // NOLINT(google-explicit-constructor): a bare code is a whole outcome

  bool ok() const { return status == kOk; }
};

Outcome fail(HResult status, std::u16string message, std::u16string value = {});
Outcome fail(Condition condition, std::u16string message, std::u16string value = {});
Outcome answer(std::u16string payload);

// The ResultError document of a failed outcome.
std::u16string errorDocument(const Outcome& outcome);

// "0x8037010D".
std::u16string hexText(HResult status);

}  // namespace hc::simulator
