// Creating systems, the operations that move them from state to state, and their end.
#include <utility>

#include "../base/trace.h"
#include "../documents/requests.h"
#include "host.h"

namespace hc::simulator {
namespace {

struct Traits {
  std::u16string_view activity;
  std::u16string_view failure;  // the OperationFailureDetail
  Notification completion;
};

// By operation. Shutting down and terminating are completed by the exit of the system.
constexpr Traits kTraits[kOperations] = {
    {u"Creating", u"Construct", Notification::SystemCreateCompleted},
    {u"Starting", u"Start", Notification::SystemStartCompleted},
    {u"Pausing", u"Pause", Notification::SystemPauseCompleted},
    {u"Resuming", u"Resume", Notification::SystemResumeCompleted},
    {u"Saving", u"Save", Notification::SystemSaveCompleted},
    {u"ShuttingDown", u"Shutdown", Notification::SystemExited},
    {u"Terminating", u"Terminate", Notification::SystemExited},
};

const Traits& traitsOf(Operation operation) { return kTraits[indexOf(operation)]; }

// Whether the completion of the operation is the exit of the system.
bool ends(Operation operation) {
  return operation == Operation::Shutdown || operation == Operation::Terminate;
}

// Which operation is allowed in which state; ok, or the refusal.
Outcome allowed(const ComputeSystem& system, Operation operation) {
  const bool stopped = !system.alive();
  if (stopped && ends(operation))
    return fail(Condition::SystemAlreadyStopped, u"The system has stopped.");
  if (operation == Operation::Terminate) return {};
  State needed = State::Running;
  if (operation == Operation::Start) needed = State::Created;
  if (operation == Operation::Resume || operation == Operation::Save) needed = State::Paused;
  if (system.state == needed && !system.pending) return {};
  Outcome outcome = fail(Condition::InvalidState,
                         std::u16string(u"The system is ").append(activityName(system)) +
                             u", not " + std::u16string(stateName(needed)) + u'.',
                         std::u16string(activityName(system)));
  outcome.failure = traitsOf(operation).failure;
  return outcome;
}

State targetOf(Operation operation, bool asTemplate) {
  switch (operation) {
    case Operation::Create:
      return State::Created;
    case Operation::Pause:
      return State::Paused;
    case Operation::Save:
      return asTemplate ? State::SavedAsTemplate : State::Paused;
    case Operation::Shutdown:
    case Operation::Terminate:
      return State::Stopped;
    default:
      return State::Running;
  }
}

// How often a completion is notified.
std::uint64_t copiesOf(Completion style, bool echo) {
  switch (style) {
    case Completion::Now:
      return echo ? 1 : 0;
    case Completion::Lost:
      return 0;
    case Completion::Twice:
      return 2;
    default:
      return 1;
  }
}

}  // namespace

std::u16string_view stateName(State state) {
  constexpr std::u16string_view kNames[] = {u"Unknown", u"Created",         u"Running",
                                            u"Paused",  u"SavedAsTemplate", u"Stopped"};
  return kNames[static_cast<std::size_t>(state)];
}

std::u16string failureText(Operation operation, HResult status) {
  Outcome outcome(status);
  outcome.failure = traitsOf(operation).failure;
  return errorDocument(outcome);
}

Outcome unreachable(std::u16string_view what) {
  return fail(kNotSupported,
              std::u16string(what).append(u" needs $.VirtualMachine.GuestConnection in the "
                                          u"document of the virtual machine."));
}

std::u16string_view activityName(const ComputeSystem& system) {
  return system.pending ? traitsOf(system.pending->operation).activity : stateName(system.state);
}

// Enters a system under its id, if that is free and the system that is to host it lives.
Outcome Host::adopt(const SystemPointer& system) {
  const std::u16string& id = system->id;
  if (findSystem(id)) {
    return fail(Condition::SystemAlreadyExists, u"A system has the id '" + id + u"' already.", id);
  }
  SystemDocument& document = system->document;
  if (!document.hostingSystemId.empty()) {
    const SystemPointer hosting = findSystem(document.hostingSystemId);
    if (!hosting) {
      return fail(Condition::SystemNotFound, u"$.HostingSystemId names no living system.",
                  document.hostingSystemId);
    }
    if (hosting->state != State::Running)
      return fail(Condition::InvalidState, u"$.HostingSystemId names a system that does not run.",
                  document.hostingSystemId);
    if (!hosting->document.ownMachine || !hosting->reachable())
      return unreachable(u"A hosted system");
    document.linuxGuest |= hosting->document.linuxGuest;
    hosting->hosted.push_back(system);
  }
  if (Outcome restored = restore(*system); !restored.ok()) return restored;
  system->runtimeId = newGuid();
  system->creator = settings_.user;
  system->order = ++lastSystem_;
  systems_.emplace(id, system);
  return {};
}

Outcome Host::create(const Call& call, const char16_t* id, const char16_t* configuration,
                     HcsSystem** handle) {
  if (id == nullptr || *id == u'\0') return fail(kInvalidArgument, u"The id is empty.");
  auto system = std::make_shared<ComputeSystem>();
  if (Outcome read = readSystemDocument(id, configuration, &system->document); !read.ok()) {
    read.failure = u"Construct";
    return read;
  }
  system->id = id;
  system->memoryInMB = system->document.memoryInMB;
  system->queue = std::make_shared<NotificationQueue>(census);
  system->source = std::make_shared<NotificationSource>();
  system->source->name = nameOf(system->id);
  system->exitLost = call.effect->loseExit;
  system->site = call.site;

  std::unique_lock lock(mutex_);
  if (const HResult status = admit(call); status != kOk) return status;
  if (Outcome adopted = adopt(system); !adopted.ok()) return adopted;
  const HandleId made = addHandle(call, HandleKind::System, system, nullptr);
  *handle = handleOf<HcsSystem>(made);
  Plan how = plan(call, Operation::Create);
  const Completion style = how.style;
  const auto ticket = begin(system, Operation::Create, State::Created, std::move(how));
  lock.unlock();
  Outcome outcome = conclude(call, style, ticket);
  if (outcome.status == kOperationPending || !failed(outcome.status)) return outcome;
  // A create that failed at once leaves no handle.
  *handle = nullptr;
  outcome.failure = u"Construct";
  close(call, made, HandleKind::System);
  return outcome;
}

Outcome Host::operate(const Call& call, Operation operation, HcsSystem* handle,
                      const char16_t* options) {
  OperationOptions chosen;
  Outcome read = readOptions(operation, options, &chosen);
  std::unique_lock lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::System, &found); status != kOk)
    return status;
  const SystemPointer system = found->system;
  if (!read.ok()) return read;
  Outcome disk;
  if (operation == Operation::Start) {
    // The document of a system does not change, and a disk may be slow.
    lock.unlock();
    disk = layers.findLayers(system->document);
    lock.lock();
  }
  if (operation == Operation::Pause && system->document.processIsolated &&
      !settings_.pauseContainers)
    return fail(kNotSupported, u"A process-isolated container cannot be paused.");
  if (Outcome may = allowed(*system, operation); !may.ok()) return may;
  if (operation == Operation::Shutdown && !system->reachable() && !chosen.integrationService)
    return unreachable(u"Shutting down");
  if (!disk.ok()) return disk;
  if (operation == Operation::Start)
    if (Outcome may = layers.findVolume(system->document); !may.ok()) return may;
  if (call.effect->loseExit) system->exitLost = true;
  if (system->pending && system->pending->operation == Operation::Terminate) {
    // A second terminate joins the first: the one exit completes both.
    const auto first = system->pending->ticket;
    lock.unlock();
    return conclude(call, first ? Completion::Now : Completion::Pending, first);
  }
  Plan how = plan(call, operation);
  const Completion style = how.style;
  // The folder that the container maps is there, but not the drive that it is to be on.
  if (operation == Operation::Start && !system->document.unmapped.empty() && how.status == kOk)
    how.status = codeOf(Condition::UnexpectedExit);
  if (operation == Operation::Save && !chosen.asTemplate)
    how.savePath = chosen.savePath.empty() ? system->document.runtimeStatePath : chosen.savePath;
  const State target = targetOf(operation, chosen.asTemplate);
  const auto ticket = begin(system, operation, target, std::move(how));
  lock.unlock();
  Outcome outcome = conclude(call, style, ticket);
  outcome.failure = traitsOf(operation).failure;
  return outcome;
}

