// Calls, handles and the end of a host, against a host whose every answer is decided here.
#include "core/handle.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "../fake-host/fake-host.h"
#include "../support/check.h"
#include "../support/environment.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)
using std::chrono::milliseconds;
namespace f = hc::functions::vmcompute;

constexpr HResult kRefused = 0xC0370105;

std::shared_ptr<const Libraries> libraries() {
  static const auto opened = openLibraries(FAKE_HOST);
  return opened;
}

// At its end everything must be gone: no handle, no registration, no cycle.
class Rig : public Environment {
 public:
  // `left`: what the host will have open then.
  explicit Rig(int left = 0) : Environment(libraries()), left_(left) { fakeHost().reset(); }
  ~Rig() {
    if (host) {
      CHECK(end());
      CHECK(fakeHost().open() == left_);
    }
    CHECK(fakeHost().refused == 0);
  }

  std::uint64_t beginCreate() {
    auto call = make<f::HcsCreateComputeSystem>();
    std::get<0>(call->slots) = u"name";
    return submit(std::move(call));
  }
  std::shared_ptr<Handle> create() {
    const auto call = completion<f::HcsCreateComputeSystem>(beginCreate());
    return call ? call->opened() : nullptr;
  }
  std::uint64_t start(const std::shared_ptr<Handle>& handle) {
    return begin<f::HcsStartComputeSystem>(handle);
  }

 private:
  const int left_;
};

void createAndClose() {
  Rig rig;
  const std::uint64_t id = rig.beginCreate();
  auto call = rig.completion<f::HcsCreateComputeSystem>(id);
  CHECK(call->status == kOk && call->registration == kOk && call->ending == Ending::Returned);
  CHECK(std::get<4>(call->results) == u"name");
  const auto handle = call->opened();
  call.reset();
  CHECK(handle->id() == id && rig.host->find(id, HandleKind::System) == handle);
  CHECK(rig.host->find(id, HandleKind::Process) == nullptr);
  CHECK(fakeHost().open() == 2);
  fakeHost().notify(Notification::SystemCrashReport, 7, u"text");
  const auto record = rig.reader.next();
  CHECK(record->id == id && record->status == 7 && record->text == u"text");

  const auto closing = rig.reader.completion(rig.close(handle));
  CHECK(closing && closing->status == kOk);
  CHECK(fakeHost().closed == 1 && fakeHost().unregistered == 1 && fakeHost().open() == 0);
  CHECK(findWatch(id) == nullptr);
  CHECK(!handle->acquire() && rig.start(handle) == 0);
}

void pendingCreateIsCompletedByItsNotification() {
  Rig rig;
  fakeHost().onCreate = [] { return kOperationPending; };
  // Before anyone has the handle: notified while it registers.
  const std::uint64_t id = rig.beginCreate();
  CHECK(eventually([] { return fakeHost().open() == 2; }));
  fakeHost().notify(Notification::SystemCreateCompleted, 3);
  const auto call = rig.completion<f::HcsCreateComputeSystem>(id);
  CHECK(call->ending == Ending::Notified && call->notification.status == 3);
  CHECK(call->status == kOperationPending && call->opened() != nullptr);
}

void pairing() {
  Rig rig;
  const auto handle = rig.create();
  fakeHost().onStart = [] {
    fakeHost().notify(Notification::SystemStartCompleted, 5, u"early");
    return kOperationPending;
  };
  auto call = rig.completion<f::HcsStartComputeSystem>(rig.start(handle));
  CHECK(call->ending == Ending::Notified && call->notification.data == u"early");

  auto unpaired = rig.make<f::HcsStartComputeSystem>(false);
  CHECK(unpaired->use(handle));
  std::get<0>(unpaired->slots) = static_cast<HcsSystem*>(handle->value());
  call = rig.completion<f::HcsStartComputeSystem>(rig.submit(std::move(unpaired)));
  CHECK(call->ending == Ending::Returned && call->status == kOperationPending);

  fakeHost().onStart = [] { return kRefused; };
  call = rig.completion<f::HcsStartComputeSystem>(rig.start(handle));
  CHECK(call->ending == Ending::Returned && call->status == kRefused);
}

