// A plain client of computecore.dll: it knows no other library.
#include <chrono>
#include <thread>

#include "../support/client-pipe.h"
#include "../support/core-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kUnknown = 0x80070006;
constexpr HResult kNotImplemented = 0x80004001;
constexpr HResult kInvalidArgument = 0x80070057;
constexpr HResult kInvalidState = 0xC0370105;

struct Calls {
  std::atomic<int> count{0};
  std::atomic<HcsOperation*> last{nullptr};
  static void HC_CALL receive(HcsOperation* operation, void* self) {
    auto& calls = *static_cast<Calls*>(self);
    calls.last = operation;
    ++calls.count;
  }
};

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
  const std::u16string exit = take(document);
  CHECK(contains(exit, u"\"Exited\":true,\"ExitCode\":0"));
  // Set after the exit, and yet it is notified.
  CHECK(HcsSetProcessCallback(process, 0, &events, Events::receive) == kOk);
  quiet();
  CHECK(events.count(Event::ProcessExited) == 1 && events.all().back().data == exit);
  HcsCloseProcess(process);

  CHECK(HcsTerminateComputeSystem(system, operation, nullptr) == kOk);
  CHECK(wait(operation).status == kOk);
  CHECK(HcsWaitForComputeSystemExit(system, kForEver, &document) == kOk);
  CHECK(contains(take(document), u"\"ExitType\":\"ForcedExit\""));
  quiet();
  CHECK(events.count(Event::SystemExited) == 1);
  HcsCloseComputeSystem(system);
  operation.close();
  CHECK(contains(state(), u"\"Open\":[]") && contains(state(), u"\"Misfreed\":[]"));
}

void states() {
  reset();
  Operation operation;
  char16_t* document = nullptr;
  CHECK(resultOf(operation).status == kOperationNotStarted);
  CHECK(wait(operation, 0).status == kOperationNotStarted);
  CHECK(HcsGetOperationType(operation) == static_cast<std::uint32_t>(OperationType::None));
  CHECK(HcsGetComputeSystemFromOperation(operation) == nullptr);
  CHECK(HcsCancelOperation(operation) == kNotImplemented);
  HcsSystem* const system = create(u"s");
  inject(u"\"Function\":\"computecore.HcsStartComputeSystem\",\"DelayMs\":30000");
  CHECK(HcsStartComputeSystem(system, operation, nullptr) == kOk);
  CHECK(resultOf(operation).status == kComputecorePending);
  CHECK(wait(operation, 0).status == kOperationTimeout);
  CHECK(wait(operation, 20).status == kOperationTimeout);
  CHECK(HcsGetComputeSystemProperties(system, operation, nullptr) == kOperationAlreadyStarted);
  CHECK(resultOf(operation).status == kComputecorePending);
  // Another operation ends it.
  Operation other;
  CHECK(HcsTerminateComputeSystem(system, other, nullptr) == kOk && wait(other).status == kOk);
  const Result overtaken = wait(operation);
  CHECK(failed(overtaken.status) && contains(overtaken.document, u"\"Detail\":\"Start\""));

  ProcessInformation information{};
  CHECK(HcsGetOperationResultAndProcessInfo(operation, &information, &document) ==
        kInvalidArgument);
  CHECK(HcsStartComputeSystem(system, operation, nullptr) == kInvalidState);
  const Result refused = resultOf(operation);
  CHECK(refused.status == kInvalidState && contains(refused.document, u"not Created"));
  HcsCloseComputeSystem(system);
  HcsOperation* const closed = operation;
  operation.close();
  CHECK(resultOf(closed).status == kUnknown && HcsGetOperationId(closed) == kInvalidOperationId);
  CHECK(HcsEnumerateComputeSystems(nullptr, closed) == kUnknown);
  HcsCloseOperation(closed);
  CHECK(HcsGetOperationResult(nullptr, &document) == kUnknown);
}

void callbacks() {
  reset();
  Calls calls;
  Operation operation(&calls, Calls::receive);
  CHECK(HcsGetOperationContext(operation) == &calls);
  HcsSystem* system = nullptr;
  CHECK(HcsCreateComputeSystem(u"s", kContainer, operation, nullptr, &system) == kOk);
  CHECK(wait(operation).status == kOk);
  quiet();
  CHECK(calls.count == 1 && calls.last == operation);
  // Completed, and the client called, before the call returns: on another thread, and on this one.
  inject(u"\"Function\":\"computecore.HcsStartComputeSystem\",\"Completion\":\"early\"");
  CHECK(HcsStartComputeSystem(system, operation, nullptr) == kOk && calls.count == 2);
  CHECK(resultOf(operation).status == kOk);
  inject(u"\"Function\":\"computecore.HcsGetComputeSystemProperties\",\"Completion\":\"now\"");
  CHECK(HcsGetComputeSystemProperties(system, operation, nullptr) == kOk && calls.count == 3);
  CHECK(contains(resultOf(operation).document, u"\"State\":\"Running\""));
  inject(u"\"Function\":\"computecore.HcsModifyComputeSystem\",\"Completion\":\"twice\"");
  CHECK(HcsModifyComputeSystem(system, operation,
                               u"{\"ResourcePath\":\"Container/Memory\",\"RequestType\":\"Update\","
                               u"\"Settings\":1}",
                               nullptr) == kOk);
  quiet();
  const int before = calls.count;
  CHECK(before >= 4);
  inject(u"\"Function\":\"computecore.HcsEnumerateComputeSystems\",\"Completion\":\"lost\"");
  CHECK(HcsEnumerateComputeSystems(nullptr, operation) == kOk);
  CHECK(wait(operation, 10).status == kOperationTimeout);
  quiet();
  CHECK(calls.count == before);
  // It is refused while it runs, also without an end.
  CHECK(HcsEnumerateComputeSystems(nullptr, operation) == kOperationAlreadyStarted);
  // A failure at the end.
  Operation another(&calls, Calls::receive);
  inject(u"\"Function\":\"computecore.HcsPauseComputeSystem\",\"CompletionStatus\":\"0x80370109\"");
  CHECK(HcsPauseComputeSystem(system, another, nullptr) == kOk);
  const Result ended = wait(another);
  CHECK(ended.status == 0x80370109 && contains(ended.document, u"\"Error\":-2143878903"));
  HcsCloseComputeSystem(system);
}

