// What ends a call of computecore.dll beside its operation: an exit, the end of the connection to
// the service, a close, the end of the environment; with many operations in flight.
#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../support/operations.h"
#include "../support/pipe.h"
#include "core/host-operation.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kRefused = 0xC0370105;
constexpr std::uint32_t kExit = static_cast<std::uint32_t>(Event::SystemExited);
constexpr std::uint32_t kDisconnect = static_cast<std::uint32_t>(Event::ServiceDisconnect);

std::uint64_t terminate(OperationRig& rig, const std::shared_ptr<Handle>& system) {
  return rig.begin<f::HcsTerminateComputeSystem>(system);
}

std::u16string textOf(std::size_t number) {
  const std::string digits = std::to_string(number);
  return {digits.begin(), digits.end()};
}

// --- events ---

// They keep their own numbers; the meanings of vmcompute.dll's are not theirs.
void events() {
  OperationRig rig;
  const auto system = rig.create();
  fakeComputecore().event(Event::SystemCrashReport, u"report");
  fakeComputecore().event(Event::OperationCallback);
  auto record = rig.reader.next();
  CHECK(record->type == 3 && record->text == u"report" && record->id == system->id());
  record = rig.reader.next();
  CHECK(record->type == 0x01000000 && !record->text);
  // That was no ServiceDisconnect.
  CHECK(rig.started(rig.start(system))->notification.type == 0);
  CHECK(rig.reader.completion(rig.close(system))->status == kOk);
  fakeComputecore().event(Event::SystemExited);
  onEvent(nullptr, reinterpret_cast<void*>(static_cast<std::uintptr_t>(system->id())));
  CHECK(rig.quiet() && findWatch(system->id()) == nullptr);
}

// Terminate ends with the exit, which comes before its operation completes or after it.
void terminateEndsWithTheExit() {
  for (const bool exitsFirst : {false, true}) {
    OperationRig rig;
    const auto system = rig.create();
    Accepted accepted;
    const std::uint64_t id = terminate(rig, system);
    HcsOperation* const operation = accepted.next();
    if (!exitsFirst) fakeComputecore().complete(operation);
    CHECK(rig.quiet());
    fakeComputecore().event(Event::SystemExited, u"status");
    const auto call = rig.completion<f::HcsTerminateComputeSystem>(id);
    CHECK(call->ending == Ending::Notified && call->notification.type == kExit);
    CHECK(call->notification.data == u"status" && system->watch()->calls() == 0);
    if (exitsFirst) fakeComputecore().complete(operation);
    CHECK(rig.quiet() && fakeComputecore().operations() == 0);
  }
}

// All of it inside the call.
void terminateExitsInsideTheCall() {
  for (const bool exitsFirst : {false, true}) {
    OperationRig rig;
    const auto system = rig.create();
    fakeComputecore().onCall = [=](OperationType, HcsOperation* operation) {
      if (exitsFirst) fakeComputecore().event(Event::SystemExited);
      fakeComputecore().complete(operation);
      if (!exitsFirst) fakeComputecore().event(Event::SystemExited);
      return kOk;
    };
    const auto call = rig.completion<f::HcsTerminateComputeSystem>(terminate(rig, system));
    CHECK(call->ending == Ending::Notified && call->notification.type == kExit);
  }
}

// It ends with its operation when that has failed, unless the system has exited before.
void terminateFails() {
  for (const bool inside : {false, true}) {
    OperationRig rig;
    const auto system = rig.create();
    Accepted accepted;
    if (inside) {
      fakeComputecore().onCall = [](OperationType, HcsOperation* operation) {
        fakeComputecore().complete(operation, kRefused, u"why");
        return kOk;
      };
    }
    const std::uint64_t id = terminate(rig, system);
    if (!inside) fakeComputecore().complete(accepted.next(), kRefused, u"why");
    const auto call = rig.completion<f::HcsTerminateComputeSystem>(id);
    CHECK(call->ending == Ending::Notified && call->notification.type == 0);
    CHECK(call->notification.status == kRefused && call->notification.data == u"why");
    fakeComputecore().event(Event::SystemExited);
    CHECK(rig.reader.next()->type == kExit);
  }
  OperationRig rig;
  const auto system = rig.create();
  Accepted accepted;
  const std::uint64_t id = terminate(rig, system);
  HcsOperation* const operation = accepted.next();
  fakeComputecore().event(Event::SystemExited);
  CHECK(rig.completion<f::HcsTerminateComputeSystem>(id)->notification.type == kExit);
  fakeComputecore().complete(operation, kRefused);
  CHECK(rig.quiet());
}

