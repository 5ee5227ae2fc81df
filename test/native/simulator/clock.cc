// Virtual time: it stands still until it is moved, and what is due then happens in order.
#include <atomic>
#include <memory>

#include "../support/guest-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr auto kStart = HcsStartComputeSystem;
constexpr auto kPause = HcsPauseComputeSystem;

std::u16string configure(const std::u16string& members) {
  return control(u"{\"Configure\":{" + members + u"}}");
}

void stand() {
  reset();
  configure(u"\"Clock\":\"virtual\"");
}

std::u16string advance(const std::u16string& ms) {
  return control(u"{\"Advance\":{\"Ms\":" + ms + u"}}");
}

std::u16string drain() { return control(u"{\"Drain\":{}}"); }

std::unique_ptr<Running> start(HcsSystem* system, const std::string& line,
                               const std::u16string& more = kPipes) {
  auto started = std::make_unique<Running>(system, commandLine(line, more));
  CHECK(started->status == kOk);
  return started;
}

void await(const std::u16string& counts) {
  CHECK(control(u"{\"Await\":{" + counts + u",\"TimeoutMs\":10000}}") == u"{\"Reached\":true}");
}

void standing() {
  reset();
  CHECK(contains(configure(u""), u"\"Clock\":\"real\""));
  CHECK(contains(control(u"{\"Advance\":{\"Ms\":1}}", false), u"the clock must be virtual"));
  CHECK(contains(control(u"{\"Drain\":{}}", false), u"the clock must be virtual"));
  CHECK(contains(configure(u"\"Clock\":\"virtual\",\"Profile\":{\"Start\":60000}"),
                 u"\"Clock\":\"virtual\""));
  control(u"{\"Configure\":{\"Clock\":\"slow\"}}", false);
  control(u"{\"Advance\":{\"Ms\":-1}}", false);
  control(u"{\"Advance\":{}}", false);

  HcsSystem* system = create(u"s");
  Log log;
  listen(system, &log);
  quiet();
  CHECK(call(kStart, system, u"") == kPending && stateOf(system) == u"Created");
  CHECK(advance(u"59999.5") == u"{\"NowMs\":59999.5,\"Ran\":0}" && log.events().size() == 1);
  CHECK(advance(u"0.5") == u"{\"NowMs\":60000,\"Ran\":1}" && log.events().size() == 2);
  CHECK(stateOf(system) == u"Running");
  ask(HcsGetComputeSystemProperties, system, u"{\"PropertyTypes\":[\"Statistics\"]}");
  const std::u16string before = payload;
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ask(HcsGetComputeSystemProperties, system, u"{\"PropertyTypes\":[\"Statistics\"]}");
  CHECK(payload == before && contains(payload, u"\"Uptime100ns\":0"));
  advance(u"1500");
  ask(HcsGetComputeSystemProperties, system, u"{\"PropertyTypes\":[\"Statistics\"]}");
  CHECK(contains(payload, u"\"Uptime100ns\":15000000,"));
}

void order() {
  stand();
  Log log;
  HcsSystem* systems[] = {running(u"a"), running(u"b"), running(u"c")};
  for (HcsSystem* system : systems) log.on(system);
  quiet();
  const std::size_t received = log.events().size();
  const auto pause = [&](int at, const char16_t* delay) {
    control(std::u16string(u"{\"Inject\":{\"Function\":\"HcsPauseComputeSystem\",\"DelayMs\":") +
            delay + u",\"CompletionStatus\":\"0x8000000" + static_cast<char16_t>(u'1' + at) +
            u"\"}}");
    CHECK(call(kPause, systems[at], u"") == kPending);
  };
  pause(0, u"300");
  pause(1, u"100");
  pause(2, u"300");
  CHECK(drain() == u"{\"NowMs\":300,\"Ran\":3}");
  const auto events = log.events();
  CHECK(events.size() == received + 3);
  CHECK(events[received].status == 0x80000002 && events[received + 1].status == 0x80000001 &&
        events[received + 2].status == 0x80000003);
  CHECK(drain() == u"{\"NowMs\":300,\"Ran\":0}");

  // What was overtaken is not waited for.
  control(u"{\"Inject\":{\"Function\":\"HcsPauseComputeSystem\",\"DelayMs\":5000}}");
  CHECK(call(kPause, systems[0], u"") == kPending);
  CHECK(call(HcsTerminateComputeSystem, systems[0], u"") == kPending);
  CHECK(drain() == u"{\"NowMs\":300,\"Ran\":0}");
}

