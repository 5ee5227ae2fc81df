#include "loop-waker.h"

namespace hc::node {

void LoopWaker::onWake(Napi::Env env, Napi::Function, Drained* drained, void*) {
  if (env != nullptr) drained->drain();
}

void LoopWaker::wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (opened_ && !drainPending_) function_.NonBlockingCall();
}

void LoopWaker::wakeAlways() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (opened_) function_.NonBlockingCall();
}

void LoopWaker::setDrainPending(bool pending) {
  std::lock_guard<std::mutex> lock(mutex_);
  drainPending_ = pending;
}

bool LoopWaker::open(Napi::Env env, Drained& drained) {
  Function function = Function::New(env, "hostcompute", 0, 1, &drained);
  if (env.IsExceptionPending()) return false;
  function.Unref(env);
  std::lock_guard<std::mutex> lock(mutex_);
  function_ = function;
  opened_ = true;
  return true;
}

void LoopWaker::close() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (opened_) function_.Abort();
  opened_ = false;
}

void LoopWaker::keepLoopAlive(Napi::Env env, bool alive) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!opened_) return;
  if (alive) {
    function_.Ref(env);
  } else {
    function_.Unref(env);
  }
}

}  // namespace hc::node
