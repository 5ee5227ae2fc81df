// The library that makes its calls at a host in another process, which is
// test/native/remote/serve.cc.
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "../support/guest-client.h"
#include "../support/layer-client.h"
#include "channels.h"
#include "peers.h"
#include "remote/listener.h"
#include "server-process.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

void connecting(const Server& server) {
  char16_t* response = nullptr;
  CHECK(HcSimulatorControl(u"{\"State\":{}}", &response) == 0x800706BA && response == nullptr);
  CHECK(HcSimulatorControl(nullptr, nullptr) == 0x800706BA);
  const std::u16string nobody =
      control(u"{\"Connect\":{\"Path\":\"" + server.path() + u".not\"}}", false);
  CHECK(contains(nobody, u"is served by no process"));
  std::string why;
  const std::string path = ownPath("silent");
  const auto listener = remote::Listener::open(path, {}, &why);
  std::thread silent([&] { listener->accept(); });
  CHECK(contains(
      control(u"{\"Connect\":{\"Path\":\"" + std::u16string(path.begin(), path.end()) + u"\"}}",
              false),
      u"does not answer"));
  silent.join();
  unlink(path.c_str());
  const std::u16string right = u"{\"Connect\":{\"Path\":\"" + server.path() + u"\"}}";
  CHECK(control(right) == u"{}" && control(right) == u"{}");
  CHECK(contains(control(u"{\"Connect\":{\"Path\":\"/elsewhere\"}}", false),
                 u"this process has the host at"));
  CHECK(contains(control(u"{\"Connect\":{\"Path\":1}}", false), u"must be a command"));
}

void calls() {
  reset();
  HcsSystem* system = running(u"ü漢\"");
  Log log;
  listen(system, &log);
  CHECK(log.wait(1));
  CHECK(call(HcsPauseComputeSystem, system, u"") == kPending && log.wait(2));
  CHECK(stateOf(system) == u"Paused");
  CHECK(call(HcsPauseComputeSystem, system, u"") == kInvalidState && contains(result, u"Error"));
  CHECK(ask(HcsGetServiceProperties, static_cast<const char16_t*>(nullptr)) == kOk);
  // Outputs that are not wanted, handles that are none, texts that are null.
  char16_t* text = nullptr;
  CHECK(HcsOpenComputeSystem(u"ü漢\"", nullptr, &text) == kBadArgument);
  HcsSystem* second = nullptr;
  CHECK(HcsOpenComputeSystem(u"ü漢\"", &second, nullptr) == kBadArgument && second == nullptr);
  CHECK(call(HcsOpenComputeSystem, static_cast<const char16_t*>(nullptr), &second) != kOk);
  CHECK(HcsCloseComputeSystem(nullptr) == kBadHandle);
  CHECK(HcsUnregisterComputeSystemCallback(nullptr) == kBadHandle);
  CHECK(HcsCloseComputeSystem(reinterpret_cast<HcsSystem*>(&log)) == kBadHandle);
  CHECK(call(HcsTerminateComputeSystem, system, u"") == kPending && log.wait(3));
  CHECK(log.types() == std::vector<std::uint32_t>({2, 4, 1}));
  CHECK(HcsCloseComputeSystem(system) == kOk && HcsCloseComputeSystem(system) == kBadHandle);
}

