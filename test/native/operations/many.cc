// Operations by the hundred, and what only they have: resources and notifications of their own.
#include <thread>

#include "../support/client-pipe.h"
#include "../support/core-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr int kMany = 1000;
constexpr HResult kInvalidArgument = 0x80070057;

struct Count {
  std::atomic<int> all{0};
  static void HC_CALL receive(HcsOperation* operation, void* self) {
    CHECK(resultOf(operation).status == kOk);
    HcsCloseOperation(operation);
    ++static_cast<Count*>(self)->all;
  }
};

// Each closes itself in its callback, while four threads start more.
void inFlight() {
  reset();
  HcsSystem* const system = running(u"s");
  inject(u"\"Function\":\"computecore.HcsGetComputeSystemProperties\",\"Count\":0,\"DelayMs\":5");
  Count count;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int each = 0; each < kMany / 4; ++each) {
        HcsOperation* const operation = HcsCreateOperation(&count, Count::receive);
        CHECK(HcsGetComputeSystemProperties(system, operation, nullptr) == kOk);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(contains(control(u"{\"Await\":{\"Handles\":{\"Operation\":0},\"TimeoutMs\":60000}}"),
                 u"true"));
  quiet();
  CHECK(count.all == kMany);
  // Closed while they run.
  for (int i = 0; i < 100; ++i) {
    HcsOperation* const operation = HcsCreateOperation(&count, Count::receive);
    CHECK(HcsGetComputeSystemProperties(system, operation, nullptr) == kOk);
    HcsCloseOperation(operation);
  }
  quiet();
  CHECK(count.all == kMany);
  HcsCloseComputeSystem(system);
}

// Threads that wait for one operation all get its result.
void waits() {
  reset();
  HcsSystem* const system = create(u"s");
  inject(u"\"Function\":\"computecore.HcsStartComputeSystem\",\"DelayMs\":20");
  Operation operation;
  CHECK(HcsStartComputeSystem(system, operation, nullptr) == kOk);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { CHECK(wait(operation).status == kOk); });
  for (auto& thread : threads) thread.join();
  HcsCloseComputeSystem(system);
}

// The host is reset under operations that run and threads that wait.
void resets() {
  reset();
  HcsSystem* const system = create(u"s");
  inject(u"\"Function\":\"computecore.HcsStartComputeSystem\",\"DelayMs\":60000");
  Count count;
  HcsOperation* const operation = HcsCreateOperation(&count, Count::receive);
  CHECK(HcsStartComputeSystem(system, operation, nullptr) == kOk);
  std::thread waiting([&] { CHECK(failed(wait(operation).status)); });
  CHECK(contains(control(u"{\"Await\":{\"CallsInside\":1,\"TimeoutMs\":60000}}"), u"true"));
  reset();
  waiting.join();
  CHECK(failed(resultOf(operation).status) && count.all == 0);
  HcsCloseOperation(operation);
}

// As Server 2022 does: the operation fails, and yet there is a process.
void processOfFailedOperation() {
  reset();
  HcsSystem* const system = running(u"s");
  inject(u"\"Function\":\"computecore.HcsCreateProcess\",\"CompletionStatus\":\"0x80070057\"");
  Operation operation;
  HcsProcess* process = nullptr;
  CHECK(HcsCreateProcess(system,
                         u"{\"CommandLine\":\"sim-cat\",\"CreateStdInPipe\":true,"
                         u"\"CreateStdOutPipe\":true}",
                         operation, nullptr, &process) == kOk);
  ProcessInformation information{};
  CHECK(HcsWaitForOperationResultAndProcessInfo(operation, kForEver, &information, nullptr) ==
        kInvalidArgument);
  CHECK(process != nullptr && information.processId == 0);
  operation.close();
  Operation asking;
  CHECK(HcsGetProcessInfo(process, asking) == kOk);
  CHECK(HcsWaitForOperationResultAndProcessInfo(asking, kForEver, &information, nullptr) == kOk);
  CHECK(information.processId != 0);
  Pipe input(information.stdInput);
  CHECK(input.write("through\n"));
  input.close();
  CHECK(Pipe(information.stdOutput).readAll() == "through\n");
  HcsCloseProcess(process);
  HcsCloseComputeSystem(system);
}

