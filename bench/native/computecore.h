// The cycle of a system through computecore.dll: each call with an operation that is waited for,
// as Microsoft's samples do, and the exit by the event of the system.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

#include "abi/computecore.h"
#include "client.h"

namespace hc::bench {

// Whether one system has exited. The callback notes and signals, the client waits.
class Exit {
 public:
  static void HC_CALL callback(HcsEvent* event, void* context) {
    if (event->type != static_cast<std::uint32_t>(Event::SystemExited)) return;
    auto& exit = *static_cast<Exit*>(context);
    std::lock_guard<std::mutex> lock(exit.mutex_);
    exit.seen_ = true;
    exit.changed_.notify_one();
  }
  void await() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return seen_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool seen_ = false;
};

// One operation for one call after the other, as each waits for its end.
class Waiting {
 public:
  explicit Waiting(const Libraries& library)
      : library_(library),
        operation_(library.get<functions::computecore::HcsCreateOperation>()(nullptr, nullptr)) {}
  ~Waiting() { library_.get<functions::computecore::HcsCloseOperation>()(operation_); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  HcsOperation* get() const { return operation_; }
  void end(HResult started, const char* what) const {
    check(started, what);
    char16_t* result = nullptr;
    check(library_.get<functions::computecore::HcsWaitForOperationResult>()(operation_, 0xFFFFFFFF,
                                                                            &result),
          what);
    library_.freeText(result, Library::computecore);
  }

 private:
  const Libraries& library_;
  HcsOperation* const operation_;
};

inline Phases computecoreCycle(const Libraries& library, const std::u16string& id, bool inspect) {
  Exit exit;
  HcsSystem* system = nullptr;
  const auto begun = Clock::now();
  const Waiting operation(library);
  operation.end(library.get<functions::computecore::HcsCreateComputeSystem>()(
                    id.c_str(), kDocument, operation.get(), nullptr, &system),
                "create");
  check(library.get<functions::computecore::HcsSetComputeSystemCallback>()(system, 0, &exit,
                                                                           &Exit::callback),
        "set callback");
  const auto created = Clock::now();
  operation.end(library.get<functions::computecore::HcsStartComputeSystem>()(
                    system, operation.get(), nullptr),
                "start");
  const auto started = Clock::now();
  if (inspect)
    operation.end(library.get<functions::computecore::HcsGetComputeSystemProperties>()(
                      system, operation.get(), u"{}"),
                  "inspect");
  const auto inspected = Clock::now();
  operation.end(library.get<functions::computecore::HcsTerminateComputeSystem>()(
                    system, operation.get(), nullptr),
                "terminate");
  exit.await();
  const auto terminated = Clock::now();
  library.get<functions::computecore::HcsCloseComputeSystem>()(system);
  const auto closed = Clock::now();
  return {nanoseconds(begun, created), nanoseconds(created, started),
          nanoseconds(started, inspected), nanoseconds(inspected, terminated),
          nanoseconds(begun, closed)};
}

}  // namespace hc::bench
