// What tells systems, processes, handles and registrations apart, and who may open what.
#include "../support/simulator-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kNotFound = 0x80070490;
constexpr HResult kAccessDenied = 0x80070005;

HResult open(const std::u16string& id) {
  HcsSystem* system = nullptr;
  const HResult status = call(HcsOpenComputeSystem, id.c_str(), &system);
  CHECK((system != nullptr) == (status == kOk));
  if (system != nullptr) CHECK(HcsCloseComputeSystem(system) == kOk);
  return status;
}

std::u16string runtimeIdOf(HcsSystem* system) {
  CHECK(ask(HcsGetComputeSystemProperties, system, u"") == kOk);
  return payload.substr(payload.find(u"\"RuntimeId\":\"") + 13, 36);
}

struct Started {
  HcsProcess* process = nullptr;
  std::uint32_t id = 0;
};

Started start(HcsSystem* system) {
  Started started;
  ProcessInformation information;
  CHECK(call(HcsCreateProcess, system, u"{\"CommandLine\":\"sim-sleep\"}", &information,
             &started.process) == kOk);
  started.id = information.processId;
  return started;
}

// Letter for letter; the id of a machine's partition is no id of a system.
void systems() {
  reset();
  HcsSystem* lower = create(u"web");
  HcsSystem* upper = create(u"WEB");
  HcsSystem* other = create(u"web ");
  CHECK(open(u"web") == kOk && open(u"WEB") == kOk && open(u"Web") == kSystemNotFound);
  const std::u16string first = runtimeIdOf(lower);
  CHECK(first != runtimeIdOf(upper) && first != runtimeIdOf(other));
  CHECK(open(first) == kSystemNotFound);
  CHECK(ask(HcsEnumerateComputeSystems, (u"{\"Ids\":[\"" + first + u"\"]}").c_str()) == kOk);
  CHECK(payload == u"[]");
  // A system may have the runtime id of another one as its id.
  HcsSystem* named = create(first);
  CHECK(open(first) == kOk && runtimeIdOf(named) != first);
  // The next system of an id is another one.
  CHECK(call(HcsTerminateComputeSystem, lower, u"") == kPending);
  CHECK(runtimeIdOf(create(u"web")) != first && runtimeIdOf(lower) == first);
}

// No id is given to two processes, and each is found in its own system only.
void processes() {
  reset();
  HcsSystem* one = running(u"one");
  HcsSystem* two = running(u"two");
  const Started first = start(one);
  const Started second = start(two);
  CHECK(first.id != second.id);
  HcsProcess* opened = nullptr;
  CHECK(call(HcsOpenProcess, one, second.id, &opened) == kNotFound && opened == nullptr);
  CHECK(call(HcsOpenProcess, one, 0U, &opened) == kNotFound && opened == nullptr);
  CHECK(call(HcsOpenProcess, two, second.id, &opened) == kOk && opened != second.process);
  CHECK(call(HcsTerminateProcess, first.process) == kOk);
  CHECK(start(one).id != first.id);
  CHECK(call(HcsOpenProcess, one, first.id, &opened) == kNotFound);
}

// A handle is of one kind, and is not followed where another kind is meant.
void kinds() {
  reset();
  HcsSystem* system = running(u"s");
  const Started started = start(system);
  Log log;
  HcsRegistration* ofSystem = log.on(system);
  HcsRegistration* ofProcess = log.on(started.process);
  ProcessInformation information;
  HcsProcess* process = nullptr;
  HcsRegistration* registration = nullptr;
  for (void* handle : {static_cast<void*>(started.process), static_cast<void*>(ofSystem)}) {
    auto* wrong = static_cast<HcsSystem*>(handle);
    CHECK(call(HcsPauseComputeSystem, wrong, u"") == kBadHandle);
    CHECK(ask(HcsGetComputeSystemProperties, wrong, u"") == kBadHandle);
    CHECK(call(HcsModifyComputeSystem, wrong, u"{}") == kBadHandle);
    CHECK(call(HcsCreateProcess, wrong, u"{}", &information, &process) == kBadHandle);
    CHECK(call(HcsOpenProcess, wrong, started.id, &process) == kBadHandle);
    CHECK(HcsRegisterComputeSystemCallback(wrong, Log::onNotification, &log, &registration) ==
          kBadHandle);
    CHECK(HcsCloseComputeSystem(wrong) == kBadHandle);
  }
  for (void* handle : {static_cast<void*>(system), static_cast<void*>(ofProcess)}) {
    auto* wrong = static_cast<HcsProcess*>(handle);
    CHECK(call(HcsTerminateProcess, wrong) == kBadHandle);
    CHECK(call(HcsSignalProcess, wrong, u"{\"Signal\":\"CtrlC\"}") == kBadHandle);
    CHECK(call(HcsGetProcessInfo, wrong, &information) == kBadHandle);
    CHECK(ask(HcsGetProcessProperties, wrong) == kBadHandle);
    CHECK(call(HcsModifyProcess, wrong, u"{}") == kBadHandle);
    CHECK(HcsRegisterProcessCallback(wrong, Log::onNotification, &log, &registration) ==
          kBadHandle);
    CHECK(HcsCloseProcess(wrong) == kBadHandle);
  }
  CHECK(HcsUnregisterComputeSystemCallback(ofProcess) == kBadHandle);
  CHECK(HcsUnregisterProcessCallback(ofSystem) == kBadHandle);
  CHECK(HcsUnregisterProcessCallback(ofProcess) == kOk);
  CHECK(HcsUnregisterProcessCallback(ofProcess) == kBadHandle);
  CHECK(stateOf(system) == u"Running");
  // What was good before a Reset is never given out again.
  reset();
  HcsSystem* later = create(u"s");
  CHECK(later != system && HcsCloseComputeSystem(system) == kBadHandle);
  CHECK(HcsUnregisterComputeSystemCallback(ofSystem) == kBadHandle);
}

void user(const std::u16string& name) { control(u"{\"Configure\":{\"User\":\"" + name + u"\"}}"); }

// Who created a system may open it; the Owner of its document has no say.
void users() {
  reset();
  HcsSystem* system = create(u"a");
  CHECK(open(u"a") == kOk);
  user(u"eve");
  CHECK(open(u"a") == kAccessDenied && contains(result, u"'eve' did not create the system 'a'"));
  CHECK(contains(result, u"\"Error\":-2147024891,\"ErrorMessage\":\"Access is denied.\""));
  CHECK(open(u"b") == kSystemNotFound && refusal(u"a", container()) == kSystemExists);
  // She sees it, and may use a handle that she was given.
  CHECK(ask(HcsEnumerateComputeSystems, u"") == kOk && contains(payload, u"\"Id\":\"a\""));
  CHECK(call(HcsStartComputeSystem, system, u"") == kPending);
  create(u"b");
  user(u"ADMINISTRATOR");
  CHECK(open(u"a") == kOk && open(u"b") == kAccessDenied);
  CHECK(contains(control(u"{\"Configure\":{\"User\":\"\"}}", false), u"$.Configure.User"));
}

}  // namespace

int main() {
  systems();
  processes();
  kinds();
  users();
  return summary();
}
