// What the tests of notifications have in common: the notifications of a system, and an operation
// that waits for one.
#pragma once

#include <cstdint>
#include <memory>

#include "core/watch.h"

namespace hc::test {

constexpr auto kStarted = Notification::SystemStartCompleted;
constexpr auto kPaused = Notification::SystemPauseCompleted;
constexpr auto kExited = Notification::SystemExited;
constexpr auto kCrashed = Notification::SystemCrashReport;

constexpr std::uint32_t number(Notification notification) {
  return static_cast<std::uint32_t>(notification);
}

// Does nothing by itself.
class Plain : public Operation {
 public:
  using Operation::Operation;
  void run(std::unique_ptr<Operation>) override {}
};

}  // namespace hc::test
