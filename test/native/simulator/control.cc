// HcSimulatorControl: its protocol, and the commands that no other test is about.
#include <atomic>

#include "../../../native/simulator/exports/state-library.h"
#include "../support/simulator-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

void refusals() {
  reset();
  create(u"s");
  struct Row {
    const char16_t* request;
    const char16_t* named;
  };
  const Row rows[] = {
      {u"", u"offset 0"},
      {u"[]", u"$ must be an object"},
      {u"{}", u"exactly one member"},
      {u"{\"State\":{},\"Reset\":{}}", u"exactly one member"},
      {u"{\"Sate\":{}}", u"$.Sate must be a command"},
      {u"{\"State\":null}", u"$.State"},
      {u"{\"Reset\":{\"a\":1}}", u"$.Reset"},
      {u"{\"Configure\":{\"Completion\":\"soon\"}}", u"$.Configure.Completion"},
      {u"{\"Configure\":{\"Completion\":\"lost\"}}", u"$.Configure.Completion"},
      {u"{\"Configure\":{\"CodeFamily\":\"x\"}}", u"$.Configure.CodeFamily"},
      {u"{\"Configure\":{\"Profile\":\"fast\"}}", u"$.Configure.Profile"},
      {u"{\"Configure\":{\"Profile\":{\"Stop\":1}}}", u"$.Configure.Profile.Stop"},
      {u"{\"Configure\":{\"Profile\":{\"Start\":-1}}}", u"$.Configure.Profile.Start"},
      {u"{\"Configure\":{\"Profile\":{\"Jitter\":2}}}", u"$.Configure.Profile.Jitter"},
      {u"{\"Configure\":{\"Echo\":true}}", u"$.Configure.Echo"},
      {u"{\"Inject\":{}}", u"$.Inject.Function"},
      {u"{\"Inject\":{\"Function\":\"HcsStart\"}}", u"$.Inject.Function"},
      {u"{\"Inject\":{\"Function\":\"HcSimulatorControl\"}}", u"$.Inject.Function"},
      {u"{\"Inject\":{\"Function\":\"simulator.HcSimulatorControl\"}}", u"$.Inject.Function"},
      {u"{\"Inject\":{\"Function\":\"computecore.HcsOpenLayer\"}}", u"$.Inject.Function"},
      {u"{\"Inject\":{\"Function\":\"HcsOpenProcess\",\"Nth\":0}}", u"$.Inject.Nth"},
      {u"{\"Inject\":{\"Function\":\"HcsOpenProcess\",\"Staus\":0}}", u"$.Inject.Staus"},
      {u"{\"Inject\":{\"Function\":\"HcsOpenProcess\",\"Status\":\"5\"}}", u"$.Inject.Status"},
      {u"{\"Inject\":{\"Function\":\"HcsOpenProcess\",\"Status\":4294967296}}", u"$.Inject.Status"},
      {u"{\"Inject\":{\"Function\":\"HcsOpenProcess\",\"DelayMs\":1}}", u"$.Inject.DelayMs"},
      {u"{\"Inject\":{\"Function\":\"HcsOpenProcess\",\"LoseExit\":true}}", u"$.Inject.LoseExit"},
      {u"{\"Inject\":{\"Function\":\"HcsCloseProcess\",\"Result\":\"\"}}", u"$.Inject.Result"},
      {u"{\"Inject\":{\"Function\":\"HcsOpenProcess\",\"Properties\":\"\"}}",
       u"$.Inject.Properties"},
      {u"{\"Inject\":{\"Function\":\"HcsGetServiceProperties\",\"System\":\"\"}}",
       u"$.Inject.System"},
      {u"{\"Clear\":{\"Rule\":77}}", u"$.Clear.Rule"},
      {u"{\"Release\":{}}", u"$.Release.Rule"},
      {u"{\"Notify\":{\"System\":\"none\",\"Type\":1}}", u"$.Notify"},
      {u"{\"Notify\":{\"System\":\"s\"}}", u"$.Notify.Type"},
      {u"{\"Notify\":{\"System\":\"s\",\"Process\":4,\"Type\":1}}", u"$.Notify"},
      {u"{\"Notify\":{\"System\":\"s\",\"Type\":1,\"Threads\":0}}", u"$.Notify.Threads"},
      {u"{\"Notify\":{\"System\":\"s\",\"Type\":1,\"Data\":5}}", u"$.Notify.Data"},
      {u"{\"Exit\":{\"System\":\"none\"}}", u"$.Exit.System"},
      {u"{\"Exit\":{\"System\":\"s\",\"ExitType\":\"Bang\"}}", u"$.Exit.ExitType"},
      {u"{\"Exit\":{\"System\":\"s\",\"Crash\":true}}",
       u"$.Exit.Crash must be for a virtual machine"},
      {u"{\"Exit\":{\"System\":\"s\",\"Process\":4,\"ExitCode\":1,\"Crash\":true}}",
       u"$.Exit.Crash"},
      {u"{\"Disconnect\":{\"Status\":0}}", u"$.Disconnect.Status must be a failure"},
      {u"{\"Inject\":{\"Function\":\"HcsOpenProcess\",\"KeepPipes\":true}}", u"$.Inject.KeepPipes"},
      {u"{\"Await\":{\"CallsInside\":0}}", u"$.Await.TimeoutMs"},
      {u"{\"Await\":{\"TimeoutMs\":1,\"Handles\":{\"Sytem\":1}}}", u"$.Await.Handles.Sytem"}};
  for (const Row& row : rows) {
    const std::u16string answer = control(row.request, false);
    if (!CHECK(contains(answer, u"{\"Error\":\"") && contains(answer, row.named)))
      show("answer", answer);
  }
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Rules\":0"));
}