// The host refuses the first start and completes the second before the first has returned.
void refusedCallKeepsNothing() {
  Rig rig;
  const auto handle = rig.create();
  Gate gate;
  fakeHost().onStart = [&] {
    if (fakeHost().starts != 1) return kOperationPending;
    gate.pass();
    return kRefused;
  };
  const std::uint64_t first = rig.start(handle);
  CHECK(gate.arrived(1));
  const std::uint64_t second = rig.start(handle);
  CHECK(eventually([] { return fakeHost().starts == 2; }));
  fakeHost().notify(Notification::SystemStartCompleted, 9);
  gate.open();
  std::unique_ptr<Operation> refused;
  std::unique_ptr<Operation> completed;
  while (!refused || !completed) {
    const auto record = rig.reader.next();
    if (!CHECK(record != nullptr)) return;
    if (record->id == first && record->operation) refused = std::move(record->operation);
    if (record->id == second && record->operation) completed = std::move(record->operation);
  }
  CHECK(refused->ending == Ending::Returned && refused->status == kRefused);
  CHECK(completed->ending == Ending::Notified && completed->notification.status == 9);
}

void closeWaitsForTheLastUse() {
  Rig rig;
  const auto handle = rig.create();
  Gate gate;
  fakeHost().onStart = [&] {
    gate.pass();
    return kOperationPending;
  };
  const std::uint64_t first = rig.start(handle);
  const std::uint64_t second = rig.start(handle);
  CHECK(gate.arrived(2));
  const std::uint64_t closing = rig.close(handle);
  CHECK(rig.start(handle) == 0);
  CHECK(!rig.host->workers().settle(kWhile));
  CHECK(fakeHost().closed == 0 && fakeHost().unregistered == 0);
  gate.open();
  // The calls complete before the close that waited for them.
  std::vector<std::uint64_t> order;
  while (order.empty() || order.back() != closing) {
    const auto record = rig.reader.next();
    if (!CHECK(record != nullptr)) return;
    order.push_back(record->id);
    if (record->id != closing) CHECK(record->operation->ending == Ending::Closed);
  }
  CHECK(order.size() == 3 && order[0] + order[1] == first + second);
  CHECK(fakeHost().closed == 1 && fakeHost().refused == 0);
}

void closeEndsTheWait() {
  Rig rig;
  const auto handle = rig.create();
  fakeHost().onStart = [] { return kOperationPending; };
  const std::uint64_t start = rig.start(handle);
  CHECK(eventually([] { return fakeHost().starts == 1; }));
  const std::uint64_t closing = rig.close(handle);
  CHECK(rig.reader.completion(start)->ending == Ending::Closed);
  CHECK(rig.reader.completion(closing)->status == kOk);
}

void closeTwice() {
  Rig rig;
  const auto handle = rig.create();
  Gate gate;
  fakeHost().onStart = [&] {
    gate.pass();
    return kOk;
  };
  const std::uint64_t start = rig.start(handle);
  CHECK(gate.arrived(1));
  std::vector<std::uint64_t> waiting = {start, rig.close(handle), rig.close(handle)};
  gate.open();
  while (!waiting.empty()) {
    const auto record = rig.reader.next();
    if (!CHECK(record != nullptr)) return;
    waiting.erase(std::remove(waiting.begin(), waiting.end(), record->id), waiting.end());
    CHECK(record->status == kOk);
  }
  CHECK(rig.reader.completion(rig.close(handle))->status == kOk);
  CHECK(fakeHost().closed == 1);
}

void failedCloseCanBeTriedAgain() {
  Rig rig;
  const auto handle = rig.create();
  fakeHost().onClose = [] { return kRefused; };
  CHECK(rig.reader.completion(rig.close(handle))->status == kRefused);
  CHECK(fakeHost().unregistered == 1 && fakeHost().closed == 0);
  CHECK(rig.host->find(handle->id(), HandleKind::System) == handle && handle->needsClose());
  fakeHost().onClose = nullptr;
  CHECK(rig.reader.completion(rig.close(handle))->status == kOk);
  CHECK(fakeHost().closed == 1 && !handle->needsClose());
  CHECK(rig.host->find(handle->id(), HandleKind::System) == nullptr);
}

// The end tries once more, and lets go whatever the host answers.
void failedCloseAtTheEnd() {
  for (const bool again : {false, true}) {
    Rig rig(again ? 1 : 0);
    const auto handle = rig.create();
    fakeHost().onClose = [] { return kRefused; };
    CHECK(rig.reader.completion(rig.close(handle))->status == kRefused);
    if (!again) fakeHost().onClose = nullptr;
    CHECK(rig.host->end(kPatience));
    CHECK(fakeHost().closed == (again ? 0 : 1));
  }
  Rig rig(1);
  const auto handle = rig.create();
  Gate gate;
  fakeHost().onClose = [&] {
    gate.pass();
    return kRefused;
  };
  rig.close(handle);
  CHECK(gate.arrived(1));
  CHECK(!rig.host->end(milliseconds(0)));
  gate.open();
  CHECK(rig.host->workers().settle(kPatience));
}

