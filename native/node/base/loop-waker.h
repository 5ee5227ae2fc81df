// Wakes the event loop when something has come for JavaScript.
#pragma once

#include <napi.h>

#include <atomic>

#include "../../core/watch.h"

namespace hc::node {

// What a wake-up is for.
class Drained {
 public:
  // On the JavaScript thread.
  virtual void drain() = 0;

 protected:
  ~Drained() = default;
};

// A thread-safe function of Node behind a closed flag of our own: Node frees it while an
// environment ends, and whoever calls it after that crashes. The flag is in one word with the
// number of threads that are calling it, so that close() waits for them and nothing else waits: the
// loop wakes before the thread that wakes it is back, and would find a lock taken each time.
class LoopWaker : public Waker {
 public:
  // Called on the JavaScript thread for each wake-up; without an environment while that ends.
  static void onWake(Napi::Env env, Napi::Function callback, Drained* drained, void* data);
  using Function = Napi::TypedThreadSafeFunction<Drained, void, onWake>;

  // On any thread: wakes the loop unless a drain is under way.
  void wake() override;
  // On any thread: wakes the loop in any case.
  void wakeAlways();
  // On the JavaScript thread: whether a drain comes without a wake-up.
  void setDrainPending(bool pending);
  // On the JavaScript thread. False with an exception pending when Node makes no function.
  bool open(Napi::Env env, Drained& drained);
  // On the JavaScript thread. No thread touches the function after this.
  void close();
  // On the JavaScript thread: whether the wake-ups to come keep the event loop alive.
  void keepLoopAlive(Napi::Env env, bool alive);

 private:
  static constexpr unsigned kClosed = 1u << 31;

  Function function_;
  std::atomic<unsigned> callers_{kClosed};  // until it has been opened
  std::atomic<bool> drainPending_{false};
};

}  // namespace hc::node
