// When and how often an operation of the simulated host completes: how long it takes, whether the
// completion comes with the answer, before it, after it, twice or never, and what the call waits
// for. What a fault rule says goes before the settings.
#include <utility>

#include "host.h"
#include "operation-traits.h"

namespace hc::simulator {
namespace {

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

Host::Plan Host::plan(const Call& call, Operation operation) {
  const Effect& effect = *call.effect;
  const Latency& times = settings_.latency;
  double latency = times.phases[indexOf(operation)];
  if (latency != 0 && times.jitter != 0) latency *= 1 + times.jitter * (2 * random_.fraction() - 1);
  if (operation == Operation::Start && times.rareShare != 0 && random_.fraction() < times.rareShare)
    latency = times.rareMs;
  return {effect.completion.value_or(settings_.completion),
          effect.delay.value_or(milliseconds(latency)),
          effect.completionStatus.value_or(kOk),
          effect.completionData,
          {},
          call.operation};
}

std::shared_ptr<CompletionState> Host::begin(const SystemPointer& system, Operation operation,
                                             State target, Plan plan) {
  Pending pending;
  pending.operation = operation;
  pending.target = target;
  pending.status = plan.status;
  pending.data = std::move(plan.data);
  pending.savePath = std::move(plan.savePath);
  // The exit of a system is always notified, however the call that caused it answers.
  const bool echo = settings_.echoCompletion || ends(operation);
  pending.copies = copiesOf(plan.style, echo);
  if (plan.style == Completion::Now || plan.style == Completion::Early || plan.operation)
    pending.completion = std::make_shared<CompletionState>();
  if (plan.operation) pending.completion->operations.push_back(std::move(plan.operation));
  const auto completion = pending.completion;
  failPending(*system);
  system->pending = std::move(pending);
  const std::uint64_t number = ++system->operations;
  if (plan.latency <= Duration::zero()) {
    finish(system);
    return completion;
  }
  // Keeps the system alive, but not the operation: by then it may have been overtaken.
  system->pending->due = Clock::scheduler().at(Clock::now() + plan.latency, [this, system, number] {
    std::lock_guard lock(mutex_);
    if (system->pending && system->operations == number) finish(system);
  });
  return completion;
}

// On the thread of the call, outside every lock. Only a Reset ends these waits early.
HResult Host::conclude(const Call& call, Completion style,
                       const std::shared_ptr<CompletionState>& completion) {
  if (call.operation) return kOk;  // what follows is the operation's
  if (style == Completion::Now) {
    return inFlight.wait(call.epoch, [&] { return completion->completed; }) ? completion->status
                                                                            : kAbort;
  }
  // A client that calls from its callback would wait for the thread it is on.
  if (style == Completion::Early && !Registration::onCallbackThread() &&
      !inFlight.wait(call.epoch, [&] { return completion->delivered; }))
    return kAbort;
  return kOperationPending;
}

}  // namespace hc::simulator
