// What this simulator answers where it is not known what a real host does. Each line is a choice,
// and the only place where it is made.
#pragma once

#include <string>

#include "../../abi/computecore.h"
#include "../base/json.h"
#include "../base/status-codes.h"

namespace hc::simulator::choices {

// A handle is good for the library that has opened it: hcsshim found that the two do not mix on a
// system. To the other library it is unknown.
constexpr HResult kHandleOfOtherLibrary = kInvalidHandle;

// A system is driven through the library that has created it. hcsshim saw a system of vmcompute.dll
// fail when it was started through computecore.dll; which calls fail, and how, is not known. Here
// those that change it or start a process in it are refused. Opening it, reading it, listening to
// it and terminating it are open to both.
constexpr HResult kDrivenByOtherLibrary = 0x80370105;  // HCS_E_INVALID_STATE

// What is not an operation, or is one that has been closed.
constexpr HResult kUnknownOperation = kInvalidHandle;

// A second event callback of a handle is refused, and the first one stays. So is the operation with
// a callback of its own on a handle that reports operations as events.
constexpr HResult kSecondCallback = kOperationCallbackAlreadySet;

// A call that is refused leaves its operation completed, with the refusal as its result, and calls
// no callback: the starting call has said it.

// The streams of a process belong to the first who takes the result with them, and nobody has them
// from a later one. They are closed with an operation of which nobody has taken them.

// A callback that is set while the operation runs is the one that is called; set after the
// completion it waits for the next use.

// Closing an operation waits for its callback, except from inside of that.

// Operations that run when the service is lost complete with what calls are answered from then on.

// A state file is not made where there is a file.
constexpr HResult kFileThere = 0x80070050;  // ERROR_FILE_EXISTS

// HcsCancelOperation, as documented.
constexpr HResult kNotImplemented = 0x80004001;  // E_NOTIMPL

// The events of an operation with notifications: its completion, and with option 1 how far it is,
// of calls that take long on a real host. Their documents are nowhere described.
constexpr std::uint32_t kProgressEvents = 1;
constexpr bool hasProgress(OperationType type) { return type == OperationType::Save; }
inline std::u16string progressDocument(std::uint32_t percent) {
  return u"{\"Progress\":" + json::decimalText(percent) + u'}';
}

// Namespaces of ids, which the headers alone have: each is there as soon as it is named, and apart
// from the others. Null and "" are the one of whoever names none.

}  // namespace hc::simulator::choices