void configure() {
  reset();
  const std::u16string standard =
      u"{\"Completion\":\"pending\",\"EchoCompletion\":false,\"CodeFamily\":\"vmcompute\","
      u"\"PauseContainers\":true,\"SiloJobs\":false,\"UnknownNetworks\":false,"
      u"\"User\":\"Administrator\",\"SchemaVersion\":\"2.5\","
      u"\"Strict\":false,\"HnsVersion\":\"15.4\",\"PublishedPorts\":\"any\",\"Profile\":{"
      u"\"Create\":0,\"Start\":0,"
      u"\"Pause\":0,\"Resume\":0,"
      u"\"Save\":0,\"Shutdown\":0,\"Terminate\":0,\"Jitter\":0,\"RareShare\":0,"
      u"\"RareMs\":0},\"ProfileName\":\"none\",\"Seed\":1,\"Clock\":\"real\"}";
  CHECK(control(u"{\"Configure\":{}}") == standard);
  const std::u16string changed = control(
      u"{\"Configure\":{\"Completion\":\"early\",\"Profile\":{\"Start\":1.5,\"Jitter\":0.2}}}");
  CHECK(contains(changed, u"\"Start\":1.5") && contains(changed, u"\"Jitter\":0.2"));
  CHECK(contains(control(u"{\"Configure\":{\"Profile\":\"none\"}}"), u"\"Start\":0"));
  reset();
  CHECK(control(u"{\"Configure\":{}}") == standard);
}

// Two runs with one seed are alike; another seed is not.
void seeds() {
  const auto identity = [](const std::u16string& seed) {
    reset();
    control(u"{\"Configure\":{\"Seed\":" + seed + u"}}");
    HcsSystem* system = create(u"s");
    CHECK(ask(HcsGetComputeSystemProperties, system, u"") == kOk);
    return payload.substr(payload.find(u"\"RuntimeId\""), 49);
  };
  const std::u16string first = identity(u"7");
  CHECK(first == identity(u"7") && first != identity(u"8"));
}

