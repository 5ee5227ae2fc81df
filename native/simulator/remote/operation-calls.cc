// The part of RemoteHost for computecore.dll: operations, and the callbacks of handles.
#include <utility>

#include "remote-client.h"

namespace hc::simulator {
namespace {

namespace core = functions::computecore;

using AnyHandle = shape::Handle<void>;

}  // namespace

template <class Ask>
HResult RemoteHost::attach(const RemoteFunction& function, std::uint64_t owner,
                           const std::shared_ptr<Registration>& registration, Ask ask) {
  if (!registration) return ask(nullptr);
  const std::uint64_t listener = listeners_.add(owner, registration);
  const HResult status = ask(remote::pointerOf<void*>(listener));
  if (!failed(status)) return status;
  // The host may have been lost meanwhile, and this one be notified of it.
  registration->stop(function.name);
  listeners_.remove(listener);
  return status;
}

HResult RemoteHost::setCallback(const RemoteFunction& function, void* handle, std::uint32_t options,
                                void* context, HcsEventCallback callback) {
  using OnHandle = Signature<In<AnyHandle>, In<shape::Integer<std::uint32_t>>,
                             In<hc::Context::Shape>, In<hc::EventCallback::Shape>>;
  const std::uint64_t owner = remote::numberOf(handle);
  std::shared_ptr<Registration> made;
  if (callback != nullptr) made = std::make_shared<Registration>(callback, owner, options, context);
  return attach(function, owner, made, [&](void* listener) {
    return exchange(function, OnHandle{}, handle, options, listener, callback);
  });
}

// Windows makes operations in the process of the client: it is what they are used with that the
// lost host refuses.
HcsOperation* RemoteHost::disconnectedOperation() {
  std::lock_guard lock(mutex_);
  return remote::pointerOf<HcsOperation*>(++disconnected_ | kNoConnection << kHandleBits);
}

// The listener of what calls it back has to be there before it is: it gets its owner later.
template <class Ask>
HcsOperation* RemoteHost::createOperation(const RemoteFunction& function,
                                          OperationCallbacks callbacks, Ask ask) {
  void* opened = nullptr;
  std::uint64_t number = 0;
  const HResult status = attach(function, 0, callbacks.calling, [&](void* listener) {
    const HResult answer = ask(listener, &opened);
    number = remote::numberOf(listener);
    return opened == nullptr && !failed(answer) ? kOutOfMemory : answer;
  });
  auto* operation = static_cast<HcsOperation*>(opened);
  if (status == kServerUnavailable || status == kCallFailed) operation = disconnectedOperation();
  if (operation == nullptr) return nullptr;
  if (number != 0) listeners_.own(number, remote::numberOf(operation));
  operations_.add(operation, std::move(callbacks));
  return operation;
}

HcsOperation* RemoteHost::createOperation(void* context, HcsOperationCallback callback) {
  using Function = core::HcsCreateOperation;
  OperationCallbacks callbacks{context, callback, nullptr};
  if (callback != nullptr) callbacks.calling = std::make_shared<Registration>(callback, context);
  constexpr const RemoteFunction& kFunction = kRemoteFunction<Function>;
  return createOperation(kFunction, std::move(callbacks), [&](void* listener, void** opened) {
    return exchange(kFunction, remote::WireSignatureOf<Function>{}, listener, callback, opened);
  });
}

HcsOperation* RemoteHost::createOperation(std::uint32_t eventTypes, void* context,
                                          HcsEventCallback callback) {
  using Function = core::HcsCreateOperationWithNotifications;
  OperationCallbacks callbacks{context, nullptr, nullptr};
  if (callback != nullptr)
    callbacks.calling = std::make_shared<Registration>(callback, 0, kEventsOfOperations, context);
  constexpr const RemoteFunction& kFunction = kRemoteFunction<Function>;
  return createOperation(kFunction, std::move(callbacks), [&](void* listener, void** opened) {
    return exchange(kFunction, remote::WireSignatureOf<Function>{}, eventTypes, listener, callback,
                    opened);
  });
}

// A completion that is on its way has the context of before.
HResult RemoteHost::setOperationContext(HcsOperation* operation, void* context) {
  using Function = core::HcsSetOperationContext;
  constexpr const RemoteFunction& kFunction = kRemoteFunction<Function>;
  auto callbacks = operations_.find(operation).value_or(OperationCallbacks{});
  callbacks.context = context;
  std::shared_ptr<Registration> made;
  if (callbacks.completed != nullptr)
    callbacks.calling = made = std::make_shared<Registration>(callbacks.completed, context);
  const HResult status = attach(kFunction, remote::numberOf(operation), made, [&](void* listener) {
    return exchange(kFunction, remote::WireSignatureOf<Function>{}, operation, listener);
  });
  if (!failed(status)) operations_.change(operation, std::move(callbacks));
  return status;
}

void* RemoteHost::operationContext(HcsOperation* operation) {
  const auto callbacks = operations_.find(operation);
  return callbacks ? callbacks->context : nullptr;
}

HResult RemoteHost::setOperationCallback(HcsOperation* operation, void* context,
                                         HcsOperationCallback callback) {
  using Function = core::HcsSetOperationCallback;
  constexpr const RemoteFunction& kFunction = kRemoteFunction<Function>;
  OperationCallbacks callbacks{context, callback, nullptr};
  if (callback != nullptr) callbacks.calling = std::make_shared<Registration>(callback, context);
  const HResult status =
      attach(kFunction, remote::numberOf(operation), callbacks.calling, [&](void* listener) {
        return exchange(kFunction, remote::WireSignatureOf<Function>{}, operation, listener,
                        callback);
      });
  if (!failed(status)) operations_.change(operation, std::move(callbacks));
  return status;
}

// Waits for callbacks that run here, except from inside of them; the host over there has nothing to
// wait for.
HResult RemoteHost::closeOperation(HcsOperation* operation) {
  using Function = core::HcsCloseOperation;
  const std::uint64_t number = remote::numberOf(operation);
  const HResult status =
      exchange(kRemoteFunction<Function>, remote::WireSignatureOf<Function>{}, operation);
  if (failed(status) && !lost(number)) return status;
  operations_.remove(operation);
  for (const auto& listener : listeners_.ofOwner(number)) listener->stopOrLeave();
  listeners_.removeOwner(number);
  closed(number);
  return kOk;
}

bool RemoteHost::beginOperation(HcsOperation* operation, void* handle) {
  return operations_.begin(operation, remote::numberOf(handle));
}

void RemoteHost::followOperation(HcsOperation* operation, HResult status, void* made) {
  if (failed(status) && status != kComputecorePending) {
    operations_.end(operation);
  } else if (const auto lost = operations_.accept(operation, remote::numberOf(made))) {
    complete(*lost);
  }
}

// Of a connection that is lost, the loss ends it.
void RemoteHost::endOperation(HcsOperation* operation, HResult status) {
  const bool runs = status == kComputecorePending || status == kOperationTimeout;
  if (!runs && !lost(remote::numberOf(operation))) operations_.end(operation);
}

// On the thread that has found out, under no lock: notifies whom the completion would have been
// notified to. Its result is what every call is answered.
void RemoteHost::complete(const RemoteOperations::Lost& lost) {
  std::vector<std::shared_ptr<Registration>> targets;
  if (lost.calling) {
    targets.push_back(lost.calling);
  } else {
    for (const auto& listener : listeners_.ofOwner(lost.handle))
      if (listener->has(kEventsOfOperations)) targets.push_back(listener);
  }
  Registration::nested([&] {
    for (const auto& target : targets) {
      if (!target->enter()) continue;
      target->call(static_cast<std::uint32_t>(Notification::SystemOperationCompletion),
                   kServerUnavailable, nullptr, lost.operation);
      target->leave();
    }
  });
}

}  // namespace hc::simulator
