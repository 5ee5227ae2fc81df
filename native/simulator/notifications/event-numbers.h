// Which event of computecore.dll a notification of vmcompute.dll is. The completion of a call is
// none: there an operation has it.
#pragma once

#include "../../abi/computecore.h"

namespace hc::simulator {

// Invalid: it is no event.
constexpr Event eventOf(std::uint32_t type) {
  // Of computecore.dll alone. What vmcompute.dll has in the place of groups are flags.
  for (const Event group : {Event::GroupOperationInfo, Event::GroupLiveMigration})
    if (type == static_cast<std::uint32_t>(group)) return group;
  switch (notificationOf(type)) {
    case Notification::SystemExited:
      return Event::SystemExited;
    case Notification::SystemCrashInitiated:
      return Event::SystemCrashInitiated;
    case Notification::SystemCrashReport:
      return Event::SystemCrashReport;
    case Notification::SystemRdpEnhancedModeStateChanged:
      return Event::SystemRdpEnhancedModeStateChanged;
    case Notification::SystemSiloJobCreated:
      return Event::SystemSiloJobCreated;
    case Notification::SystemGuestConnectionClosed:
      return Event::SystemGuestConnectionClosed;
    case Notification::ProcessExited:
      return Event::ProcessExited;
    case Notification::ServiceDisconnect:
      return Event::ServiceDisconnect;
    default:
      return Event::Invalid;
  }
}

}  // namespace hc::simulator
