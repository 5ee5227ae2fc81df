// The modes of the client that are about processes, for systems with pipes that are descriptors.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "client.h"

namespace hc::bench {

// A system that runs, until its last handle is closed.
class Running {
 public:
  Running(const Libraries& library, const std::u16string& id) : library_(library) {
    HcsRegistration* registration = nullptr;
    char16_t* result = nullptr;
    check(library.get<functions::vmcompute::HcsCreateComputeSystem>()(id.c_str(), kDocument,
                                                                      nullptr, &system_, &result),
          "create");
    check(library.get<functions::vmcompute::HcsRegisterComputeSystemCallback>()(
              system_, &Told::callback, &told_, &registration),
          "register");
    told_.await(Notification::SystemCreateCompleted);
    check(library.get<functions::vmcompute::HcsStartComputeSystem>()(system_, nullptr, &result),
          "start");
    told_.await(Notification::SystemStartCompleted);
    check(library.get<functions::vmcompute::HcsUnregisterComputeSystemCallback>()(registration),
          "unregister");
  }
  ~Running() { library_.get<functions::vmcompute::HcsCloseComputeSystem>()(system_); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  HcsSystem* get() const { return system_; }

 private:
  const Libraries& library_;
  Told told_;
  HcsSystem* system_ = nullptr;
};

struct RoundTrip {
  long long create, output, exit, close, whole;
};

inline std::string readAll(void* stream) {
  const int descriptor = static_cast<int>(reinterpret_cast<std::intptr_t>(stream));
  std::string text;
  char block[4096];
  for (ssize_t count; (count = ::read(descriptor, block, sizeof block)) > 0;)
    text.append(block, static_cast<std::size_t>(count));
  ::close(descriptor);
  return text;
}

inline RoundTrip roundTrip(const Libraries& library, HcsSystem* system) {
  Told told;
  ProcessInformation information = {};
  HcsProcess* process = nullptr;
  HcsRegistration* registration = nullptr;
  char16_t* result = nullptr;
  const auto begun = Clock::now();
  check(library.get<functions::vmcompute::HcsCreateProcess>()(
            system,
            u"{\"CommandLine\":\"cmd /c echo x\",\"CreateStdInPipe\":false,"
            u"\"CreateStdOutPipe\":true,\"CreateStdErrPipe\":false}",
            &information, &process, &result),
        "create process");
  check(library.get<functions::vmcompute::HcsRegisterProcessCallback>()(process, &Told::callback,
                                                                        &told, &registration),
        "register process");
  const auto created = Clock::now();
  const std::string output = readAll(information.stdOutput);
  const auto read = Clock::now();
  told.await(Notification::ProcessExited);
  const auto exited = Clock::now();
  check(library.get<functions::vmcompute::HcsUnregisterProcessCallback>()(registration),
        "unregister process");
  check(library.get<functions::vmcompute::HcsCloseProcess>()(process), "close process");
  const auto closed = Clock::now();
  if (output != "x\r\n") {
    std::fprintf(stderr, "the process wrote \"%s\"\n", output.c_str());
    std::exit(1);
  }
  return {nanoseconds(begun, created), nanoseconds(created, read), nanoseconds(read, exited),
          nanoseconds(exited, closed), nanoseconds(begun, closed)};
}

inline void processLatency(const Libraries& library, int cycles) {
  const Running system(library, u"processes");
  for (int i = 0; i < cycles; ++i) {
    const RoundTrip trip = roundTrip(library, system.get());
    std::printf("%lld %lld %lld %lld %lld\n", trip.create, trip.output, trip.exit, trip.close,
                trip.whole);
  }
}

// The threads take the processes from one counter; starting them is part of the time.
inline double manyOnce(const Libraries& library,
                       const std::vector<std::unique_ptr<Running>>& systems, int processes,
                       int threads) {
  std::atomic<int> next{0};
  std::vector<std::thread> clients;
  const auto begun = Clock::now();
  for (int t = 0; t < threads; ++t) {
    clients.emplace_back([&] {
      for (int i; (i = next++) < processes;)
        roundTrip(library, systems[static_cast<std::size_t>(i) % systems.size()]->get());
    });
  }
  for (std::thread& client : clients) client.join();
  return static_cast<double>(nanoseconds(begun, Clock::now())) / 1e6;
}

inline void manyProcesses(const Libraries& library, int systemCount, int processes, int repetitions,
                          int threads) {
  std::vector<std::unique_ptr<Running>> systems;
  for (int i = 0; i < systemCount; ++i) {
    const std::string id = "many-" + std::to_string(i);
    systems.push_back(std::make_unique<Running>(library, std::u16string(id.begin(), id.end())));
  }
  std::printf("{\"threads\":%d,\"times\":[", threads);
  for (int i = 0; i < repetitions; ++i)
    std::printf("%s%.3f", i == 0 ? "" : ",", manyOnce(library, systems, processes, threads));
  std::printf("]}\n");
}

// The bytes of sim-flood in its blocks, to standard output: what a child process is to be measured
// with.
inline int flood(long long mebibytes) {
  constexpr std::size_t kBlock = 64 * 1024;
  constexpr std::size_t kPattern = 251;
  std::string block(kBlock + kPattern, '\0');
  for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<char>(i % kPattern);
  const auto size = static_cast<std::uint64_t>(mebibytes) << 20;
  for (std::uint64_t done = 0; done < size;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, size - done));
    const ssize_t written = ::write(STDOUT_FILENO, &block[done % kPattern], count);
    if (written < 0) return 1;
    done += static_cast<std::uint64_t>(written);
  }
  return 0;
}

}  // namespace hc::bench
