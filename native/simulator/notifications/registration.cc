#include "registration.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace hc::simulator {
namespace {

thread_local const Registration* current = nullptr;

// Through a volatile pointer: a compiler may drop a plain memset of memory that is freed next.
void* (*const volatile overwrite)(void*, int, std::size_t) = std::memset;

}  // namespace

bool Registration::onCallbackThread() { return current != nullptr; }

// Any thread of the simulator, one or several at a time.
bool Registration::enter() {
  std::lock_guard lock(mutex_);
  if (stopped()) return false;
  ++running_;
  current = this;
  return true;
}

void Registration::leave() {
  std::lock_guard lock(mutex_);
  current = nullptr;
  if (--running_ == 0) idle_.notify_all();
}

// The text is the client's for the length of the call only: it is overwritten and freed right
// after, so that a client that keeps the pointer is found out.
void Registration::call(std::uint32_t type, HResult status, const std::u16string* data) const {
  if (data == nullptr) {
    callback_(type, context_, status, nullptr);
    return;
  }
  const std::size_t bytes = (data->size() + 1) * sizeof(char16_t);
  auto* copy = static_cast<char16_t*>(std::malloc(bytes));
  if (copy != nullptr) std::memcpy(copy, data->c_str(), bytes);
  callback_(type, context_, status, copy);
  if (copy != nullptr) overwrite(copy, 0xDD, bytes);
  std::free(copy);
}

void Registration::expectOutside(const char* function) const {
  if (current != this) return;
  std::fprintf(stderr,
               "hostcompute simulator: %s was called inside the callback that it would wait for; "
               "a real host deadlocks here\n",
               function);
  std::fflush(stderr);
  std::abort();
}

void Registration::stop(const char* function) {
  expectOutside(function);
  std::unique_lock lock(mutex_);
  stopped_.store(true, std::memory_order_release);
  idle_.wait(lock, [this] { return running_ == 0; });
}

}  // namespace hc::simulator
