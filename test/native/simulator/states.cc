// States of a system, which calls they allow, and the three ways in which calls are completed.
#include "../support/simulator-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

using Lifecycle = decltype(&HcsStartComputeSystem);

constexpr Lifecycle kStart = HcsStartComputeSystem;
constexpr Lifecycle kPause = HcsPauseComputeSystem;
constexpr Lifecycle kResume = HcsResumeComputeSystem;
constexpr Lifecycle kSave = HcsSaveComputeSystem;
constexpr Lifecycle kShutdown = HcsShutdownComputeSystem;
constexpr Lifecycle kTerminate = HcsTerminateComputeSystem;

HcsSystem* inState(const std::u16string& state) {
  HcsSystem* system = create(u"s");
  if (state == u"Created") return system;
  call(kStart, system, u"");
  if (state == u"Paused" || state == u"SavedAsTemplate") call(kPause, system, u"");
  if (state == u"SavedAsTemplate") call(kSave, system, u"{\"SaveType\":\"AsTemplate\"}");
  if (state == u"Stopped") call(kTerminate, system, u"");
  return system;
}

void table() {
  constexpr HResult kBad = kInvalidState;
  struct Row {
    const char16_t* state;
    HResult start, pause, resume, save, shutdown, terminate, modify, process;
  };
  const Row rows[] = {
      {u"Created", kPending, kBad, kBad, kBad, kBad, kPending, kOk, kBad},
      {u"Running", kBad, kPending, kBad, kBad, kPending, kPending, kOk, kOk},
      {u"Paused", kBad, kBad, kPending, kPending, kBad, kPending, kOk, kBad},
      {u"SavedAsTemplate", kBad, kBad, kBad, kBad, kBad, kPending, kOk, kBad},
      {u"Stopped", kBad, kBad, kBad, kBad, kSystemStopped, kSystemStopped, kBad, kBad},
  };
  for (const Row& row : rows) {
    const auto expect = [&](Lifecycle function, HResult status) {
      reset();
      HcsSystem* system = inState(row.state);
      CHECK(stateOf(system) == row.state);
      if (!CHECK(call(function, system, u"") == status)) show("state", row.state);
      CHECK(result.empty() == (status == kPending));
    };
    expect(kStart, row.start);
    expect(kPause, row.pause);
    expect(kResume, row.resume);
    expect(kSave, row.save);
    expect(kShutdown, row.shutdown);
    expect(kTerminate, row.terminate);
    reset();
    HcsSystem* system = inState(row.state);
    CHECK(call(HcsModifyComputeSystem, system,
               u"{\"ResourcePath\":\"Container/Memory/SizeInMB\",\"RequestType\":\"Update\","
               u"\"Settings\":512}") == row.modify);
    ProcessInformation information;
    HcsProcess* process = nullptr;
    CHECK(call(HcsCreateProcess, system, u"{\"CommandLine\":\"sim-sleep\"}", &information,
               &process) == row.process);
  }
}

void names() {
  reset();
  HcsSystem* system = create(u"one");
  HcsSystem* other = nullptr;
  CHECK(call(HcsCreateComputeSystem, u"one", container().c_str(), static_cast<void*>(nullptr),
             &other) == kSystemExists);
  CHECK(other == nullptr && contains(result, u"'one'"));
  CHECK(call(HcsOpenComputeSystem, u"two", &other) == kSystemNotFound && other == nullptr);
  CHECK(call(HcsOpenComputeSystem, u"", &other) == kBadArgument);
  CHECK(call(HcsOpenComputeSystem, u"one", &other) == kOk && other != nullptr && other != system);

  CHECK(HcsCloseComputeSystem(system) == kOk);
  CHECK(HcsCloseComputeSystem(system) == kBadHandle);
  CHECK(call(kStart, system, u"") == kBadHandle);
  CHECK(call(kStart, static_cast<HcsSystem*>(nullptr), u"") == kBadHandle);
  CHECK(call(kStart, reinterpret_cast<HcsSystem*>(&other), u"") == kBadHandle);
  CHECK(call(kStart, other, u"") == kPending);

  // A stopped system gives its id free; its handles still answer.
  CHECK(call(kTerminate, other, u"") == kPending);
  HcsSystem* again = create(u"one");
  CHECK(stateOf(other) == u"Stopped" && contains(payload, u"\"ExitType\":\"ForcedExit\""));
  CHECK(stateOf(again) == u"Created");
}

