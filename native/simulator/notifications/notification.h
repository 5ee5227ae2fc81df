// What a notification says, what it is about, and one that is queued for delivery.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../../abi/hcs.h"
#include "../base/in-flight.h"
#include "registration.h"

namespace hc::simulator {

struct NotificationMessage {
  Notification type = Notification::None;
  std::uint32_t rawType = 0;
  HResult status = kOk;
  std::optional<std::u16string> data;

  NotificationMessage(Notification notification, HResult code, std::optional<std::u16string> text)
      : type(notification),
        rawType(static_cast<std::uint32_t>(notification)),
        status(code),
        data(std::move(text)) {}
};

// The completion of an operation, as a notification that is on its way.
class OperationCompletion {
 public:
  virtual ~OperationCompletion() = default;
  // Called before the client is, whose callback this is. Null: it is not to be called (again).
  virtual HcsOperation* claim(const Registration& registration) = 0;
};

using Registrations = std::vector<std::shared_ptr<Registration>>;

// A system or a process, as what notifications are about. Guarded by the lock of the queue that
// delivers them, except for the name, which is set before any other thread has the source.
struct NotificationSource {
  std::u16string name;  // for the trace
  Registrations registrations;
  struct Retained {
    NotificationMessage message;
    std::uint64_t count;
  };
  // Delivered already, and repeated to each callback that is registered later: HCS documents exits
  // and disconnects as sticky, and delivers the completion of a create to late registrations too.
  std::vector<Retained> retained;
};

// A notification in a queue.
struct Delivery {
  std::shared_ptr<NotificationSource> source;
  NotificationMessage message;
  std::uint64_t count = 1;
  bool retain = false;
  bool remembered = false;             // its source repeats it already
  bool sequence = false;               // the data is the index of the notification, 0 to count - 1
  std::shared_ptr<Registration> only;  // null: everyone registered at the source
  std::shared_ptr<CompletionState> completion;
  std::shared_ptr<OperationCompletion> operation;  // of computecore.dll, whose completion this is
  std::uint64_t done = 0;

  Delivery(std::shared_ptr<NotificationSource> from, NotificationMessage what)
      : source(std::move(from)), message(std::move(what)) {}
};

}  // namespace hc::simulator
