// A plain C++ client of a host: the calls that hostcompute makes, without Node. It is the limit
// that the benchmarks compare with.
//
//   client LIBRARY latency CYCLES            a line per cycle: nanoseconds of create, start,
//   terminate, whole client LIBRARY rate THREADS MILLISECONDS the cycles per second of that many
//   threads, each with a system of its own
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/library.h"

namespace {

using hc::HResult;
using hc::Library;
using hc::Notification;
namespace functions = hc::functions;
using Clock = std::chrono::steady_clock;

const char16_t* const kDocument =
    u"{\"Owner\":\"hostcompute-bench\",\"SchemaVersion\":{\"Major\":2,\"Minor\":1},"
    u"\"ShouldTerminateOnLastHandleClosed\":true,\"Container\":{\"GuestOs\":{\"HostName\":"
    u"\"web01\"},"
    u"\"Storage\":{\"Path\":\"\\\\\\\\?\\\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\\\\","
    u"\"Layers\":"
    u"[{\"Id\":\"b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02\",\"Path\":\"D:\\\\layers\\\\base\"}]}}}";

// What one system has been told. The callback notes and signals, the client waits.
class Told {
 public:
  static void HC_CALL callback(std::uint32_t type, void* context, HResult, const char16_t*) {
    auto& told = *static_cast<Told*>(context);
    std::lock_guard<std::mutex> lock(told.mutex_);
    if (type < 32) told.seen_ |= 1u << type;
    told.changed_.notify_one();
  }
  void await(Notification notification) {
    const std::uint32_t bit = 1u << static_cast<std::uint32_t>(notification);
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return (seen_ & bit) != 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint32_t seen_ = 0;
};

void check(HResult status, const char* what) {
  if (status == hc::kOperationPending || !hc::failed(status)) return;
  std::fprintf(stderr, "%s failed: 0x%08X\n", what, status);
  std::exit(1);
}

struct Phases {
  long long create, start, terminate, whole;
};

Phases cycle(const Library& library, const std::u16string& id) {
  const auto at = [] { return Clock::now(); };
  const auto nanoseconds = [](auto from, auto to) {
    return static_cast<long long>(std::chrono::nanoseconds(to - from).count());
  };
  Told told;
  hc::HcsSystem* system = nullptr;
  hc::HcsRegistration* registration = nullptr;
  char16_t* result = nullptr;
  const auto begun = at();
  check(library.get<functions::HcsCreateComputeSystem>()(id.c_str(), kDocument, nullptr, &system,
                                                         &result),
        "create");
  check(library.get<functions::HcsRegisterComputeSystemCallback>()(system, &Told::callback, &told,
                                                                   &registration),
        "register");
  told.await(Notification::SystemCreateCompleted);
  const auto created = at();
  check(library.get<functions::HcsStartComputeSystem>()(system, nullptr, &result), "start");
  told.await(Notification::SystemStartCompleted);
  const auto started = at();
  check(library.get<functions::HcsTerminateComputeSystem>()(system, nullptr, &result), "terminate");
  told.await(Notification::SystemExited);
  const auto terminated = at();
  check(library.get<functions::HcsUnregisterComputeSystemCallback>()(registration), "unregister");
  check(library.get<functions::HcsCloseComputeSystem>()(system), "close");
  const auto closed = at();
  return {nanoseconds(begun, created), nanoseconds(created, started),
          nanoseconds(started, terminated), nanoseconds(begun, closed)};
}

std::u16string idOf(int thread, int number) {
  const std::string text = "bench-" + std::to_string(thread) + "-" + std::to_string(number);
  return {text.begin(), text.end()};
}

void latency(const Library& library, int cycles) {
  for (int i = 0; i < cycles; ++i) {
    const Phases phases = cycle(library, idOf(0, i));
    std::printf("%lld %lld %lld %lld\n", phases.create, phases.start, phases.terminate,
                phases.whole);
  }
}

void rate(const Library& library, int threads, int milliseconds) {
  std::atomic<bool> stop{false};
  std::atomic<long long> cycles{0};
  std::vector<std::thread> clients;
  const auto begun = Clock::now();
  for (int t = 0; t < threads; ++t) {
    clients.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        cycle(library, idOf(t, i));
        ++cycles;
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  stop = true;
  for (std::thread& client : clients) client.join();
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  std::printf("%.1f\n", static_cast<double>(cycles) / seconds);
}

// Steers the simulated host, before anything is measured.
void configure(const Library& library, const std::string& settings) {
  const std::string request = "{\"Configure\":" + settings + "}";
  const std::u16string text(request.begin(), request.end());
  char16_t* response = nullptr;
  check(library.get<functions::HcSimulatorControl>()(text.c_str(), &response), "configure");
  library.freeText(response);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) return 2;
  const std::string path = arguments[1];
  const auto opened = Library::open({std::u16string(path.begin(), path.end()), path});
  if (!opened.library) {
    std::fprintf(stderr, "%s\n", opened.error.c_str());
    return 1;
  }
  if (std::strcmp(arguments[2], "latency") == 0) {
    if (count > 4) configure(*opened.library, arguments[4]);
    latency(*opened.library, std::atoi(arguments[3]));
  } else if (count > 4) {
    rate(*opened.library, std::atoi(arguments[3]), std::atoi(arguments[4]));
  }
  return 0;
}