void registrationFails() {
  Rig rig;
  fakeHost().onCreate = [] { return kOperationPending; };
  fakeHost().onRegister = [] { return kRefused; };
  const auto call = rig.completion<f::HcsCreateComputeSystem>(rig.beginCreate());
  // No notification will complete it: not to be waited for.
  CHECK(call->status == kOperationPending && call->ending == Ending::Returned);
  CHECK(call->registration == kRefused && call->opened() != nullptr);
  CHECK(rig.reader.completion(rig.close(call->opened()))->status == kOk);
  CHECK(fakeHost().unregistered == 0 && fakeHost().closed == 1);
}

void missingExports() {
  Rig rig(1);  // the process, as there is nothing to close it with
  CHECK(libraries()->has(kIndexOf<f::HcsStartComputeSystem>));
  CHECK(!libraries()->has(kIndexOf<f::HcsPauseComputeSystem>));
  const auto handle = rig.create();
  const auto pause =
      rig.completion<f::HcsPauseComputeSystem>(rig.begin<f::HcsPauseComputeSystem>(handle));
  CHECK(pause->status == kFunctionMissing && pause->ending == Ending::Returned);
  const auto list = rig.completion<f::HcsEnumerateComputeSystems>(
      rig.submit(rig.make<f::HcsEnumerateComputeSystems>()));
  CHECK(list->status == kFunctionMissing && !std::get<1>(list->results));

  const auto process = rig.completion<f::HcsCreateProcess>(rig.begin<f::HcsCreateProcess>(handle));
  CHECK(process->status == kOk && process->registration == kFunctionMissing);
  CHECK(std::get<2>(process->results).processId == 42);
  const auto opened = process->opened();
  CHECK(opened && opened->kind() == HandleKind::Process);
  CHECK(rig.reader.completion(rig.close(opened))->status == kFunctionMissing);
}

void cancelledCreate() {
  Rig rig;
  auto call = rig.make<f::HcsCreateComputeSystem>();
  const std::uint64_t id = call->id;
  CHECK(findWatch(id) != nullptr);
  call.reset();
  CHECK(findWatch(id) == nullptr);
}

void failedCreateLeavesNoWatch() {
  Rig rig;
  fakeHost().onCreate = [] { return kRefused; };
  const std::uint64_t id = rig.beginCreate();
  auto call = rig.completion<f::HcsCreateComputeSystem>(id);
  CHECK(call->status == kRefused && !call->opened() && std::get<4>(call->results) == u"name");
  call.reset();
  CHECK(findWatch(id) == nullptr && fakeHost().created == 0);
}

void endClosesWhatIsOpen() {
  Rig rig;
  fakeHost().onStart = [] { return kOperationPending; };
  for (int i = 0; i < 10; ++i) rig.start(rig.create());
  CHECK(eventually([] { return fakeHost().starts == 10; }));
  CHECK(rig.host->end(kPatience));
  CHECK(fakeHost().closed == 10 && fakeHost().unregistered == 10 && fakeHost().open() == 0);
  CHECK(rig.host->ended());
}

// A handle is given to its host once, wherever its close is when the host ends: running, queued,
// parked.
void endDuringClose() {
  {
    Rig rig;
    const auto handle = rig.create();
    Gate gate;
    fakeHost().onUnregister = [&] {
      gate.pass();
      return kOk;
    };
    rig.close(handle);
    CHECK(gate.arrived(1));
    CHECK(!rig.host->end(kWhile));
    CHECK(!gate.arrived(2, milliseconds(0)));
    gate.open();
    CHECK(rig.host->workers().settle(kPatience));
    CHECK(fakeHost().closed == 1);
  }
  {
    Rig rig;
    const auto handle = rig.create();
    const auto other = rig.create();
    Gate gate;
    fakeHost().onStart = [&] {
      gate.pass();
      return kOk;
    };
    for (int i = 0; i < 8; ++i) rig.start(other);
    CHECK(gate.arrived(2));
    rig.close(handle);
    rig.close(other);
    rig.host->end(milliseconds(0));
    gate.open();
    CHECK(rig.host->workers().settle(kPatience));
    CHECK(fakeHost().closed == 2);
  }
}

void endDropsWhatIsQueued() {
  Rig rig;
  const auto handle = rig.create();
  Gate gate;
  fakeHost().onStart = [&] {
    gate.pass();
    return kOk;
  };
  // The workers look for more threads only after a while, so most of these are queued.
  for (int i = 0; i < 1000; ++i) rig.start(handle);
  CHECK(gate.arrived(2));
  CHECK(!rig.host->end(milliseconds(0)));
  gate.open();
  CHECK(rig.host->workers().settle(kPatience));
  CHECK(fakeHost().starts < 1000 && fakeHost().closed == 1);
}

