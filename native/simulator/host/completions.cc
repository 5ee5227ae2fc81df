// Completes the operations of systems: changes the state, posts the notification, and wakes the
// call that waits. With the lock of the host held throughout; posting takes the lock of a queue
// inside it, and calls nobody.
#include <utility>

#include "../network/store.h"
#include "host.h"
#include "operation-traits.h"

namespace hc::simulator {

// The ResultError document that a failed completion carries as its data.
std::u16string failureText(Operation operation, HResult status) {
  Outcome outcome(status);
  outcome.failure = traitsOf(operation).failure;
  return errorDocument(outcome);
}

void Host::finish(const SystemPointer& system) {
  Pending pending = std::move(*system->pending);
  system->pending.reset();
  const OperationTraits& traits = traitsOf(pending.operation);
  if (ends(pending.operation)) {
    finishExit(system, std::move(pending));
    return;
  }
  const bool bad = failed(pending.status);
  if (bad && !pending.data) pending.data = failureText(pending.operation, pending.status);
  const auto document = pending.data;
  if (!bad) {
    system->state = pending.target;
    if (pending.operation == Operation::Start) system->started = Clock::now();
    if (!pending.savePath.empty()) savedStates_[pending.savePath] = savedStateOf(*system);
    if (pending.operation == Operation::Create && settings_.siloJobs &&
        system->document.processIsolated)
      post(*system, system->source,
           NotificationMessage(Notification::SystemSiloJobCreated, kOk, {}), 1, true, nullptr);
  } else if (pending.operation == Operation::Create) {
    network::Store::instance().leave(system->networks);
    system->state = State::Stopped;
    system->stopped = Clock::now();
    forget(system);
  }
  post(*system, system->source,
       NotificationMessage(traits.completion, pending.status, std::move(pending.data)),
       pending.copies, pending.operation == Operation::Create, pending.completion);
  settle(pending.completion, pending.status, document);
}

// Ends the operation that another one, or the end of the system, overtakes.
void Host::failPending(ComputeSystem& system) {
  if (!system.pending) return;
  const Pending pending = std::move(*system.pending);
  system.pending.reset();
  if (pending.due) Clock::scheduler().forget(*pending.due);
  if (ends(pending.operation)) {
    // The exit that comes is this operation's completion too; a caller that waits need not see it
    // delivered.
    if (pending.completion) inFlight.update([&] { pending.completion->delivered = true; });
    settle(pending.completion, kOk);
    return;
  }
  const HResult status =
      codeOf(pending.operation == Operation::Start ? Condition::TerminatedDuringStart
                                                   : Condition::Terminated);
  post(system, system.source,
       NotificationMessage(traitsOf(pending.operation).completion, status,
                           failureText(pending.operation, status)),
       pending.copies, pending.operation == Operation::Create, pending.completion);
  settle(pending.completion, status, failureText(pending.operation, status));
}

// Nothing to deliver counts as delivered: a call that waits for that must not hang.
void Host::post(ComputeSystem& system, const std::shared_ptr<NotificationSource>& source,
                NotificationMessage message, std::uint64_t copies, bool retain,
                std::shared_ptr<CompletionState> completion) {
  if (copies == 0) {
    if (completion) inFlight.update([&] { completion->delivered = true; });
    return;
  }
  Delivery delivery(source, std::move(message));
  delivery.count = copies;
  delivery.retain = retain;
  delivery.completion = std::move(completion);
  system.queue->post(std::move(delivery));
}

// The one place where what a client has begun is over. Wakes the call that waits, which runs when
// the lock of the host is free again, and completes the operations of computecore.dll.
void Host::settle(const std::shared_ptr<CompletionState>& completion, HResult status,
                  const std::optional<std::u16string>& document) {
  if (!completion) return;
  for (const auto& operation : std::exchange(completion->operations, {}))
    operation->complete(status, document);
  inFlight.update([&] {
    completion->completed = true;
    completion->status = status;
  });
}

}  // namespace hc::simulator
