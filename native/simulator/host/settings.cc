// Settings, and what HcSimulatorControl does to the whole host.
#include "settings.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "../base/texts.h"
#include "../base/trace.h"
#include "host.h"

namespace hc::simulator {

Settings Host::settings() {
  std::lock_guard lock(mutex_);
  return settings_;
}

void Host::configure(const Settings& settings, bool reseed) {
  std::lock_guard lock(mutex_);
  if (reseed) {
    chance_ = Chance(settings.seed);
    faults.seed(settings.seed);
  }
  settings_ = settings;
  useHcsFamily(settings.hcsFamily);
  speak(settings.dialect);
}

// Ends the epoch: calls that are inside, and those that wait, end with E_ABORT. Not from a
// callback, which it waits for.
void Host::reset() {
  std::unordered_map<HandleId, Handle> handles;
  std::unordered_map<HandleId, Registered> registrations;
  std::unordered_map<std::u16string, SystemPointer> systems;
  std::unordered_set<SystemPointer> stopped;
  {
    std::lock_guard lock(mutex_);
    census.endEpoch();
    handles.swap(handles_);
    registrations.swap(registrations_);
    systems.swap(systems_);
    stopped.swap(stopped_);
    settings_ = Settings();
    chance_ = Chance(settings_.seed);
    service_ = Service();
    savedStates_.clear();
    layers.reset();
    useHcsFamily(false);
    speak({});
    connected_ = true;
    ++connection_;
    lastProcess_ = 0;
    for (const auto& entry : handles) {
      entry.second.system->queue->close();
      entry.second.system->pending.reset();
    }
    for (const auto& entry : systems) {
      entry.second->queue->close();
      entry.second->pending.reset();
      for (const auto& [id, process] : entry.second->processes) {
        process->exited = true;
        process->streams->stop();
      }
    }
    for (auto& count : census.handles) census.change(count, -count.load());
    for (auto& count : census.calls) count.store(0);
    census.allCalls.store(0);
    GivenTexts::instance().forgetAll();
    programs_.clear();
  }
  Clock::scheduler().clear();
  Clock::scheduler().restart();
  const auto rules = faults.remove(0);
  faults.seed(Settings().seed);
  // For a call that came in after the epoch ended and still met an old rule.
  census.update([&] {
    for (const auto& rule : rules) rule->cleared = true;
  });
  Trace::instance().stop();
  Trace::instance().clear();
  for (const auto& entry : registrations) entry.second.registration->stop("HcSimulatorControl");
}

const char16_t* Host::exit(std::u16string_view id, SystemEnd end) {
  std::lock_guard lock(mutex_);
  const SystemPointer system = findSystem(id);
  if (!system) return u"$.Exit.System names no living system.";
  if (end.crash && (!system->document.ownMachine || !system->started))
    return u"$.Exit.Crash is for a virtual machine that has been started: a guest of its own.";
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

void Host::disconnect(HResult status) {
  std::lock_guard lock(mutex_);
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

std::vector<Host::SystemSummary> Host::summaries() {
  std::vector<SystemSummary> all;
  std::lock_guard lock(mutex_);
  std::vector<SystemPointer> systems(stopped_.begin(), stopped_.end());
  for (const auto& entry : systems_) systems.push_back(entry.second);
  std::sort(systems.begin(), systems.end(),
            [](const SystemPointer& a, const SystemPointer& b) { return a->order < b->order; });
  for (const SystemPointer& system : systems) {
    all.push_back({system, activityName(*system), system->handles,
                   system->queue->subscribers(*system->source).size(), system->processes.size()});
  }
  return all;
}

std::vector<Host::Opening> Host::openings() {
  std::vector<Opening> all;
  std::lock_guard lock(mutex_);
  for (const auto& [id, entry] : handles_) {
    const bool process = entry.kind == HandleKind::Process;
    all.push_back({process ? u"Process" : u"System", entry.site, entry.system->id,
                   process ? entry.process->id : 0});
  }
  for (const auto& [id, entry] : registrations_)
    all.push_back({u"Registration", entry.site, entry.system->id, entry.process});
  for (const auto& [process, program] : programs_) {
    all.push_back(
        {u"Program", program.site, program.system->id, process->id, process->streams->count()});
  }
  for (const GivenTexts::Entry& text : GivenTexts::instance().all())
    all.push_back({u"Text", text.site, text.system, 0, {}});
  // A process and its program have one call in common.
  std::sort(all.begin(), all.end(), [](const Opening& a, const Opening& b) {
    return std::tie(a.site.call, a.kind) < std::tie(b.site.call, b.kind);
  });
  return all;
}

}  // namespace hc::simulator
