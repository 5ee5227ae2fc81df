// How a call ended: its code, its payload, and for a failure the error document that explains it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "status-codes.h"

namespace hc::simulator {

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

}  // namespace hc::simulator