void state() {
  reset();
  HcsSystem* system = running(u"s", container());
  Log log;
  listen(system, &log);
  ProcessInformation information;
  HcsProcess* process = nullptr;
  call(HcsCreateProcess, system, u"{\"CommandLine\":\"sim-sleep\"}", &information, &process);
  quiet();
  const std::u16string text = control(u"{\"State\":{}}");
  for (const char16_t* piece :
       {u"{\"Systems\":[{\"Id\":\"s\",\"State\":\"Running\",\"Owner\":\"test\",\"Handles\":1,"
        u"\"Registrations\":1,\"Processes\":1,\"Call\":1}]",
        u"\"Handles\":{\"System\":1,\"Process\":1,\"Registration\":1,\"Network\":0,"
        u"\"Operation\":0,\"Disk\":0}",
        u"\"CallsInside\":0,\"BlockedCalls\":0,\"Undelivered\":0",
        u"\"Calls\":{\"vmcompute.HcsCreateComputeSystem\":1,\"vmcompute.HcsStartComputeSystem\":1,"
        u"\"vmcompute.HcsRegisterComputeSystemCallback\":1,\"vmcompute.HcsCreateProcess\":1}",
        u"\"Rules\":0}"})
    if (!CHECK(contains(text, piece))) show("state", text);
  // Reset answers with what was, and leaves nothing; it notifies nobody.
  CHECK(control(u"{\"Reset\":{}}") == text);
  CHECK(contains(control(u"{\"State\":{}}"),
                 u"{\"Systems\":[],\"Handles\":{\"System\":0,\"Process\":0,\"Registration\":0,"
                 u"\"Network\":0,\"Operation\":0,\"Disk\":0}"));
  CHECK(call(HcsStartComputeSystem, system, u"") == kBadHandle);
  CHECK(HcsCloseProcess(process) == kBadHandle);
  for (const std::uint32_t type : log.types()) CHECK(type == 2 || type == 3);
}

void await() {
  reset();
  CHECK(control(u"{\"Await\":{\"Handles\":{\"System\":1},\"TimeoutMs\":1}}") ==
        u"{\"Reached\":false}");
  std::thread later([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    create(u"s");
  });
  CHECK(
      control(u"{\"Await\":{\"Handles\":{\"System\":1},\"CallsInside\":0,\"TimeoutMs\":10000}}") ==
      u"{\"Reached\":true}");
  later.join();
}

void notify() {
  reset();
  HcsSystem* system = create(u"n");
  Log log;
  listen(system, &log);
  CHECK(control(u"{\"Notify\":{\"System\":\"n\",\"Type\":1073741830,\"Status\":\"0x80004005\","
                u"\"Data\":\"{}\",\"Count\":2}}") == u"{\"Queued\":2}");
  CHECK(control(u"{\"Notify\":{\"System\":\"n\",\"Type\":99,\"Data\":null}}") == u"{\"Queued\":1}");
  CHECK(log.wait(4) && log.types() == std::vector<std::uint32_t>({2, 0x40000006, 0x40000006, 99}));
  CHECK(log.events()[1].status == 0x80004005 && log.events()[1].data == u"{}");
  CHECK(!log.events()[3].hasData);
  // After the exit too.
  call(HcsTerminateComputeSystem, system, u"");
  control(u"{\"Notify\":{\"System\":\"n\",\"Type\":3,\"Sequence\":true,\"Count\":3}}");
  CHECK(log.wait(8) && log.events()[4].type == 1 && log.events()[7].data == u"2");

  HcsSystem* other = running(u"p");
  ProcessInformation information;
  HcsProcess* process = nullptr;
  call(HcsCreateProcess, other, u"{\"CommandLine\":\"sim-sleep\"}", &information, &process);
  Log received;
  received.on(process);
  control(u"{\"Notify\":{\"System\":\"p\",\"Process\":4,\"Type\":65536}}");
  CHECK(information.processId == 4 && received.wait(1));
}