// The thread stays inside the host with all that it uses, when everybody else has gone.
void endWithAStuckCall() {
  for (const HResult answer : {kOk, kRefused, kOperationPending}) {
    Gate stuck;
    std::weak_ptr<Host> weak;
    {
      Rig rig;
      {
        const auto handle = rig.create();
        fakeHost().onStart = [&] {
          stuck.pass();
          return answer;
        };
        rig.start(handle);
        CHECK(stuck.arrived(1));
        CHECK(!rig.host->end(milliseconds(1)));
      }
      CHECK(fakeHost().closed == 0);
      weak = rig.host;
      rig.host = nullptr;
    }
    CHECK(!weak.expired());
    stuck.open();
    CHECK(eventually([&] { return weak.expired(); }));
    CHECK(fakeHost().closed == 1 && fakeHost().unregistered == 1 && fakeHost().refused == 0);
  }
}

// What is created for an environment that has gone is given back.
void endDuringCreate() {
  for (const HResult answer : {kOk, kOperationPending}) {
    Gate gate;
    std::weak_ptr<Host> weak;
    std::uint64_t id = 0;
    {
      Rig rig;
      fakeHost().onCreate = [&] {
        gate.pass();
        return answer;
      };
      id = rig.beginCreate();
      CHECK(gate.arrived(1));
      CHECK(!rig.host->end(milliseconds(1)));
      weak = rig.host;
      rig.host = nullptr;
    }
    gate.open();
    CHECK(eventually([&] { return weak.expired(); }));
    CHECK(fakeHost().created == 1 && fakeHost().closed == 1 && fakeHost().open() == 0);
    CHECK(findWatch(id) == nullptr);
  }
}

void unownedHandleIsClosed() {
  Rig rig;
  auto handle = rig.create();
  closeUnowned(handle);
  const std::weak_ptr<Handle> weak = handle;
  handle.reset();
  CHECK(rig.host->workers().settle(kPatience));
  CHECK(eventually([&] { return weak.expired(); }));
  CHECK(fakeHost().closed == 1 && fakeHost().open() == 0);
}

// One thread calls and closes as JavaScript does, the host notifies from two others, and the end
// comes at any moment.
void race() {
  for (int round = 0; round < 120; ++round) {
    Rig rig;
    fakeHost().onStart = [] { return fakeHost().starts % 3 == 0 ? kRefused : kOperationPending; };
    fakeHost().onCreate = [] {
      return fakeHost().created % 2 == 0 ? kOperationPending : HResult{kOk};
    };
    std::atomic<bool> over{false};
    std::vector<std::thread> notifiers;
    for (int i = 0; i < 2; ++i) {
      notifiers.emplace_back([&] {
        while (!over) {
          fakeHost().notify(Notification::SystemCreateCompleted);
          fakeHost().notify(Notification::SystemStartCompleted, kOk, u"text");
          std::this_thread::yield();
        }
      });
    }
    std::vector<std::uint64_t> creates;
    for (int i = 0; i < 8; ++i) creates.push_back(rig.beginCreate());
    std::vector<std::shared_ptr<Handle>> handles;
    for (int i = 0; i < round; ++i) {
      auto record = rig.reader.next();
      if (!CHECK(record != nullptr)) break;
      const auto known = std::find(creates.begin(), creates.end(), record->id);
      if (record->operation && known != creates.end()) {
        creates.erase(known);
        auto& call = static_cast<TestCall<f::HcsCreateComputeSystem>&>(*record->operation);
        if (call.opened()) handles.push_back(call.opened());
      }
      if (handles.empty()) continue;
      const auto& handle = handles[static_cast<std::size_t>(i) % handles.size()];
      const std::uint64_t call = rig.start(handle);
      if (i % 7 == 3 && call != 0) handle->watch()->abandon(call);
      if (i % 11 == 5 && call != 0) rig.host->workers().cancel(call);
      if (i % 13 == 12 && handle->needsClose()) rig.close(handle);
    }
    CHECK(rig.host->end(kPatience));
    over = true;
    for (auto& notifier : notifiers) notifier.join();
    CHECK(fakeHost().created == fakeHost().closed);
  }
}

}  // namespace

int main() {
  if (!CHECK(libraries() != nullptr)) return summary();
  createAndClose();
  pendingCreateIsCompletedByItsNotification();
  pairing();
  refusedCallKeepsNothing();
  closeWaitsForTheLastUse();
  closeEndsTheWait();
  closeTwice();
  failedCloseCanBeTriedAgain();
  failedCloseAtTheEnd();
  registrationFails();
  missingExports();
  cancelledCreate();
  failedCreateLeavesNoWatch();
  endClosesWhatIsOpen();
  endDuringClose();
  endDropsWhatIsQueued();
  endWithAStuckCall();
  endDuringCreate();
  unownedHandleIsClosed();
  race();
  return summary();
}
