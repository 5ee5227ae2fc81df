#include "processes.h"

#include <utility>

#include "../base/exit-codes.h"
#include "../base/threads.h"
#include "../base/trace.h"
#include "../base/utf8.h"
#include "../documents/process-documents.h"
#include "../guest/guest.h"
#include "../guest/launch.h"
#include "../guest/programs.h"
#include "host.h"

namespace hc::simulator {
namespace {

// A process that has exited is as good as unknown: clients see one code for both.
Outcome notRunning(const GuestProcess& process) {
  return fail(kNotFound, u"The process " + json::decimalText(process.id) + u" has exited.");
}

// The other of the two spellings of a stream that was not asked for.
void markAbsent(ProcessInformation* information) {
  for (void** client : {&information->stdInput, &information->stdOutput, &information->stdError})
    if (*client == nullptr) *client = kInvalidStream;
}

}  // namespace

std::u16string processStatus(const GuestProcess& process) {
  json::Writer writer;
  writer.beginObject().key(u"ProcessId").number(process.id);
  writer.key(u"Exited").boolean(process.exited).key(u"ExitCode").number(process.exitCode);
  writer.key(u"LastWaitResult").signedNumber(process.lastWaitResult);
  return writer.endObject().take();
}

// Whether the system may start a process now.
Outcome Host::findRunning(const Call& call, HandleId handle, SystemPointer* system) {
  Handle* found = nullptr;
  if (const HResult status = find(call, handle, HandleKind::System, &found); status != kOk)
    return status;
  *system = found->system;
  if ((*system)->state == State::Running && !(*system)->pending) {
    if ((*system)->reachable()) return {};
    return unreachable(u"A process");
  }
  return fail(
      Condition::InvalidState,
      std::u16string(u"The system is ").append(activityName(**system)).append(u", not Running."));
}

// What takes long, the pipes, is made without the lock; so the system is looked at twice.
Outcome Host::createProcess(const Call& call, HcsSystem* handle, const char16_t* parameters,
                            ProcessInformation* information, HcsProcess** process) {
  ProcessDocument document;
  Outcome read = readProcessDocument(parameters, &document);
  SystemPointer system;
  std::unique_lock lock(mutex_);
  if (Outcome refused = findRunning(call, idOf(handle), &system); !system) return refused;
  if (!read.ok()) return read;
  if (Outcome refused = findRunning(call, idOf(handle), &system); !refused.ok()) return refused;
  lock.unlock();

  Launch launch;
  if (Outcome prepared = prepareLaunch(document, system->document, system->id, &launch);
      !prepared.ok())
    return prepared;
  auto made = std::make_shared<GuestProcess>();
  made->imageName = toUtf16(imageOf(*launch.program, launch.linuxGuest));
  // Its own source, on the queue of the system.
  made->source = std::make_shared<NotificationSource>();
  made->streams = std::make_shared<Streams>(census, call.effect->keepPipes);
  made->streams->resize(document.consoleSize);
  made->exitLost = call.effect->loseExit;
  made->exitStatus = call.effect->completionStatus.value_or(kOk);
  made->exitData = call.effect->completionData;
  if (!made->streams->open(document.input, document.output, document.error, information))
    return fail(kTooManyFiles, u"There are no handles left for the streams.");

  lock.lock();
  if (Outcome refused = findRunning(call, idOf(handle), &system); !refused.ok()) {
    discardStreams(information);
    return refused;
  }
  constexpr std::uint32_t kStep = 4;  // the ids of Windows processes are multiples of four
  made->id = lastProcess_ += kStep;
  made->source->name = nameOf(system->id, made->id);
  made->created = Clock::now();
  information->processId = made->id;
  system->processes.emplace(made->id, made);
  *process = handleOf<HcsProcess>(addHandle(call, HandleKind::Process, system, made, idOf(handle)));
  lock.unlock();
  if (runProgram(call, system, made, std::move(launch))) {
    // What a program does before it waits belongs to the time at which it was started.
    if (call.effect->invalidStreams) markAbsent(information);
    const bool settled = !Clock::isVirtual() || census.awaitQuiet(call.epoch, false);
    return settled ? Outcome() : Outcome(kAbort);
  }
  lock.lock();
  programs_.erase(made);
  made->exitLost = true;
  if (!made->exited) endProcess(*system, made, kAbortedExitCode, ProcessExit());
  lock.unlock();
  close(call, idOf(*process), HandleKind::Process);
  return fail(kNotEnoughMemory, u"There are no threads left for the program.");
}

// The program's streams are closed before its exit is told.
bool Host::runProgram(const Call& call, const SystemPointer& system, const ProcessPointer& process,
                      Launch launch) {
  {
    std::lock_guard lock(mutex_);
    if (call.epoch == census.epoch())
      programs_.emplace(process, Program{call.site, system, process});
  }
  census.change(census.programs, 1);
  census.change(census.working, 1);
  const bool started =
      tryStartThread([this, system, process = process, launch = std::move(launch)]() mutable {
        prepareWriter();
        {
          Guest guest(launch, process->streams);
          const Command command{launch.arguments, launch.commandLine};
          const std::uint32_t code = guest.exitCode(launch.program->run(guest, command));
          std::lock_guard lock(mutex_);
          if (!process->exited) endProcess(*system, process, code, ProcessExit());
          programs_.erase(process);
        }
        process.reset();  // the last that holds it closes its pipes
        census.change(census.programs, -1);
        census.change(census.working, -1);
      });
  if (started) return true;
  census.change(census.programs, -1);
  census.change(census.working, -1);
  return false;
}

Outcome Host::openProcess(const Call& call, HcsSystem* handle, std::uint32_t id,
                          HcsProcess** process) {
  std::lock_guard lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::System, &found); status != kOk)
    return status;
  const SystemPointer system = found->system;
  const auto at = system->processes.find(id);
  if (at == system->processes.end())
    return fail(kNotFound, u"The system runs no process " + json::decimalText(id) + u'.');
  *process =
      handleOf<HcsProcess>(addHandle(call, HandleKind::Process, system, at->second, idOf(handle)));
  return {};
}

