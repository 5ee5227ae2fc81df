// A plain C++ client of a host: the calls that hostcompute makes, without Node. It is the limit
// that the benchmarks compare with.
//
//   client LIBRARY latency CYCLES [SETTINGS]
//     a line per cycle: nanoseconds of create, start, inspect, terminate, whole
//   client LIBRARY rate THREADS MILLISECONDS
//     the cycles per second of that many threads, each with a system of its own
//   client LIBRARY latency-computecore CYCLES, rate-computecore THREADS MILLISECONDS
//     the same through computecore.dll
//   client LIBRARY process-latency CYCLES
//     a line per process: nanoseconds of create, output, exit, close, whole
//   client LIBRARY many-processes SYSTEMS PROCESSES REPETITIONS THREADS
//     JSON: the milliseconds of each repetition
//   client LIBRARY memory SYSTEMS MARKS
//     JSON: the systems that run at each mark, and the resident memory in MiB
//   client LIBRARY networks CYCLES [REQUEST ...]
//     a line per cycle: nanoseconds of network, endpoint, namespace, attach, detach, delete, whole
//   client LIBRARY endpoints COUNT
//     JSON: the microseconds for each endpoint of creating, listing and deleting so many
//   client files FOLDER COUNT BYTES
//     milliseconds for making, writing and closing so many files in a folder that is there, on one
//     thread
//   client flood MEBIBYTES
//     what sim-flood writes, to standard output
#include "client.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "computecore.h"
#include "networks.h"
#include "processes.h"

