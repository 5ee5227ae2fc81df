// One callback of a client.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "../../abi/hcs.h"

namespace hc::simulator {

class Registration {
 public:
  Registration(NotificationCallback callback, void* context)
      : callback_(callback), context_(context) {}

  // Between a true enter() and leave() the client may be called on this thread; stop() waits for
  // leave().
  bool enter();
  void leave();
  bool stopped() const { return stopped_.load(std::memory_order_acquire); }
  void call(std::uint32_t type, HResult status, const std::u16string* data) const;

  // After it returns the client is not called any more. Called without locks.
  void stop(const char* function);
  // From inside its own callback a registration that is stopped would wait for itself, as a real
  // host does: here that is reported and the process aborts.
  void expectOutside(const char* function) const;

  // The same callback, registered nowhere.
  std::shared_ptr<Registration> again() const {
    return std::make_shared<Registration>(callback_, context_);
  }

  // Whether this thread is inside a client's callback.
  static bool onCallbackThread();

  // Notified that the service is gone, after which it is called no more. On the thread that drains
  // its queue only.
  bool ended = false;

 private:
  const NotificationCallback callback_;
  void* const context_;
  std::mutex mutex_;
  std::condition_variable idle_;
  int running_ = 0;
  std::atomic<bool> stopped_{false};
};

}  // namespace hc::simulator
