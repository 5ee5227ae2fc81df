// Processes of a system: their documents, their ends, and the order of exits.
#include "../support/simulator-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

struct Launched {
  HcsProcess* process = nullptr;
  ProcessInformation information = {};
};

Launched launch(HcsSystem* system, const char16_t* document = u"{\"CommandLine\":\"sim-sleep\"}") {
  Launched launched;
  CHECK(call(HcsCreateProcess, system, document, &launched.information, &launched.process) == kOk);
  return launched;
}

HcsRegistration* listenTo(HcsProcess* process, Log* log) { return log->on(process); }

std::u16string statusOf(HcsProcess* process) {
  CHECK(ask(HcsGetProcessProperties, process) == kOk);
  return payload;
}

void documents() {
  reset();
  control(u"{\"Configure\":{\"Strict\":true}}");
  HcsSystem* system = running(u"p");
  struct Row {
    const char16_t* document;
    HResult status;
    const char16_t* named;
  };
  const Row rows[] = {
      {u"{\"CommandLine\":\"sim-sleep\",\"WorkingDirectory\":\"C:\\\\\",\"Environment\":{\"A\":"
       u"\"1\"},"
       u"\"EmulateConsole\":true,\"ConsoleSize\":[40,120],\"CreateStdInPipe\":true}",
       kOk, u""},
      {u"{\"CommandArgs\":[\"ping\",\"-t\"]}", kOk, u""},
      {u"{\"ApplicationName\":\"sim-sleep\",\"CommandLine\":\"\"}", kOk, u""},
      {u"{\"CommandLine\":\"a\"}", 0x80070002, u"CommandLine: 'a'"},
      {u"{}", kInvalidJson, u"$.CommandLine"},
      {u"{\"CommandLine\":\"\"}", kInvalidJson, u"$.CommandLine"},
      {u"{\"CommandLine\":1}", kInvalidJson, u"$.CommandLine"},
      {u"{\"CommandLine\":\"a\",\"Environment\":{\"A\":1}}", kInvalidJson, u"$.Environment"},
      {u"{\"CommandLine\":\"a\",\"ConsoleSize\":[1]}", kInvalidJson, u"$.ConsoleSize"},
      {u"{\"CommandLine\":\"a\",\"Comandline\":\"b\"}", kInvalidJson, u"$.Comandline"},
      {u"[]", kInvalidJson, u"$"},
      {u"", kInvalidJson, u"offset 0"}};
  for (const Row& row : rows) {
    ProcessInformation information;
    HcsProcess* process = nullptr;
    CHECK(call(HcsCreateProcess, system, row.document, &information, &process) == row.status);
    CHECK(contains(result, row.named) && (process != nullptr) == (row.status == kOk));
  }
  CHECK(ask(HcsGetComputeSystemProperties, system, u"{\"PropertyTypes\":[\"ProcessList\"]}") ==
        kOk);
  CHECK(contains(payload, u"\"ImageName\":\"sim-sleep.exe\"") &&
        contains(payload, u"\"ImageName\":\"PING.EXE\""));
}

void information() {
  reset();
  HcsSystem* system = running(u"i");
  const Launched one = launch(system);
  const Launched two = launch(system);
  CHECK(one.information.processId != 0);
  CHECK(one.information.processId != two.information.processId);
  CHECK(one.information.stdInput == nullptr && one.information.stdError == nullptr);
  ProcessInformation again;
  CHECK(call(HcsGetProcessInfo, one.process, &again) == kOk);
  CHECK(again.processId == one.information.processId && again.stdOutput == nullptr);
  HcsProcess* opened = nullptr;
  CHECK(call(HcsOpenProcess, system, two.information.processId, &opened) == kOk);
  CHECK(opened != two.process && statusOf(opened) == statusOf(two.process));
  CHECK(call(HcsOpenProcess, system, 99999u, &opened) == 0x80070490 && opened == nullptr);
  CHECK(HcsCloseProcess(two.process) == kOk && HcsCloseProcess(two.process) == kBadHandle);
  CHECK(call(HcsGetProcessInfo, two.process, &again) == kBadHandle);
  CHECK(HcsCloseComputeSystem(reinterpret_cast<HcsSystem*>(one.process)) == kBadHandle);
}

