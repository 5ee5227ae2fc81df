// Processes of a simulated guest, for native tests.
#pragma once

#include <utility>

#include "client-pipe.h"
#include "simulator-client.h"

#if !defined(_WIN32)
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#endif

namespace hc::test {

inline std::u16string wide(const std::string& text) { return {text.begin(), text.end()}; }

// A process with all three pipes, unless the members say otherwise; members are those of the
// document, between braces.
class Running {
 public:
  Running(HcsSystem* system, const std::u16string& members)
      : status(start(system, members)),
        input(information.stdInput),
        output(information.stdOutput),
        error(information.stdError) {
    if (process != nullptr) log.on(process);
  }
  ~Running() {
    if (process != nullptr) HcsCloseProcess(process);
  }

  // Waits for the exit, and gives its code; 0xFFFFFFFF when it has not come.
  std::uint32_t wait() {
    if (!log.wait(1)) return UINT32_MAX;
    const std::u16string data = log.events()[0].data;
    const std::size_t at = data.find(u"\"ExitCode\":");
    std::uint32_t code = 0;
    for (std::size_t i = at + 11; i < data.size() && data[i] >= u'0' && data[i] <= u'9'; ++i)
      code = code * 10 + static_cast<std::uint32_t>(data[i] - u'0');
    return code;
  }

  HcsProcess* process = nullptr;
  ProcessInformation information = {};
  const HResult status;
  Pipe input, output, error;
  Log log;

 private:
  HResult start(HcsSystem* system, const std::u16string& members) {
    const std::u16string document = u'{' + members + u'}';
    return call(HcsCreateProcess, system, document.c_str(), &information, &process);
  }
};

constexpr const char16_t* kPipes =
    u",\"CreateStdInPipe\":true,\"CreateStdOutPipe\":true,\"CreateStdErrPipe\":true";

// A command line that needs no escapes in JSON but those of quotes and backslashes.
inline std::u16string commandLine(const std::string& line, const std::u16string& more = kPipes) {
  std::string quoted;
  for (const char c : line) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return u"\"CommandLine\":\"" + wide(quoted) + u'"' + more;
}

struct Finished {
  std::string output, error;
  std::uint32_t code = UINT32_MAX;
};

// Runs it to its end with an input that is empty.
inline Finished finish(HcsSystem* system, const std::string& line,
                       const std::u16string& more = kPipes) {
  Running running(system, commandLine(line, more));
  if (!CHECK(running.status == kOk)) return {};
  running.input.close();
  Finished finished;
  std::thread errors([&] { finished.error = running.error.readAll(); });
  finished.output = running.output.readAll();
  errors.join();
  finished.code = running.wait();
  return finished;
}

// Every pipe and program of the simulator is gone.
inline void nothingLeft() {
  const auto answer = control(u"{\"Await\":{\"Pipes\":0,\"Programs\":0,\"TimeoutMs\":10000}}");
  if (!CHECK(answer == u"{\"Reached\":true}")) show("state", control(u"{\"State\":{}}"));
}

}  // namespace hc::test
