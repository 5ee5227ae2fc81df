// What the modes of the plain C++ client have in common.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "core/libraries.h"

namespace hc::bench {

namespace functions = hc::functions;
using Clock = std::chrono::steady_clock;

inline long long nanoseconds(Clock::time_point from, Clock::time_point to) {
  return std::chrono::nanoseconds(to - from).count();
}

struct Phases {
  long long create, start, inspect, terminate, whole;
};

inline const char16_t* const kDocument =
    u"{\"Owner\":\"hostcompute-bench\",\"SchemaVersion\":{\"Major\":2,\"Minor\":1},"
    u"\"ShouldTerminateOnLastHandleClosed\":true,\"Container\":{\"GuestOs\":{\"HostName\":"
    u"\"web01\"},"
    u"\"Storage\":{\"Path\":\"\\\\\\\\?\\\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\\\\","
    u"\"Layers\":"
    u"[{\"Id\":\"b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02\",\"Path\":\"D:\\\\layers\\\\base\"}]}}}";

// What one system or process has been told. The callback notes and signals, the client waits.
class Told {
 public:
  static void HC_CALL callback(std::uint32_t type, void* context, HResult, const char16_t*) {
    auto& told = *static_cast<Told*>(context);
    std::lock_guard<std::mutex> lock(told.mutex_);
    told.seen_ |= bitOf(notificationOf(type));
    told.changed_.notify_one();
  }
  void await(Notification notification) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return (seen_ & bitOf(notification)) != 0; });
  }

 private:
  // Of the two kinds of object, each has numbers of its own: none is more than 16.
  static std::uint32_t bitOf(Notification notification) {
    const auto number = static_cast<std::uint32_t>(notification);
    if (notification == Notification::ProcessExited) return 1;
    return number < 32 ? 1u << number : 0;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint32_t seen_ = 0;
};

inline void check(HResult status, const char* what) {
  if (status == hc::kOperationPending || !hc::failed(status)) return;
  std::fprintf(stderr, "%s failed: 0x%08X\n", what, status);
  std::exit(1);
}

}  // namespace hc::bench
