// How processes end from outside: one call at a time, by control, and with exits as rules want
// them.
#include "../support/guest-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

std::u16string number(std::uint64_t value) { return wide(std::to_string(value)); }

bool await(const std::u16string& counts) {
  return control(u"{\"Await\":{" + counts + u",\"TimeoutMs\":10000}}") == u"{\"Reached\":true}";
}

// A signal that is stuck holds up what comes after it, but not what comes by another handle.
void turns() {
  reset();
  HcsSystem* system = running(u"t");
  Running process(system, commandLine("sim-sleep"));
  HcsProcess* again = nullptr;
  CHECK(call(HcsOpenProcess, system, process.information.processId, &again) == kOk);
  HcsSystem* second = nullptr;
  CHECK(call(HcsOpenComputeSystem, u"t", &second) == kOk);
  HcsProcess* other = nullptr;
  CHECK(call(HcsOpenProcess, second, process.information.processId, &other) == kOk);
  // The turn is remembered beyond the handle of the system.
  CHECK(HcsCloseComputeSystem(system) == kOk);

  control(u"{\"Inject\":{\"Function\":\"HcsSignalProcess\",\"Block\":true}}");
  std::thread stuck([&] {
    CHECK(call(HcsSignalProcess, process.process, u"{\"Signal\":\"CtrlC\"}") == 0x80070490);
  });
  CHECK(await(u"\"BlockedCalls\":1"));
  std::thread behind([&] { CHECK(call(HcsTerminateProcess, again) == 0x8037011F); });
  CHECK(await(u"\"CallsInside\":2"));
  CHECK(call(HcsTerminateProcess, other) == kOk && process.wait() == 1067);
  CHECK(await(u"\"CallsInside\":2,\"BlockedCalls\":1"));
  control(u"{\"Clear\":{}}");
  stuck.join();
  behind.join();
  CHECK(await(u"\"CallsInside\":0"));

  // Other processes have turns of their own; a Reset ends the wait for one.
  Running first(second, commandLine("sim-sleep"));
  Running last(second, commandLine("sim-sleep"));
  control(u"{\"Inject\":{\"Function\":\"HcsSignalProcess\",\"Block\":true}}");
  std::thread blocked(
      [&] { CHECK(call(HcsSignalProcess, first.process, u"{\"Signal\":\"CtrlC\"}") == kAborted); });
  CHECK(await(u"\"BlockedCalls\":1"));
  // A call that comes in too late for that finds its handle gone.
  std::thread waiting([&] {
    const HResult status = call(HcsTerminateProcess, first.process);
    CHECK(status == kAborted || status == kBadHandle);
  });
  CHECK(await(u"\"CallsInside\":2"));
  CHECK(call(HcsTerminateProcess, last.process) == kOk && last.wait() == 1067);
  reset();
  blocked.join();
  waiting.join();
  nothingLeft();
}

void byControl() {
  reset();
  HcsSystem* system = running(u"c");
  const auto exit = [](std::uint32_t id, const std::u16string& more, bool good = true) {
    return control(u"{\"Exit\":{\"System\":\"c\",\"Process\":" + number(id) + more + u"}}", good);
  };
  Running process(system, commandLine("sim-cat"));
  const std::uint32_t id = process.information.processId;
  CHECK(contains(exit(id, u"", false), u"ExitCode"));
  CHECK(contains(exit(id, u",\"ExitCode\":1,\"ExitType\":\"None\"", false), u"ExitType"));
  CHECK(
      contains(exit(id + 4, u",\"ExitCode\":1", false), u"must be the id of a process that runs"));
  CHECK(contains(control(u"{\"Exit\":{\"System\":\"c\",\"ExitCode\":1}}", false), u"ExitCode"));
  exit(id, u",\"ExitCode\":3,\"LastWaitResult\":-5");
  CHECK(process.wait() == 3 && process.output.readAll().empty());
  CHECK(contains(process.log.events()[0].data, u"\"LastWaitResult\":-5"));
  CHECK(ask(HcsGetProcessProperties, process.process) == kOk);
  CHECK(payload == process.log.events()[0].data);

  Running told(system, commandLine("sim-cat"));
  exit(told.information.processId, u",\"ExitCode\":3,\"Data\":\"{\",\"Status\":\"0x80004005\"");
  CHECK(told.log.wait(1) && told.log.events()[0].data == u"{");
  CHECK(told.log.events()[0].status == 0x80004005);
  Running lost(system, commandLine("sim-cat"));
  exit(lost.information.processId, u",\"ExitCode\":3,\"LoseExit\":true");
  CHECK(lost.output.readAll().empty());
  quiet();
  CHECK(lost.log.events().empty());
  control(u"{\"Exit\":{\"System\":\"c\",\"LoseExit\":true}}");
  Log log;
  log.on(system);
  quiet();
  CHECK(log.types() == std::vector<std::uint32_t>({2}));
  nothingLeft();
}

// Rules on the call that makes a process are about the exit that it will have.
void hostileExits() {
  reset();
  HcsSystem* system = running(u"h");
  control(
      u"{\"Inject\":{\"Function\":\"HcsCreateProcess\",\"CompletionData\":\"\","
      u"\"CompletionStatus\":\"0x800705B4\"}}");
  Running empty(system, commandLine("sim-crash 5"));
  CHECK(empty.log.wait(1) && empty.log.events()[0].data.empty());
  CHECK(empty.log.events()[0].hasData && empty.log.events()[0].status == 0x800705B4);
  CHECK(ask(HcsGetProcessProperties, empty.process) == kOk && contains(payload, u"\"ExitCode\":5"));
  control(u"{\"Inject\":{\"Function\":\"HcsTerminateProcess\",\"CompletionData\":\"{]\"}}");
  Running malformed(system, commandLine("sim-sleep"));
  CHECK(call(HcsTerminateProcess, malformed.process) == kOk);
  CHECK(malformed.log.wait(1) && malformed.log.events()[0].data == u"{]");
  control(u"{\"Inject\":{\"Function\":\"HcsCreateProcess\",\"LoseExit\":true}}");
  Running lost(system, commandLine("cmd /c ver"));
  CHECK(!lost.output.readAll().empty());
  nothingLeft();
  quiet();
  CHECK(lost.log.events().empty());
  CHECK(contains(control(u"{\"Inject\":{\"Function\":\"HcsCreateProcess\",\"DelayMs\":1}}", false),
                 u"DelayMs"));
}

// Many at once, ended in every way while they are busy.
void crowd() {
  reset();
  HcsSystem* system = running(u"m");
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([system, i] {
      for (int round = 0; round < 6; ++round) {
        Running process(system, commandLine(i % 2 == 0 ? "sim-cat" : "sim-flood 300000"));
        std::thread reader([&] { process.output.readAll(); });
        if (i % 2 == 0) process.input.write(std::string(100'000, 'x'));
        if (round % 3 == 0) process.input.close();
        if (round % 3 == 1) call(HcsTerminateProcess, process.process);
        if (round % 3 == 2) call(HcsSignalProcess, process.process, u"{\"Signal\":\"CtrlC\"}");
        reader.join();
        CHECK(process.wait() != UINT32_MAX);
      }
    });
  }
  for (std::thread& client : clients) client.join();
  nothingLeft();
}

}  // namespace

int main() {
  turns();
  byControl();
  hostileExits();
  crowd();
  return summary();
}
