#include "handle.h"

#include <utility>

#include "host.h"

namespace hc {

namespace {

constexpr HResult kProcNotFound = 0x8007007F;

template <class Function, class... Arguments>
HResult callHost(const Library& library, Arguments... arguments) {
  const auto function = library.get<Function>();
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

HResult Handle::registerWatch() {
  const Library& library = host_->library();
  void* const context = reinterpret_cast<void*>(static_cast<std::uintptr_t>(id()));
  if (kind_ == HandleKind::System) {
    return callHost<functions::HcsRegisterComputeSystemCallback>(
        library, static_cast<HcsSystem*>(value_), &onNotification, context, &registration_);
  }
  return callHost<functions::HcsRegisterProcessCallback>(
      library, static_cast<HcsProcess*>(value_), &onNotification, context, &registration_);
}

bool Handle::acquire() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (closing_) return false;
  ++uses_;
  return true;
}

void Handle::release() {
  std::vector<std::unique_ptr<Operation>> closing;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--uses_ == 0) closing.swap(parked_);
  }
  for (auto& each : closing) host_->workers().submit(std::move(each));
}

bool Handle::needsClose() {
  std::lock_guard<std::mutex> lock(mutex_);
  return !closing_ || closeFailed_;
}

void Handle::close(std::unique_ptr<Operation> closing) {
  watch_->close();
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
    closeFailed_ = false;
    if (uses_ != 0) {
      parked_.push_back(std::move(closing));
      return;
    }
  }
  host_->workers().submit(std::move(closing));
}

HResult Handle::closeNow() {
  std::lock_guard<std::mutex> closing(closeMutex_);
  if (closed_) return kOk;
  const Library& library = host_->library();
  const bool system = kind_ == HandleKind::System;
  // Waits for callbacks that are running; a failure leaves the registration to the close that follows.
  if (HcsRegistration* const registration = std::exchange(registration_, nullptr)) {
    if (system) {
      callHost<functions::HcsUnregisterComputeSystemCallback>(library, registration);
    } else {
      callHost<functions::HcsUnregisterProcessCallback>(library, registration);
    }
  }
  const HResult status =
      system ? callHost<functions::HcsCloseComputeSystem>(library, static_cast<HcsSystem*>(value_))
             : callHost<functions::HcsCloseProcess>(library, static_cast<HcsProcess*>(value_));
  closed_ = !failed(status);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closeFailed_ = !closed_;
  }
  // Whatever the host answered, it says no more to this watch. A failed close may be tried again, until the host has
  // ended: it closes those that have failed by then, and nobody would let go of those that fail later.
  removeWatch(id());
  if (closed_ || host_->ended()) host_->forget(id());
  return status;
}

void closeUnowned(const std::shared_ptr<Handle>& handle) {
  handle->close(std::make_unique<UnownedClose>(handle));
}

}  // namespace hc