// What a rule says goes before the settings.
Host::Plan Host::plan(const Call& call, Operation operation) {
  const Effect& effect = *call.effect;
  const Latency& times = settings_.latency;
  double latency = times.phases[indexOf(operation)];
  if (latency != 0 && times.jitter != 0) latency *= 1 + times.jitter * (2 * chance_.share() - 1);
  if (operation == Operation::Start && times.rareShare != 0 && chance_.share() < times.rareShare)
    latency = times.rareMs;
  return {effect.completion.value_or(settings_.completion),
          effect.delay.value_or(milliseconds(latency)),
          effect.completionStatus.value_or(kOk),
          effect.completionData,
          {}};
}

std::shared_ptr<Ticket> Host::begin(const SystemPointer& system, Operation operation, State target,
                                    Plan plan) {
  Pending pending;
  pending.operation = operation;
  pending.target = target;
  pending.status = plan.status;
  pending.data = std::move(plan.data);
  pending.savePath = std::move(plan.savePath);
  // The exit of a system is always told, however the call that caused it answers.
  const bool echo = settings_.echoCompletion || ends(operation);
  pending.copies = copiesOf(plan.style, echo);
  if (plan.style == Completion::Now || plan.style == Completion::Early)
    pending.ticket = std::make_shared<Ticket>();
  const auto ticket = pending.ticket;
  failPending(*system);
  system->pending = std::move(pending);
  const std::uint64_t number = ++system->operations;
  if (plan.latency <= Duration::zero()) {
    finish(system);
    return ticket;
  }
  // Keeps the system alive, but not the operation: by then it may have been overtaken.
  system->pending->due = Clock::scheduler().at(Clock::now() + plan.latency, [this, system, number] {
    std::lock_guard lock(mutex_);
    if (system->pending && system->operations == number) finish(system);
  });
  return ticket;
}

