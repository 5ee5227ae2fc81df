// The calls that register and unregister callbacks. Unregistering waits for callbacks that run, so
// it does that without the lock of the host.
#include <algorithm>
#include <utility>

#include "../base/trace.h"
#include "../notifications/concurrent-delivery.h"
#include "host.h"

namespace hc::simulator {

Outcome Host::subscribe(const Call& call, HandleId id, HandleKind kind,
                        NotificationCallback callback, void* context,
                        HcsRegistration** registration) {
  if (callback == nullptr) return fail(kInvalidArgument, u"The callback must not be null.");
  std::lock_guard lock(mutex_);
  Handle* handle = nullptr;
  const HResult status = find(call, id, kind, &handle);
  if (handle == nullptr) return status;
  // Registering is local to the client's library: on a lost connection it still works, and reports
  // the loss.
  const bool lost = handle->connection != connection_;
  const SystemPointer& system = handle->system;
  auto source = handle->process ? handle->process->source : system->source;
  auto made = std::make_shared<Registration>(callback, context);
  lastHandle_ += 16;
  const std::uint32_t process = handle->process ? handle->process->id : 0;
  registrations_.emplace(lastHandle_,
                         Registered{kind, id, system, source, made, call.site, process});
  handle->registrations.push_back(lastHandle_);
  inFlight.change(HandleKind::Registration, 1);
  *registration = handleOf<HcsRegistration>(lastHandle_);
  if (!lost) {
    system->queue->subscribe(source, made);
  } else {
    Delivery delivery(source,
                      NotificationMessage(Notification::ServiceDisconnect, kServerUnavailable, {}));
    delivery.only = made;
    system->queue->post(std::move(delivery));
  }
  return {};
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
