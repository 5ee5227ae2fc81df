// One callback of a client: for the notifications of vmcompute.dll, or for the events or the
// completion of one operation of computecore.dll.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "../../abi/computecore.h"

namespace hc::simulator {

class Registration {
 public:
  Registration(NotificationCallback callback, void* context)
      : callback_(callback), context_(context) {}
  // Of a handle, with its HCS_EVENT_OPTIONS.
  Registration(HcsEventCallback events, std::uint64_t handle, std::uint32_t options, void* context)
      : events_(events), handle_(handle), options_(options), context_(context) {}
  Registration(HcsOperationCallback completed, void* context)
      : completed_(completed), context_(context) {}

  // Between a true enter() and leave() the client may be called on this thread; stop() waits for
  // leave().
  bool enter();
  void leave();
  bool stopped() const { return stopped_.load(std::memory_order_acquire); }
  // The operation is that of a SystemOperationCompletion, which vmcompute.dll does not have.
  void call(std::uint32_t type, HResult status, const std::u16string* data,
            HcsOperation* operation = nullptr) const;
  // With the number that the client knows: of an event where these are of computecore.dll.
  void callWith(std::uint32_t number, HResult status, const std::u16string* data,
                HcsOperation* operation) const;

  // After it returns the client is not called any more. Called without locks.
  void stop(const char* function);
  // The same, but from inside its own callback it does not wait.
  void stopOrLeave();
  // From inside its own callback a registration that is stopped would wait for itself, as a real
  // host does: here that is reported and the process aborts.
  void expectOutside(const char* function) const;

  // The same callback, registered nowhere.
  std::shared_ptr<Registration> again() const {
    return std::make_shared<Registration>(callback_, context_);
  }
  // Of events: whether it was registered with this one of HCS_EVENT_OPTIONS.
  bool has(std::uint32_t option) const { return (options_ & option) != 0; }
  std::uint64_t handle() const { return handle_; }
  // Of an operation, and of no handle that things happen to.
  bool ofOperation() const { return callback_ == nullptr && handle_ == 0; }

  // Whether this thread is inside a client's callback.
  static bool onCallbackThread();
  // Calls `body` and then is inside what it was inside before: a callback may make calls that call
  // back on the same thread.
  template <class Body>
  static void nested(Body&& body) {
    const Registration* const outer = current;
    body();
    current = outer;
  }

  // Notified that the service is gone, after which it is called no more. On the thread that drains
  // its queue only.
  bool ended = false;

 private:
  static thread_local const Registration* current;

  const NotificationCallback callback_ = nullptr;
  const HcsEventCallback events_ = nullptr;
  const HcsOperationCallback completed_ = nullptr;
  const std::uint64_t handle_ = 0;
  const std::uint32_t options_ = 0;
  void* const context_;
  std::mutex mutex_;
  std::condition_variable idle_;
  int running_ = 0;
  std::atomic<bool> stopped_{false};
};

}  // namespace hc::simulator