void terminate() {
  reset();
  HcsSystem* system = running(u"t");
  const Launched launched = launch(system);
  Log log;
  listenTo(launched.process, &log);
  CHECK(call(HcsTerminateProcess, launched.process) == kOk && log.wait(1));
  CHECK(log.events()[0].type == 0x10000 && log.events()[0].status == kOk);
  CHECK(log.events()[0].data == statusOf(launched.process));
  CHECK(contains(log.events()[0].data, u"\"Exited\":true,\"ExitCode\":1067,\"LastWaitResult\":0"));
  CHECK(call(HcsTerminateProcess, launched.process) == 0x8037011F);
  CHECK(call(HcsSignalProcess, launched.process, u"{\"Signal\":\"CtrlC\"}") == 0x80070490);
  ProcessInformation again;
  CHECK(call(HcsGetProcessInfo, launched.process, &again) == 0x80070490);
  HcsProcess* opened = nullptr;
  CHECK(call(HcsOpenProcess, system, launched.information.processId, &opened) == 0x80070490);
  Log late;
  listenTo(launched.process, &late);
  CHECK(late.wait(1) && late.events()[0].type == 0x10000);
  quiet();
  CHECK(log.events().size() == 1 && late.events().size() == 1);

  control(u"{\"Inject\":{\"Function\":\"HcsTerminateProcess\",\"Completion\":\"pending\"}}");
  const Launched second = launch(system);
  Log other;
  listenTo(second.process, &other);
  CHECK(call(HcsTerminateProcess, second.process) == kPending && other.wait(1));
  control(u"{\"Inject\":{\"Function\":\"HcsTerminateProcess\",\"Completion\":\"lost\"}}");
  const Launched third = launch(system);
  Log silent;
  listenTo(third.process, &silent);
  CHECK(call(HcsTerminateProcess, third.process) == kPending);
  quiet();
  CHECK(silent.events().empty() && contains(statusOf(third.process), u"\"Exited\":true"));

  // The call does not wait for an end that takes its time.
  control(u"{\"Inject\":{\"Function\":\"HcsTerminateProcess\",\"DelayMs\":86400000}}");
  const Launched slow = launch(system);
  CHECK(call(HcsTerminateProcess, slow.process) == kOk);
  CHECK(contains(statusOf(slow.process), u"\"Exited\":false"));
}

void signals() {
  reset();
  HcsSystem* system = running(u"s");
  const Launched launched = launch(system);
  CHECK(call(HcsSignalProcess, launched.process, u"{\"Signal\":15}") == kInvalidJson);
  CHECK(call(HcsSignalProcess, launched.process, u"{\"Signal\":\"TERM\"}") == kInvalidJson);
  CHECK(call(HcsSignalProcess, launched.process, u"") == kInvalidJson);
  CHECK(call(HcsSignalProcess, launched.process, u"{\"Signal\":\"CtrlC\"}") == kOk);
  CHECK(contains(statusOf(launched.process), u"\"ExitCode\":3221225786"));

  HcsSystem* guest = running(u"lx", linuxContainer(u"lx"));
  const Launched init = launch(guest, u"{\"CommandArgs\":[\"/usr/bin/sim-sleep\"]}");
  CHECK(call(HcsSignalProcess, init.process, u"{\"Signal\":\"CtrlC\"}") == kInvalidJson);
  CHECK(call(HcsSignalProcess, init.process, u"{\"Signal\":0}") == kOk);
  CHECK(call(HcsSignalProcess, init.process, u"{\"Signal\":9}") == kOk);
  CHECK(contains(statusOf(init.process), u"\"ExitCode\":137"));

  control(u"{\"Inject\":{\"Function\":\"HcsSignalProcess\",\"LoseExit\":true}}");
  const Launched lost = launch(system);
  Log log;
  listenTo(lost.process, &log);
  CHECK(call(HcsSignalProcess, lost.process, u"{\"Signal\":\"CtrlShutdown\"}") == kOk);
  quiet();
  CHECK(log.events().empty());
  CHECK(call(HcsSignalProcess, lost.process, u"{\"Signal\":\"CtrlC\"}") == 0x80070490);
}

void modify() {
  reset();
  const Launched launched = launch(running(u"m"));
  struct Row {
    const char16_t* document;
    HResult status;
  };
  const Row rows[] = {
      {u"{\"Operation\":\"CloseHandle\",\"CloseHandle\":{\"Handle\":\"StdIn\"}}", kOk},
      {u"{\"Operation\":\"ConsoleSize\",\"ConsoleSize\":{\"Height\":40,\"Width\":120}}", kOk},
      {u"{\"Operation\":\"ConsoleSize\",\"ConsoleSize\":{}}", kOk},
      {u"{\"Operation\":\"ConsoleSize\",\"ConsoleSize\":{\"Height\":70000}}", kInvalidJson},
      {u"{\"Operation\":\"ConsoleSize\"}", kInvalidJson},
      {u"{\"Operation\":\"CloseHandle\",\"CloseHandle\":{\"Handle\":\"Stdin\"}}", kInvalidJson},
      {u"{\"Operation\":\"Close\"}", kInvalidJson},
      {u"{}", kInvalidJson}};
  control(u"{\"Configure\":{\"Strict\":true}}");
  for (const Row& row : rows)
    CHECK(call(HcsModifyProcess, launched.process, row.document) == row.status);
  CHECK(call(HcsTerminateProcess, launched.process) == kOk);
  CHECK(call(HcsModifyProcess, launched.process, rows[0].document) == 0x8037011F);
}

