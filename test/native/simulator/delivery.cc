// Notifications: replay, order, the life of their text, unregistering, and many at once.
#include <atomic>
#include <cstring>

#include "../support/simulator-client.h"

// Only a sanitizer can say without undefined behaviour that memory has been freed.
#if defined(__SANITIZE_ADDRESS__)
#define HC_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HC_ADDRESS_SANITIZER 1
#endif
#endif
#if HC_ADDRESS_SANITIZER
extern "C" int __asan_address_is_poisoned(const volatile void* address);
#endif

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

void replay() {
  reset();
  HcsSystem* system = create(u"r");
  quiet();
  Log first;
  HcsRegistration* registration = listen(system, &first);
  CHECK(first.wait(1) && first.types() == std::vector<std::uint32_t>({2}));
  CHECK(!first.events()[0].hasData);
  call(HcsStartComputeSystem, system, u"");
  call(HcsTerminateComputeSystem, system, u"");
  CHECK(first.wait(3) && first.types() == std::vector<std::uint32_t>({2, 3, 1}));

  // A late registration gets what lasts: that the system was created, and that it is gone. Each
  // gets it once.
  Log late;
  listen(system, &late);
  CHECK(late.wait(2));
  quiet();
  CHECK(late.types() == std::vector<std::uint32_t>({2, 1}));
  CHECK(late.events()[1].data == first.events()[2].data);
  CHECK(first.events().size() == 3);
  CHECK(HcsUnregisterComputeSystemCallback(registration) == kOk);
  CHECK(HcsUnregisterComputeSystemCallback(registration) == kBadHandle);
  CHECK(HcsUnregisterProcessCallback(registration) == kBadHandle);
}

// Registering and exiting at the same time: the exit is received once whichever comes first.
void exitRace() {
  reset();
  for (int round = 0; round < 300; ++round) {
    HcsSystem* system = running(u"x" + std::u16string(1, static_cast<char16_t>(u'0' + round)));
    std::thread killer([system] { call(HcsTerminateComputeSystem, system, u""); });
    Log log;
    listen(system, &log);
    killer.join();
    for (std::size_t count = 1; log.wait(count); ++count)
      if (log.types().back() == 1) break;
    quiet();
    int exits = 0;
    for (const std::uint32_t type : log.types()) exits += type == 1;
    CHECK(exits == 1);
    HcsCloseComputeSystem(system);
  }
}

struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  bool entered = false;
  bool open = false;
  std::atomic<bool> left{false};
  std::atomic<int> calls{0};

  static void HC_CALL onNotification(std::uint32_t, void* context, HResult, const char16_t*) {
    auto* gate = static_cast<Gate*>(context);
    gate->calls.fetch_add(1);
    std::unique_lock lock(gate->mutex);
    gate->entered = true;
    gate->changed.notify_all();
    gate->changed.wait(lock, [gate] { return gate->open; });
    gate->left.store(true);
  }
  void waitEntered() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return entered; });
  }
  void release() {
    std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
};

// Unregistering, closing and Reset wait for a callback that is running, and no callback comes after
// them.
void waiting() {
  for (const int how : {0, 1, 2}) {
    reset();
    HcsSystem* system = create(u"w");
    Gate gate;
    HcsRegistration* registration = nullptr;
    CHECK(HcsRegisterComputeSystemCallback(system, Gate::onNotification, &gate, &registration) ==
          kOk);
    gate.waitEntered();
    call(HcsStartComputeSystem, system, u"");
    std::atomic<bool> done{false};
    int calls = 0;
    std::thread waiter([&] {
      if (how == 0) CHECK(HcsUnregisterComputeSystemCallback(registration) == kOk);
      if (how == 1) CHECK(HcsCloseComputeSystem(system) == kOk);
      if (how == 2) reset();
      calls = gate.calls.load();
      CHECK(gate.left.load());
      done.store(true);
    });
    // The call is inside, and stays there. (Time can only make this pass wrongly, never fail
    // wrongly.)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK(!done.load());
    gate.release();
    waiter.join();
    if (how != 2) quiet();
    CHECK(gate.calls.load() == calls);
  }
}

const char16_t* kept = nullptr;
std::atomic<bool> wasRight{false};

void HC_CALL keepData(std::uint32_t type, void*, HResult, const char16_t* data) {
  if (type != 77) return;
  wasRight.store(std::u16string(data) == u"the text of a notification");
  kept = data;
}

void dataDies() {
  reset();
  HcsSystem* system = create(u"d");
  HcsRegistration* registration = nullptr;
  CHECK(HcsRegisterComputeSystemCallback(system, keepData, nullptr, &registration) == kOk);
  control(u"{\"Notify\":{\"System\":\"d\",\"Type\":77,\"Data\":\"the text of a notification\"}}");
  quiet();
  CHECK(wasRight.load() && kept != nullptr);
#if HC_ADDRESS_SANITIZER
  CHECK(__asan_address_is_poisoned(kept));
#endif
}

struct Counter {
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> wrong{0};
  static void HC_CALL onNotification(std::uint32_t type, void* context, HResult,
                                     const char16_t* data) {
    if (type != 6) return;
    auto* counter = static_cast<Counter*>(context);
    std::uint64_t index = 0;
    for (; *data != 0; ++data) index = index * 10 + (*data - u'0');
    if (counter->next.fetch_add(1) != index) counter->wrong.fetch_add(1);
  }
};