struct Closer {
  std::atomic<bool> done{false};
  static void HC_CALL receive(HcsOperation* operation, void* self) {
    CHECK(resultOf(operation).status == kOk);
    HcsCloseOperation(operation);
    static_cast<Closer*>(self)->done = true;
  }
};

void closing() {
  reset();
  HcsSystem* const system = create(u"s");
  for (const char16_t* how : {u"pending", u"early", u"now"}) {
    Closer closer;
    inject(u"\"Function\":\"computecore.HcsGetComputeSystemProperties\",\"Completion\":\"" +
           std::u16string(how) + u"\"");
    HcsOperation* const operation = HcsCreateOperation(&closer, Closer::receive);
    CHECK(HcsGetComputeSystemProperties(system, operation, nullptr) == kOk);
    quiet();
    CHECK(closer.done && resultOf(operation).status == kUnknown);
  }
  // What runs goes on when its operation is closed, and nobody is called.
  Calls calls;
  inject(u"\"Function\":\"computecore.HcsStartComputeSystem\",\"DelayMs\":20");
  HcsOperation* const operation = HcsCreateOperation(&calls, Calls::receive);
  CHECK(HcsStartComputeSystem(system, operation, nullptr) == kOk);
  HcsCloseOperation(operation);
  control(u"{\"Await\":{\"Scheduled\":0,\"TimeoutMs\":60000}}");
  CHECK(contains(state(), u"\"State\":\"Running\""));
  quiet();
  CHECK(calls.count == 0);
  // The streams that nobody took are closed with the operation.
  Operation made;
  HcsProcess* process = nullptr;
  CHECK(HcsCreateProcess(system, u"{\"CommandLine\":\"sim-sleep\",\"CreateStdOutPipe\":true}", made,
                         nullptr, &process) == kOk);
  CHECK(wait(made).status == kOk);
  made.close();
  HcsCloseProcess(process);
  HcsCloseComputeSystem(system);
}

void eventsOfOperations() {
  reset();
  Operation creating;
  HcsSystem* system = nullptr;
  CHECK(HcsCreateComputeSystem(u"s", kContainer, creating, nullptr, &system) == kOk);
  CHECK(wait(creating).status == kOk);
  Events events;
  CHECK(HcsSetComputeSystemCallback(system, kEventsOfOperations, &events, Events::receive) == kOk);
  quiet();
  // Also of what has completed before.
  CHECK(events.count(Event::OperationCallback) == 1 && events.all()[0].operation == creating);
  Calls calls;
  Operation own(&calls, Calls::receive);
  CHECK(HcsStartComputeSystem(system, own, nullptr) == kOperationCallbackAlreadySet);
  Operation starting;
  CHECK(HcsStartComputeSystem(system, starting, nullptr) == kOk);
  CHECK(wait(starting).status == kOk);
  quiet();
  CHECK(events.count(Event::OperationCallback) == 2 && events.all()[1].operation == starting);
  CHECK(calls.count == 0);
  HcsCloseComputeSystem(system);
}

void losses() {
  reset();
  HcsSystem* const system = running(u"s");
  Events events;
  CHECK(HcsSetComputeSystemCallback(system, 0, &events, Events::receive) == kOk);
  inject(u"\"Function\":\"computecore.HcsPauseComputeSystem\",\"DelayMs\":60000");
  Calls calls;
  Operation operation(&calls, Calls::receive);
  CHECK(HcsPauseComputeSystem(system, operation, nullptr) == kOk);
  std::thread waits([&] {
    char16_t* document = nullptr;
    CHECK(failed(HcsWaitForComputeSystemExit(system, kForEver, &document)));
    LocalFree(document);
  });
  control(u"{\"Await\":{\"CallsInside\":1,\"TimeoutMs\":60000}}");
  control(u"{\"Disconnect\":{}}");
  waits.join();
  CHECK(failed(wait(operation).status));
  quiet();
  CHECK(calls.count == 1 && events.count(Event::ServiceDisconnect) == 1);
  CHECK(failed(HcsEnumerateComputeSystems(nullptr, operation)));
  HcsCloseComputeSystem(system);
  control(u"{\"Reconnect\":{}}");
  CHECK(HcsEnumerateComputeSystems(nullptr, operation) == kOk && wait(operation).status == kOk);
}

}  // namespace

int main() {
  lifecycle();
  states();
  callbacks();
  closing();
  eventsOfOperations();
  losses();
  return summary();
}