void lastHandle() {
  reset();
  HcsSystem* system = create(u"a", container(u",\"ShouldTerminateOnLastHandleClosed\":true"));
  HcsSystem* second = nullptr;
  call(HcsOpenComputeSystem, u"a", &second);
  HcsCloseComputeSystem(system);
  CHECK(ask(HcsEnumerateComputeSystems, u"") == kOk && contains(payload, u"\"Id\":\"a\""));
  HcsCloseComputeSystem(second);
  CHECK(ask(HcsEnumerateComputeSystems, u"") == kOk && payload == u"[]");
  // Without the flag a system outlives its handles.
  HcsCloseComputeSystem(running(u"b"));
  CHECK(call(HcsOpenComputeSystem, u"b", &second) == kOk && stateOf(second) == u"Running");
}

void nulls() {
  char16_t* text = nullptr;
  HcsSystem* system = nullptr;
  CHECK(HcsCreateComputeSystem(u"a", u"{}", nullptr, nullptr, &text) == kBadArgument);
  CHECK(HcsCreateComputeSystem(u"a", u"{}", nullptr, &system, nullptr) == kBadArgument);
  CHECK(HcsEnumerateComputeSystems(nullptr, nullptr, &text) == kBadArgument);
  CHECK(HcSimulatorControl(u"{}", nullptr) == kBadArgument);
  CHECK(call(HcsCreateComputeSystem, static_cast<const char16_t*>(nullptr), u"{}",
             static_cast<void*>(nullptr), &system) == kBadArgument);
  CHECK(call(HcsCreateComputeSystem, u"a", static_cast<const char16_t*>(nullptr),
             static_cast<void*>(nullptr), &system) == kInvalidJson);
  HcsSystem* made = running(u"nulls");
  HcsRegistration* registration = nullptr;
  CHECK(HcsRegisterComputeSystemCallback(made, nullptr, nullptr, &registration) == kBadArgument);
  CHECK(HcsUnregisterComputeSystemCallback(nullptr) == kBadHandle);
  CHECK(call(kPause, made, static_cast<const char16_t*>(nullptr)) == kPending);
  CHECK(call(kResume, made, u"{") == kInvalidJson);
}

void pending() {
  reset();
  HcsSystem* system = create(u"p");
  Log log;
  listen(system, &log);
  for (Lifecycle function : {kStart, kPause, kSave, kResume, kShutdown})
    CHECK(call(function, system, u"") == kPending);
  CHECK(log.wait(6));
  CHECK(log.types() == std::vector<std::uint32_t>({2, 3, 4, 8, 5, 1}));
  CHECK(log.events()[5].data == u"{\"Status\":0,\"ExitType\":\"GracefulExit\"}");
}

void now() {
  reset();
  control(u"{\"Configure\":{\"Completion\":\"now\"}}");
  HcsSystem* system = nullptr;
  CHECK(call(HcsCreateComputeSystem, u"n", container().c_str(), static_cast<void*>(nullptr),
             &system) == kOk);
  Log log;
  listen(system, &log);
  CHECK(call(kStart, system, u"") == kOk && stateOf(system) == u"Running");
  control(u"{\"Configure\":{\"EchoCompletion\":true}}");
  CHECK(call(kPause, system, u"") == kOk);
  CHECK(call(kTerminate, system, u"") == kOk);
  CHECK(log.wait(2));
  quiet();
  CHECK(log.types() == std::vector<std::uint32_t>({4, 1}));
}

void early() {
  reset();
  control(u"{\"Configure\":{\"Completion\":\"early\",\"Profile\":{\"Start\":5}}}");
  HcsSystem* system = create(u"e");
  Log log;
  listen(system, &log);
  CHECK(log.wait(1));
  CHECK(call(kStart, system, u"") == kPending);
  CHECK(log.types() == std::vector<std::uint32_t>({2, 3}));
  CHECK(call(kTerminate, system, u"") == kPending);
  CHECK(log.types() == std::vector<std::uint32_t>({2, 3, 1}));
}

