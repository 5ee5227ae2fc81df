// Operations of computecore.dll over the wire: a client that knows that library alone, and a host
// in another process, or a server whose every answer the test decides.
#include <array>
#include <chrono>
#include <memory>
#include <thread>

#include "../support/client-pipe.h"
#include "../support/core-client.h"
#include "remote/server.h"
#include "remote/service.h"
#include "remote/session.h"
#include "server-process.h"
#include "simulator/remote/remote-operations.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

namespace core = functions::computecore;

constexpr HResult kUnknown = 0x80070006;
constexpr HResult kUnavailable = 0x800706BA;
constexpr HResult kCallFailed = 0x800706BE;

void connect(const std::u16string& path) {
  CHECK(control(u"{\"Connect\":{\"Path\":\"" + path + u"\"}}") == u"{}");
}

template <class Done>
bool eventually(Done&& done) {
  for (int tries = 0; tries < 60'000; ++tries) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

struct Calls {
  std::atomic<int> count{0};
  std::atomic<HcsOperation*> last{nullptr};
  static void HC_CALL receive(HcsOperation* operation, void* self) {
    auto& calls = *static_cast<Calls*>(self);
    calls.last = operation;
    ++calls.count;
  }
};

// Takes the result in the callback and closes the operation there, as the core does.
struct Taken {
  std::atomic<int> good{0};
  std::atomic<int> lost{0};
  std::atomic<int> other{0};
  static void HC_CALL receive(HcsOperation* operation, void* self) {
    auto& taken = *static_cast<Taken*>(self);
    const HResult status = resultOf(operation).status;
    HcsCloseOperation(operation);
    ++(status == kOk ? taken.good : status == kUnavailable ? taken.lost : taken.other);
  }
  int all() const { return good + lost + other; }
};

// What decides between a call, its completion and the loss: of each run one of them completes it.
void decisions() {
  const auto all = [](std::uint64_t) { return true; };
  auto* const operation = reinterpret_cast<HcsOperation*>(16);
  {
    simulator::RemoteOperations operations;
    CHECK(!operations.begin(operation, 1) && !operations.accept(operation, 0));
    operations.add(operation, {});
    CHECK(operations.begin(operation, 1) && !operations.begin(operation, 2));
    CHECK(!operations.accept(operation, 0));
    const auto lost = operations.lose(all);
    CHECK(lost.size() == 1 && lost[0].operation == operation && lost[0].handle == 1);
    CHECK(operations.lose(all).empty());
  }
  {
    simulator::RemoteOperations operations;
    operations.add(operation, {});
    // Lost before the call has returned, which has made a system.
    CHECK(operations.begin(operation, 0) && operations.lose(all).empty());
    const auto lost = operations.accept(operation, 7);
    CHECK(lost && lost->operation == operation && lost->handle == 7);
    CHECK(operations.lose(all).empty());
  }
  {
    simulator::RemoteOperations operations;
    operations.add(operation, {});
    // Completed before the call has returned, or refused.
    CHECK(operations.begin(operation, 1));
    operations.end(operation);
    CHECK(!operations.accept(operation, 0) && operations.lose(all).empty());
    CHECK(operations.begin(operation, 1));
    operations.remove(operation);
    CHECK(!operations.accept(operation, 0) && operations.lose(all).empty());
  }
}

// Answers what a client that knows no better is answered.
class Puppet : public remote::Service {
 public:
  using Session = std::shared_ptr<remote::ClientSession>;
  bool begin(const Session&, const remote::Peer&) override { return true; }
  void end(const Session&) override {}
  bool startThread(std::function<void()> body) override {
    std::thread(std::move(body)).detach();
    return true;
  }
  bool answer(const Session& session, remote::Frame& request, remote::Frame& answer) override {
    const auto function = request.take<std::uint32_t>();
    if (function == kIndexOf<core::HcsCreateOperation>) {
      request.take<std::uint8_t>();
      listener = request.take<std::uint64_t>();
      answer.put(kOk);
      answer.put(operation += 16);
      return true;
    }
    const bool starts = function == kIndexOf<core::HcsStartComputeSystem>;
    if (starts && starting) starting(*session);
    answer.put(kOk);
    answer.put(std::uint8_t{0});  // no text
    return true;
  }

  std::function<void(remote::ClientSession&)> starting;
  // Of the newest operation.
  std::uint64_t listener = 0;
  std::uint64_t operation = 0;
};

// The completion is here before the call has returned, and its callback closes the operation.
void completedBeforeTheCallReturns() {
  const auto puppet = std::make_shared<Puppet>();
  const std::string path = "/tmp/hostcompute-puppet-" + std::to_string(getpid()) + ".sock";
  std::string why;
  const auto server = remote::Server::open(path, {}, puppet, &why);
  CHECK(server);
  connect(std::u16string(path.begin(), path.end()));
  Taken taken;
  puppet->starting = [&](remote::ClientSession& session) {
    // Of nobody, and about nothing: these are dropped.
    session.notify(4711, 3, kOk, u"nobody", 17);
    session.notify(0, 0, kOk, nullptr, ~std::uint64_t{0});
    session.notify(puppet->listener, 0, kOk, nullptr, puppet->operation);
    CHECK(eventually([&] { return taken.all() == 1; }));
    session.notify(puppet->listener, 0, kOk, nullptr, puppet->operation);
  };
  HcsOperation* const operation = HcsCreateOperation(&taken, Taken::receive);
  CHECK(HcsStartComputeSystem(nullptr, operation, nullptr) == kOk);
  // What was notified after the close is dropped as well, and so is the loss of the connection.
  Calls calls;
  HcsOperation* const running = HcsCreateOperation(&calls, Calls::receive);
  puppet->starting = nullptr;
  CHECK(HcsStartComputeSystem(nullptr, running, nullptr) == kOk);
  server->close();
  CHECK(eventually([&] { return calls.count == 1; }));
  CHECK(taken.good == 1 && taken.all() == 1 && calls.last == running);
  CHECK(resultOf(running).status == kUnavailable);
  HcsCloseOperation(running);
  CHECK(HcsGetOperationContext(running) == nullptr);
  unlink(path.c_str());
}

void lifecycle() {
  reset();
  HcsSystem* const system = create(u"s");
  Events events;
  CHECK(HcsSetComputeSystemCallback(system, 0, &events, Events::receive) == kOk);
  CHECK(HcsSetComputeSystemCallback(system, 0, &events, Events::receive) ==
        kOperationCallbackAlreadySet);
  Operation operation;
  CHECK(HcsStartComputeSystem(system, operation, nullptr) == kOk);
  CHECK(wait(operation).status == kOk);
  CHECK(HcsGetComputeSystemFromOperation(operation) == system);
  HcsProcess* process = nullptr;
  CHECK(HcsCreateProcess(system,
                         u"{\"CommandLine\":\"cmd /c echo hello\",\"CreateStdOutPipe\":true}",
                         operation, nullptr, &process) == kOk);
  ProcessInformation information{};
  char16_t* document = nullptr;
  CHECK(HcsWaitForOperationResultAndProcessInfo(operation, kForEver, &information, &document) ==
        kOk);
  CHECK(document == nullptr && information.processId != 0 && information.stdInput == nullptr);
  CHECK(HcsGetOperationType(operation) == static_cast<std::uint32_t>(OperationType::CreateProcess));
  CHECK(HcsGetProcessFromOperation(operation) == process);
  CHECK(Pipe(information.stdOutput).readAll() == "hello\r\n");
  CHECK(HcsWaitForProcessExit(process, kForEver, &document) == kOk);
  CHECK(contains(take(document), u"\"Exited\":true,\"ExitCode\":0"));
  CHECK(HcsSetProcessCallback(process, 0, &events, Events::receive) == kOk);
  CHECK(eventually([&] { return events.count(Event::ProcessExited) == 1; }));
  HcsCloseProcess(process);
  CHECK(HcsTerminateComputeSystem(system, operation, nullptr) == kOk);
  CHECK(wait(operation).status == kOk);
  CHECK(eventually([&] { return events.count(Event::SystemExited) == 1; }));
  HcsCloseComputeSystem(system);
  operation.close();
  CHECK(contains(state(), u"\"Open\":[]") && contains(state(), u"\"Misfreed\":[]"));
}

// Contexts and callbacks stay here; states and results are the host's.
void states() {
  reset();
  Calls first;
  Calls second;
  Operation operation(&first);
  CHECK(HcsGetOperationContext(operation) == &first);
  CHECK(resultOf(operation).status == kOperationNotStarted);
  CHECK(HcsGetOperationType(operation) == static_cast<std::uint32_t>(OperationType::None));
  CHECK(HcsGetOperationId(operation) != kInvalidOperationId);
  HcsSystem* const system = create(u"s");
  inject(u"\"Function\":\"computecore.HcsStartComputeSystem\",\"DelayMs\":30000");
  CHECK(HcsStartComputeSystem(system, operation, nullptr) == kOk);
  CHECK(resultOf(operation).status == kComputecorePending);
  CHECK(wait(operation, 0).status == kOperationTimeout);
  CHECK(HcsGetComputeSystemProperties(system, operation, nullptr) == kOperationAlreadyStarted);
  // The callback and the context are those of when it completes.
  CHECK(HcsSetOperationCallback(operation, &first, Calls::receive) == kOk);
  CHECK(HcsSetOperationContext(operation, &second) == kOk);
  CHECK(HcsGetOperationContext(operation) == &second);
  Operation other;
  CHECK(HcsTerminateComputeSystem(system, other, nullptr) == kOk && wait(other).status == kOk);
  CHECK(failed(wait(operation).status));
  CHECK(eventually([&] { return second.count == 1; }));
  CHECK(first.count == 0 && second.last == operation);
  int nothing = 0;
  CHECK(HcsAddResourceToOperation(operation, 1, u"hcs:/file", &nothing) == kFunctionMissing);
  HcsOperation* const closed = operation;
  operation.close();
  CHECK(resultOf(closed).status == kUnknown && HcsGetOperationId(closed) == kInvalidOperationId);
  CHECK(HcsEnumerateComputeSystems(nullptr, closed) == kUnknown);
  CHECK(HcsSetOperationContext(closed, &first) == kUnknown);
  HcsCloseOperation(closed);
  HcsCloseOperation(reinterpret_cast<HcsOperation*>(&nothing));
  HcsCloseComputeSystem(system);
}

// With option 1 the completions are events of the handle; with notifications they are its own.
void events() {
  reset();
  HcsSystem* const system = running(u"s");
  Events ofHandle;
  CHECK(HcsSetComputeSystemCallback(system, kEventsOfOperations, &ofHandle, Events::receive) ==
        kOk);
  Operation operation;
  CHECK(HcsGetComputeSystemProperties(system, operation, nullptr) == kOk);
  CHECK(eventually([&] { return ofHandle.count(Event::OperationCallback) == 1; }));
  CHECK(ofHandle.all()[0].operation == operation);
  Calls calls;
  Operation own(&calls, Calls::receive);
  CHECK(HcsGetComputeSystemProperties(system, own, nullptr) == kOperationCallbackAlreadySet);
  Events ofOperation;
  HcsOperation* const notified =
      HcsCreateOperationWithNotifications(1, &ofOperation, Events::receive);
  CHECK(notified != nullptr);
  CHECK(HcsCreateOperationWithNotifications(1, nullptr, nullptr) == nullptr);
  CHECK(HcsEnumerateComputeSystems(nullptr, notified) == kOk);
  CHECK(eventually([&] { return ofOperation.count(Event::OperationCallback) == 1; }));
  CHECK(ofOperation.all()[0].operation == notified && calls.count == 0);
  HcsCloseOperation(notified);
  HcsCloseComputeSystem(system);
}

// Closing waits for a callback that runs here.
struct Gate {
  std::atomic<bool> entered{false};
  std::atomic<bool> open{false};
  std::atomic<bool> left{false};
  static void HC_CALL receive(HcsOperation*, void* self) {
    auto& gate = *static_cast<Gate*>(self);
    gate.entered = true;
    while (!gate.open) std::this_thread::yield();
    gate.left = true;
  }
};

void closeWaits() {
  reset();
  Gate gate;
  HcsOperation* const operation = HcsCreateOperation(&gate, Gate::receive);
  CHECK(HcsEnumerateComputeSystems(nullptr, operation) == kOk);
  CHECK(eventually([&] { return gate.entered.load(); }));
  std::thread closer([&] {
    HcsCloseOperation(operation);
    CHECK(gate.left);
  });
  CHECK(contains(control(u"{\"Await\":{\"Handles\":{\"Operation\":0},\"TimeoutMs\":10000}}"),
                 u"true"));
  CHECK(!gate.left);
  gate.open = true;
  closer.join();
}

// Many in flight, from several threads; each closes itself in its callback.
void many() {
  reset();
  HcsSystem* const system = running(u"s");
  Taken taken;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int each = 0; each < 50; ++each) {
        HcsOperation* const operation = HcsCreateOperation(&taken, Taken::receive);
        CHECK(HcsGetComputeSystemProperties(system, operation, nullptr) == kOk);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(eventually([&] { return taken.good == 200; }));
  CHECK(contains(control(u"{\"Await\":{\"Handles\":{\"Operation\":0},\"TimeoutMs\":10000}}"),
                 u"true"));
  HcsCloseComputeSystem(system);
}

// The connection is lost with 100 operations running, one that a thread waits for, one whose
// completion is an event of its handle, and threads that start more.
void losing(Server& server) {
  reset();
  HcsSystem* const system = running(u"s");
  HcsSystem* const other = running(u"t");
  Events ofSystem;
  Events ofOther;
  CHECK(HcsSetComputeSystemCallback(system, 0, &ofSystem, Events::receive) == kOk);
  CHECK(HcsSetComputeSystemCallback(other, kEventsOfOperations, &ofOther, Events::receive) == kOk);
  inject(
      u"\"Function\":\"computecore.HcsGetComputeSystemProperties\",\"Count\":0,"
      u"\"DelayMs\":60000");
  Taken taken;
  for (int each = 0; each < 100; ++each) {
    HcsOperation* const operation = HcsCreateOperation(&taken, Taken::receive);
    CHECK(HcsGetComputeSystemProperties(system, operation, nullptr) == kOk);
  }
  Operation waited;
  CHECK(HcsGetComputeSystemProperties(system, waited, nullptr) == kOk);
  std::thread waiting([&] { CHECK(wait(waited).status == kCallFailed); });
  Operation reported;
  CHECK(HcsGetComputeSystemProperties(other, reported, nullptr) == kOk);
  Operation idle;
  Calls calls;
  Operation completed(&calls, Calls::receive);
  CHECK(HcsEnumerateComputeSystems(nullptr, completed) == kOk);
  CHECK(eventually([&] { return calls.count == 1; }));
  CHECK(contains(control(u"{\"Await\":{\"CallsInside\":1,\"TimeoutMs\":10000}}"), u"true"));
  // Those that are accepted complete, those that are refused do not.
  Taken late;
  std::atomic<int> accepted{0};
  std::vector<std::thread> starting;
  for (int i = 0; i < 4; ++i) {
    starting.emplace_back([&] {
      for (;;) {
        HcsOperation* const operation = HcsCreateOperation(&late, Taken::receive);
        if (HcsGetComputeSystemProperties(system, operation, nullptr) == kOk) {
          ++accepted;
          continue;
        }
        HcsCloseOperation(operation);
        return;
      }
    });
  }
  CHECK(eventually([&] { return accepted > 20; }));
  server.end();
  waiting.join();
  for (auto& each : starting) each.join();
  CHECK(eventually([&] { return taken.all() == 100 && late.all() == accepted; }));
  CHECK(taken.lost == 100 && late.lost == accepted);
  CHECK(eventually([&] { return ofOther.count(Event::OperationCallback) == 1; }));
  CHECK(ofSystem.count(Event::ServiceDisconnect) == 1 && ofSystem.all().size() == 1);
  CHECK(ofOther.count(Event::ServiceDisconnect) == 1 && ofOther.all().size() == 2);
  CHECK(calls.count == 1);
  CHECK(resultOf(idle).status == kUnavailable && resultOf(waited).status == kUnavailable);
  CHECK(HcsGetOperationType(idle) == static_cast<std::uint32_t>(OperationType::None));
  // An operation can be created all the same: the calls are what is refused.
  Calls none;
  Operation without(&none, Calls::receive);
  CHECK(without != nullptr && HcsGetOperationContext(without) == &none);
  CHECK(HcsEnumerateComputeSystems(nullptr, without) == kUnavailable && none.count == 0);
  HcsCloseComputeSystem(system);
  HcsCloseComputeSystem(other);
}

}  // namespace

int main() {
  decisions();
  completedBeforeTheCallReturns();
  Server server;
  connect(server.path());
  lifecycle();
  states();
  events();
  closeWaits();
  many();
  losing(server);
  return summary();
}
