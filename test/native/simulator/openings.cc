// What a client has open, and which call opened it, as State lists it.
#include "../support/guest-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

std::u16string opened() {
  const std::u16string text = control(u"{\"State\":{}}");
  const std::size_t at = text.find(u"\"Open\":") + 7;
  return text.substr(at, text.find(u",\"Layers\"") - at);
}

// What is open, and by which call, until it is closed.
void openings() {
  reset();
  CHECK(opened() == u"[]");
  HcsSystem* first = running(u"a");  // calls 1 and 2
  HcsSystem* second = nullptr;
  CHECK(call(HcsOpenComputeSystem, u"none", &second) == kSystemNotFound);  // 3
  CHECK(call(HcsOpenComputeSystem, u"a", &second) == kOk);
  const std::u16string systems =
      u"{\"Kind\":\"System\",\"Function\":\"vmcompute.HcsCreateComputeSystem\",\"Call\":1,"
      u"\"System\":\"a\"},"
      u"{\"Kind\":\"System\",\"Function\":\"vmcompute.HcsOpenComputeSystem\",\"Call\":4,\"System\":"
      u"\"a\"}";
  if (!CHECK(opened() == u"[" + systems + u"]")) show("open", opened());
  ProcessInformation information;
  HcsProcess* process = nullptr;
  CHECK(call(HcsCreateProcess, second,
             u"{\"CommandLine\":\"sim-sleep\",\"CreateStdOutPipe\":true,\"CreateStdErrPipe\":true}",
             &information, &process) == kOk);
  {
    Log log;
    log.on(process);
    const std::u16string all =
        systems +
        u",{\"Kind\":\"Process\",\"Function\":\"vmcompute.HcsCreateProcess\",\"Call\":5,\"System\":"
        u"\"a\","
        u"\"Process\":4},{\"Kind\":\"Program\",\"Function\":\"vmcompute.HcsCreateProcess\","
        u"\"Call\":5,"
        u"\"System\":\"a\",\"Process\":4,\"Pipes\":2},{\"Kind\":\"Registration\",\"Function\":"
        u"\"vmcompute.HcsRegisterProcessCallback\",\"Call\":6,\"System\":\"a\",\"Process\":4}";
    if (!CHECK(opened() == u"[" + all + u"]")) show("open", opened());
  }
  CHECK(call(HcsTerminateProcess, process) == kOk);
  control(u"{\"Await\":{\"Programs\":0,\"TimeoutMs\":10000}}");
  CHECK(contains(opened(), u"\"Kind\":\"Process\"") && !contains(opened(), u"Program"));
  Pipe(information.stdOutput).close();
  Pipe(information.stdError).close();
  CHECK(HcsCloseProcess(process) == kOk && HcsCloseComputeSystem(first) == kOk);
  CHECK(opened() == u"[" + systems.substr(systems.find(u"},") + 2) + u"]");
  CHECK(HcsCloseComputeSystem(second) == kOk && opened() == u"[]");
  // Numbers begin again with Reset, and nothing of before is listed.
  reset();
  create(u"b");
  CHECK(contains(opened(), u"\"Call\":1,\"System\":\"b\"") && !contains(opened(), u"\"a\""));
}

// A text belongs to the client until it frees it. On Windows that cannot be seen.
void texts() {
#if !defined(_WIN32)
  reset();
  HcsSystem* system = create(u"t");  // call 1
  char16_t* properties = nullptr;
  char16_t* result = nullptr;
  CHECK(HcsGetComputeSystemProperties(system, u"", &properties, &result) == kOk && !result);
  char16_t* error = nullptr;
  CHECK(HcsPauseComputeSystem(system, u"", &error) == kInvalidState && error);
  const std::u16string kept =
      u"{\"Kind\":\"Text\",\"Function\":\"vmcompute.HcsGetComputeSystemProperties\",\"Call\":2,"
      u"\"System\":"
      u"\"t\"}";
  CHECK(contains(opened(),
                 kept + u",{\"Kind\":\"Text\",\"Function\":\"vmcompute.HcsPauseComputeSystem\","
                        u"\"Call\":3,\"System\":\"t\"}]"));
  CoTaskMemFree(error);
  CHECK(contains(opened(), kept + u"]"));
  CHECK(HcsCloseComputeSystem(system) == kOk && opened() == u"[" + kept + u"]");
  // Reset forgets, but the text is still there, and freed as ever.
  reset();
  CHECK(opened() == u"[]" && contains(take(properties), u"\"Id\":\"t\""));
  CoTaskMemFree(nullptr);

  // A text of vmcompute is not for LocalFree.
  system = create(u"t");
  CHECK(HcsGetComputeSystemProperties(system, u"", &properties, &result) == kOk);
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Misfreed\":[]"));
  LocalFree(properties);
  CHECK(contains(control(u"{\"State\":{}}"),
                 u"\"Misfreed\":[{\"Function\":\"vmcompute.HcsGetComputeSystemProperties\","
                 u"\"Call\":2}]"));
  CHECK(HcsCloseComputeSystem(system) == kOk && opened() == u"[]");
  reset();
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Misfreed\":[]"));
#endif
}

}  // namespace

int main() {
  openings();
  texts();
  return summary();
}
