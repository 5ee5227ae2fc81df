// Rules: which calls they apply to, and each of their effects.
#include <algorithm>
#include <atomic>

#include "../support/simulator-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr auto kStart = HcsStartComputeSystem;
constexpr auto kPause = HcsPauseComputeSystem;
constexpr auto kResume = HcsResumeComputeSystem;
constexpr auto kShutdown = HcsShutdownComputeSystem;
constexpr auto kTerminate = HcsTerminateComputeSystem;

std::u16string inject(const std::u16string& members) {
  const std::u16string answer = control(u"{\"Inject\":{" + members + u"}}");
  return answer.substr(8, answer.size() - 9);  // {"Rule":n}
}

HResult query(HcsSystem* system) { return ask(HcsGetComputeSystemProperties, system, u""); }

void choosing() {
  reset();
  HcsSystem* a = create(u"a");
  HcsSystem* b = create(u"b");
  inject(
      u"\"Function\":\"HcsGetComputeSystemProperties\",\"System\":\"a\",\"Nth\":2,\"Count\":2,"
      u"\"Status\":\"0x80070005\"");
  CHECK(query(b) == kOk && query(b) == kOk && query(b) == kOk);
  CHECK(query(a) == kOk && query(a) == 0x80070005);
  CHECK(payload.empty() && contains(result, u"\"Error\":-2147024891"));
  CHECK(query(a) == 0x80070005 && query(a) == kOk);

  // Among rules that apply the oldest wins, but all count.
  const std::u16string whole = u"\"Function\":\"HcsOpenComputeSystem\"";
  inject(whole + u",\"Status\":-2147024891");
  inject(whole + u",\"Nth\":2,\"Count\":0,\"Status\":2147942402");
  HcsSystem* opened = nullptr;
  CHECK(call(HcsOpenComputeSystem, u"a", &opened) == 0x80070005);
  CHECK(call(HcsOpenComputeSystem, u"a", &opened) == 0x80070002);
  CHECK(call(HcsOpenComputeSystem, u"zz", &opened) == 0x80070002);
  control(u"{\"Clear\":{}}");
  CHECK(call(HcsOpenComputeSystem, u"a", &opened) == kOk);
}

// Which of the next calls fail, as a text of 0 and 1.
std::u16string pattern(HcsSystem* system, int calls) {
  std::u16string met;
  for (int i = 0; i < calls; ++i) met += query(system) == kOk ? u'0' : u'1';
  return met;
}

void chances() {
  const std::u16string rule =
      u"\"Function\":\"HcsGetComputeSystemProperties\",\"Status\":\"0x80070005\",";
  reset();
  HcsSystem* system = create(u"p");
  inject(rule + u"\"Count\":0,\"Probability\":0.25");
  const std::u16string first = pattern(system, 400);
  const auto hits = std::count(first.begin(), first.end(), u'1');
  CHECK(hits > 60 && hits < 140);
  CHECK(pattern(system, 400) != first);
  reset();
  system = create(u"p");
  inject(rule + u"\"Count\":0,\"Probability\":0.25");
  inject(u"\"Function\":\"HcsOpenComputeSystem\",\"Status\":1,\"Count\":0,\"Probability\":0.5");
  std::u16string mixed;
  for (int i = 0; i < 400; ++i) {
    HcsSystem* opened = nullptr;
    call(HcsOpenComputeSystem, u"p", &opened);
    mixed += pattern(system, 1);
  }
  CHECK(mixed == first);
  control(u"{\"Clear\":{}}");
  control(u"{\"Configure\":{\"Seed\":2}}");
  inject(rule + u"\"Count\":0,\"Probability\":0.25");
  CHECK(pattern(system, 400) != first);

  // The number of a call counts whether or not it is met.
  control(u"{\"Clear\":{}}");
  inject(rule + u"\"Nth\":3,\"Count\":20,\"Probability\":0.5");
  const std::u16string some = pattern(system, 60);
  CHECK(some.find(u'1') >= 2 && some.rfind(u'1') < 22 && some.find(u'0', 2) < 22);
  for (const char16_t* bad : {u"0", u"1.5", u"-1"})
    control(u"{\"Inject\":{" + rule + u"\"Probability\":" + bad + u"}}", false);
}