void exits() {
  reset();
  HcsSystem* system = create(u"e");
  Log log;
  listen(system, &log);
  control(u"{\"Exit\":{\"System\":\"e\"}}");
  CHECK(log.wait(2) && log.events()[1].status == 0xC0370106);
  CHECK(log.events()[1].data ==
        u"{\"Status\":-1070137082,\"ExitType\":\"UnexpectedExit\",\"Attribution\":[{\"SystemExit\":"
        u"{\"Detail\":\"UnexpectedExit\",\"Initiator\":\"GuestOS\"}}]}");
  CHECK(stateOf(system) == u"Stopped" && contains(payload, u"\"ExitType\":\"UnexpectedExit\""));
  Log second;
  listen(create(u"e"), &second);
  control(
      u"{\"Exit\":{\"System\":\"e\",\"Status\":0,\"ExitType\":\"GracefulExit\",\"Data\":\"-\"}}");
  CHECK(second.wait(2) && second.events()[1].status == 0 && second.events()[1].data == u"-");
}

void disconnect() {
  reset();
  HcsSystem* system = create(u"d");
  Log log;
  HcsRegistration* registration = listen(system, &log);
  CHECK(log.wait(1));
  control(u"{\"Disconnect\":{}}");
  CHECK(log.wait(2) && log.events()[1].type == 0x01000000);
  CHECK(log.events()[1].status == 0x800706BA && !log.events()[1].hasData);
  constexpr HResult kGone = 0x800706BA;
  constexpr HResult kStale = 0x800706EF;
  HcsSystem* other = nullptr;
  CHECK(call(HcsStartComputeSystem, system, u"") == kGone);
  CHECK(call(HcsOpenComputeSystem, u"d", &other) == kGone);
  CHECK(ask(HcsEnumerateComputeSystems, u"") == kGone);
  CHECK(ask(HcsGetServiceProperties, u"") == kGone);
  CHECK(call(HcsCreateComputeSystem, u"x", container().c_str(), static_cast<void*>(nullptr),
             &other) == kGone);
  // A registration on a lost handle is notified of the loss, and only of that.
  Log late;
  listen(system, &late);
  CHECK(late.wait(1) && late.types() == std::vector<std::uint32_t>({0x01000000}));

  // The service may also fall while calls are made.
  control(u"{\"Disconnect\":{\"Status\":\"0x800706BE\"}}");
  CHECK(call(HcsStartComputeSystem, system, u"") == 0x800706BE);
  CHECK(ask(HcsEnumerateComputeSystems, u"") == 0x800706BE);

  control(u"{\"Reconnect\":{}}");
  CHECK(call(HcsStartComputeSystem, system, u"") == kStale);
  CHECK(call(HcsOpenComputeSystem, u"d", &other) == kOk);
  CHECK(call(HcsStartComputeSystem, other, u"") == kPending && stateOf(other) == u"Running");
  quiet();
  CHECK(log.events().size() == 2 && late.events().size() == 1);
  CHECK(HcsUnregisterComputeSystemCallback(registration) == kOk);
  CHECK(HcsCloseComputeSystem(system) == kOk && HcsCloseComputeSystem(other) == kOk);
}

// One life of a container with a process, whatever of it may fail.
void containerLife(const std::u16string& id, Log* log) {
  HcsSystem* system = nullptr;
  call(HcsCreateComputeSystem, id.c_str(), container().c_str(), static_cast<void*>(nullptr),
       &system);
  HcsRegistration* registration = nullptr;
  HcsRegisterComputeSystemCallback(system, Log::onNotification, log, &registration);
  call(HcsStartComputeSystem, system, u"");
  ProcessInformation information;
  HcsProcess* process = nullptr;
  call(HcsCreateProcess, system, u"{\"CommandLine\":\"sim-sleep\"}", &information, &process);
  call(HcsTerminateComputeSystem, system, u"");
  HcsUnregisterComputeSystemCallback(registration);
  HcsCloseProcess(process);
  HcsCloseComputeSystem(system);
}