void Host::finish(const SystemPointer& system) {
  Pending pending = std::move(*system->pending);
  system->pending.reset();
  const Traits& traits = traitsOf(pending.operation);
  if (ends(pending.operation)) {
    finishExit(system, std::move(pending));
    return;
  }
  const bool bad = failed(pending.status);
  if (bad && !pending.data) pending.data = failureText(pending.operation, pending.status);
  if (!bad) {
    system->state = pending.target;
    if (pending.operation == Operation::Start) system->started = Clock::now();
    if (!pending.savePath.empty()) savedStates_[pending.savePath] = savedStateOf(*system);
    if (pending.operation == Operation::Create && settings_.siloJobs &&
        system->document.processIsolated)
      post(*system, system->source,
           NotificationMessage(Notification::SystemSiloJobCreated, kOk, {}), 1, true, nullptr);
  } else if (pending.operation == Operation::Create) {
    system->state = State::Stopped;
    system->stopped = Clock::now();
    forget(system);
  }
  post(*system, system->source,
       NotificationMessage(traits.completion, pending.status, std::move(pending.data)),
       pending.copies, pending.operation == Operation::Create, pending.ticket);
  settle(pending.ticket, pending.status);
}

// Ends the operation that another one, or the end of the system, overtakes.
void Host::failPending(ComputeSystem& system) {
  if (!system.pending) return;
  const Pending pending = std::move(*system.pending);
  system.pending.reset();
  if (pending.due) Clock::scheduler().forget(*pending.due);
  if (ends(pending.operation)) {
    // The exit that comes is this operation's completion too; a caller that waits need not see it
    // delivered.
    if (pending.ticket) census.update([&] { pending.ticket->delivered = true; });
    settle(pending.ticket, kOk);
    return;
  }
  const HResult status =
      codeOf(pending.operation == Operation::Start ? Condition::TerminatedDuringStart
                                                   : Condition::Terminated);
  post(system, system.source,
       NotificationMessage(traitsOf(pending.operation).completion, status,
                           failureText(pending.operation, status)),
       pending.copies, pending.operation == Operation::Create, pending.ticket);
  settle(pending.ticket, status);
}

void Host::post(ComputeSystem& system, const std::shared_ptr<NotificationSource>& source,
                NotificationMessage message, std::uint64_t copies, bool retain,
                std::shared_ptr<Ticket> ticket) {
  if (copies == 0) {
    if (ticket) census.update([&] { ticket->delivered = true; });
    return;
  }
  Delivery delivery(source, std::move(message));
  delivery.count = copies;
  delivery.retain = retain;
  delivery.ticket = std::move(ticket);
  system.queue->post(std::move(delivery));
}

void Host::settle(const std::shared_ptr<Ticket>& ticket, HResult status) {
  if (!ticket) return;
  census.update([&] {
    ticket->completed = true;
    ticket->status = status;
  });
}

// On the thread of the call, outside every lock. Only a Reset ends these waits early.
HResult Host::conclude(const Call& call, Completion style, const std::shared_ptr<Ticket>& ticket) {
  if (style == Completion::Now) {
    return census.wait(call.epoch, [&] { return ticket->completed; }) ? ticket->status : kAbort;
  }
  // A client that calls from its callback would wait for the thread it is on.
  if (style == Completion::Early && !Registration::onCallbackThread() &&
      !census.wait(call.epoch, [&] { return ticket->delivered; }))
    return kAbort;
  return kOperationPending;
}

}  // namespace hc::simulator
