// Live migration: what its calls, and what the other side says, do to a virtual machine. At every
// moment one side owns it: the source, until the destination has taken what it hands over.
#include <utility>

#include "../base/platform.h"
#include "../base/trace.h"
#include "../documents/requests.h"
#include "../documents/schema-tables.h"
#include "host.h"

namespace hc::simulator {
namespace {

constexpr HResult kCancelled = 0x800704C7;       // ERROR_CANCELLED
constexpr HResult kConnectionLost = 0x80072746;  // WSAECONNRESET

constexpr Member kOriginMembers[] = {{u"Origin", Kind::String}};
constexpr Shape kOriginOptions = openShape(kOriginMembers);
constexpr Member kFinalMembers[] = {{u"Origin", Kind::String},
                                    {u"FinalizedOperation", Kind::String}};
constexpr Shape kFinalOptions = openShape(kFinalMembers);

constexpr std::u16string_view kFailure = u"Migration";  // no OperationFailureDetail is known

Outcome parse(const char16_t* text, const Shape& shape, json::Value* document) {
  if (text == nullptr || *text == u'\0') return {};
  return parseShape(text, shape, document);
}

Outcome notNow(const Migration* migration, std::u16string_view what) {
  if (migration == nullptr)
    return fail(Condition::InvalidState,
                std::u16string(u"No migration is under way: ").append(what));
  return fail(Condition::InvalidState,
              std::u16string(u"The migration is not so far, or is further: ").append(what));
}

std::uint32_t sessionOf(const json::Value& start) {
  const json::Value* network = start.find(u"NetworkSettings");
  const json::Value* session = network != nullptr ? network->find(u"SessionId") : nullptr;
  return session != nullptr ? static_cast<std::uint32_t>(json::toUnsigned(*session).value_or(0))
                            : 0;
}

}  // namespace

Outcome Host::findMigrating(const Call& call, HcsSystem* handle, SystemPointer* system) {
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::System, &found); status != kOk)
    return status;
  *system = found->system;
  return mayDrive(call, **system);
}

void Host::postMigration(ComputeSystem& system, bool destination, std::u16string_view event,
                         std::u16string_view result) {
  json::Writer writer;
  writer.beginObject().key(u"Origin").string(destination ? u"Destination" : u"Source");
  writer.key(u"Event").string(event);
  if (!result.empty()) writer.key(u"Result").string(result);
  NotificationMessage message(Notification::None, kOk, writer.endObject().take());
  message.rawType = static_cast<std::uint32_t>(Event::GroupLiveMigration);
  system.queue->post(Delivery(system.source, std::move(message)));
}

Outcome Host::initializeMigration(const Call& call, HcsSystem* handle, const char16_t* options) {
  json::Value document;
  const Outcome read = parse(options, schema2::kMigrationInitializeOptions, &document);
  std::lock_guard lock(mutex_);
  SystemPointer system;
  if (Outcome may = findMigrating(call, handle, &system); !may.ok()) return may;
  if (!read.ok()) return read;
  if (!system->document.ownMachine)
    return fail(kNotSupported, u"Only a virtual machine can be migrated.");
  if (system->state != State::Running || system->pending || system->migration)
    return fail(Condition::InvalidState, u"The system must be running, and in no migration.");
  system->migration = std::make_shared<Migration>();
  return {};
}

// The thread of the connection keeps nothing alive: what it hears of a migration that is over is
// dropped.
Outcome Host::connectMigration(const SystemPointer& system, void* socket, std::uint32_t session) {
  if (socket == nullptr)
    return fail(kInvalidArgument, u"The operation must have the socket as a resource.");
  const auto link = MigrationLink::open(reinterpret_cast<std::uintptr_t>(socket));
  if (!link) return fail(kInvalidHandle, u"The socket must be connected.");
  const auto heard = [this, weak = std::weak_ptr<ComputeSystem>(system),
                      from = link.get()](const std::string* line) {
    const SystemPointer ours = weak.lock();
    if (!ours) return;
    std::lock_guard lock(mutex_);
    if (ours->migration && ours->migration->link.get() == from) hearMigration(ours, line);
  };
  if (!link->listen(heard)) return kNotEnoughMemory;
  system->migration->link = link;
  system->migration->session = session;
  system->migration->phase = MigrationPhase::Started;
  link->send(helloLine(session, thisProcess()));
  return {};
}

