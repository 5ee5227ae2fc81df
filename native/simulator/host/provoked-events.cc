// What HcSimulatorControl makes happen by itself: exits, and the loss of the service.
#include <map>
#include <utility>

#include "host.h"

namespace hc::simulator {

// The system ends as if by itself: no call is completed by it but what was under way.
const char16_t* Host::exit(std::u16string_view id, SystemEnd end) {
  std::lock_guard lock(mutex_);
  const SystemPointer system = findSystem(id);
  if (!system) return u"$.Exit.System must be the id of a system that has not stopped.";
  if (end.crash && (!system->document.ownMachine || !system->started))
    return u"$.Exit.Crash must be for a virtual machine that has been started; only that has a "
           u"guest of its own.";
  if (end.lost) system->exitLost = true;
  Exit exit;
  exit.status = end.status;
  exit.type = end.exitType;
  exit.crash = end.crash;
  exit.data = std::move(end.data);
  endSystem(system, std::move(exit));
  return nullptr;
}

bool Host::exitProcess(std::u16string_view id, const ProcessEnd& end) {
  std::lock_guard lock(mutex_);
  const SystemPointer system = findSystem(id);
  if (!system) return false;
  const auto at = system->processes.find(end.process);
  if (at == system->processes.end()) return false;
  const ProcessPointer process = at->second;
  process->lastWaitResult = end.lastWaitResult;
  if (end.lost) process->exitLost = true;
  ProcessExit exit;
  exit.status = end.status;
  exit.data = end.data;
  endProcess(*system, process, end.exitCode, exit);
  return true;
}

// Every registration is notified once, and every handle of before is stale from now on, also after
// a reconnect.
void Host::disconnect(HResult status) {
  std::unique_lock lock(mutex_);
  lost_ = status;
  if (!std::exchange(connected_, false)) return;
  ++connection_;
  // In the order in which they were made.
  std::map<HandleId, const Registered*> all;
  for (const auto& [id, entry] : registrations_) all.emplace(id, &entry);
  for (const auto& [id, made] : all) {
    const Registered& entry = *made;
    Delivery delivery(entry.source, NotificationMessage(Notification::ServiceDisconnect,
                                                        kServerUnavailable, std::nullopt));
    delivery.only = entry.registration;
    entry.system->queue->post(std::move(delivery));
  }
  lock.unlock();
  inFlight.update([&] { ++losses_; });
  for (const auto& operation : Operations::instance().all()) operation->disconnect(status);
}

void Host::reconnect() {
  std::lock_guard lock(mutex_);
  connected_ = true;
}

bool Host::findSource(std::u16string_view id, std::optional<std::uint32_t> process,
                      std::shared_ptr<NotificationQueue>* queue,
                      std::shared_ptr<NotificationSource>* source) {
  std::lock_guard lock(mutex_);
  SystemPointer system = findSystem(id);
  // Late notifications, of a system that has stopped, are worth testing too: the newest of that id.
  if (!system) {
    for (const SystemPointer& candidate : stopped_)
      if (candidate->id == id && (!system || candidate->order > system->order)) system = candidate;
  }
  if (!system) return false;
  *queue = system->queue;
  *source = system->source;
  if (!process) return true;
  for (const auto& [handle, entry] : handles_) {
    if (entry.system != system || !entry.process || entry.process->id != *process) continue;
    *source = entry.process->source;
    return true;
  }
  return false;
}

}  // namespace hc::simulator