// While an operation is under way only Terminate is allowed, and it makes the operation fail before
// the exit.
void overtaking() {
  reset();
  control(u"{\"Configure\":{\"Profile\":{\"Start\":60000,\"Create\":60000}}}");
  HcsSystem* creating = create(u"c");
  Log first;
  listen(creating, &first);
  CHECK(call(kStart, creating, u"") == kInvalidState && contains(result, u"Creating"));
  CHECK(call(kTerminate, creating, u"") == kPending && first.wait(2));
  CHECK(first.types() == std::vector<std::uint32_t>({2, 1}));
  CHECK(first.events()[0].status == 0xC0370107 && first.events()[1].status == kOk);

  control(u"{\"Configure\":{\"Profile\":{\"Start\":60000}}}");
  HcsSystem* starting = create(u"d");
  Log second;
  listen(starting, &second);
  CHECK(call(kStart, starting, u"") == kPending);
  CHECK(call(kPause, starting, u"") == kInvalidState && stateOf(starting) == u"Created");
  CHECK(contains(control(u"{\"State\":{}}"), u"\"State\":\"Starting\""));
  CHECK(call(kTerminate, starting, u"") == kPending && second.wait(3));
  CHECK(second.types() == std::vector<std::uint32_t>({2, 3, 1}));
  CHECK(second.events()[1].status == 0xC0370100);
  CHECK(contains(second.events()[1].data, u"\"Detail\":\"Start\""));
  CHECK(second.events()[2].data == u"{\"Status\":0,\"ExitType\":\"ForcedExit\"}");
}

void slowTerminate() {
  reset();
  control(u"{\"Configure\":{\"Profile\":{\"Terminate\":30}}}");
  HcsSystem* system = create(u"t");
  Log log;
  listen(system, &log);
  CHECK(call(kStart, system, u"") == kPending);
  CHECK(call(kTerminate, system, u"") == kPending);
  CHECK(call(kTerminate, system, u"") == kPending);
  CHECK(call(kShutdown, system, u"") == kInvalidState && stateOf(system) == u"Running");
  CHECK(log.wait(3));
  quiet();
  CHECK(log.types() == std::vector<std::uint32_t>({2, 3, 1}) && stateOf(system) == u"Stopped");
}

void families() {
  reset();
  control(u"{\"Configure\":{\"CodeFamily\":\"hcs\"}}");
  HcsSystem* system = create(u"f");
  CHECK(call(kPause, system, u"") == 0x80370105);
  CHECK(call(kStart, system, u"") == kPending);
  control(u"{\"Configure\":{\"PauseContainers\":false}}");
  CHECK(call(kPause, system, u"") == 0x80070032);
  CHECK(call(kPause, running(u"vm", machine()), u"") == kPending);
  reset();
  CHECK(call(kPause, create(u"g"), u"") == kInvalidState);
}

// Words that no host knows are refused before the state is looked at; nothing happens then.
void options() {
  reset();
  control(u"{\"Configure\":{\"Strict\":true}}");
  HcsSystem* system = running(u"o");
  const auto refused = [](Lifecycle function, HcsSystem* subject, const char16_t* document,
                          const char16_t* named) {
    CHECK(call(function, subject, document) == kInvalidJson && contains(result, named));
  };
  refused(kSave, system, u"{\"SaveType\":\"ToDisk\"}",
          u"$.SaveType must be one of ToFile, AsTemplate.");
  refused(kShutdown, system, u"{\"Mechanism\":\"Power\"}", u"$.Mechanism");
  refused(kShutdown, system, u"{\"Type\":\"Halt\"}", u"$.Type");
  refused(kShutdown, system, u"{\"Force\":1}", u"$.Force");
  refused(kPause, system, u"{\"SuspensionLevel\":\"Deep\"}", u"$.SuspensionLevel");
  CHECK(stateOf(system) == u"Running");
  refused(kPause, system, u"{\"SaveType\":\"ToFile\"}", u"$.SaveType is not a known member");
  CHECK(call(kPause, system, u"{\"SuspensionLevel\":\"MemoryLow\"}") == kPending);
  CHECK(call(kResume, system, u"{\"SuspensionLevel\":\"Deep\"}") == kPending);
  CHECK(call(kShutdown, system, u"{\"Type\":\"Reboot\",\"Force\":true}") == kPending);
}

}  // namespace

int main() {
  table();
  names();
  lastHandle();
  nulls();
  pending();
  now();
  early();
  overtaking();
  slowTerminate();
  families();
  options();
  return summary();
}
