// How systems end: by an operation, by themselves, or by the crash of their guest.
#include <utility>

#include "../network/store.h"
#include "host.h"

namespace hc::simulator {
namespace {

// KMODE_EXCEPTION_NOT_HANDLED for an access violation, as a Windows guest reports it: the second is
// sign-extended, and more than a double can hold.
constexpr std::uint64_t kCrashParameters[] = {0x1E, 0xFFFFFFFFC0000005, 0xFFFFF80011223344, 0, 0};

constexpr Member kCrashMembers[] = {{u"Type", Kind::String}};
constexpr Shape kCrash = openShape(kCrashMembers);
constexpr Member kReportMembers[] = {{u"SystemId", Kind::String},
                                     {u"CrashParameters", Kind::Array},
                                     {u"CrashLog", Kind::String},
                                     {u"Status", Kind::Int32}};
constexpr Shape kCrashReport = openShape(kReportMembers);

void writeParameters(json::Writer& writer) {
  writer.key(u"CrashParameters").beginArray();
  for (const std::uint64_t parameter : kCrashParameters) writer.number(parameter);
  writer.endArray();
}

std::u16string crashReport(const ComputeSystem& system) {
  json::Writer writer;
  writer.beginObject().key(u"SystemId").string(system.id);
  if (system.document.linuxGuest) {
    writer.key(u"CrashLog").string(u"Kernel panic - not syncing: Fatal exception");
  } else {
    writeParameters(writer);
  }
  return writer.key(u"Status").number(0).endObject().take();
}

// What the exit is put down to, when it was unexpected.
void writeAttribution(json::Writer& writer, const ComputeSystem& system, bool crash) {
  writer.key(u"Attribution").beginArray().beginObject();
  if (crash) {
    writer.key(u"GuestCrash").beginObject();
    if (!system.document.linuxGuest) writeParameters(writer);
  } else {
    writer.key(u"SystemExit").beginObject();
    writer.key(u"Detail").string(u"UnexpectedExit").key(u"Initiator").string(u"GuestOS");
  }
  writer.endObject().endObject().endArray();
}

std::u16string exitStatus(const ComputeSystem& system, HResult status, std::u16string_view type,
                          bool crash) {
  json::Writer writer;
  writer.beginObject().key(u"Status").signedNumber(static_cast<std::int32_t>(status));
  writer.key(u"ExitType").string(type);
  if (type == u"UnexpectedExit") writeAttribution(writer, system, crash);
  return writer.endObject().take();
}

}  // namespace

void Host::finishExit(const SystemPointer& system, Pending pending) {
  const bool shutdown = pending.operation == Operation::Shutdown;
  if (shutdown && failed(pending.status)) {
    // The guest refuses: the system goes on, and a notification of its own says so.
    if (!pending.data) pending.data = failureText(pending.operation, pending.status);
    post(*system, system->source,
         NotificationMessage(Notification::SystemShutdownFailed, pending.status, pending.data),
         pending.copies, false, pending.completion);
    settle(pending.completion, pending.status, pending.data);
    return;
  }
  Exit exit;
  exit.status = pending.status;
  exit.type = shutdown ? u"GracefulExit" : u"ForcedExit";
  exit.data = std::move(pending.data);
  exit.copies = pending.copies;
  exit.completion = pending.completion;
  exit.processExitCode = shutdown ? kControlExitCode : kAbortedExitCode;
  endSystem(system, std::move(exit));
}

// The connection is closed by a guest that crashes; no source says in which order it notifies of
// this.
void Host::postCrash(ComputeSystem& system) {
  const auto postOne = [&](Notification type, std::optional<std::u16string> data) {
    post(system, system.source, NotificationMessage(type, kOk, std::move(data)), 1, false, nullptr);
  };
  postOne(Notification::SystemCrashInitiated, crashReport(system));
  postOne(Notification::SystemCrashReport, crashReport(system));
  if (system.document.guestConnection) postOne(Notification::SystemGuestConnectionClosed, {});
}

// The order is what clients rely on: a crash, the operation under way, hosted systems, processes,
// and the exit as the last.
void Host::endSystem(const SystemPointer& system, Exit exit) {
  if (exit.crash) postCrash(*system);
  failPending(*system);
  dropMigration(*system, codeOf(Condition::Terminated), true);
  const auto hosted = std::move(system->hosted);
  system->hosted.clear();
  for (const auto& weak : hosted) {
    const SystemPointer inner = weak.lock();
    if (!inner || !inner->alive()) continue;
    Exit lost;
    lost.status = codeOf(Condition::UnexpectedExit);
    lost.type = u"UnexpectedExit";
    endSystem(inner, std::move(lost));
  }
  while (!system->processes.empty())
    endProcess(*system, system->processes.begin()->second, exit.processExitCode, ProcessExit());
  network::Store::instance().leave(system->networks);
  system->state = State::Stopped;
  system->stopped = Clock::now();
  system->exitType = exit.type;
  forget(system);
  if (!exit.data) exit.data = exitStatus(*system, exit.status, exit.type, exit.crash);
  recordExit(system->exitRecord, system->exitLost, exit.data);
  post(*system, system->source,
       NotificationMessage(Notification::SystemExited, exit.status, std::move(exit.data)),
       system->exitLost ? 0 : exit.copies, true, exit.completion);
  settle(exit.completion, kOk);
}

// A guest without its own machine cannot be crashed by itself.
Outcome Host::crash(const Call& call, HcsSystem* handle, const char16_t* options) {
  json::Value document;
  Outcome read =
      options == nullptr || *options == u'\0' ? Outcome() : parseShape(options, kCrash, &document);
  std::lock_guard lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::System, &found); status != kOk)
    return status;
  read.failure = u"Crash";
  if (!read.ok()) return read;
  const SystemPointer system = found->system;
  if (Outcome may = mayDrive(call, *system); !may.ok()) return may;
  if (!system->document.ownMachine)
    return fail(kNotSupported, u"Only a virtual machine has a guest of its own that can crash.");
  if (system->state != State::Running || system->pending) {
    Outcome outcome =
        fail(Condition::InvalidState,
             std::u16string(u"The system is ").append(activityName(*system)) + u", not Running.");
    outcome.failure = u"Crash";
    return outcome;
  }
  Exit exit;
  exit.status = codeOf(Condition::UnexpectedExit);
  exit.type = u"UnexpectedExit";
  exit.crash = true;
  endSystem(system, std::move(exit));
  return {};
}