// An exit ends no call that has an operation for its end, a disconnect ends all, also after an
// exit.
void disconnect() {
  for (const bool exited : {false, true}) {
    OperationRig rig;
    const auto system = rig.create();
    Accepted accepted;
    const std::uint64_t start = rig.start(system);
    const std::uint64_t end = terminate(rig, system);
    std::vector<HcsOperation*> running = {accepted.next(), accepted.next()};
    CHECK(rig.quiet());
    if (exited) {
      fakeComputecore().event(Event::SystemExited);
      CHECK(rig.completion<f::HcsTerminateComputeSystem>(end)->notification.type == kExit);
      CHECK(rig.quiet() && system->watch()->calls() == 1);
    }
    fakeComputecore().event(Event::ServiceDisconnect);
    CHECK(rig.started(start)->notification.type == kDisconnect);
    if (!exited)
      CHECK(rig.completion<f::HcsTerminateComputeSystem>(end)->notification.type == kDisconnect);
    // It lasts: what the host accepts now ends at once.
    const auto call = rig.started(rig.start(system));
    CHECK(call->ending == Ending::Notified && call->notification.type == kDisconnect);
    running.push_back(accepted.next());
    for (HcsOperation* const operation : running) fakeComputecore().complete(operation);
    CHECK(rig.quiet() && system->watch()->calls() == 0);
  }
}

// --- close ---

void closeWhileRunning() {
  OperationRig rig;
  const auto system = rig.create();
  Accepted accepted;
  const std::uint64_t start = rig.start(system);
  HcsOperation* const operation = accepted.next();
  CHECK(rig.host->workers().settle(kPatience));
  const std::uint64_t closing = rig.close(system);
  CHECK(rig.started(start)->ending == Ending::Closed);
  CHECK(rig.reader.completion(closing)->status == kOk);
  fakeComputecore().complete(operation, kOk, u"late");
  CHECK(rig.quiet() && fakeComputecore().operations() == 0);
}

// The system is closed while a thread of the host is in a callback: that of an operation, which
// waits for nobody; and that of an event, for which the host waits.
void closeInTheCallback() {
  OperationRig rig;
  const auto system = rig.create();
  Accepted accepted;
  const std::uint64_t start = rig.start(system);
  HcsOperation* const operation = accepted.next();
  CHECK(rig.host->workers().settle(kPatience));
  Gate gate;
  fakeComputecore().onCloseOperation = [&] { gate.pass(); };
  std::thread host([&] { fakeComputecore().complete(operation); });
  CHECK(gate.arrived(1));
  const std::uint64_t closing = rig.close(system);
  CHECK(rig.started(start)->ending == Ending::Closed);
  CHECK(rig.reader.completion(closing)->status == kOk);
  gate.open();
  host.join();
  fakeComputecore().onCloseOperation = nullptr;
  CHECK(rig.quiet());

  const auto other = rig.create();
  std::atomic<bool> over{false};
  std::thread events([&] {
    while (!over) fakeComputecore().event(Event::SystemCrashReport, u"text");
  });
  CHECK(rig.reader.next() != nullptr);
  CHECK(rig.reader.completion(rig.close(other))->status == kOk);
  over = true;
  events.join();
}

// What nobody owns is terminated by an operation of its own, which is closed at once.
void terminatesOnClose() {
  OperationRig rig;
  auto system = rig.create();
  std::atomic<HcsOperation*> running{nullptr};
  fakeComputecore().onCall = [&](OperationType type, HcsOperation* operation) {
    CHECK(type == OperationType::Terminate);
    running = operation;
    return kOk;
  };
  system->terminateOnClose(true);
  closeUnowned(system);
  CHECK(rig.quiet() && running != nullptr && fakeComputecore().closed == 1);
  fakeComputecore().complete(running);
}

// --- the end of the environment ---

// Calls on a handle, calls on none, and creates: none keeps the environment, whether or not its
// operation ever completes. Those of handles are closed with them.
void endWhileRunning() {
  for (const bool completes : {true, false}) {
    std::vector<HcsOperation*> running;
    {
      OperationRig rig;
      rig.left = 1;
      const auto system = rig.create();
      Accepted accepted;
      rig.start(system);
      terminate(rig, system);
      rig.submit(rig.make<f::HcsEnumerateComputeSystems>());
      rig.beginCreate();
      for (int i = 0; i < 4; ++i) running.push_back(accepted.next());
      // What it terminates has an operation as well.
      CHECK(rig.host->workers().settle(kPatience));
      fakeComputecore().onCall = nullptr;
    }
    CHECK(fakeComputecore().closed == 2);
    if (!completes) continue;
    for (HcsOperation* const operation : running)
      onAnotherThread([=] { fakeComputecore().complete(operation, kOk, u"late"); });
    CHECK(fakeComputecore().operations() == 0 && fakeComputecore().texts == 0);
  }
}

