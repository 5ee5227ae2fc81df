// Settings, and the Reset that ends all there is.
#include <utility>

#include "../base/returned-texts.h"
#include "../base/trace.h"
#include "../disks/disks.h"
#include "../network/store.h"
#include "host.h"

namespace hc::simulator {

Settings Host::settings() {
  std::lock_guard lock(mutex_);
  return settings_;
}

void Host::configure(const Settings& settings, bool reseed) {
  std::lock_guard lock(mutex_);
  if (reseed) {
    random_ = SeededRandom(settings.seed);
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
  Registrations listeners;
  std::vector<std::shared_ptr<ClientOperation>> operations;
  {
    std::lock_guard lock(mutex_);
    inFlight.endEpoch();
    listeners = network::Store::instance().reset();
    operations = Operations::instance().reset();
    handles.swap(handles_);
    registrations.swap(registrations_);
    systems.swap(systems_);
    stopped.swap(stopped_);
    settings_ = Settings();
    random_ = SeededRandom(settings_.seed);
    service_ = Service();
    savedStates_.clear();
    layers.reset();
    DiskStore::instance().reset();
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
      dropMigration(*entry.second, kAbort, false);
      entry.second->queue->close();
      entry.second->pending.reset();
      for (const auto& [id, process] : entry.second->processes) {
        process->exited = true;
        process->streams->stop();
        stopWaiting(process);
      }
    }
    for (auto& count : inFlight.handles) inFlight.change(count, -count.load());
    for (auto& count : inFlight.calls) count.store(0);
    inFlight.allCalls.store(0);
    ReturnedTexts::instance().forgetAll();
    programs_.clear();
  }
  Clock::scheduler().clear();
  Clock::scheduler().restart();
  const auto rules = faults.remove(0);
  faults.seed(Settings().seed);
  // For a call that came in after the epoch ended and still met an old rule.
  inFlight.update([&] {
    for (const auto& rule : rules) rule->cleared = true;
  });
  Trace::instance().stop();
  Trace::instance().clear();
  for (const auto& entry : registrations) entry.second.registration->stop("HcSimulatorControl");
  for (const auto& operation : operations) operation->close();
  for (const auto& listener : listeners) listener->stop("HcSimulatorControl");
}

}  // namespace hc::simulator