Outcome Host::startMigration(const Call& call, HcsSystem* handle, const char16_t* options,
                             void* socket) {
  json::Value document;
  const Outcome read = parse(options, schema2::kMigrationStartOptions, &document);
  std::lock_guard lock(mutex_);
  SystemPointer system;
  if (Outcome may = findMigrating(call, handle, &system); !may.ok()) return may;
  if (!read.ok()) return read;
  const Migration* const migration = system->migration.get();
  if (migration == nullptr || migration->phase != MigrationPhase::Initialized)
    return notNow(migration, u"a start follows the initialisation.");
  return connectMigration(system, socket, sessionOf(document));
}

bool Host::startsMigration(const char16_t* options) {
  json::Value document;
  if (!parse(options, schema2::kStartOptions, &document).ok()) return false;
  return document.find(u"DestinationMigrationOptions") != nullptr;
}

Outcome Host::startDestination(const Call& call, HcsSystem* handle, const char16_t* options,
                               void* socket) {
  json::Value document;
  const Outcome read = parse(options, schema2::kStartOptions, &document);
  std::lock_guard lock(mutex_);
  SystemPointer system;
  if (Outcome may = findMigrating(call, handle, &system); !may.ok()) return may;
  if (!read.ok()) return read;
  if (!system->document.destination)
    return fail(kInvalidArgument, u"The document must have $.VirtualMachine.MigrationOptions.");
  if (system->state != State::Created || system->pending || system->migration)
    return fail(Condition::InvalidState, u"The system must have been created, and not started.");
  system->migration = std::make_shared<Migration>();
  system->migration->destination = true;
  const json::Value& start = *document.find(u"DestinationMigrationOptions");
  Outcome connected = connectMigration(system, socket, sessionOf(start));
  if (connected.ok())
    system->state = State::Paused;
  else
    system->migration.reset();
  return connected;
}

Outcome Host::transferMigration(const Call& call, HcsSystem* handle, const char16_t* options) {
  json::Value document;
  const Outcome read = parse(options, kOriginOptions, &document);
  std::lock_guard lock(mutex_);
  SystemPointer system;
  if (Outcome may = findMigrating(call, handle, &system); !may.ok()) return may;
  if (!read.ok()) return read;
  Migration* const migration = system->migration.get();
  if (migration == nullptr || migration->phase != MigrationPhase::Started)
    return notNow(migration, u"a transfer follows the start.");
  migration->phase = MigrationPhase::Transferring;
  migration->waiting = call.operation;
  if (migration->destination)
    receiveState(system);
  else
    sendState(system);
  return {};
}

// The machine stands still at the source from here on.
void Host::sendState(const SystemPointer& system) {
  Migration& migration = *system->migration;
  if (!migration.greeted || migration.phase != MigrationPhase::Transferring) return;
  if (!migration.sameProcess && !system->processes.empty()) {
    // Programs are threads of this process.
    cancelMigration(system, kNotSupported, u"SourceMigrationFailed", true);
    return;
  }
  const SavedState saved = savedStateOf(*system);
  const auto ran = std::chrono::duration_cast<std::chrono::milliseconds>(saved.ran).count();
  system->state = State::Paused;
  postMigration(*system, false, u"BlackoutStarted");
  migration.link->send(stateLine(
      {saved.memoryInMB, static_cast<std::uint64_t>(ran), saved.linuxGuest, system->order}));
}

void Host::receiveState(const SystemPointer& system) {
  Migration& migration = *system->migration;
  if (!migration.state || migration.phase != MigrationPhase::Transferring) return;
  system->memoryInMB = migration.state->memoryInMB;
  system->ranBefore = milliseconds(static_cast<double>(migration.state->ranMs));
  system->document.linuxGuest = migration.state->linuxGuest;
  migration.phase = MigrationPhase::Transferred;
  migration.link->send("received");
  std::exchange(migration.waiting, nullptr)->complete(kOk, std::nullopt);
}