// The call is inside the host when everybody else has gone.
void endWithAStuckCall() {
  for (const bool onHandle : {true, false}) {
    for (const HResult status : {kOk, kRefused}) {
      Gate stuck;
      std::weak_ptr<Host> weak;
      std::weak_ptr<Inbox> inbox;
      {
        OperationRig rig;
        const auto system = onHandle ? rig.create() : nullptr;
        fakeComputecore().onCall = [&](OperationType, HcsOperation*) {
          stuck.pass();
          return status;
        };
        if (onHandle) rig.start(system);
        if (!onHandle) rig.submit(rig.make<f::HcsEnumerateComputeSystems>());
        CHECK(stuck.arrived(1));
        CHECK(!rig.host->end(std::chrono::milliseconds(1)));
        weak = rig.host;
        inbox = rig.reader.inbox;
        rig.host = nullptr;
      }
      stuck.open();
      CHECK(eventually([&] { return weak.expired() && inbox.expired(); }));
      CHECK(fakeComputecore().operations() == (status == kOk && !onHandle ? 1 : 0));
      CHECK(fakeComputecore().handles() == 0 && fakeComputecore().refused == 0);
    }
  }
}

// --- many ---

// In flight all at once, completed by threads of the host in any order: each gets its own result.
void manyInFlight() {
  constexpr std::size_t kCalls = 1000;
  OperationRig rig;
  const std::shared_ptr<Handle> systems[] = {rig.create(), rig.create()};
  Accepted accepted;
  std::vector<std::uint64_t> ids;
  std::vector<std::pair<HcsOperation*, std::size_t>> running;
  for (std::size_t i = 0; i < kCalls; ++i) {
    ids.push_back(rig.begin<f::HcsGetComputeSystemProperties>(systems[i % 2]));
    running.emplace_back(accepted.next(), i);
  }
  CHECK(fakeComputecore().operations() == kCalls && rig.host->workers().threads() <= 3);
  std::shuffle(running.begin(), running.end(), std::mt19937(1));
  std::vector<std::thread> host;
  for (std::size_t thread = 0; thread < 4; ++thread) {
    host.emplace_back([&, thread] {
      for (std::size_t i = thread; i < kCalls; i += 4) {
        const auto [operation, number] = running[i];
        fakeComputecore().complete(operation, static_cast<HResult>(number), textOf(number));
      }
    });
  }
  std::size_t completed = 0;
  for (; completed < kCalls; ++completed) {
    const auto record = rig.reader.next();
    if (!CHECK(record && record->operation)) break;
    const ReceivedNotification& result = record->operation->notification;
    CHECK(result.status < kCalls && ids[result.status] == record->id);
    CHECK(result.data == textOf(result.status));
  }
  for (std::thread& thread : host) thread.join();
  CHECK(completed == kCalls && fakeComputecore().operations() == 0 && rig.quiet());
}

// Calls are begun, abandoned and closed by one thread; the host completes from two others, inside
// the call, later or never, and the end comes at any moment.
void race() {
  for (int round = 0; round < 100; ++round) {
    OperationRig rig;
    std::vector<std::shared_ptr<Handle>> systems;
    for (int i = 0; i < 4; ++i) systems.push_back(rig.create());
    std::mutex mutex;
    std::vector<HcsOperation*> running;
    std::atomic<bool> over{false};
    fakeComputecore().onCall = [&](OperationType, HcsOperation* operation) {
      const int number = fakeComputecore().calls;
      if (number % 5 == 0) fakeComputecore().complete(operation, kOk, u"inside");
      if (number % 5 != 0) {
        std::lock_guard<std::mutex> lock(mutex);
        running.push_back(operation);
      }
      return number % 7 == 0 ? kRefused : kOk;
    };
    const auto completeOne = [&] {
      HcsOperation* operation = nullptr;
      {
        std::lock_guard<std::mutex> lock(mutex);
        if (running.empty()) return false;
        operation = running.back();
        running.pop_back();
      }
      fakeComputecore().complete(operation, kOk, u"text");
      return true;
    };
    std::vector<std::thread> host;
    for (int i = 0; i < 2; ++i) {
      host.emplace_back([&] {
        while (!over) {
          if (!completeOne()) std::this_thread::yield();
        }
      });
    }
    for (int i = 0; i < round; ++i) {
      const auto& system = systems[static_cast<std::size_t>(i) % systems.size()];
      if (i % 9 == 0) rig.submit(rig.make<f::HcsEnumerateComputeSystems>());
      const std::uint64_t id = i % 4 == 0   ? rig.begin<f::HcsCreateProcess>(system)
                               : i % 4 == 1 ? terminate(rig, system)
                                            : rig.start(system);
      if (i % 7 == 3 && id != 0) system->watch()->abandon(id);
      if (i % 11 == 5 && id != 0) rig.host->workers().cancel(id);
      if (i % 17 == 16 && system->needsClose()) rig.close(system);
      if (i % 23 == 22) fakeComputecore().event(Event::SystemExited);
    }
    systems.clear();
    CHECK(rig.host->end(kPatience));
    over = true;
    for (std::thread& thread : host) thread.join();
    while (completeOne()) {
    }
  }
}

}  // namespace

int main() {
  if (!CHECK(openFakes() != nullptr)) return summary();
  events();
  terminateEndsWithTheExit();
  terminateExitsInsideTheCall();
  terminateFails();
  disconnect();
  closeWhileRunning();
  closeInTheCallback();
  terminatesOnClose();
  endWhileRunning();
  endWithAStuckCall();
  manyInFlight();
  race();
  return summary();
}