void streams() {
  reset();
  HcsSystem* system = running(u"s");
  {
    Running cat(system, commandLine("sim-cat"));
    const std::string sent(300'000, 'x');
    std::thread writer([&] {
      cat.input.write(sent);
      cat.input.close();
    });
    CHECK(cat.output.readAll() == sent);
    writer.join();
  }
  // A client that does not want to know gets nothing, and nothing stays open.
  control(u"{\"Inject\":{\"Function\":\"HcsCreateProcess\",\"Status\":\"0x80070005\"}}");
  ProcessInformation information;
  HcsProcess* process = nullptr;
  CHECK(call(HcsCreateProcess, system, u"{\"CommandLine\":\"cmd\"}", &information, &process) ==
        0x80070005);
  CHECK(process == nullptr && information.stdInput == nullptr);
  HcsCloseComputeSystem(system);
  CHECK(control(u"{\"Await\":{\"Pipes\":0,\"Programs\":0,\"TimeoutMs\":10000}}") ==
        u"{\"Reached\":true}");
}

#if defined(__linux__)  // elsewhere the connection fails
// A client without descriptors does not get a process, and keeps its host.
void noDescriptors() {
  reset();
  HcsSystem* system = running(u"d");
  rlimit before = {};
  CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const int next = dup(0);
  close(next);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(next);
  CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
  ProcessInformation information;
  HcsProcess* process = nullptr;
  const HResult status =
      call(HcsCreateProcess, system,
           u"{\"CommandLine\":\"sim-cat\",\"CreateStdInPipe\":true,\"CreateStdOutPipe\":true}",
           &information, &process);
  CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(status == 0x80070008 && process == nullptr && information.stdInput == nullptr);
  CHECK(control(u"{\"Await\":{\"Pipes\":0,\"Programs\":0,\"Handles\":{\"Process\":0},\"TimeoutMs\":"
                u"10000}}") == u"{\"Reached\":true}");
  {
    Running cat(system, commandLine("sim-cat"));
    cat.input.close();
    CHECK(cat.output.readAll().empty());
  }
  CHECK(HcsCloseComputeSystem(system) == kOk);
}
#endif

struct Gate {
  std::atomic<bool> entered{false};
  std::atomic<bool> open{false};
  std::atomic<bool> left{false};

  static void HC_CALL onNotification(std::uint32_t, void* context, HResult, const char16_t*) {
    auto* gate = static_cast<Gate*>(context);
    gate->entered.store(true);
    while (!gate->open.load()) std::this_thread::yield();
    gate->left.store(true);
  }
};

// Unregistering and closing wait for a callback that runs here, and the host over there for nobody.
void waiting() {
  for (const bool close : {false, true}) {
    reset();
    HcsSystem* system = create(u"w");
    Gate gate;
    HcsRegistration* registration = nullptr;
    CHECK(HcsRegisterComputeSystemCallback(system, Gate::onNotification, &gate, &registration) ==
          kOk);
    while (!gate.entered.load()) std::this_thread::yield();
    std::thread waiter([&] {
      CHECK((close ? HcsCloseComputeSystem(system)
                   : HcsUnregisterComputeSystemCallback(registration)) == kOk);
      CHECK(gate.left.load());
    });
    const std::u16string over = u"{\"Await\":{\"CallsInside\":0,\"TimeoutMs\":10000}}";
    CHECK(control(over) == u"{\"Reached\":true}" && !gate.left.load());
    gate.open.store(true);
    waiter.join();
    if (!close) HcsCloseComputeSystem(system);
  }
}

void manyThreads() {
  reset();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([i] {
      const std::u16string id(1, static_cast<char16_t>(u'a' + i));
      for (int round = 0; round < 20; ++round) {
        Log log;
        HcsSystem* system = running(id);
        listen(system, &log);
        call(HcsTerminateComputeSystem, system, u"");
        for (std::size_t count = 1; log.wait(count); ++count)
          if (log.types().back() == 1) break;
        CHECK(HcsCloseComputeSystem(system) == kOk);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(contains(control(u"{\"State\":{}}"),
                 u"\"Handles\":{\"System\":0,\"Process\":0,\"Registration\":0,\"Network\":0,"
                 u"\"Operation\":0,\"Disk\":0}"));
}

// Its callback takes its time, and sees whether the call that registered it has returned.
struct Registering {
  std::atomic<bool> returned{false};
  std::atomic<bool> late{false};

  static void HC_CALL onNotification(std::uint32_t, void* context, HResult, const char16_t*) {
    auto* self = static_cast<Registering*>(context);
    for (int i = 0; i < 2000; ++i) {
      std::this_thread::yield();
      if (self->returned.load()) self->late.store(true);
    }
  }
};

// A call that is inside the host when it ends, and all who listen.
void losing(Server& server) {
  reset();
  HcsSystem* system = create(u"l");
  Log log;
  HcsRegistration* registration = listen(system, &log);
  CHECK(log.wait(1));
  control(u"{\"Inject\":{\"Function\":\"HcsStartComputeSystem\",\"Block\":true}}");
  std::thread caller([&] { CHECK(call(HcsStartComputeSystem, system, u"") == 0x800706BE); });
  control(
      u"{\"Inject\":{\"Function\":\"HcsRegisterComputeSystemCallback\",\"Block\":true,\"Count\":0}"
      u"}");
  std::array<Registering, 8> registering;
  std::vector<std::thread> registrars;
  for (auto& each : registering) {
    registrars.emplace_back([&] {
      HcsRegistration* made = nullptr;
      CHECK(HcsRegisterComputeSystemCallback(system, Registering::onNotification, &each, &made) ==
            0x800706BE);
      each.returned.store(true);
    });
  }
  control(u"{\"Await\":{\"BlockedCalls\":9,\"TimeoutMs\":10000}}");
  server.end();
  caller.join();
  for (auto& each : registrars) each.join();
  CHECK(log.wait(2) && log.types() == std::vector<std::uint32_t>({2, 0x01000000}));
  CHECK(log.events()[1].status == 0x800706BA);
  // A callback whose registration has failed is not called any more.
  for (const auto& each : registering) CHECK(!each.late.load());
  CHECK(call(HcsStartComputeSystem, system, u"") == 0x800706BA);
  CHECK(HcsUnregisterComputeSystemCallback(registration) == kOk);
  CHECK(HcsCloseComputeSystem(system) == kOk);
  CHECK(contains(control(u"{\"Connect\":{\"Path\":\"" + server.path() + u"\"}}", false),
                 u"is served by no process of this package"));
}

// Every kind of argument of the storage functions, there and back.
void layers() {
  reset();
  const LayerFolder folder("remote-layers");
  folder.base("base");
  const std::u16string base = folder.path("base");
  const std::u16string scratch = folder.path("scratch");
  const LayerDescriptor parents[] = {descriptor(base)};
  CHECK(CreateSandboxLayer(&kDriver, scratch.c_str(), nullptr, parents, 1) == kOk);
  CHECK(ExpandSandboxSize(&kDriver, scratch.c_str(), std::uint64_t{1} << 40) == kOk);
  CHECK(ExpandSandboxSize(&kDriver, scratch.c_str(), std::uint64_t{1} << 39) == kBadArgument);
  CHECK(mountPath(scratch).empty() && mountPath(base) == base);
  CHECK(ActivateLayer(&kDriver, scratch.c_str()) == kOk);
  CHECK(PrepareLayer(&kDriver, scratch.c_str(), nullptr, 0) == kBadArgument);
  CHECK(PrepareLayer(&kDriver, scratch.c_str(), parents, 1) == kOk);
  CHECK(mountPath(scratch).size() == 48);
  std::u16string place(10, u'?');
  std::size_t length = place.size();
  CHECK(GetLayerMountPath(&kDriver, scratch.c_str(), &length, place.data()) == 0x8007007A);
  CHECK(GetLayerMountPath(&kDriver, scratch.c_str(), nullptr, nullptr) == kBadArgument);
  CHECK(UnprepareLayer(&kDriver, scratch.c_str()) == kOk);
  CHECK(DeactivateLayer(&kDriver, scratch.c_str()) == kOk);
  std::uint32_t exists = 0;
  const std::u16string all = folder.path("");
  const DriverInformation home{0, all.c_str()};
  CHECK(LayerExists(&home, u"scratch", &exists) == kOk && exists == 1);
  CHECK(LayerExists(nullptr, scratch.c_str(), &exists) == kBadArgument);
  CHECK(LayerExists(&kDriver, scratch.c_str(), nullptr) == kBadArgument);
  GuidData guid{};
  CHECK(NameToGuid(u"3c5bfe2daef2c14ab2185e679ccf26891f306db3c8af06cd6a0b06eecc3a0f1f", &guid) ==
        kOk);
  CHECK(guid.data1 == 0x9a520dd8 && guid.data4[7] == 0xad);
}

}  // namespace

int main() {
  peers();
  channels();
  Server server;
  connecting(server);
  calls();
  streams();
#if defined(__linux__)
  noDescriptors();
#endif
  waiting();
  manyThreads();
  layers();
  losing(server);
  return summary();
}