std::u16string stateMember(const std::u16string& name) {
  const std::u16string state = control(u"{\"State\":{}}");
  const std::size_t at = state.find(u'"' + name + u"\":");
  CHECK(at != std::u16string::npos);
  return state.substr(at, state.find_first_of(u",}", at) - at);
}

// Programs that only wait cost no thread, and end like all others: by themselves, with their
// system, by a Reset.
void waiting() {
  constexpr int kMany = 200;
  reset();
  control(u"{\"Configure\":{\"Clock\":\"virtual\"}}");
  HcsSystem* system = running(u"w");
  HcsSystem* guest = running(u"lx", linuxContainer(u"lx"));
  launch(system, u"{\"CommandLine\":\"sim-sleep 1\"}");
  const std::u16string threads = stateMember(u"Threads");
  for (int i = 0; i < kMany; ++i) {
    launch(system, u"{\"CommandLine\":\"sim-sleep 1000\",\"CreateStdOutPipe\":true}");
    launch(system);
    launch(guest, u"{\"CommandArgs\":[\"/bin/sleep\",\"0.5\"]}");
    launch(guest, u"{\"CommandArgs\":[\"sleep\",\"infinity\"]}");
  }
  CHECK(stateMember(u"Threads") == threads);
  CHECK(stateMember(u"Programs") == u"\"Programs\":801");
  CHECK(stateMember(u"Scheduled") == u"\"Scheduled\":401");
  const Launched killed = launch(system, u"{\"CommandLine\":\"sim-sleep 1000\"}");
  CHECK(call(HcsTerminateProcess, killed.process) == kOk);
  CHECK(stateMember(u"Programs") == u"\"Programs\":801");
  CHECK(stateMember(u"Scheduled") == u"\"Scheduled\":401");
  const Launched last = launch(system, u"{\"CommandLine\":\"sim-sleep 999\"}");
  control(u"{\"Advance\":{\"Ms\":999}}");
  CHECK(contains(statusOf(last.process), u"\"Exited\":true,\"ExitCode\":0"));
  CHECK(stateMember(u"Programs") == u"\"Programs\":600");
  control(u"{\"Advance\":{\"Ms\":1}}");
  CHECK(stateMember(u"Programs") == u"\"Programs\":400");
  CHECK(stateMember(u"Scheduled") == u"\"Scheduled\":0");
  CHECK(stateMember(u"Pipes") == u"\"Pipes\":0");
  CHECK(call(HcsTerminateComputeSystem, guest, u"") == kPending);
  control(u"{\"Drain\":{}}");
  CHECK(stateMember(u"Programs") == u"\"Programs\":200");
  reset();
  CHECK(stateMember(u"Programs") == u"\"Programs\":0");
  // Time stands still: a program that does not wait has ended when the call returns.
  control(u"{\"Configure\":{\"Clock\":\"virtual\"}}");
  const Launched none = launch(running(u"n"), u"{\"CommandLine\":\"sim-sleep 0\"}");
  CHECK(contains(statusOf(none.process), u"\"Exited\":true,\"ExitCode\":0"));
}

// The exit of a system ends its processes, and is received after theirs.
void systemExit() {
  reset();
  HcsSystem* system = running(u"x");
  quiet();
  const Launched first = launch(system);
  const Launched second = launch(system);
  Log log;  // of all three
  listen(system, &log);
  listenTo(first.process, &log);
  listenTo(second.process, &log);
  CHECK(call(HcsShutdownComputeSystem, system, u"") == kPending && log.wait(4));
  quiet();
  CHECK(log.types() == std::vector<std::uint32_t>({2, 0x10000, 0x10000, 1}));
  CHECK(contains(statusOf(first.process), u"\"ExitCode\":3221225786"));
  HcsCloseComputeSystem(system);
  CHECK(contains(statusOf(second.process), u"\"Exited\":true"));
  CHECK(HcsCloseProcess(first.process) == kOk && HcsCloseProcess(second.process) == kOk);
}

}  // namespace

int main() {
  documents();
  information();
  terminate();
  signals();
  modify();
  waiting();
  systemExit();
  return summary();
}
