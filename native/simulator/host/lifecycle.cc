// The calls that create systems and move them from state to state: what is allowed when. How they
// complete is in completion-plan.cc and completions.cc.
#include <utility>

#include "../base/trace.h"
#include "../documents/requests.h"
#include "../network/store.h"
#include "host.h"
#include "operation-traits.h"

namespace hc::simulator {
namespace {

// Which operation is allowed in which state; ok, or the refusal.
Outcome allowed(const ComputeSystem& system, Operation operation) {
  const bool stopped = !system.alive();
  if (stopped && ends(operation))
    return fail(Condition::SystemAlreadyStopped, u"The system has stopped.");
  if (operation == Operation::Terminate) return {};
  if (system.migration || (operation == Operation::Start && system.document.destination)) {
    Outcome outcome = fail(Condition::InvalidState,
                           u"The system is in a live migration, or waits for one.", system.id);
    outcome.failure = traitsOf(operation).failure;
    return outcome;
  }
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

// Where the operation leads to if it succeeds.
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

}  // namespace

std::u16string_view stateName(State state) {
  constexpr std::u16string_view kNames[] = {u"Unknown", u"Created",         u"Running",
                                            u"Paused",  u"SavedAsTemplate", u"Stopped"};
  return kNames[static_cast<std::size_t>(state)];
}

Outcome unreachable(std::u16string_view what) {
  return fail(kNotSupported,
              std::u16string(what).append(u" needs $.VirtualMachine.GuestConnection in the "
                                          u"document of the virtual machine."));
}

std::u16string_view activityName(const ComputeSystem& system) {
  return system.pending ? traitsOf(system.pending->operation).activity : stateName(system.state);
}

// The system takes its place on the networks that its document names, or shares that of another.
Outcome Host::joinNetworks(ComputeSystem& system) {
  const SystemDocument& document = system.document;
  network::Attachment& wanted = system.networks;
  wanted.system = system.id;
  wanted.space = document.networkNamespace;
  wanted.endpoints = document.endpoints;
  for (const auto& [adapter, endpoint] : document.adapters) {
    system.adapters.emplace(network::lowerCase(adapter), endpoint);
    if (!endpoint.empty()) wanted.endpoints.push_back(endpoint);  // else it is at a switch
  }
  const bool shares = !document.networkOf.empty();
  if (shares) {
    const SystemPointer other = findSystem(document.networkOf, system.idNamespace);
    if (!other && !settings_.unknownNetworks)
      return fail(Condition::SystemNotFound, u"NetworkSharedContainerName names no system.",
                  document.networkOf);
    if (other) {
      wanted.space = other->networks.space;
      wanted.endpoints = other->networks.endpoints;
    }
  }
  const HResult status =
      network::Store::instance().join(wanted, {shares, settings_.unknownNetworks});
  if (status == kOk) return {};
  return fail(
      status,
      std::u16string(u"The system cannot be attached to its networks: ") + meaningOf(status),
      status == kNotFound ? wanted.space : std::u16string());
}

// Enters a system under its id, if that is free and the system that is to host it lives.
Outcome Host::adopt(const SystemPointer& system) {
  const std::u16string& id = system->id;
  if (findSystem(id, system->idNamespace)) {
    return fail(Condition::SystemAlreadyExists,
                u"The id must be new: a system with the id '" + id + u"' exists.", id);
  }
  SystemDocument& document = system->document;
  if (!document.hostingSystemId.empty()) {
    const SystemPointer hosting = findSystem(document.hostingSystemId, system->idNamespace);
    if (!hosting) {
      return fail(Condition::SystemNotFound,
                  u"$.HostingSystemId must be the id of a system that has not stopped.",
                  document.hostingSystemId);
    }
    if (hosting->state != State::Running)
      return fail(Condition::InvalidState, u"$.HostingSystemId must be the id of a running system.",
                  document.hostingSystemId);
    if (!hosting->document.ownMachine || !hosting->reachable())
      return unreachable(u"A hosted system");
    document.linuxGuest |= hosting->document.linuxGuest;
    hosting->hosted.push_back(system);
  }
  if (Outcome restored = restore(*system); !restored.ok()) return restored;
  if (Outcome joined = joinNetworks(*system); !joined.ok()) return joined;
  system->runtimeId = newGuid();
  system->creator = settings_.user;
  system->order = ++lastSystem_;
  systems_.emplace(keyOf(id, system->idNamespace), system);
  return {};
}

// The document is read before the lock. The handle exists before the operation begins, so that a
// notification which comes at once has somewhere to go; the wait for it is without the lock.
Outcome Host::create(const Call& call, const char16_t* id, const char16_t* configuration,
                     HcsSystem** handle, const char16_t* idNamespace) {
  if (id == nullptr || *id == u'\0') return fail(kInvalidArgument, u"The id must not be empty.");
  auto system = std::make_shared<ComputeSystem>();
  if (Outcome read = readSystemDocument(id, configuration, &system->document); !read.ok()) {
    read.failure = u"Construct";
    return read;
  }
  system->id = id;
  if (idNamespace != nullptr) system->idNamespace = idNamespace;
  system->memoryInMB = system->document.memoryInMB;
  system->queue = std::make_shared<NotificationQueue>(inFlight);
  system->source = std::make_shared<NotificationSource>();
  system->source->name = nameOf(system->id);
  system->exitLost = call.effect->loseExit;
  system->site = call.site;

  std::unique_lock lock(mutex_);
  if (const HResult status = admit(call); status != kOk) return status;
  if (Outcome adopted = adopt(system); !adopted.ok()) return adopted;
  const HandleId made = addHandle(call, HandleKind::System, system, nullptr);
  *handle = handleOf<HcsSystem>(made);
  if (call.operation) call.operation->attach({made, system->queue, system->source}, *handle);
  Plan how = plan(call, Operation::Create);
  const Completion style = how.style;
  const auto completion = begin(system, Operation::Create, State::Created, std::move(how));
  lock.unlock();
  Outcome outcome = conclude(call, style, completion);
  if (outcome.status == kOperationPending || !failed(outcome.status)) return outcome;
  // A create that failed at once leaves no handle.
  *handle = nullptr;
  outcome.failure = u"Construct";
  close(call, made, HandleKind::System);
  return outcome;
}

// Every operation on a system but its creation. Refusals come in one order: the handle, the
// options, the state.
Outcome Host::operate(const Call& call, Operation operation, HcsSystem* handle,
                      const char16_t* options) {
  OperationOptions chosen;
  Outcome read = readOptions(operation, options, &chosen);
  std::unique_lock lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::System, &found); status != kOk)
    return status;
  const SystemPointer system = found->system;
  if (operation != Operation::Terminate)
    if (Outcome may = mayDrive(call, *system); !may.ok()) return may;
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
    auto& first = system->pending->completion;
    if (call.operation) {
      if (!first) first = std::make_shared<CompletionState>();
      first->operations.push_back(call.operation);
      return {};
    }
    const auto joined = first;
    lock.unlock();
    return conclude(call, joined ? Completion::Now : Completion::Pending, joined);
  }
  Plan how = plan(call, operation);
  const Completion style = how.style;
  // The folder that the container maps is there, but not the drive that it is to be on.
  if (operation == Operation::Start && !system->document.unmapped.empty() && how.status == kOk)
    how.status = codeOf(Condition::UnexpectedExit);
  if (operation == Operation::Start && how.status == kOk)
    how.status = network::Store::instance().start(system->networks, settings_.unknownNetworks);
  if (operation == Operation::Save && !chosen.asTemplate)
    how.savePath = chosen.savePath.empty() ? system->document.runtimeStatePath : chosen.savePath;
  const State target = targetOf(operation, chosen.asTemplate);
  const auto completion = begin(system, operation, target, std::move(how));
  lock.unlock();
  Outcome outcome = conclude(call, style, completion);
  outcome.failure = traitsOf(operation).failure;
  return outcome;
}

}  // namespace hc::simulator
