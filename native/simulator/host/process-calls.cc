// The calls on a process that runs, or has run: open, terminate, signal, read, modify.
#include <utility>

#include "../documents/process-documents.h"
#include "host.h"

namespace hc::simulator {
namespace {

// A process that has exited is as good as unknown: clients see one code for both.
Outcome notRunning(const GuestProcess& process) {
  return fail(kNotFound, u"The process " + json::decimalText(process.id) + u" has exited.");
}

}  // namespace

// One more handle to a process that runs.
Outcome Host::openProcess(const Call& call, HcsSystem* handle, std::uint32_t id,
                          HcsProcess** process) {
  std::lock_guard lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::System, &found); status != kOk)
    return status;
  const SystemPointer system = found->system;
  const auto at = system->processes.find(id);
  if (at == system->processes.end())
    return fail(kNotFound,
                u"No process runs in the system with the id " + json::decimalText(id) + u'.');
  *process =
      handleOf<HcsProcess>(addHandle(call, HandleKind::Process, system, at->second, idOf(handle)));
  return {};
}

// A termination is answered at once; the exit of the process is notified for itself. A rule may
// delay the exit, which then happens on the thread of the scheduler.
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
  exit.completion = std::make_shared<CompletionState>();
  // The rule is about what completes the call: the exit, or an operation of computecore.dll.
  if (call.operation) {
    exit.completion->operations.push_back(call.operation);
  } else {
    exit.status = effect.completionStatus.value_or(kOk);
    exit.data = effect.completionData;
    if (effect.completion == Completion::Lost) exit.copies = 0;
    if (effect.completion == Completion::Twice) exit.copies = 2;
  }
  const auto completion = exit.completion;
  const auto end = [this, system, process, exit = std::move(exit)] {
    if (!process->exited) {
      endProcess(*system, process, kAbortedExitCode, exit);
      return;
    }
    // It ended while the termination was delayed.
    inFlight.update([&] { exit.completion->delivered = true; });
    settle(exit.completion, kOk);
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
  return effect.completion ? conclude(call, *effect.completion, completion) : Outcome();
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

void Host::leaveStreams(HcsProcess* handle, const ProcessInformation& information) {
  const auto unclaimed = std::make_shared<UnclaimedStreams>(information);
  std::lock_guard lock(mutex_);
  const auto at = handles_.find(idOf(handle));
  if (at != handles_.end() && at->second.process) at->second.process->unclaimed = unclaimed;
}

// As on a real host: duplicates of the pipes, and too late for a process that has exited.
Outcome Host::processInformation(const Call& call, HcsProcess* handle,
                                 ProcessInformation* information) {
  std::unique_lock lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::Process, &found); status != kOk)
    return status;
  const ProcessPointer process = found->process;
  if (process->exited) return notRunning(*process);
  if (const auto unclaimed = std::exchange(process->unclaimed, nullptr)) {
    *information = std::exchange(unclaimed->information, {});
    return {};
  }
  lock.unlock();
  if (!process->streams->duplicate(information))
    return fail(kTooManyFiles, u"The process has too many open handles for the streams.");
  information->processId = process->id;
  return {};
}

Outcome Host::processProperties(const Call& call, HcsProcess* handle) {
  std::lock_guard lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::Process, &found); status != kOk)
    return status;
  return answer(processStatus(*found->process));
}

// The document is read before the lock; a bad handle is still what is answered first.
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