void programs() {
  stand();
  HcsSystem* system = running(u"p");
  std::vector<std::unique_ptr<Running>> all;
  Log log;
  for (const char* line : {"sim-sleep 300", "sim-sleep 100", "cmd /c ping -n 3 x & exit 5",
                           "powershell Start-Sleep 86400; exit 3"}) {
    all.push_back(start(system, line));
    log.on(all.back()->process);
  }
  CHECK(advance(u"99") == u"{\"NowMs\":99,\"Ran\":0}" && log.events().empty());
  CHECK(advance(u"1") == u"{\"NowMs\":100,\"Ran\":1}" && log.events().size() == 1);
  CHECK(advance(u"2000") == u"{\"NowMs\":2100,\"Ran\":3}" && log.events().size() == 3);
  CHECK(contains(log.events()[2].data, u"\"ExitCode\":5"));
  CHECK(all[2]->output.readAll().find("Reply from") != std::string::npos);
  CHECK(drain() == u"{\"NowMs\":86400000,\"Ran\":1}" && log.events().size() == 4);
  CHECK(contains(log.events()[3].data, u"\"ExitCode\":3"));
  await(u"\"Programs\":0");

  // One that is ended does not hold the clock, nor does one that nobody reads.
  const auto ended = start(system, "sim-sleep 5000000");
  CHECK(call(HcsTerminateProcess, ended->process) == kOk);
  CHECK(drain() == u"{\"NowMs\":86400000,\"Ran\":0}");
  const auto endless = start(system, "cmd /c ping -t x > nul");
  CHECK(contains(control(u"{\"Drain\":{\"Tasks\":50}}", false), u"after 50 tasks"));
  CHECK(call(HcsTerminateProcess, endless->process) == kOk);
  CHECK(contains(drain(), u"\"Ran\":0"));
}

void console() {
  stand();
  HcsSystem* system = running(u"t");
  const auto shell = start(system, "cmd", std::u16string(kPipes) + u",\"EmulateConsole\":true");
  shell->output.readUntil(">");
  CHECK(shell->input.write("sim-sleep 5000\r"));
  shell->output.readUntil("5000\r\n");
  await(u"\"Scheduled\":1");
  CHECK(contains(drain(), u"\"NowMs\":5000"));
  shell->output.readUntil(">");
  CHECK(shell->input.write("sim-sleep 900000\r\x03"));
  CHECK(shell->output.readUntil("^C\r\n").find("^C") != std::string::npos);
}

void calls() {
  stand();
  HcsSystem* system = create(u"c");
  control(u"{\"Inject\":{\"Function\":\"HcsStartComputeSystem\",\"CallMs\":40000}}");
  std::atomic<HResult> status{1};
  std::thread slow([&] { status.store(call(kStart, system, u"")); });
  await(u"\"CallsInside\":1,\"Scheduled\":1");
  CHECK(contains(drain(), u"\"Ran\":1"));
  slow.join();
  CHECK(status.load() == kPending);

  control(
      u"{\"Inject\":{\"Function\":\"HcsPauseComputeSystem\",\"Completion\":\"now\","
      u"\"DelayMs\":1000}}");
  std::thread now([&] { status.store(call(kPause, system, u"")); });
  await(u"\"CallsInside\":1,\"Scheduled\":1");
  CHECK(contains(drain(), u"\"Ran\":1"));
  await(u"\"CallsInside\":0");
  now.join();
  CHECK(status.load() == kOk);
}

