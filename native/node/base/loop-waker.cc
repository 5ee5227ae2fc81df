#include "loop-waker.h"

#include <thread>

namespace hc::node {

void LoopWaker::onWake(Napi::Env env, Napi::Function, Drained* drained, void*) {
  if (env != nullptr) drained->drain();
}

// Whoever has put something into the inbox before this either sees that no drain is pending, or the
// drain sees what it has put there: each looks after it has written.
void LoopWaker::wake() {
  if (!drainPending_) wakeAlways();
}

void LoopWaker::wakeAlways() {
  if ((callers_.fetch_add(1) & kClosed) == 0) function_.NonBlockingCall();
  callers_.fetch_sub(1);
}

void LoopWaker::setDrainPending(bool pending) { drainPending_ = pending; }

bool LoopWaker::open(Napi::Env env, Drained& drained) {
  Function function = Function::New(env, "hostcompute", 0, 1, &drained);
  if (env.IsExceptionPending()) return false;
  function.Unref(env);
  function_ = function;
  callers_.fetch_and(~kClosed);
  return true;
}

void LoopWaker::close() {
  if ((callers_.fetch_or(kClosed) & kClosed) != 0) return;
  while (callers_ != kClosed) std::this_thread::yield();
  function_.Abort();
}

void LoopWaker::keepLoopAlive(Napi::Env env, bool alive) {
  if ((callers_ & kClosed) != 0) return;
  if (alive) {
    function_.Ref(env);
  } else {
    function_.Unref(env);
  }
}

}  // namespace hc::node
