// Virtual machines: the connection to their guest, what is hosted in them, and how they crash.
#include <algorithm>

#include "../support/simulator-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kUnsupported = 0x80070032;
constexpr auto kStart = HcsStartComputeSystem;
constexpr auto kShutdown = HcsShutdownComputeSystem;
constexpr auto kTerminate = HcsTerminateComputeSystem;

HResult run(HcsSystem* system) {
  ProcessInformation information;
  HcsProcess* process = nullptr;
  return call(HcsCreateProcess, system, u"{\"CommandLine\":\"sim-sleep\"}", &information, &process);
}

bool connected(HcsSystem* system) {
  CHECK(ask(HcsGetComputeSystemProperties, system, u"{\"PropertyTypes\":[\"GuestConnection\"]}") ==
        kOk);
  return contains(payload, u"\"GuestConnectionInfo\":{\"SupportedSchemaVersions\":[{");
}

void connection() {
  reset();
  HcsSystem* system = create(u"vm", machine());
  CHECK(!connected(system));
  call(kStart, system, u"");
  CHECK(connected(system) && run(system) == kOk);
  call(HcsPauseComputeSystem, system, u"");
  CHECK(connected(system));
  call(kTerminate, system, u"");
  CHECK(!connected(system));
  CHECK(!connected(running(u"silo")));
  CHECK(connected(running(u"hyperv", container1(u"hyperv", u",\"HvPartition\":true"))));
  HcsSystem* outer = running(u"vm", machine());
  CHECK(!connected(running(u"in", hostedIn(u"vm"))) && connected(outer));
}

// Without a connection only the machine itself can be acted on.
void unconnected() {
  reset();
  HcsSystem* plain = running(u"plain", machine(u""));
  CHECK(!connected(plain));
  CHECK(run(plain) == kUnsupported && contains(result, u"$.VirtualMachine.GuestConnection"));
  CHECK(refusal(u"in", hostedIn(u"plain")) == kUnsupported);
  CHECK(call(kShutdown, plain, u"") == kUnsupported);
  CHECK(call(kShutdown, plain, u"{\"Mechanism\":\"GuestConnection\"}") == kUnsupported);
  control(u"{\"Configure\":{\"Strict\":true}}");
  CHECK(call(kShutdown, plain, u"{\"Mechanism\":\"Power\"}") == kInvalidJson);
  CHECK(call(kShutdown, plain, u"{\"Mechanism\":\"IntegrationService\"}") == kPending);
  CHECK(stateOf(plain) == u"Stopped");
  CHECK(call(kTerminate, running(u"other", machine(u"")), u"") == kPending);
}

void hosted() {
  reset();
  CHECK(refusal(u"in", hostedIn(u"vm")) == kSystemNotFound);
  HcsSystem* outer = create(u"vm", machine());
  CHECK(refusal(u"in", hostedIn(u"vm")) == kInvalidState);
  call(kStart, outer, u"");
  running(u"silo");
  CHECK(refusal(u"in", hostedIn(u"silo")) == kUnsupported);
  HcsSystem* inner = create(u"in", hostedIn(u"vm"));
  CHECK(refusal(u"deeper", hostedIn(u"in")) == kInvalidState);
  CHECK(ask(HcsGetComputeSystemProperties, inner, u"") == kOk);
  CHECK(contains(payload, u"\"SystemType\":\"Container\"") &&
        contains(payload, u"\"HostingSystemId\":\"vm\""));
  Log log;
  listen(inner, &log);
  CHECK(call(kStart, inner, u"") == kPending && run(inner) == kOk);
  CHECK(refusal(u"deeper", hostedIn(u"in")) == kUnsupported);
  CHECK(call(kTerminate, outer, u"") == kPending && log.wait(3));
  CHECK(log.events()[2].type == 1 && log.events()[2].status == 0xC0370106);
  CHECK(stateOf(inner) == u"Stopped");
}

// Told in one order to whoever listens at either: the crash, what was hosted, the machine.
void crash() {
  reset();
  HcsSystem* outer = running(u"vm", machine());
  HcsSystem* inner = running(u"in", hostedIn(u"vm"));
  Log outerLog;
  Log innerLog;
  listen(outer, &outerLog);
  listen(inner, &innerLog);
  control(u"{\"Trace\":{\"Start\":true}}");
  control(u"{\"Exit\":{\"System\":\"vm\",\"Crash\":true}}");
  CHECK(outerLog.wait(5) && innerLog.wait(2));
  CHECK(outerLog.types() == std::vector<std::uint32_t>({2, 0xD, 6, 0xE, 1}));
  const auto events = outerLog.events();
  CHECK(events[1].status == kOk && events[2].status == kOk && !events[3].hasData);
  CHECK(events[2].data ==
        u"{\"SystemId\":\"vm\",\"CrashParameters\":[30,18446744072635809797,18446735277903983428,0,"
        u"0],\"Status\":0}");
  CHECK(events[4].status == 0xC0370106 &&
        events[4].data ==
            u"{\"Status\":-1070137082,\"ExitType\":\"UnexpectedExit\",\"Attribution\":"
            u"[{\"GuestCrash\":{\"CrashParameters\":[30,18446744072635809797,"
            u"18446735277903983428,0,0]}}]}");
  CHECK(innerLog.types() == std::vector<std::uint32_t>({2, 1}));
  const std::u16string lines = control(u"{\"Trace\":{}}");
  const std::size_t reported = lines.find(u"SystemCrashReport");
  const std::size_t innerExit = lines.find(u"SystemExited \\\"in\\\"");
  CHECK(reported < innerExit && innerExit < lines.find(u"SystemExited \\\"vm\\\""));
  CHECK(stateOf(outer) == u"Stopped" && !connected(outer));
  // A crash is not repeated to who registers later; the exit is.
  Log late;
  listen(outer, &late);
  CHECK(late.wait(2));
  quiet();
  CHECK(late.types() == std::vector<std::uint32_t>({2, 1}));
}

void otherCrashes() {
  reset();
  Log log;
  listen(running(u"linux", machine(u",\"Chipset\":{\"LinuxKernelDirect\":{}}")), &log);
  control(u"{\"Exit\":{\"System\":\"linux\",\"Crash\":true}}");
  CHECK(log.wait(4) && log.types() == std::vector<std::uint32_t>({2, 0xD, 6, 1}));
  CHECK(contains(log.events()[2].data, u"\"CrashLog\":\"Kernel panic"));
  CHECK(contains(log.events()[3].data, u"[{\"GuestCrash\":{}}]"));
  // A guest that has not been started cannot crash.
  create(u"new", machine());
  control(u"{\"Exit\":{\"System\":\"new\",\"Crash\":true}}", false);
}

// The job object of a silo is there once its container has been created.
void silos() {
  reset();
  control(u"{\"Configure\":{\"SiloJobs\":true}}");
  Log silo;
  Log machineLog;
  listen(create(u"silo"), &silo);
  listen(create(u"vm", machine()), &machineLog);
  CHECK(silo.wait(2) && silo.types() == std::vector<std::uint32_t>({7, 2}));
  quiet();
  CHECK(machineLog.types() == std::vector<std::uint32_t>({2}));
  reset();
  Log none;
  listen(create(u"silo"), &none);
  quiet();
  CHECK(none.types() == std::vector<std::uint32_t>({2}));
}

}  // namespace

int main() {
  connection();
  unconnected();
  hosted();
  crash();
  otherCrashes();
  silos();
  return summary();
}
