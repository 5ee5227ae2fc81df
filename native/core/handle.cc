#include "handle.h"

#include <utility>

#include "host-operation.h"
#include "host.h"

namespace hc {

namespace {

class UnownedClose : public Operation {
 public:
  explicit UnownedClose(std::shared_ptr<Handle> handle)
      : Operation(nextId()), handle_(std::move(handle)) {}
  void run(std::unique_ptr<Operation>) override { handle_->closeNow(); }
  bool runsAtEnd() const override { return true; }

 private:
  const std::shared_ptr<Handle> handle_;
};

}  // namespace

HResult Handle::registerWatch() {
  if (calls_.watch == nullptr) return kOk;
  const HResult status = calls_.watch(host_->libraries(), value_, id(), &registration_);
  // What a call that failed has left there means nothing.
  if (failed(status)) registration_ = nullptr;
  return status;
}

// On the JavaScript thread, as a call begins.
bool Handle::acquire() {
  std::lock_guard<Mutex> lock(mutex_);
  if (closing_) return false;
  ++uses_;
  return true;
}

// On a worker, when the call has returned, or on the JavaScript thread, when it never ran.
// Submitting takes the lock of the queue, so it happens after the one here.
void Handle::release() {
  std::unique_ptr<Operation> closing;
  {
    std::lock_guard<Mutex> lock(mutex_);
    if (--uses_ == 0) closing = nextClose();
  }
  if (closing) host_->workers().submit(std::move(closing));
}

// A close must never run beside a call or another close: HCS frees the handle in it.
std::unique_ptr<Operation> Handle::nextClose() {
  if (uses_ != 0 || running_ || parked_.empty()) return nullptr;
  running_ = true;
  auto next = std::move(parked_.front());
  parked_.erase(parked_.begin());
  return next;
}

bool Handle::needsClose() {
  std::lock_guard<Mutex> lock(mutex_);
  return !closed_ && !running_ && parked_.empty();
}

void Handle::close(std::unique_ptr<Operation> closing) {
  watch_->close();
  std::unique_ptr<Operation> next;
  {
    std::lock_guard<Mutex> lock(mutex_);
    closing_ = true;
    parked_.push_back(std::move(closing));
    next = nextClose();
  }
  if (next) host_->workers().submit(std::move(next));
}

HResult Handle::closeNow() {
  bool done = false;
  {
    std::lock_guard<Mutex> lock(mutex_);
    done = closed_;
  }
  const HResult status = done ? kOk : closeInHost();
  // Whatever the host answered, it notifies this watch no more.
  removeWatch(id());
  std::unique_ptr<Operation> next;
  {
    std::lock_guard<Mutex> lock(mutex_);
    closed_ = !failed(status);
    running_ = false;
    next = nextClose();
  }
  // A failed close may be tried again until the host has ended; after that nobody would.
  if (!failed(status) || host_->ended()) host_->forget(id());
  if (next) host_->workers().submit(std::move(next));
  return status;
}

// On a worker, under no lock: each of these calls may wait, for a callback that runs or for the
// service.
HResult Handle::closeInHost() {
  const Libraries& libraries = host_->libraries();
  if (terminateOnClose_.exchange(false) && calls_.terminate != nullptr)
    calls_.terminate(libraries, value_);
  // A failure leaves the registration to the close that follows.
  if (HcsRegistration* const registration = std::exchange(registration_, nullptr))
    calls_.unwatch(libraries, registration);
  const HResult status = calls_.close(libraries, value_);
  closeOperationsOf(libraries, watch_);
  return status;
}

void closeUnowned(const std::shared_ptr<Handle>& handle) {
  handle->close(std::make_unique<UnownedClose>(handle));
}

}  // namespace hc
