#include "registration.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "event-numbers.h"

namespace hc::simulator {
namespace {

// Through a volatile pointer: a compiler may drop a plain memset of memory that is freed next.
void* (*const volatile overwrite)(void*, int, std::size_t) = std::memset;

// A text that is the client's for the length of the call only: it is overwritten and freed right
// after, so that a client that keeps the pointer is found out.
class LentText {
 public:
  explicit LentText(const std::u16string* text) {
    if (text == nullptr) return;
    bytes_ = (text->size() + 1) * sizeof(char16_t);
    copy_ = static_cast<char16_t*>(std::malloc(bytes_));
    if (copy_ != nullptr) std::memcpy(copy_, text->c_str(), bytes_);
  }
  ~LentText() {
    if (copy_ != nullptr) overwrite(copy_, 0xDD, bytes_);
    std::free(copy_);
  }
  LentText(const LentText&) = delete;
  LentText& operator=(const LentText&) = delete;

  const char16_t* get() const { return copy_; }

 private:
  char16_t* copy_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace

thread_local const Registration* Registration::current = nullptr;

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

void Registration::call(std::uint32_t type, HResult status, const std::u16string* data,
                        HcsOperation* operation) const {
  if (events_ == nullptr) {
    callWith(type, status, data, operation);
    return;
  }
  const Event event = operation != nullptr ? Event::OperationCallback : eventOf(type);
  if (event != Event::Invalid) callWith(static_cast<std::uint32_t>(event), status, data, operation);
}

void Registration::callWith(std::uint32_t number, HResult status, const std::u16string* data,
                            HcsOperation* operation) const {
  if (completed_ != nullptr) {
    completed_(operation, context_);
    return;
  }
  const bool ofMigration = number == static_cast<std::uint32_t>(Event::GroupLiveMigration);
  if (ofMigration && !has(kEventsOfLiveMigration)) return;
  const LentText text(data);
  if (callback_ != nullptr) {
    if (operation == nullptr) callback_(number, context_, status, text.get());
    return;
  }
  HcsEvent lent{number, text.get(), operation};
  events_(&lent, context_);
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

void Registration::stopOrLeave() {
  std::unique_lock lock(mutex_);
  stopped_.store(true, std::memory_order_release);
  if (current != this) idle_.wait(lock, [this] { return running_ == 0; });
}

}  // namespace hc::simulator
