// Handles of systems and processes: given out, looked up, closed.
#include <utility>

#include "../operations/choices.h"
#include "host.h"

namespace hc::simulator {

// A handle of an earlier connection is useless, but known: clients must still be able to close it.
HResult Host::find(const Call& call, HandleId handle, HandleKind kind, Handle** found) {
  if (call.epoch != inFlight.epoch()) return kAbort;
  const auto at = handles_.find(handle);
  if (at == handles_.end() || at->second.kind != kind) return kInvalidHandle;
  if (kLibraryOf[at->second.site.function] != kLibraryOf[call.site.function])
    return choices::kHandleOfOtherLibrary;
  *found = &at->second;
  if (!connected_) return lost_;
  if (at->second.process && at->second.process->moved) return kNotFound;
  return at->second.connection == connection_ ? kOk : kStaleContext;
}

Outcome Host::mayDrive(const Call& call, const ComputeSystem& system) {
  if (kLibraryOf[call.site.function] == kLibraryOf[system.site.function]) return {};
  return fail(choices::kDrivenByOtherLibrary,
              u"The system was created through another library, which alone drives it.");
}

HandleId Host::addHandle(const Call& call, HandleKind kind, SystemPointer system,
                         ProcessPointer process, HandleId origin) {
  constexpr HandleId kStep = 16;  // looks aligned, as pointers do
  if (kind == HandleKind::System) ++system->handles;
  lastHandle_ += kStep;
  handles_.emplace(
      lastHandle_,
      Handle{kind, std::move(system), std::move(process), origin, call.site, connection_, {}});
  inFlight.change(kind, 1);
  return lastHandle_;
}

Outcome Host::open(const Call& call, const char16_t* id, HcsSystem** handle,
                   const char16_t* idNamespace) {
  if (id == nullptr || *id == u'\0') return fail(kInvalidArgument, u"The id must not be empty.");
  std::lock_guard lock(mutex_);
  if (const HResult status = admit(call); status != kOk) return status;
  SystemPointer system = findSystem(id, idNamespace != nullptr ? idNamespace : u"");
  if (!system) {
    return fail(Condition::SystemNotFound,
                std::u16string(u"No system exists with the id '") + id + u"'.", id);
  }
  // The default security of a system lets in who created it. A handle, once given, is good for all.
  if (!equalWithoutCase(system->creator, settings_.user)) {
    return fail(kAccessDenied,
                u"'" + settings_.user + u"' did not create the system '" + id + u"'.", id);
  }
  *handle = handleOf<HcsSystem>(addHandle(call, HandleKind::System, std::move(system), nullptr));
  return {};
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
  if (call.epoch != inFlight.epoch()) return kAbort;
  inFlight.change(kind, -1);
  releaseHandle(handle);
  return {};
}

}  // namespace hc::simulator
