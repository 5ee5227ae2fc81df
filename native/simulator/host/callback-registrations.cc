// The calls that register and unregister callbacks. Unregistering waits for callbacks that run, so
// it does that without the lock of the host.
#include <algorithm>
#include <utility>

#include "../base/trace.h"
#include "../notifications/concurrent-delivery.h"
#include "../operations/choices.h"
#include "host.h"

namespace hc::simulator {

// With the lock held. Registering is local to the client's library: on a lost connection it still
// works, and reports the loss.
void Host::addRegistration(const Call& call, HandleId id, Handle& handle,
                           const std::shared_ptr<Registration>& made, HandleId* number) {
  const bool lost = handle.connection != connection_;
  const SystemPointer& system = handle.system;
  auto source = handle.process ? handle.process->source : system->source;
  lastHandle_ += 16;
  const std::uint32_t process = handle.process ? handle.process->id : 0;
  registrations_.emplace(lastHandle_,
                         Registered{handle.kind, id, system, source, made, call.site, process});
  handle.registrations.push_back(lastHandle_);
  inFlight.change(HandleKind::Registration, 1);
  *number = lastHandle_;
  if (!lost) {
    system->queue->subscribe(source, made);
  } else {
    Delivery delivery(source,
                      NotificationMessage(Notification::ServiceDisconnect, kServerUnavailable, {}));
    delivery.only = made;
    system->queue->post(std::move(delivery));
  }
}

Outcome Host::subscribe(const Call& call, HandleId id, HandleKind kind,
                        NotificationCallback callback, void* context,
                        HcsRegistration** registration) {
  if (callback == nullptr) return fail(kInvalidArgument, u"The callback must not be null.");
  std::lock_guard lock(mutex_);
  Handle* handle = nullptr;
  const HResult status = find(call, id, kind, &handle);
  if (handle == nullptr) return status;
  HandleId made = 0;
  addRegistration(call, id, *handle, std::make_shared<Registration>(callback, context), &made);
  *registration = handleOf<HcsRegistration>(made);
  return {};
}

Outcome Host::setCallback(const Call& call, HandleId id, HandleKind kind, std::uint32_t options,
                          HcsEventCallback callback, void* context) {
  if (callback == nullptr) return fail(kInvalidArgument, u"The callback must not be null.");
  const auto made = std::make_shared<Registration>(callback, id, options, context);
  std::unique_lock lock(mutex_);
  Handle* handle = nullptr;
  const HResult status = find(call, id, kind, &handle);
  if (handle == nullptr) return status;
  if (!handle->registrations.empty())
    return fail(choices::kSecondCallback, u"The handle has a callback.");
  HandleId number = 0;
  addRegistration(call, id, *handle, made, &number);
  const OperationPlace place{id, handle->system->queue, registrations_.at(number).source};
  lock.unlock();
  if (!made->has(kEventsOfOperations)) return {};
  for (const auto& operation : Operations::instance().all()) {
    if (!operation->awaitsEvent(id)) continue;
    Delivery delivery(place.source, NotificationMessage(Notification::SystemOperationCompletion,
                                                        kOk, std::nullopt));
    delivery.only = made;
    delivery.operation = operation->completion();
    place.queue->post(std::move(delivery));
  }
  return {};
}

Host::OperationTerms Host::termsOf(const Call& call, HandleId id) {
  const Effect& effect = *call.effect;
  OperationTerms terms;
  terms.place = Operations::instance().place();
  std::lock_guard lock(mutex_);
  terms.plan = {effect.completion.value_or(settings_.completion), effect.completionStatus,
                effect.completionData};
  if (effect.result && *effect.result) terms.plan.document = **effect.result;
  const auto at = handles_.find(id);
  if (at == handles_.end()) return terms;
  const Handle& handle = at->second;
  terms.place = {id, handle.system->queue,
                 handle.process ? handle.process->source : handle.system->source};
  for (const HandleId number : handle.registrations)
    terms.eventsOfHandle |= registrations_.at(number).registration->has(kEventsOfOperations);
  return terms;
}

// Takes the registrations out of every table. What is returned may still be running: stop it after
// unlocking.
Registrations Host::dropRegistrations(const std::vector<HandleId>& ids) {
  Registrations dropped;
  for (const HandleId id : ids) {
    const auto at = registrations_.find(id);
    if (at == registrations_.end()) continue;
    Registered& entry = at->second;
    entry.system->queue->unsubscribe(*entry.source, entry.registration.get());
    dropped.push_back(std::move(entry.registration));
    registrations_.erase(at);
    inFlight.change(HandleKind::Registration, -1);
  }
  return dropped;
}

Outcome Host::unsubscribe(const Call& call, HandleId id, HandleKind kind) {
  std::unique_lock lock(mutex_);
  if (call.epoch != inFlight.epoch()) return kAbort;
  const auto at = registrations_.find(id);
  if (at == registrations_.end() || at->second.kind != kind) return kInvalidHandle;
  auto& siblings = handles_.at(at->second.owner).registrations;
  siblings.erase(std::find(siblings.begin(), siblings.end(), id));
  const auto source = at->second.source;
  const Registrations dropped = dropRegistrations({id});
  lock.unlock();
  const char* function = kind == HandleKind::System ? "HcsUnregisterComputeSystemCallback"
                                                    : "HcsUnregisterProcessCallback";
  for (const auto& registration : dropped) {
    registration->stop(function);
    if (call.effect->late) notifyLate(*registration, source, kind, *call.effect->late);
  }
  return {};
}

// What no host should do: its client has unregistered.
void Host::notifyLate(const Registration& former, std::shared_ptr<NotificationSource> source,
                      HandleKind kind, Duration late) {
  const auto exit =
      kind == HandleKind::System ? Notification::SystemExited : Notification::ProcessExited;
  const Delivery delivery(std::move(source), NotificationMessage(exit, kOk, std::nullopt));
  Clock::scheduler().at(Clock::now() + late, [this, delivery, callback = former.again()] {
    const NotificationMessage& message = delivery.message;
    if (Trace::instance().on()) {
      Trace::instance().notification(message.rawType, delivery.source->name, message.status, 1,
                                     u" after unregistering");
    }
    deliverConcurrently(inFlight, {callback}, delivery, 1);
  });
}

}  // namespace hc::simulator