// The same of a virtual machine that is saved, hosts another one's container, and crashes.
void machineLife(const std::u16string& id, Log* log) {
  HcsSystem* machineHandle = nullptr;
  call(HcsCreateComputeSystem, id.c_str(), machine().c_str(), static_cast<void*>(nullptr),
       &machineHandle);
  HcsRegistration* registration = nullptr;
  HcsRegisterComputeSystemCallback(machineHandle, Log::onNotification, log, &registration);
  call(HcsStartComputeSystem, machineHandle, u"");
  HcsSystem* inner = nullptr;
  call(HcsCreateComputeSystem, (id + u"-in").c_str(), hostedIn(id).c_str(),
       static_cast<void*>(nullptr), &inner);
  call(HcsPauseComputeSystem, machineHandle, u"");
  call(HcsSaveComputeSystem, machineHandle, u"{\"SaveStateFilePath\":\"shared\"}");
  HcsSystem* restored = nullptr;
  const std::u16string restoring = machine(u",\"RestoreState\":{\"SaveStateFilePath\":\"shared\"}");
  call(HcsCreateComputeSystem, (id + u"-again").c_str(), restoring.c_str(),
       static_cast<void*>(nullptr), &restored);
  char16_t* response = nullptr;
  HcSimulatorControl((u"{\"Exit\":{\"System\":\"" + id + u"\",\"Crash\":true}}").c_str(),
                     &response);
  take(response);
  call(HcsTerminateComputeSystem, restored, u"");
  HcsUnregisterComputeSystemCallback(registration);
  for (HcsSystem* handle : {inner, restored, machineHandle}) HcsCloseComputeSystem(handle);
}

// Everything at once, with Reset in the middle: nothing hangs, nothing is left.
void chaos() {
  reset();
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  Log log;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&stop, &log, i] {
      const std::u16string id(1, static_cast<char16_t>(u'a' + i));
      while (!stop.load()) i < 3 ? containerLife(id, &log) : machineLife(id, &log);
    });
  }
  for (int i = 0; i < 30; ++i) {
    control(
        u"{\"Configure\":{\"Completion\":\"early\",\"SiloJobs\":true,\"User\":\"x\","
        u"\"Profile\":{\"Start\":0.2,\"Jitter\":1}}}");
    control(u"{\"Inject\":{\"Function\":\"HcsStartComputeSystem\",\"Nth\":2,\"Block\":true}}");
    control(u"{\"Inject\":{\"Function\":\"HcsCreateProcess\",\"Count\":0,\"KeepPipes\":true}}");
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    CHECK(contains(control(u"{\"State\":{}}"), u"\"Open\":["));
    reset();
  }
  stop.store(true);
  for (auto& thread : threads) thread.join();
  reset();
  quiet();
  const std::u16string text = control(u"{\"State\":{}}");
  CHECK(contains(
      text,
      u"{\"Systems\":[],\"Handles\":{\"System\":0,\"Process\":0,\"Registration\":0,\"Network\":0,"
      u"\"Operation\":0,\"Disk\":0},"
      u"\"CallsInside\":0,\"BlockedCalls\":0,\"Undelivered\":0"));
  CHECK(contains(text, u"\"Open\":[]"));
}

// A rule names its function by library and name, or by a name that one library has.
void functionKeys() {
  reset();
  for (const auto* function :
       {u"vmcompute.HcsEnumerateComputeSystems", u"HcsEnumerateComputeSystems"}) {
    control((std::u16string(u"{\"Inject\":{\"Status\":\"0x80070005\",\"Function\":\"") + function +
             u"\"}}")
                .c_str());
    char16_t* systems = nullptr;
    char16_t* result = nullptr;
    CHECK(HcsEnumerateComputeSystems(nullptr, &systems, &result) == 0x80070005);
    take(systems);
    take(result);
  }
}

// A thin library gets the functions of a state library that was built with the same list.
void functionTable() {
  CHECK(HcSimulatorFunctions(kListHash) != nullptr);
  CHECK(HcSimulatorFunctions(kListHash + 1) == nullptr);
}

}  // namespace

int main() {
  functionKeys();
  functionTable();
  refusals();
  configure();
  seeds();
  state();
  await();
  notify();
  exits();
  disconnect();
  chaos();
  return summary();
}
