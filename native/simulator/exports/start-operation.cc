#include "start-operation.h"

#include <optional>
#include <utility>

#include "../base/platform.h"
#include "../operations/choices.h"

namespace hc::simulator {
namespace {

// The document of a refused call, which its operation has as its result.
std::optional<std::u16string> takeText(char16_t* text) {
  if (text == nullptr) return std::nullopt;
  std::u16string taken = text;
  freeTexts(TextMemory::LocalFree)(text);
  return taken;
}

struct Start {
  const OperationStart& what;
  OperationBody body;
  void* state;
  const std::shared_ptr<ClientOperation> operation;
  std::uint64_t run = 0;  // 0: none has begun
};

void completeLater(const Call& call, const Start& start, Outcome outcome) {
  const auto complete = [operation = start.operation, run = start.run,
                         document = std::move(outcome.payload)] {
    operation->complete(run, kOk, document);
  };
  const Duration delay = call.effect->delay.value_or(Duration::zero());
  if (delay > Duration::zero())
    Clock::scheduler().at(Clock::now() + delay, complete);
  else
    complete();
}

Outcome perform(Start& start, const Call& call) {
  const OperationStart& what = start.what;
  const auto& operation = start.operation;
  if (!operation) return choices::kUnknownOperation;
  Host& host = Host::instance();
  auto terms = host.termsOf(call, what.subject.handle);
  const HResult begun =
      operation->begin(what.type, what.system, what.process, std::move(terms.plan),
                       std::move(terms.place), terms.eventsOfHandle, &start.run);
  if (begun != kOk) return begun;
  Call followed = call;
  if (what.hostCompletes) followed.operation = std::make_shared<OperationRun>(operation, start.run);
  OperationOutputs outputs;
  Outcome outcome = start.body(start.state, followed, outputs);
  if (!outcome.ok()) return outcome;
  if (outputs.opened != nullptr) operation->opened(start.run, nullptr, outputs.opened);
  if (outputs.information.processId != 0) operation->keep(start.run, outputs.information);
  if (!what.hostCompletes) completeLater(call, start, std::move(outcome));
  return operation->conclude(call.epoch, start.run) ? kOk : kAbort;
}

// The operation itself cannot be used: it has no new result.
bool concernsOperation(HResult status) {
  return status == kOperationAlreadyStarted || status == choices::kSecondCallback;
}

}  // namespace

HResult startOperation(std::size_t function, const OperationStart& what, OperationBody body,
                       void* state) {
  Start start{what, body, state, Operations::instance().find(what.operation)};
  char16_t* text = nullptr;
  const HResult status = runCall(
      function, what.subject, {nullptr, &text},
      [](void* all, const Call& call) { return perform(*static_cast<Start*>(all), call); }, &start);
  auto document = takeText(text);
  if (!failed(status) || status == kComputecorePending || !start.operation) return status;
  if (start.run != 0)
    start.operation->refuse(start.run, status, std::move(document));
  else if (!concernsOperation(status))
    start.operation->refuse(status, std::move(document));
  return status;
}

}  // namespace hc::simulator