void resources() {
  reset();
  HcsSystem* const system = create(u"s");
  Operation operation;
  int resource = 0;
  CHECK(HcsAddResourceToOperation(operation, 1, u"hcs:/a", &resource) == kOk);
  CHECK(HcsAddResourceToOperation(operation, 0, u"hcs:/a", &resource) == kInvalidArgument);
  CHECK(HcsAddResourceToOperation(operation, 5, u"hcs:/a", &resource) == kInvalidArgument);
  CHECK(HcsAddResourceToOperation(operation, 1, nullptr, &resource) == kInvalidArgument);
  CHECK(HcsAddResourceToOperation(operation, 1, u"hcs:/a", nullptr) == kInvalidArgument);
  inject(u"\"Function\":\"computecore.HcsStartComputeSystem\",\"DelayMs\":60000");
  CHECK(HcsStartComputeSystem(system, operation, nullptr) == kOk);
  CHECK(HcsAddResourceToOperation(operation, 1, u"hcs:/b", &resource) == kOperationAlreadyStarted);
  HcsCloseComputeSystem(system);
}

void notifications() {
  reset();
  HcsSystem* const system = running(u"vm", kMachine);
  Events events;
  HcsOperation* const operation = HcsCreateOperationWithNotifications(1, &events, Events::receive);
  CHECK(HcsCreateOperationWithNotifications(1, &events, nullptr) == nullptr);
  CHECK(HcsPauseComputeSystem(system, operation, nullptr) == kOk);
  CHECK(wait(operation).status == kOk);
  quiet();
  CHECK(events.count(Event::OperationCallback) == 1 && events.all()[0].operation == operation);
  CHECK(events.count(Event::GroupOperationInfo) == 0);
  CHECK(HcsSaveComputeSystem(system, operation, u"{\"SaveStateFilePath\":\"C:\\\\state\"}") == kOk);
  CHECK(wait(operation).status == kOk);
  quiet();
  const auto all = events.all();
  CHECK(all.size() == 4 && all[1].data == u"{\"Progress\":0}" &&
        all[2].data == u"{\"Progress\":100}" && all[3].operation == operation);
  char16_t* features = nullptr;
  CHECK(HcsGetProcessorCompatibilityFromSavedState(u"C:\\missing", &features) != kOk);
  HcsCloseOperation(operation);
  HcsCloseComputeSystem(system);
}

void crashes() {
  reset();
  HcsSystem* const system = running(u"vm", kMachine);
  Events events;
  CHECK(HcsSetComputeSystemCallback(system, 0, &events, Events::receive) == kOk);
  Operation operation;
  CHECK(HcsCrashComputeSystem(system, operation, u"{\"Type\":\"CrashGuest\"}") == kOk);
  CHECK(wait(operation).status == kOk);
  quiet();
  CHECK(events.count(Event::SystemCrashInitiated) == 1);
  CHECK(events.count(Event::SystemCrashReport) == 1);
  CHECK(events.count(Event::SystemExited) == 1);
  CHECK(contains(events.all().back().data, u"\"ExitType\":\"UnexpectedExit\""));
  CHECK(failed(HcsCrashComputeSystem(system, operation, nullptr)));
  HcsCloseComputeSystem(system);
  HcsSystem* const container = running(u"c");
  CHECK(HcsCrashComputeSystem(container, operation, nullptr) == 0x80070032);
  CHECK(HcsSubmitWerReport(u"{\"SystemId\":\"vm\"}") == kOk);
  CHECK(failed(HcsSubmitWerReport(u"no")));
  HcsCloseComputeSystem(container);
}

}  // namespace

int main() {
  inFlight();
  waits();
  resets();
  processOfFailedOperation();
  resources();
  notifications();
  crashes();
  return summary();
}
