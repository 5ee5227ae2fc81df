// How processes begin and end.
#include "processes.h"

#include <utility>

#include "../base/status-codes.h"
#include "../base/threads.h"
#include "../base/trace.h"
#include "../base/utf8.h"
#include "../documents/process-documents.h"
#include "../guest/guest-files.h"
#include "../guest/guest.h"
#include "../guest/launch.h"
#include "../guest/programs.h"
#include "host.h"

namespace hc::simulator {
namespace {

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
  if (Outcome may = mayDrive(call, **system); !may.ok()) return may;
  if ((*system)->state == State::Running && !(*system)->pending && !(*system)->migration) {
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
  if (!system->files) system->files = std::make_shared<GuestFiles>(system->document.linuxGuest);
  Launch launch;
  launch.files = system->files;
  lock.unlock();

  if (Outcome prepared = prepareLaunch(document, system->document, system->id, &launch);
      !prepared.ok())
    return prepared;
  auto made = std::make_shared<GuestProcess>();
  made->imageName = toUtf16(imageOf(*launch.program, launch.linuxGuest));
  // Its own source, on the queue of the system.
  made->source = std::make_shared<NotificationSource>();
  made->streams = std::make_shared<Streams>(inFlight, call.effect->keepPipes);
  made->streams->resize(document.consoleSize);
  made->exitLost = call.effect->loseExit;
  made->exitStatus = call.effect->completionStatus.value_or(kOk);
  made->exitData = call.effect->completionData;
  if (!made->streams->open(document.input, document.output, document.error, information))
    return fail(kTooManyFiles, u"The process has too many open handles for the streams.");

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
    const bool settled = !Clock::isVirtual() || inFlight.awaitQuiet(call.epoch, false);
    return settled ? Outcome() : Outcome(kAbort);
  }
  lock.lock();
  programs_.erase(made);
  made->exitLost = true;
  if (!made->exited) endProcess(*system, made, kAbortedExitCode, ProcessExit());
  lock.unlock();
  close(call, idOf(*process), HandleKind::Process);
  return fail(kNotEnoughMemory, u"The process has too many threads to start the program.");
}

// The program's streams are closed before its exit is notified.
bool Host::runProgram(const Call& call, const SystemPointer& system, const ProcessPointer& process,
                      Launch launch) {
  auto program = std::make_shared<Program>(Program{call.site, system, process});
  if (const auto until = endOfWait(launch)) {
    startWaiting(program, *until);
    return true;
  }
  {
    std::lock_guard lock(mutex_);
    if (call.epoch == inFlight.epoch()) programs_.emplace(process, program);
  }
  inFlight.change(inFlight.programs, 1);
  inFlight.change(inFlight.working, 1);
  const bool started = tryStartThread(
      [this, program, streams = process->streams, launch = std::move(launch)]() mutable {
        prepareWriter();
        {
          Guest guest(launch, std::move(streams));
          const Command command{launch.arguments, launch.commandLine};
          const std::uint32_t code = guest.exitCode(launch.program->run(guest, command));
          std::lock_guard lock(mutex_);
          const ProcessPointer process = program->process;
          if (!process->exited) endProcess(*program->system, process, code, ProcessExit());
          programs_.erase(process);
        }
        program.reset();  // the last that holds it closes its pipes
        inFlight.change(inFlight.programs, -1);
        inFlight.change(inFlight.working, -1);
      });
  if (started) return true;
  inFlight.change(inFlight.programs, -1);
  inFlight.change(inFlight.working, -1);
  return false;
}

// Without a thread: its end is a task of the scheduler, so that thousands can wait.
void Host::startWaiting(const std::shared_ptr<Program>& program, Time until) {
  std::lock_guard lock(mutex_);
  if (program->process->exited) return;  // meanwhile, by a Reset perhaps
  program->onlyWaits = true;
  programs_.emplace(program->process, program);
  inFlight.change(inFlight.programs, 1);
  if (until == Time::max()) return;
  program->due = Clock::scheduler().at(until, [this, program] {
    std::lock_guard lock(mutex_);
    if (!program->process->exited) endProcess(*program->system, program->process, 0, ProcessExit());
  });
}

// What a thread does at the end of its program.
void Host::stopWaiting(const ProcessPointer& process) {
  const auto at = programs_.find(process);
  if (at == programs_.end() || !at->second->onlyWaits) return;
  const auto program = at->second;
  programs_.erase(at);
  if (program->due) Clock::scheduler().forget(*program->due);
  inFlight.change(inFlight.programs, -1);
}

// The queue of the system carries the exit of its processes, so that their order is kept.
void Host::endProcess(ComputeSystem& system, const ProcessPointer& process, std::uint32_t exitCode,
                      ProcessExit exit) {
  const ProcessPointer ended = process;  // `process` may live in the map it is taken from
  ended->exited = true;
  ended->exitCode = exitCode;
  ended->streams->stop();
  stopWaiting(ended);
  system.processes.erase(ended->id);
  if (exit.status == kOk) exit.status = ended->exitStatus;
  if (!exit.data) exit.data = ended->exitData;
  if (!exit.data) exit.data = processStatus(*ended);
  recordExit(ended->exitRecord, ended->exitLost, exit.data);
  post(system, ended->source,
       NotificationMessage(Notification::ProcessExited, exit.status, exit.data),
       ended->exitLost ? 0 : exit.copies, true, exit.completion);
  settle(exit.completion, kOk);
}

}  // namespace hc::simulator