// The queue of the system carries the exit of its processes, so that their order is kept.
void Host::endProcess(ComputeSystem& system, const ProcessPointer& process, std::uint32_t exitCode,
                      ProcessExit exit) {
  const ProcessPointer ended = process;  // `process` may live in the map it is taken from
  ended->exited = true;
  ended->exitCode = exitCode;
  ended->streams->stop();
  system.processes.erase(ended->id);
  if (exit.status == kOk) exit.status = ended->exitStatus;
  if (!exit.data) exit.data = ended->exitData;
  if (!exit.data) exit.data = processStatus(*ended);
  post(system, ended->source,
       NotificationMessage(Notification::ProcessExited, exit.status, exit.data),
       ended->exitLost ? 0 : exit.copies, true, exit.ticket);
  settle(exit.ticket, kOk);
}

Outcome Host::terminateProcess(const Call& call, HcsProcess* handle) {
  std::unique_lock lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::Process, &found); status != kOk)
    return status;
  const SystemPointer system = found->system;
  const ProcessPointer process = found->process;
  if (process->exited) {
    Outcome gone = notRunning(*process);
    gone.status = codeOf(Condition::ProcessAlreadyStopped);
    return gone;
  }
  const Effect& effect = *call.effect;
  if (effect.loseExit) process->exitLost = true;
  ProcessExit exit;
  exit.status = effect.completionStatus.value_or(kOk);
  exit.data = effect.completionData;
  if (effect.completion == Completion::Lost) exit.copies = 0;
  if (effect.completion == Completion::Twice) exit.copies = 2;
  exit.ticket = std::make_shared<Ticket>();
  const auto ticket = exit.ticket;
  const auto end = [this, system, process, exit = std::move(exit)] {
    if (!process->exited) {
      endProcess(*system, process, kAbortedExitCode, exit);
      return;
    }
    // It ended while the termination was delayed.
    census.update([&] { exit.ticket->delivered = true; });
    settle(exit.ticket, kOk);
  };
  if (effect.delay.value_or(Duration::zero()) > Duration::zero()) {
    Clock::scheduler().at(Clock::now() + *effect.delay, [this, end] {
      std::lock_guard lock(mutex_);
      end();
    });
  } else {
    end();
  }
  lock.unlock();
  // Pending by a rule only: hcsshim takes that for a failure, and yet kills on real hosts.
  return effect.completion ? conclude(call, *effect.completion, ticket) : Outcome();
}

Outcome Host::signalProcess(const Call& call, HcsProcess* handle, const char16_t* options) {
  std::lock_guard lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::Process, &found); status != kOk)
    return status;
  const SystemPointer system = found->system;
  const ProcessPointer process = found->process;
  if (process->exited) return notRunning(*process);
  Signal signal;
  if (Outcome read = readSignal(options, system->document.linuxGuest, &signal); !read.ok())
    return read;
  if (signal.harmless) return {};
  if (call.effect->loseExit) process->exitLost = true;
  endProcess(*system, process, signal.exitCode, ProcessExit());
  return {};
}

// As on a real host: too late for a process that has exited, and absent streams have the other of
// the two spellings.
Outcome Host::processInformation(const Call& call, HcsProcess* handle,
                                 ProcessInformation* information) {
  std::lock_guard lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::Process, &found); status != kOk)
    return status;
  if (found->process->exited) return notRunning(*found->process);
  *information = {found->process->id, 0, kInvalidStream, kInvalidStream, kInvalidStream};
  return {};
}

Outcome Host::processProperties(const Call& call, HcsProcess* handle) {
  std::lock_guard lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::Process, &found); status != kOk)
    return status;
  return answer(processStatus(*found->process));
}

Outcome Host::modifyProcess(const Call& call, HcsProcess* handle, const char16_t* settings) {
  ProcessModification modification;
  Outcome read = readProcessModification(settings, &modification);
  std::lock_guard lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::Process, &found); status != kOk)
    return status;
  if (!read.ok()) return read;
  GuestProcess& process = *found->process;
  if (process.exited) {
    Outcome gone = notRunning(process);
    gone.status = codeOf(Condition::ProcessAlreadyStopped);
    return gone;
  }
  for (const Stream stream : modification.closed) process.streams->close(stream);
  if (modification.consoleSize) process.streams->resize(*modification.consoleSize);
  return {};
}

}  // namespace hc::simulator
