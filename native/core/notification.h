// A notification as it is kept once the callback of the host has returned.
#pragma once

#include <cstdint>

#include "../abi/computecore.h"
#include "../abi/shapes.h"

namespace hc {

struct ReceivedNotification {
  Notification meaning = Notification::None;  // what it is for the core, whichever library it is of
  std::uint32_t type = 0;                     // the host's own number
  HResult status = kOk;
  OptionalText data;
};

// `data` belongs to the host and ends with its callback, so it is copied there; null stays absent.
inline ReceivedNotification copyNotification(std::uint32_t type, HResult status,
                                             const char16_t* data) {
  ReceivedNotification copy{notificationOf(type), type, status, {}};
  if (data != nullptr) copy.data.emplace(data);
  return copy;
}

// Of the events of computecore.dll, whose numbers are its own, only these mean something to the
// core.
constexpr Notification meaningOf(Event event) {
  switch (event) {
    case Event::SystemExited:
      return Notification::SystemExited;
    case Event::ProcessExited:
      return Notification::ProcessExited;
    case Event::ServiceDisconnect:
      return Notification::ServiceDisconnect;
    default:
      return Notification::None;
  }
}

inline ReceivedNotification copyEvent(const HcsEvent& event) {
  ReceivedNotification copy{meaningOf(static_cast<Event>(event.type)), event.type, kOk, {}};
  if (event.data != nullptr) copy.data.emplace(event.data);
  return copy;
}

}  // namespace hc
