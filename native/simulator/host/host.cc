// Handles, registrations, and finding things.
#include "host.h"

#include <algorithm>
#include <utility>

#include "../base/trace.h"
#include "../notifications/concurrent-delivery.h"

namespace hc::simulator {

Host& Host::instance() {
  static Host& host = *new Host;
  return host;
}

HResult Host::admit(const Call& call) const {
  if (call.epoch != census.epoch()) return kAbort;
  return connected_ ? kOk : lost_;
}

// A handle of an earlier connection is useless, but known: clients must still be able to close it.
HResult Host::find(const Call& call, HandleId handle, HandleKind kind, Handle** found) {
  if (call.epoch != census.epoch()) return kAbort;
  const auto at = handles_.find(handle);
  if (at == handles_.end() || at->second.kind != kind) return kInvalidHandle;
  *found = &at->second;
  if (!connected_) return lost_;
  return at->second.connection == connection_ ? kOk : kStaleContext;
}

HandleId Host::addHandle(const Call& call, HandleKind kind, SystemPointer system,
                         ProcessPointer process, HandleId origin) {
  constexpr HandleId kStep = 16;  // looks aligned, as pointers do
  if (kind == HandleKind::System) ++system->handles;
  lastHandle_ += kStep;
  handles_.emplace(
      lastHandle_,
      Handle{kind, std::move(system), std::move(process), origin, call.site, connection_, {}});
  census.change(kind, 1);
  return lastHandle_;
}

SystemPointer Host::findSystem(std::u16string_view id) {
  const auto at = systems_.find(std::u16string(id));
  return at != systems_.end() ? at->second : nullptr;
}

// Seeded, so that two runs give systems the same runtime ids.
std::u16string Host::newGuid() {
  std::uint64_t words[2] = {chance_.next(), chance_.next()};
  words[0] = (words[0] & ~0xF000ULL) | 0x4000;                 // version 4
  words[1] = (words[1] & ~(0xC0ULL << 56)) | (0x80ULL << 56);  // variant
  std::u16string text;
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) text.push_back(u'-');
    text.push_back(u"0123456789abcdef"[(words[digit / 16] >> (60 - digit % 16 * 4)) & 0xF]);
  }
  return text;
}

Outcome Host::open(const Call& call, const char16_t* id, HcsSystem** handle) {
  if (id == nullptr || *id == u'\0') return fail(kInvalidArgument, u"The id is empty.");
  std::lock_guard lock(mutex_);
  if (const HResult status = admit(call); status != kOk) return status;
  SystemPointer system = findSystem(id);
  if (!system) {
    return fail(Condition::SystemNotFound, std::u16string(u"No system has the id '") + id + u"'.",
                id);
  }
  // The default security of a system lets in who created it. A handle, once given, is good for all.
  if (!equalWithoutCase(system->creator, settings_.user)) {
    return fail(kAccessDenied,
                u"'" + settings_.user + u"' did not create the system '" + id + u"'.", id);
  }
  *handle = handleOf<HcsSystem>(addHandle(call, HandleKind::System, std::move(system), nullptr));
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
    census.change(HandleKind::Registration, -1);
  }
  return dropped;
}

// The last handle of a system takes it along if the document says so, or if it has stopped.
void Host::releaseHandle(const Handle& handle) {
  if (handle.kind != HandleKind::System || --handle.system->handles != 0) return;
  const SystemPointer& system = handle.system;
  if (system->alive() && system->document.terminateOnLastHandleClosed) {
    Exit exit;
    exit.type = u"ForcedExit";
    endSystem(system, std::move(exit));
  }
  if (!system->alive()) stopped_.erase(system);
}

// Waits for callbacks of the handle without the lock. Meanwhile the handle is unknown already, but
// still counted.
Outcome Host::close(const Call& call, HandleId id, HandleKind kind) {
  Handle* found = nullptr;
  std::unique_lock lock(mutex_);
  find(call, id, kind, &found);
  if (found == nullptr) return kInvalidHandle;
  const Handle handle = std::move(*found);
  handles_.erase(id);
  const Registrations dropped = dropRegistrations(handle.registrations);
  lock.unlock();
  const char* function = kind == HandleKind::System ? "HcsCloseComputeSystem" : "HcsCloseProcess";
  for (const auto& registration : dropped) registration->stop(function);
  lock.lock();
  if (call.epoch != census.epoch()) return kAbort;
  census.change(kind, -1);
  releaseHandle(handle);
  return {};
}

Outcome Host::subscribe(const Call& call, HandleId id, HandleKind kind,
                        NotificationCallback callback, void* context,
                        HcsRegistration** registration) {
  if (callback == nullptr) return fail(kInvalidArgument, u"The callback is null.");
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
  census.change(HandleKind::Registration, 1);
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

Outcome Host::unsubscribe(const Call& call, HandleId id, HandleKind kind) {
  std::unique_lock lock(mutex_);
  if (call.epoch != census.epoch()) return kAbort;
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
    deliverConcurrently(census, {callback}, delivery, 1);
  });
}

bool Host::uses(std::u16string_view volume) {
  std::lock_guard lock(mutex_);
  for (const auto& [id, system] : systems_) {
    std::u16string_view own = system->document.volume;
    if (!own.empty() && own.back() == u'\\') own.remove_suffix(1);
    const bool begun = system->state != State::Created || system->pending;
    if (begun && !volume.empty() && own == volume) return true;
  }
  return false;
}

std::optional<Turn> Host::turnOf(HandleId process) {
  std::lock_guard lock(mutex_);
  const auto at = handles_.find(process);
  if (at == handles_.end() || !at->second.process) return std::nullopt;
  return Turn(at->second.origin, at->second.process->id);
}

std::u16string Host::sourceOf(HandleId handle) {
  std::lock_guard lock(mutex_);
  if (const auto at = handles_.find(handle); at != handles_.end())
    return (at->second.process ? at->second.process->source : at->second.system->source)->name;
  if (const auto at = registrations_.find(handle); at != registrations_.end())
    return at->second.source->name;
  return {};
}

std::u16string Host::systemOf(HandleId handle) {
  std::lock_guard lock(mutex_);
  if (const auto at = handles_.find(handle); at != handles_.end()) return at->second.system->id;
  if (const auto at = registrations_.find(handle); at != registrations_.end())
    return at->second.system->id;
  return {};
}

}  // namespace hc::simulator
