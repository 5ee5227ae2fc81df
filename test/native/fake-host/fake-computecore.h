// The same of computecore.dll: when each operation completes, on which thread, how often and with
// what, a test decides. Off Windows it frees its texts itself, and counts them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>

#include "fake-host.h"

namespace hc::test {

class FakeComputecore {
 public:
  // Decides one call; runs on its thread, under no lock, and may complete the operation.
  using Answer = std::function<HResult(OperationType type, HcsOperation* operation)>;

  // Set them while nothing runs. Null: the operation completes inside the call.
  Answer onCall;
  std::function<void()> onCloseOperation;
  std::atomic<bool> makesNoOperation{false};

  std::atomic<int> calls{0};
  std::atomic<int> closed{0};   // systems and processes
  std::atomic<int> refused{0};  // calls with something that is not open, or no longer
  std::atomic<int> texts{0};    // given and not freed
  std::atomic<int> wronglyFreed{0};

  FAKE_EXPORT void reset();
  // How many there are that are not closed.
  FAKE_EXPORT int operations();
  FAKE_EXPORT int handles();

  // The operation has its result, and its callback runs here. What has been closed has none.
  FAKE_EXPORT void complete(HcsOperation* operation, HResult status = kOk,
                            const OptionalText& document = {},
                            const ProcessInformation& information = {});
  // What a refused call says of itself.
  FAKE_EXPORT void explain(HcsOperation* operation, const OptionalText& document);
  // Runs the callback of an operation, whatever has become of that.
  FAKE_EXPORT void callBack(HcsOperation* operation);
  // Runs the callbacks of all handles.
  FAKE_EXPORT void event(Event type, const char16_t* data = nullptr);

  // What the exports do.
  HcsOperation* createOperation(void* context, HcsOperationCallback callback);
  void closeOperation(HcsOperation* operation);
  HResult call(OperationType type, HcsOperation* operation);
  HResult result(HcsOperation* operation, ProcessInformation* information, char16_t** document);
  void* open();
  HResult setCallback(void* handle, void* context, HcsEventCallback callback);
  bool has(void* handle);
  void close(void* handle);

 private:
  enum class State { New, Running, Completed };  // New: not accepted either
  struct Operation {
    void* context = nullptr;
    HcsOperationCallback callback = nullptr;
    State state = State::New;
    OperationType type = OperationType::None;
    HResult status = kOk;
    OptionalText document;
    ProcessInformation information{};
    bool closed = false;
  };
  struct Opened {
    void* context = nullptr;
    HcsEventCallback callback = nullptr;
    int running = 0;
  };

  Operation* find(HcsOperation* operation);  // with mutex_ held; null when it is closed

  std::mutex mutex_;
  std::condition_variable quiet_;
  std::uintptr_t last_ = 0;
  std::map<HcsOperation*, Operation> operations_;  // closed ones too
  std::map<void*, Opened> opened_;
};

FAKE_EXPORT FakeComputecore& fakeComputecore();

}  // namespace hc::test