namespace hc::bench {
namespace {

using Cycle = Phases (*)(const Libraries&, const std::u16string& id, bool inspect);

Phases vmcomputeCycle(const Libraries& library, const std::u16string& id, bool inspect) {
  const auto at = [] { return Clock::now(); };
  Told told;
  hc::HcsSystem* system = nullptr;
  hc::HcsRegistration* registration = nullptr;
  char16_t* result = nullptr;
  const auto begun = at();
  check(library.get<functions::vmcompute::HcsCreateComputeSystem>()(id.c_str(), kDocument, nullptr,
                                                                    &system, &result),
        "create");
  check(library.get<functions::vmcompute::HcsRegisterComputeSystemCallback>()(
            system, &Told::callback, &told, &registration),
        "register");
  told.await(Notification::SystemCreateCompleted);
  const auto created = at();
  check(library.get<functions::vmcompute::HcsStartComputeSystem>()(system, nullptr, &result),
        "start");
  told.await(Notification::SystemStartCompleted);
  const auto started = at();
  if (inspect) {
    char16_t* properties = nullptr;
    check(library.get<functions::vmcompute::HcsGetComputeSystemProperties>()(system, u"{}",
                                                                             &properties, &result),
          "inspect");
    library.freeText(properties);
  }
  const auto inspected = at();
  check(library.get<functions::vmcompute::HcsTerminateComputeSystem>()(system, nullptr, &result),
        "terminate");
  told.await(Notification::SystemExited);
  const auto terminated = at();
  check(library.get<functions::vmcompute::HcsUnregisterComputeSystemCallback>()(registration),
        "unregister");
  check(library.get<functions::vmcompute::HcsCloseComputeSystem>()(system), "close");
  const auto closed = at();
  return {nanoseconds(begun, created), nanoseconds(created, started),
          nanoseconds(started, inspected), nanoseconds(inspected, terminated),
          nanoseconds(begun, closed)};
}

std::u16string idOf(int thread, int number) {
  const std::string text = "bench-" + std::to_string(thread) + "-" + std::to_string(number);
  return {text.begin(), text.end()};
}

void latency(const Libraries& library, Cycle cycle, int cycles) {
  for (int i = 0; i < cycles; ++i) {
    const Phases phases = cycle(library, idOf(0, i), true);
    std::printf("%lld %lld %lld %lld %lld\n", phases.create, phases.start, phases.inspect,
                phases.terminate, phases.whole);
  }
}

void rate(const Libraries& library, Cycle cycle, int threads, int milliseconds) {
  std::atomic<bool> stop{false};
  std::atomic<long long> cycles{0};
  std::vector<std::thread> clients;
  const auto begun = Clock::now();
  for (int t = 0; t < threads; ++t) {
    clients.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        cycle(library, idOf(t, i), false);
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

// 0 where there is no /proc.
double residentMebibytes() {
#if defined(__linux__)
  long long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*d %lld", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return static_cast<double>(pages * sysconf(_SC_PAGESIZE)) / (1 << 20);
#else
  return 0;
#endif
}

void memory(const Libraries& library, int systems, int marks) {
  std::vector<std::unique_ptr<Running>> open;
  std::printf("[");
  for (int mark = 0; mark <= marks; ++mark) {
    while (static_cast<int>(open.size()) < systems * mark / marks)
      open.push_back(std::make_unique<Running>(library, idOf(0, static_cast<int>(open.size()))));
    std::printf("%s{\"systems\":%zu,\"rss\":%.3f}", mark == 0 ? "" : ",", open.size(),
                residentMebibytes());
  }
  std::printf("]\n");
}

// The least that a layer of so many files can take: nothing is read, digested or decided.
int manyFiles(const std::string& folder, int count, std::size_t bytes) {
  const std::vector<char> content(bytes, 'x');
  const auto begun = Clock::now();
  for (int i = 0; i < count; ++i) {
    const std::string path = folder + "/" + std::to_string(i);
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (file < 0 || ::write(file, content.data(), static_cast<unsigned>(bytes)) < 0) return 1;
    ::close(file);
  }
  std::printf("%.3f\n", static_cast<double>(nanoseconds(begun, Clock::now())) / 1e6);
  return 0;
}

// Steers the simulated host, before anything is measured.
void control(const Libraries& library, const std::string& request) {
  const std::u16string text(request.begin(), request.end());
  char16_t* response = nullptr;
  check(library.get<functions::simulator::HcSimulatorControl>()(text.c_str(), &response),
        "control");
  library.freeText(response);
}

}  // namespace

int runMode(const Libraries& library, const std::string& mode, int count, char** arguments) {
  const auto number = [&](int place) { return place < count ? std::atoi(arguments[place]) : 0; };
  if (mode == "latency") {
    if (count > 4) control(library, "{\"Configure\":" + std::string(arguments[4]) + "}");
    latency(library, vmcomputeCycle, number(3));
  } else if (mode == "rate") {
    rate(library, vmcomputeCycle, number(3), number(4));
  } else if (mode == "latency-computecore") {
    latency(library, computecoreCycle, number(3));
  } else if (mode == "rate-computecore") {
    rate(library, computecoreCycle, number(3), number(4));
  } else if (mode == "networks") {
    for (int place = 4; place < count; ++place) control(library, arguments[place]);
    networkCycle(library, number(3));
  } else if (mode == "endpoints") {
    manyEndpoints(library, number(3));
  } else if (mode == "memory") {
    memory(library, number(3), number(4));
  } else if (mode == "process-latency") {
    processLatency(library, number(3));
  } else if (mode == "many-processes") {
    manyProcesses(library, number(3), number(4), number(5), number(6));
  } else {
    return 2;
  }
  return 0;
}

}  // namespace hc::bench

// The paths of a host's vmcompute and of its simulator, then the mode.
int main(int count, char** arguments) {
  if (count < 3) return 2;
  const std::string vmcompute = arguments[1];
  const std::string simulator = arguments[2];
  if (vmcompute == "files" && count == 5)
    return hc::bench::manyFiles(arguments[2], std::atoi(arguments[3]),
                                std::strtoul(arguments[4], nullptr, 10));
  if (vmcompute == "flood") return hc::bench::flood(std::atoll(arguments[2]));
  if (count < 4) return 2;
  hc::Libraries::Paths paths;
  paths[static_cast<std::size_t>(hc::Library::vmcompute)] = {
      std::u16string(vmcompute.begin(), vmcompute.end()), vmcompute};
  // Beside that of the compute service.
  for (const hc::Library library : {hc::Library::computecore, hc::Library::computenetwork}) {
    std::string path = vmcompute;
    const std::size_t name = path.rfind("vmcompute");
    if (name != std::string::npos)
      path.replace(name, 9, hc::kLibraryNames[static_cast<std::size_t>(library)]);
    paths[static_cast<std::size_t>(library)] = {std::u16string(path.begin(), path.end()), path};
  }
  paths[static_cast<std::size_t>(hc::Library::simulator)] = {
      std::u16string(simulator.begin(), simulator.end()), simulator};
  const auto opened = hc::Libraries::open(paths);
  if (!opened.libraries) {
    std::fprintf(stderr, "%s\n", opened.error.c_str());
    return 1;
  }
  return hc::bench::runMode(*opened.libraries, arguments[3], count - 1, arguments + 1);
}