Outcome Host::submitReport(const Call& call, const char16_t* report) {
  json::Value document;
  if (Outcome read = parseShape(report, kCrashReport, &document); !read.ok()) return read;
  std::lock_guard lock(mutex_);
  return admit(call);
}

// Before the exit is notified: who waits for it may be the first to know.
void Host::recordExit(const std::shared_ptr<ExitRecord>& record, bool lost,
                      const std::optional<std::u16string>& data) {
  if (lost) return;
  inFlight.update([&] {
    record->exited = true;
    record->document = data.value_or(u"");
  });
}

Outcome Host::waitForExit(const Call& call, HandleId handle, HandleKind kind,
                          std::uint32_t timeoutMs) {
  constexpr std::uint32_t kForEver = 0xFFFFFFFF;
  std::unique_lock lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, handle, kind, &found); status != kOk) return status;
  const auto record = found->process ? found->process->exitRecord : found->system->exitRecord;
  lock.unlock();
  std::uint64_t losses = 0;
  inFlight.update([&] { losses = losses_; });
  std::optional<Duration> limit;
  if (timeoutMs != kForEver) limit = milliseconds(timeoutMs);
  bool lost = false;
  Outcome outcome;
  const WaitEnd end = inFlight.waitFor(
      call.epoch,
      [&] {
        lost = losses_ != losses;
        if (record->exited) outcome = answer(record->document);
        return record->exited || lost;
      },
      limit);
  if (end == WaitEnd::Reset) return kAbort;
  if (end == WaitEnd::TimedOut) return kOperationTimeout;
  return outcome.payload || !lost ? outcome : Outcome(kServerUnavailable);
}

// A stopped system is not found by its id any more. Only handles keep it.
void Host::forget(const SystemPointer& system) {
  const auto at = systems_.find(keyOf(system->id, system->idNamespace));
  if (at != systems_.end() && at->second == system) systems_.erase(at);
  if (system->handles != 0) stopped_.insert(system);
}

}  // namespace hc::simulator
