// The trace: what it records, and that a scenario on virtual time gives the same one each time.
#include <memory>

#include "../support/guest-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

std::u16string trace() { return control(u"{\"Trace\":{}}"); }

void recording() {
  reset();
  CHECK(trace() == u"{\"Recording\":false,\"Dropped\":0,\"Lines\":[]}");
  create(u"before");
  CHECK(control(u"{\"Trace\":{\"Start\":true}}") ==
        u"{\"Recording\":true,\"Dropped\":0,\"Lines\":[]}");
  HcsSystem* system = create(u"a\"b");
  CHECK(call(HcsResumeComputeSystem, system, u"") == kInvalidState);
  Log log;
  HcsRegistration* registration = log.on(system);
  CHECK(HcsUnregisterComputeSystemCallback(registration) == kOk);
  CHECK(HcsCloseComputeSystem(system) == kOk && HcsCloseComputeSystem(system) == kBadHandle);
  control(u"{\"Notify\":{\"System\":\"before\",\"Type\":99,\"Count\":3,\"Status\":5}}");
  CHECK(control(u"{\"Trace\":{\"Start\":false}}") ==
        u"{\"Recording\":false,\"Dropped\":0,\"Lines\":["
        u"\"notify SystemCreateCompleted \\\"a\\\\\\\"b\\\" 0x00000000 no callback\","
        u"\"call vmcompute.HcsCreateComputeSystem \\\"a\\\\\\\"b\\\" 0xC0370103\","
        u"\"call vmcompute.HcsResumeComputeSystem \\\"a\\\\\\\"b\\\" 0xC0370105\","
        u"\"notify SystemCreateCompleted \\\"a\\\\\\\"b\\\" 0x00000000 late\","
        u"\"call vmcompute.HcsRegisterComputeSystemCallback \\\"a\\\\\\\"b\\\" 0x00000000\","
        u"\"call vmcompute.HcsUnregisterComputeSystemCallback \\\"a\\\\\\\"b\\\" 0x00000000\","
        u"\"call vmcompute.HcsCloseComputeSystem \\\"a\\\\\\\"b\\\" 0x00000000\","
        u"\"call vmcompute.HcsCloseComputeSystem 0x80070006\","
        u"\"notify 0x00000063 \\\"before\\\" 0x00000005 x3 no callback\"]}");
  create(u"after");
  CHECK(!contains(trace(), u"after"));
}

void bounded() {
  reset();
  HcsSystem* system = create(u"many");
  control(u"{\"Trace\":{\"Start\":true}}");
  for (int i = 0; i < 100'200; ++i) ask(HcsGetComputeSystemProperties, system, u"");
  const std::u16string all = trace();
  CHECK(contains(all, u"\"Dropped\":200,"));
  CHECK(contains(control(u"{\"Trace\":{\"Start\":true}}"), u"\"Dropped\":0,\"Lines\":[]"));
}

// Latencies and faults by chance, a machine with containers in it, programs, waiting calls, the
// loss of the service.
std::u16string scenario(int seed) {
  reset();
  const std::u16string digit(1, static_cast<char16_t>(u'0' + seed));
  control(
      u"{\"Configure\":{\"Clock\":\"virtual\",\"Profile\":{\"Create\":5,\"Start\":100,\"Pause\":20,"
      u"\"Jitter\":0.9,\"RareShare\":0.2,\"RareMs\":9000},\"Seed\":" +
      digit + u"}}");
  control(u"{\"Trace\":{\"Start\":true}}");
  control(
      u"{\"Inject\":{\"Function\":\"HcsPauseComputeSystem\",\"Count\":0,\"Probability\":0.5,"
      u"\"CompletionStatus\":\"0x80004005\"}}");
  control(
      u"{\"Inject\":{\"Function\":\"HcsGetComputeSystemProperties\",\"Count\":0,"
      u"\"Probability\":0.3,\"Status\":\"0x80070005\"}}");
  Log log;
  std::vector<HcsSystem*> systems;
  systems.push_back(create(u"vm", machine()));
  for (int i = 0; i < 8; ++i) {
    const std::u16string id(1, static_cast<char16_t>(u'a' + i));
    systems.push_back(i % 2 == 0 ? create(id) : create(id, machine()));
  }
  for (HcsSystem* system : systems) log.on(system);
  control(u"{\"Advance\":{\"Ms\":50}}");
  for (HcsSystem* system : systems) call(HcsStartComputeSystem, system, u"");
  control(u"{\"Drain\":{}}");
  std::vector<std::unique_ptr<Running>> programs;
  for (int i = 1; i < 9; ++i) {
    const std::string line = i % 3 == 0   ? "ping -n 4 x"
                             : i % 3 == 1 ? "cmd /c sim-sleep 100 & exit 3"
                                          : "sim-sleep 100";
    programs.push_back(std::make_unique<Running>(systems[i % 4], commandLine(line)));
  }
  control(u"{\"Advance\":{\"Ms\":100}}");
  control(u"{\"Inject\":{\"Function\":\"HcsGetServiceProperties\",\"CallMs\":7}}");
  for (HcsSystem* system : systems) {
    ask(HcsGetComputeSystemProperties, system, u"");
    call(HcsPauseComputeSystem, system, u"");
  }
  control(u"{\"Advance\":{\"Ms\":2000}}");
  control(u"{\"Drain\":{}}");
  std::thread waits([] { ask(HcsGetServiceProperties, u""); });
  CHECK(control(u"{\"Await\":{\"Scheduled\":1,\"CallsInside\":1,\"TimeoutMs\":60000}}") ==
        u"{\"Reached\":true}");
  control(u"{\"Drain\":{}}");
  waits.join();
  control(u"{\"Exit\":{\"System\":\"vm\"}}");
  call(HcsTerminateComputeSystem, systems[2], u"");
  control(u"{\"Disconnect\":{}}");
  control(u"{\"Drain\":{}}");
  return control(u"{\"Trace\":{\"Start\":false}}");
}

void repeating() {
  const std::u16string first = scenario(1);
  CHECK(first.size() > 4000);
  for (int i = 0; i < 20; ++i) {
    const std::u16string again = scenario(1);
    if (CHECK(again == first)) continue;
    show("first", first);
    show("again", again);
    break;
  }
  CHECK(scenario(2) != first);
}

}  // namespace

int main() {
  recording();
  bounded();
  repeating();
  return summary();
}