void failing() {
  reset();
  HcsSystem* system = create(u"f");
  inject(
      u"\"Function\":\"HcsStartComputeSystem\",\"Status\":\"0xC0370101\",\"Result\":\"{ not "
      u"json\"");
  CHECK(call(kStart, system, u"") == 0xC0370101 && result == u"{ not json");
  CHECK(stateOf(system) == u"Created");
  inject(u"\"Function\":\"HcsStartComputeSystem\",\"Status\":\"0xC0370101\",\"Result\":null");
  CHECK(call(kStart, system, u"") == 0xC0370101 && result.empty());
  inject(u"\"Function\":\"HcsStartComputeSystem\",\"Result\":\"odd\"");
  CHECK(call(kStart, system, u"") == kPending && result == u"odd");
  inject(u"\"Function\":\"HcsPauseComputeSystem\",\"Status\":1");
  CHECK(call(kPause, system, u"") == 1 && stateOf(system) == u"Paused");

  inject(u"\"Function\":\"HcsCloseComputeSystem\",\"Status\":\"0x80070005\"");
  CHECK(HcsCloseComputeSystem(system) == 0x80070005 && stateOf(system) == u"Paused");
  CHECK(HcsCloseComputeSystem(system) == kOk);

  inject(u"\"Function\":\"HcsEnumerateComputeSystems\",\"Properties\":\"\"");
  char16_t* systems = nullptr;
  char16_t* text = nullptr;
  CHECK(HcsEnumerateComputeSystems(u"", &systems, &text) == kOk && systems != nullptr &&
        *systems == 0);
  take(systems);
  inject(
      u"\"Function\":\"HcsGetServiceProperties\",\"Properties\":\"[\",\"Status\":\"0x8000FFFF\"");
  CHECK(ask(HcsGetServiceProperties, u"") == 0x8000FFFF && payload == u"[");
}

void failingLater() {
  reset();
  HcsSystem* system = create(u"l");
  Log log;
  listen(system, &log);
  inject(u"\"Function\":\"HcsStartComputeSystem\",\"CompletionStatus\":\"0xC0370108\"");
  CHECK(call(kStart, system, u"") == kPending && log.wait(2));
  CHECK(log.events()[1].type == 3 && log.events()[1].status == 0xC0370108);
  CHECK(contains(log.events()[1].data, u"\"OperationFailure\":{\"Detail\":\"Start\"}"));
  CHECK(stateOf(system) == u"Created" && call(kStart, system, u"") == kPending);
  inject(
      u"\"Function\":\"HcsShutdownComputeSystem\",\"CompletionStatus\":\"0x80004005\","
      u"\"CompletionData\":\"why\"");
  CHECK(call(kShutdown, system, u"") == kPending && log.wait(4));
  CHECK(log.events()[3].type == 0xA && log.events()[3].data == u"why");
  CHECK(stateOf(system) == u"Running");

  inject(u"\"Function\":\"HcsCreateComputeSystem\",\"CompletionStatus\":\"0xC0370112\"");
  HcsSystem* broken = create(u"broken");
  Log other;
  listen(broken, &other);
  CHECK(other.wait(1) && other.events()[0].status == 0xC0370112);
  CHECK(stateOf(broken) == u"Stopped" && call(kTerminate, broken, u"") == kSystemStopped);
  quiet();
  CHECK(other.events().size() == 1);
  HcsSystem* next = create(u"broken");
  CHECK(next != nullptr && next != broken);

  // Failing at once leaves no handle.
  inject(
      u"\"Function\":\"HcsCreateComputeSystem\",\"Completion\":\"now\","
      u"\"CompletionStatus\":\"0xC0370112\"");
  HcsSystem* none = nullptr;
  CHECK(call(HcsCreateComputeSystem, u"none", container().c_str(), static_cast<void*>(nullptr),
             &none) == 0xC0370112);
  CHECK(none == nullptr && contains(control(u"{\"State\":{}}"), u"\"Handles\":{\"System\":3,"));
}