Outcome Host::finalizeMigration(const Call& call, HcsSystem* handle, const char16_t* options) {
  json::Value document;
  const Outcome read = parse(options, kFinalOptions, &document);
  std::lock_guard lock(mutex_);
  SystemPointer system;
  if (Outcome may = findMigrating(call, handle, &system); !may.ok()) return may;
  if (!read.ok()) return read;
  const json::Value* final = document.find(u"FinalizedOperation");
  const bool resumes = final != nullptr && final->text == u"Resume";
  if (!resumes && (final == nullptr || final->text != u"Stop"))
    return refuse(u"$.FinalizedOperation", u" must be \"Resume\" or \"Stop\".");
  Migration* const migration = system->migration.get();
  if (migration == nullptr) return notNow(migration, u"there is nothing to finalise.");
  if (migration->destination != resumes) {  // the machine stays at the source
    if (Outcome may = mayCancel(*migration); !may.ok()) return may;
    cancelMigration(system, kCancelled, u"MigrationCancelled", true);
    call.operation->complete(kOk, std::nullopt);
    return {};
  }
  if (migration->phase != MigrationPhase::Transferred || migration->waiting)
    return notNow(migration, u"it is finalised once, after the transfer.");
  migration->waiting = call.operation;
  if (migration->destination) {
    if (migration->offered) takeOver(system);
  } else {
    migration->phase = MigrationPhase::HandingOver;
    migration->link->send("yours");
  }
  return {};
}

// Another process may have taken what it was offered, unless the connection broke in that very
// moment: then somebody has to decide.
Outcome Host::mayCancel(const Migration& migration) {
  const bool over = migration.phase == MigrationPhase::HandingOver && migration.link != nullptr &&
                    !migration.sameProcess;
  return over ? notNow(&migration, u"the machine has been handed over.") : Outcome();
}

Outcome Host::cancelMigration(const Call& call, HcsSystem* handle, const char16_t* options) {
  json::Value document;
  const Outcome read = parse(options, kOriginOptions, &document);
  std::lock_guard lock(mutex_);
  SystemPointer system;
  if (Outcome may = findMigrating(call, handle, &system); !may.ok()) return may;
  if (!read.ok()) return read;
  if (!system->migration) return notNow(nullptr, u"there is nothing to cancel.");
  if (Outcome may = mayCancel(*system->migration); !may.ok()) return may;
  cancelMigration(system, kCancelled, u"MigrationCancelled", true);
  return {};
}

// The machine stays at the source, and the destination has nothing.
void Host::cancelMigration(const SystemPointer& system, HResult status, std::u16string_view result,
                           bool tell) {
  const bool destination = system->migration->destination;
  dropMigration(*system, status, tell);
  postMigration(*system, destination, u"MigrationFailed", result);
  if (!destination) {
    system->state = State::Running;
    return;
  }
  Exit exit;
  exit.status = codeOf(Condition::UnexpectedExit);
  exit.type = u"UnexpectedExit";
  endSystem(system, std::move(exit));
}

void Host::dropMigration(ComputeSystem& system, HResult status, bool tell) {
  const auto migration = std::exchange(system.migration, nullptr);
  if (!migration) return;
  if (migration->link && tell) migration->link->send("cancel");
  if (migration->link) migration->link->close();
  if (!migration->waiting) return;
  Outcome outcome(status);
  outcome.failure = kFailure;
  migration->waiting->complete(status, failed(status)
                                           ? std::optional<std::u16string>(errorDocument(outcome))
                                           : std::nullopt);
}

