// Operations of computecore.dll, against a host that decides when each completes: inside the call,
// before it returns, later, never, twice, or although it was refused.
#include "../support/operations.h"

#include <atomic>
#include <memory>
#include <thread>

#include "../support/pipe.h"
#include "core/host-operation.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kRefused = 0xC0370105;

// A host that completes in its own way.
template <class Complete>
void answers(Complete complete, HResult status = kOk) {
  fakeComputecore().onCall = [=](OperationType, HcsOperation* operation) {
    complete(operation);
    return status;
  };
}

void complete(HcsOperation* operation) { fakeComputecore().complete(operation, 5, u"document"); }

bool isCompleted(const Operation& operation) {
  return operation.ending == Ending::Notified && operation.status == kOk &&
         operation.notification.type == 0 && operation.notification.status == 5 &&
         operation.notification.data == u"document";
}

void insideTheCall() {
  OperationRig rig;
  const auto system = rig.create();
  answers(complete);
  CHECK(isCompleted(*rig.started(rig.start(system))));
  CHECK(fakeComputecore().operations() == 0 && system->watch()->calls() == 0);
}

void beforeTheCallReturns() {
  OperationRig rig;
  const auto system = rig.create();
  answers([](HcsOperation* operation) { onAnotherThread([=] { complete(operation); }); });
  CHECK(isCompleted(*rig.started(rig.start(system))));
}

void later() {
  OperationRig rig;
  const auto system = rig.create();
  Accepted accepted;
  const std::uint64_t first = rig.start(system);
  HcsOperation* const operation = accepted.next();
  const std::uint64_t second = rig.start(system);
  // Whichever completes first is the first: operations have no order.
  complete(accepted.next());
  CHECK(isCompleted(*rig.started(second)));
  CHECK(rig.quiet());
  onAnotherThread([&] { complete(operation); });
  CHECK(isCompleted(*rig.started(first)));
}

// Only the first time counts, whenever the second one comes.
void twice() {
  for (const bool inside : {true, false}) {
    OperationRig rig;
    const auto system = rig.create();
    HcsOperation* last = nullptr;
    answers([&](HcsOperation* operation) {
      last = operation;
      complete(operation);
      if (inside) fakeComputecore().callBack(operation);
    });
    CHECK(isCompleted(*rig.started(rig.start(system))));
    fakeComputecore().callBack(last);
    CHECK(rig.quiet() && fakeComputecore().operations() == 0);
  }
}

// Not even when it is abandoned: it is closed when it completes, and nobody is notified.
void never() {
  OperationRig rig;
  const auto system = rig.create();
  Accepted accepted;
  const std::uint64_t id = rig.start(system);
  HcsOperation* const operation = accepted.next();
  CHECK(eventually([&] { return rig.host->workers().settle(kPatience); }));
  system->watch()->abandon(id);
  CHECK(rig.started(id)->ending == Ending::Abandoned);
  CHECK(fakeComputecore().operations() == 1 && system->watch()->calls() == 0);
  complete(operation);
  CHECK(rig.quiet() && fakeComputecore().operations() == 0);
}

// It is cancelled or abandoned while the call is inside the host, which has completed it: that
// counts.
void tooLate() {
  OperationRig rig;
  const auto system = rig.create();
  std::uint64_t id = 0;
  Gate begun;
  answers([&](HcsOperation* operation) {
    begun.pass();
    CHECK(rig.host->workers().cancel(id) == nullptr);
    system->watch()->detach(id);
    system->watch()->abandon(id);
    complete(operation);
  });
  id = rig.start(system);
  begun.open();
  CHECK(isCompleted(*rig.started(id)));

  // What has timed out still completes.
  Accepted accepted;
  id = rig.start(system);
  HcsOperation* const operation = accepted.next();
  system->watch()->detach(id);
  complete(operation);
  CHECK(isCompleted(*rig.started(id)) && system->watch()->calls() == 0);
}

void refused() {
  OperationRig rig;
  const auto system = rig.create();
  answers([](HcsOperation* operation) { fakeComputecore().explain(operation, u"why"); }, kRefused);
  const auto call = rig.started(rig.start(system));
  CHECK(call->status == kRefused && call->notification.status == kRefused);
  CHECK(call->notification.data == u"why" && fakeComputecore().operations() == 0);
}

// Its callback comes all the same: during the call, while that returns, or afterwards.
void refusedAndCompleted() {
  OperationRig rig;
  const auto system = rig.create();
  HcsOperation* last = nullptr;
  std::thread host;
  const auto isRefused = [&] {
    const auto call = rig.started(rig.start(system));
    if (host.joinable()) host.join();
    CHECK(call->status == kRefused && call->notification.status == kRefused);
    CHECK(rig.quiet() && fakeComputecore().operations() == 0 && system->watch()->calls() == 0);
  };
  answers(complete, kRefused);
  isRefused();
  answers([&](HcsOperation* operation) { last = operation; }, kRefused);
  isRefused();
  fakeComputecore().callBack(last);
  CHECK(rig.quiet());
  answers([&](HcsOperation* operation) { host = std::thread([=] { complete(operation); }); },
          kRefused);
  for (int i = 0; i < 200; ++i) isRefused();
}

