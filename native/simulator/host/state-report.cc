// What there is in the host, for the State command.
#include <algorithm>
#include <tuple>

#include "../base/returned-texts.h"
#include "host.h"

namespace hc::simulator {

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
        {u"Program", program->site, program->system->id, process->id, process->streams->count()});
  }
  for (const auto& operation : Operations::instance().all())
    all.push_back({u"Operation", operation->site, {}, 0, {}});
  for (const ReturnedTexts::Entry& text : ReturnedTexts::instance().all())
    all.push_back({u"Text", text.site, text.system, 0, {}});
  // A process and its program have one call in common.
  std::sort(all.begin(), all.end(), [](const Opening& a, const Opening& b) {
    return std::tie(a.site.call, a.kind) < std::tie(b.site.call, b.kind);
  });
  return all;
}

}  // namespace hc::simulator