void profiles() {
  stand();
  const std::u16string all = control(u"{\"Profiles\":{}}");
  CHECK(contains(all, u"\"Name\":\"nanoserver-hyperv\",\"Simulated\":true"));
  CHECK(contains(all, u"https://github.com/microsoft/hcsshim/issues/801"));
  CHECK(contains(all, u"\"RareShare\":0.001667,\"RareMs\":300000"));
  for (const char16_t* name : {u"nanoserver-process", u"nanoserver-hyperv", u"servercore-process",
                               u"servercore-hyperv", u"rare-stall"}) {
    const std::u16string quoted = std::u16string(u"\"").append(name).append(u"\"");
    const std::u16string answer = configure(u"\"Profile\":" + quoted);
    CHECK(contains(answer, u"\"ProfileName\":" + quoted));
    CHECK(contains(all, u"\"Name\":" + quoted));
  }
  CHECK(contains(control(u"{\"Configure\":{\"Profile\":\"fast\"}}", false), u"\\\"rare-stall\\\""));
  control(u"{\"Configure\":{\"Profile\":{\"RareShare\":2}}}", false);

  configure(u"\"Profile\":\"servercore-process\"");
  create(u"f");
  CHECK(contains(advance(u"999"), u"\"Ran\":0") && contains(drain(), u"\"NowMs\":1000,"));

  // One start of four is rare.
  configure(u"\"Profile\":{\"Start\":10,\"RareShare\":0.25,\"RareMs\":5000}");
  for (int i = 0; i < 200; ++i) running(u"r" + std::u16string(1, static_cast<char16_t>(u'A' + i)));
  const std::u16string soon = advance(u"10");
  CHECK(soon.size() > 3 && contains(soon, u"\"Ran\":1") && !contains(soon, u"\"Ran\":200"));
  CHECK(contains(drain(), u"\"NowMs\":6000,"));
}

// With programs and calls that wait.
void switching() {
  stand();
  HcsSystem* system = running(u"w");
  Log log;
  const auto brief = start(system, "sim-sleep 20");
  log.on(brief->process);
  const auto idle = start(system, "sim-sleep 900000");
  configure(u"\"Clock\":\"real\"");
  CHECK(log.wait(1));
  control(u"{\"Advance\":{\"Ms\":1}}", false);
  configure(u"\"Clock\":\"virtual\"");
  CHECK(contains(advance(u"900000"), u"\"Ran\":1"));
  const auto longer = start(system, "sim-sleep 900000");
  control(u"{\"Inject\":{\"Function\":\"HcsPauseComputeSystem\",\"CallMs\":40000}}");
  std::atomic<HResult> status{1};
  std::thread slow([&] { status.store(call(kPause, system, u"")); });
  await(u"\"Scheduled\":2");
  reset();
  slow.join();
  CHECK(status.load() == kAborted);
  await(u"\"Programs\":0");
  CHECK(contains(configure(u""), u"\"Clock\":\"real\""));
}

void HC_CALL moveInside(std::uint32_t type, void* context, HResult /*status*/,
                        const char16_t* /*data*/) {
  if (type != 4) return;
  *static_cast<std::u16string*>(context) = control(u"{\"Advance\":{\"Ms\":500}}");
}

void insideCallback() {
  stand();
  HcsSystem* system = running(u"i");
  std::u16string answer;
  HcsRegistration* registration = nullptr;
  CHECK(HcsRegisterComputeSystemCallback(system, moveInside, &answer, &registration) == kOk);
  const auto program = start(system, "cmd /c sim-sleep 200 & sim-sleep 200");
  CHECK(call(kPause, system, u"") == kPending);
  quiet();
  CHECK(answer == u"{\"NowMs\":500,\"Ran\":2}");
  CHECK(HcsUnregisterComputeSystemCallback(registration) == kOk);
}

}  // namespace

int main() {
  standing();
  order();
  programs();
  console();
  calls();
  profiles();
  switching();
  insideCallback();
  return summary();
}