void storm(std::uint64_t count) {
  reset();
  constexpr int kSystems = 4;
  Counter counters[kSystems];
  std::vector<HcsSystem*> systems;
  std::u16string digits;
  for (std::uint64_t rest = count; rest != 0; rest /= 10)
    digits.insert(digits.begin(), static_cast<char16_t>(u'0' + rest % 10));
  for (int i = 0; i < kSystems; ++i) {
    const std::u16string id(1, static_cast<char16_t>(u'a' + i));
    systems.push_back(create(id));
    HcsRegistration* registration = nullptr;
    HcsRegisterComputeSystemCallback(systems.back(), Counter::onNotification, &counters[i],
                                     &registration);
  }
  for (int i = 0; i < kSystems; ++i) {
    const std::u16string id(1, static_cast<char16_t>(u'a' + i));
    control(u"{\"Notify\":{\"System\":\"" + id + u"\",\"Type\":6,\"Sequence\":true,\"Count\":" +
            digits + u"}}");
  }
  // Others may register and leave in the middle of it.
  for (int i = 0; i < 50; ++i) {
    Log log;
    CHECK(HcsUnregisterComputeSystemCallback(listen(systems[i % kSystems], &log)) == kOk);
  }
  control(u"{\"Await\":{\"Undelivered\":0,\"TimeoutMs\":60000}}");
  for (const Counter& counter : counters)
    CHECK(counter.next.load() == count && counter.wrong.load() == 0);
}

void HC_CALL count(std::uint32_t type, void* context, HResult, const char16_t*) {
  if (type == 6) static_cast<std::atomic<std::uint64_t>*>(context)->fetch_add(1);
}

void manyThreads() {
  reset();
  HcsSystem* system = create(u"m");
  std::atomic<std::uint64_t> received{0};
  HcsRegistration* registration = nullptr;
  HcsRegisterComputeSystemCallback(system, count, &received, &registration);
  const std::u16string request =
      u"{\"Notify\":{\"System\":\"m\",\"Type\":6,\"Count\":20000,\"Threads\":8}}";
  CHECK(control(request) == u"{\"Queued\":20000}");
  quiet();
  CHECK(received.load() == 20000);
  // Unregistering stops such a storm as well.
  control(request);
  CHECK(HcsUnregisterComputeSystemCallback(registration) == kOk);
  const std::uint64_t then = received.load();
  quiet();
  CHECK(received.load() == then);
}

// A rule makes the host call a callback that has been unregistered, in its own time.
void afterUnregistering() {
  reset();
  control(u"{\"Configure\":{\"Clock\":\"virtual\"}}");
  HcsSystem* system = running(u"l");
  HcsProcess* process = nullptr;
  ProcessInformation information{};
  CHECK(call(HcsCreateProcess, system, u"{\"CommandLine\":\"sim-sleep\"}", &information,
             &process) == kOk);
  control(u"{\"Inject\":{\"Function\":\"HcsUnregisterComputeSystemCallback\",\"LateMs\":30}}");
  control(u"{\"Inject\":{\"Function\":\"HcsUnregisterProcessCallback\",\"LateMs\":20}}");
  Log log;
  HcsRegistration* ofSystem = log.on(system);
  HcsRegistration* ofProcess = log.on(process);
  CHECK(log.wait(1) && log.types() == std::vector<std::uint32_t>({2}));
  control(u"{\"Trace\":{\"Start\":true}}");
  CHECK(HcsUnregisterComputeSystemCallback(ofSystem) == kOk);
  CHECK(HcsUnregisterProcessCallback(ofProcess) == kOk);
  CHECK(HcsCloseProcess(process) == kOk && HcsCloseComputeSystem(system) == kOk);
  quiet();
  CHECK(log.events().size() == 1);
  control(u"{\"Advance\":{\"Ms\":29}}");
  CHECK(log.types() == std::vector<std::uint32_t>({2, 0x10000}));
  control(u"{\"Advance\":{\"Ms\":1}}");
  CHECK(log.types() == std::vector<std::uint32_t>({2, 0x10000, 1}));
  CHECK(contains(control(u"{\"Trace\":{}}"),
                 u"30 notify SystemExited \\\"l\\\" 0x00000000 after unregistering"));
  CHECK(contains(
      control(u"{\"Inject\":{\"Function\":\"HcsStartComputeSystem\",\"LateMs\":1}}", false),
      u"LateMs does not apply to this function"));
}

HcsRegistration* own = nullptr;

void HC_CALL suicide(std::uint32_t, void*, HResult, const char16_t*) {
  HcsUnregisterComputeSystemCallback(own);
  std::exit(0);  // not reached: the simulator aborts
}

int abortOnPurpose() {
  HcsSystem* system = create(u"a");
  quiet();
  HcsRegisterComputeSystemCallback(system, suicide, nullptr, &own);
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

void HC_CALL resetInside(std::uint32_t type, void* context, HResult, const char16_t*) {
  if (type != 6) return;
  char16_t* response = nullptr;
  const HResult status = HcSimulatorControl(u"{\"Reset\":{}}", &response);
  take(response);
  static_cast<std::atomic<HResult>*>(context)->store(status);
}

void resetFromCallback() {
  reset();
  std::atomic<HResult> status{0};
  HcsRegistration* registration = nullptr;
  HcsRegisterComputeSystemCallback(create(u"c"), resetInside, &status, &registration);
  control(u"{\"Notify\":{\"System\":\"c\",\"Type\":6}}");
  quiet();
  CHECK(status.load() == kBadArgument);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "abort") == 0) return abortOnPurpose();
  replay();
  exitRace();
  waiting();
  dataDies();
  storm(100'000);
  manyThreads();
  afterUnregistering();
  resetFromCallback();
  CHECK(std::system((std::string("\"") + argv[0] + "\" abort").c_str()) != 0);
  return summary();
}
