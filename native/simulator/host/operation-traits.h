// What is particular to each operation of a system.
#pragma once

#include <string_view>

#include "../../abi/hcs.h"
#include "../documents/operation.h"

namespace hc::simulator {

struct OperationTraits {
  std::u16string_view activity;
  std::u16string_view failure;  // the OperationFailureDetail
  Notification completion;
};

// By operation. Shutting down and terminating are completed by the exit of the system.
inline constexpr OperationTraits kTraits[kOperations] = {
    {u"Creating", u"Construct", Notification::SystemCreateCompleted},
    {u"Starting", u"Start", Notification::SystemStartCompleted},
    {u"Pausing", u"Pause", Notification::SystemPauseCompleted},
    {u"Resuming", u"Resume", Notification::SystemResumeCompleted},
    {u"Saving", u"Save", Notification::SystemSaveCompleted},
    {u"ShuttingDown", u"Shutdown", Notification::SystemExited},
    {u"Terminating", u"Terminate", Notification::SystemExited},
};

constexpr const OperationTraits& traitsOf(Operation operation) {
  return kTraits[indexOf(operation)];
}

// Whether the completion of the operation is the exit of the system.
constexpr bool ends(Operation operation) {
  return operation == Operation::Shutdown || operation == Operation::Terminate;
}

}  // namespace hc::simulator