void lostAndDoubled() {
  reset();
  HcsSystem* system = create(u"d");
  Log log;
  listen(system, &log);
  inject(u"\"Function\":\"HcsStartComputeSystem\",\"Completion\":\"lost\"");
  CHECK(call(kStart, system, u"") == kPending && stateOf(system) == u"Running");
  inject(u"\"Function\":\"HcsPauseComputeSystem\",\"Completion\":\"twice\"");
  CHECK(call(kPause, system, u"") == kPending);
  inject(u"\"Function\":\"HcsResumeComputeSystem\",\"Completion\":\"now\"");
  CHECK(call(kResume, system, u"") == kOk);
  inject(u"\"Function\":\"HcsTerminateComputeSystem\",\"LoseExit\":true");
  CHECK(call(kTerminate, system, u"") == kPending && stateOf(system) == u"Stopped");
  quiet();
  CHECK(log.types() == std::vector<std::uint32_t>({2, 4, 4}));
  Log late;
  listen(system, &late);
  quiet();
  CHECK(late.types() == std::vector<std::uint32_t>({2}));

  inject(u"\"Function\":\"HcsCreateComputeSystem\",\"Completion\":\"twice\",\"LoseExit\":true");
  HcsSystem* twice = create(u"twice");
  Log doubled;
  listen(twice, &doubled);
  control(u"{\"Exit\":{\"System\":\"twice\"}}");
  quiet();
  CHECK(doubled.types() == std::vector<std::uint32_t>({2, 2}) && stateOf(twice) == u"Stopped");
}

void delays() {
  reset();
  HcsSystem* system = create(u"s");
  Log log;
  listen(system, &log);
  inject(u"\"Function\":\"HcsStartComputeSystem\",\"DelayMs\":30");
  const auto begin = std::chrono::steady_clock::now();
  CHECK(call(kStart, system, u"") == kPending);
  CHECK(log.wait(2) && std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(30));
  inject(u"\"Function\":\"HcsPauseComputeSystem\",\"CallMs\":30");
  const auto then = std::chrono::steady_clock::now();
  CHECK(call(kPause, system, u"") == kPending);
  CHECK(std::chrono::steady_clock::now() - then >= std::chrono::milliseconds(30));
}

void await(const std::u16string& counts) {
  CHECK(control(u"{\"Await\":{" + counts + u",\"TimeoutMs\":10000}}") == u"{\"Reached\":true}");
}

void blocking() {
  reset();
  HcsSystem* system = create(u"b");
  const std::u16string rule =
      inject(u"\"Function\":\"HcsStartComputeSystem\",\"Count\":0,\"Block\":true");
  const auto start = [system](std::atomic<HResult>* status) {
    status->store(call(kStart, system, u""));
  };
  std::atomic<HResult> status{1};
  std::thread first(start, &status);
  await(u"\"BlockedCalls\":1,\"CallsInside\":1");
  CHECK(stateOf(system) == u"Created");
  control(u"{\"Release\":{\"Rule\":" + rule + u"}}");
  first.join();
  CHECK(status.load() == kPending && stateOf(system) == u"Running");
  await(u"\"BlockedCalls\":0");

  std::atomic<HResult> again{1};
  std::thread second(start, &again);
  await(u"\"BlockedCalls\":1");
  control(u"{\"Clear\":{\"Rule\":" + rule + u"}}");
  second.join();
  CHECK(again.load() == kInvalidState);

  inject(u"\"Function\":\"HcsPauseComputeSystem\",\"Block\":true");
  std::atomic<HResult> aborted{1};
  std::thread third([&] { aborted.store(call(kPause, system, u"")); });
  await(u"\"BlockedCalls\":1");
  reset();
  third.join();
  CHECK(aborted.load() == kAborted);
  CHECK(contains(control(u"{\"State\":{}}"), u"\"CallsInside\":0,\"BlockedCalls\":0"));
}

// A call that waits for its operation, or sleeps, is released by Reset as well.
void abortedWaits() {
  for (const char16_t* effect :
       {u"\"Completion\":\"now\",\"DelayMs\":60000", u"\"Completion\":\"early\",\"DelayMs\":60000",
        u"\"CallMs\":60000"}) {
    reset();
    HcsSystem* system = create(u"w");
    inject(std::u16string(u"\"Function\":\"HcsStartComputeSystem\",") + effect);
    std::atomic<HResult> status{1};
    std::thread caller([&] { status.store(call(kStart, system, u"")); });
    await(u"\"CallsInside\":1");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    reset();
    caller.join();
    // The thread may have come to the call after the reset.
    CHECK(status.load() == kAborted || status.load() == kBadHandle);
  }
}

}  // namespace

int main() {
  choosing();
  chances();
  failing();
  failingLater();
  lostAndDoubled();
  delays();
  blocking();
  abortedWaits();
  return summary();
}