// The two below: of one and the same line, or of the end of the connection.
void Host::hearMigration(const SystemPointer& system, const std::string* line) {
  if (line == nullptr) {
    loseMigration(system);
    return;
  }
  Migration& migration = *system->migration;
  std::uint64_t session = 0;
  std::uint64_t process = 0;
  MigratedState state;
  if (readHello(*line, &session, &process) && session == migration.session) {
    migration.greeted = true;
    migration.sameProcess = process == thisProcess();
    postMigration(*system, migration.destination, u"SetupDone");
    if (!migration.destination) sendState(system);
  } else if (migration.destination && readState(*line, &state)) {
    migration.state = std::make_unique<MigratedState>(state);
    postMigration(*system, true, u"TransferInProgress");
    receiveState(system);
  } else if (*line == "received" && migration.phase == MigrationPhase::Transferring) {
    migration.phase = MigrationPhase::Transferred;
    std::exchange(migration.waiting, nullptr)->complete(kOk, std::nullopt);
  } else if (*line == "yours" && migration.destination &&
             migration.phase == MigrationPhase::Transferred) {
    migration.offered = true;
    if (migration.waiting) takeOver(system);
  } else if (*line == "mine" && migration.phase == MigrationPhase::HandingOver) {
    leave(system);
  } else {
    const bool cancelled = *line == "cancel";
    const auto failed =
        migration.destination ? u"DestinationMigrationFailed" : u"SourceMigrationFailed";
    cancelMigration(system, cancelled ? kCancelled : kConnectionLost,
                    cancelled ? u"MigrationCancelled" : failed, !cancelled);
  }
}

void Host::loseMigration(const SystemPointer& system) {
  Migration& migration = *system->migration;
  if (migration.phase == MigrationPhase::HandingOver && !migration.sameProcess) {
    // The other may have taken it: it stands still here until somebody decides.
    migration.link.reset();
    if (const auto waiting = std::exchange(migration.waiting, nullptr))
      waiting->complete(kConnectionLost, std::nullopt);
    postMigration(*system, false, u"MigrationFailed", u"MigrationRecoveryFailed");
    return;
  }
  cancelMigration(system, kConnectionLost,
                  migration.destination ? u"DestinationMigrationFailed" : u"SourceMigrationFailed",
                  false);
}

// On the destination, when it is offered the machine and wants it. In one process both sides do it
// at once: the source still has the machine, or it has not.
void Host::takeOver(const SystemPointer& system) {
  Migration& migration = *system->migration;
  SystemPointer source;
  for (const auto& [key, each] : systems_)
    if (migration.sameProcess && each->order == migration.state->source) source = each;
  const bool offered =
      source && source->migration && source->migration->phase == MigrationPhase::HandingOver;
  if (migration.sameProcess && !offered) {
    cancelMigration(system, kConnectionLost, u"SourceMigrationFailed", false);
    return;
  }
  if (source) moveGuest(*source, system);
  migration.link->send("mine");
  if (source) leave(source);
  system->state = State::Running;
  system->started = Clock::now();
  postMigration(*system, true, u"BlackoutExited");
  postMigration(*system, true, u"MigrationDone", u"Success");
  dropMigration(*system, kOk, false);
}

// The source has nothing any more.
void Host::leave(const SystemPointer& system) {
  postMigration(*system, false, u"MigrationDone", u"Success");
  dropMigration(*system, kOk, false);
  Exit exit;
  exit.type = u"GracefulExit";
  endSystem(system, std::move(exit));
}

// Its programs go on on their threads, with their pipes, as processes of the other system: with
// the same ids, and sources of their own in its queue.
void Host::moveGuest(ComputeSystem& source, const SystemPointer& target) {
  target->files = source.files;
  for (const auto& [id, old] : std::exchange(source.processes, {})) {
    auto moved = std::make_shared<GuestProcess>();
    moved->id = id;
    moved->imageName = old->imageName;
    moved->source = std::make_shared<NotificationSource>();
    moved->source->name = nameOf(target->id, id);
    moved->streams = old->streams;
    moved->created = old->created;
    old->moved = true;
    target->processes.emplace(id, moved);
    const auto at = programs_.find(old);
    if (at == programs_.end()) continue;
    const auto program = at->second;
    programs_.erase(at);
    program->system = target;
    program->process = moved;
    programs_.emplace(moved, program);
  }
}

}  // namespace hc::simulator