void noOperation() {
  OperationRig rig;
  const auto system = rig.create();
  const int calls = fakeComputecore().calls;
  fakeComputecore().makesNoOperation = true;
  const auto call = rig.started(rig.start(system));
  CHECK(call->status == kOutOfMemory && call->ending == Ending::Returned);
  CHECK(fakeComputecore().calls == calls && system->watch()->calls() == 0);
  auto opening = rig.completion<f::HcsCreateComputeSystem>(rig.beginCreate());
  const std::uint64_t id = opening->id;
  CHECK(opening->status == kOutOfMemory && !opening->opened());
  opening.reset();
  CHECK(findWatch(id) == nullptr);
  // What terminates on close has none either.
  system->terminateOnClose(true);
  CHECK(rig.reader.completion(rig.close(system))->status == kOk);
}

void missingExport() {
  OperationRig rig;
  const auto system = rig.create();
  const auto call =
      rig.completion<f::HcsPauseComputeSystem>(rig.begin<f::HcsPauseComputeSystem>(system));
  CHECK(call->status == kFunctionMissing && fakeComputecore().operations() == 0);
}

// Each of the codes that say so.
void pendingIsAccepted() {
  for (const HResult status : {kComputecorePending, kOperationPending}) {
    OperationRig rig;
    const auto system = rig.create();
    std::atomic<HcsOperation*> running{nullptr};
    answers([&](HcsOperation* operation) { running = operation; }, status);
    const std::uint64_t id = rig.start(system);
    CHECK(eventually([&] { return running != nullptr; }));
    complete(running);
    CHECK(isCompleted(*rig.started(id)));
  }
}

// --- processes ---

std::uint64_t beginProcess(OperationRig& rig, const std::shared_ptr<Handle>& system) {
  return rig.begin<f::HcsCreateProcess>(system);
}

// What comes with the result is the receiver's, once, whenever it comes; and nobody's where nobody
// receives it.
void streams() {
  enum class When { Inside, Later, Failed, Abandoned, Twice };
  for (const When when : {When::Inside, When::Later, When::Failed, When::Abandoned, When::Twice}) {
    OperationRig rig;
    const auto system = rig.create();
    Pipe pipe;
    const ProcessInformation information{42, 0, pipe.end(), nullptr, kInvalidStream};
    const auto status = when == When::Failed ? kRefused : kOk;
    const auto completes = [&](HcsOperation* operation) {
      fakeComputecore().complete(operation, status, {}, information);
    };
    HcsOperation* running = nullptr;
    Gate gate;
    answers([&](HcsOperation* operation) {
      running = operation;
      if (when != When::Later && when != When::Abandoned) completes(operation);
      if (when == When::Twice) fakeComputecore().callBack(operation);
      gate.pass();
    });
    const std::uint64_t id = beginProcess(rig, system);
    CHECK(gate.arrived(1));
    gate.open();
    if (when == When::Later || when == When::Abandoned) {
      CHECK(rig.host->workers().settle(kPatience));
      if (when == When::Abandoned) findWatch(id)->abandon(id);
      onAnotherThread([&] { completes(running); });
    }
    const auto call = rig.completion<f::HcsCreateProcess>(id);
    CHECK(call->opened() && call->opened()->kind() == HandleKind::Process);
    call->opened()->terminateOnClose(false);
    ProcessStreams& streams = std::get<2>(call->results);
    const bool received = when != When::Failed && when != When::Abandoned;
    CHECK(streams.processId == (received ? 42 : 0) && streams.stdInput.absent() != received);
    CHECK(streams.stdOutput.absent() && streams.stdError.absent());
    // A host that fails keeps what it may have left there.
    if (when == When::Failed) Stream(information.stdInput);
    CHECK(pipe.closed() != received);
    streams = {};
    CHECK(pipe.closed());
  }
}

// A question that is none of a process: the host says so.
void noProcess() {
  OperationRig rig;
  const auto system = rig.create();
  fakeComputecore().onCall = nullptr;
  const auto created = rig.completion<f::HcsCreateProcess>(beginProcess(rig, system));
  const auto call =
      rig.completion<f::HcsGetProcessInfo>(rig.begin<f::HcsGetProcessInfo>(created->opened()));
  CHECK(call->status == kFunctionMissing && std::get<1>(call->results).processId == 0);
}

}  // namespace

int main() {
  if (!CHECK(openFakes() != nullptr)) return summary();
  insideTheCall();
  beforeTheCallReturns();
  later();
  twice();
  never();
  tooLate();
  refused();
  refusedAndCompleted();
  noOperation();
  missingExport();
  pendingIsAccepted();
  streams();
  noProcess();
  return summary();
}
