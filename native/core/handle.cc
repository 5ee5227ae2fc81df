#include "handle.h"

#include <utility>

#include "host.h"

namespace hc {

namespace {

constexpr HResult kProcNotFound = 0x8007007F;

template <class Function, class... Arguments>
HResult callHost(const Libraries& libraries, Arguments... arguments) {
  const auto function = libraries.get<Function>();
  return function == nullptr ? kProcNotFound : function(arguments...);
}

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

// HCS may call back before this returns, on a thread of its own: the watch is in the table already.
// What is no object that callbacks are registered on has had its own, or needs none.
HResult Handle::registerWatch() {
  void* const context = reinterpret_cast<void*>(static_cast<std::uintptr_t>(id()));
  const auto with = [&](auto function, auto* value) {
    return callHost<decltype(function)>(host_->libraries(), value, &onNotification, context,
                                        &registration_);
  };
  HResult status = kOk;
  if (kind_ == HandleKind::System) {
    status = with(functions::vmcompute::HcsRegisterComputeSystemCallback{},
                  static_cast<HcsSystem*>(value_));
  } else if (kind_ == HandleKind::Process) {
    status =
        with(functions::vmcompute::HcsRegisterProcessCallback{}, static_cast<HcsProcess*>(value_));
  } else if (kind_ == HandleKind::GuestNetworkService) {
    status = with(functions::computenetwork::HcnRegisterGuestNetworkServiceCallback{},
                  static_cast<HcnGuestNetworkService*>(value_));
  }
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
  parked_.pop_front();
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
  if (terminateOnClose_.exchange(false)) terminate();
  // Waits for callbacks that are running; a failure leaves the registration to the close that
  // follows.
  if (HcsRegistration* const registration = std::exchange(registration_, nullptr))
    unregister(registration);
  const auto with = [&](auto function, auto* value) {
    return callHost<decltype(function)>(host_->libraries(), value);
  };
  switch (kind_) {
    case HandleKind::System:
      return with(functions::vmcompute::HcsCloseComputeSystem{}, static_cast<HcsSystem*>(value_));
    case HandleKind::Process:
      return with(functions::vmcompute::HcsCloseProcess{}, static_cast<HcsProcess*>(value_));
    case HandleKind::GuestNetworkService:
      return with(functions::computenetwork::HcnCloseGuestNetworkService{},
                  static_cast<HcnGuestNetworkService*>(value_));
    case HandleKind::ServiceRegistration:
      return with(functions::computenetwork::HcnUnregisterServiceCallback{},
                  static_cast<HcsRegistration*>(value_));
    case HandleKind::PortReservation:
      return with(functions::computenetwork::HcnReleaseGuestNetworkServicePortReservationHandle{},
                  static_cast<HcnPortReservation*>(value_));
    case HandleKind::VirtualDisk:
      return with(functions::virtdisk::CloseVirtualDisk{}, static_cast<VirtDisk*>(value_));
  }
  return kOk;
}

void Handle::unregister(HcsRegistration* registration) {
  const Libraries& libraries = host_->libraries();
  if (kind_ == HandleKind::System) {
    callHost<functions::vmcompute::HcsUnregisterComputeSystemCallback>(libraries, registration);
  } else if (kind_ == HandleKind::Process) {
    callHost<functions::vmcompute::HcsUnregisterProcessCallback>(libraries, registration);
  } else {
    callHost<functions::computenetwork::HcnUnregisterGuestNetworkServiceCallback>(libraries,
                                                                                  registration);
  }
}

// What the host answers does not matter: the handle is closed next either way.
void Handle::terminate() {
  const Libraries& libraries = host_->libraries();
  const char16_t* const options = nullptr;
  char16_t* result = nullptr;
  if (kind_ == HandleKind::System) {
    callHost<functions::vmcompute::HcsTerminateComputeSystem>(
        libraries, static_cast<HcsSystem*>(value_), options, &result);
  } else if (kind_ == HandleKind::Process) {
    callHost<functions::vmcompute::HcsTerminateProcess>(libraries, static_cast<HcsProcess*>(value_),
                                                        &result);
  }
  libraries.freeText(result);
}

void closeUnowned(const std::shared_ptr<Handle>& handle) {
  handle->close(std::make_unique<UnownedClose>(handle));
}

}  // namespace hc
