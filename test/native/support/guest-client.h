// Processes of a simulated guest, and the client's ends of their streams, for native tests.
#pragma once

#include <utility>

#include "simulator-client.h"

#if !defined(_WIN32)
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#endif

namespace hc::test {

// The client's end of one stream. It blocks.
class Pipe {
 public:
  explicit Pipe(void* handle) : handle_(handle) {}
  ~Pipe() { close(); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  Pipe(Pipe&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

  bool there() const { return handle_ != nullptr; }
  void* handle() const { return handle_; }

  void close() {
    void* handle = std::exchange(handle_, nullptr);
    if (handle == nullptr) return;
#if defined(_WIN32)
    CloseHandle(handle);
#else
    ::close(descriptor(handle));
#endif
  }

  // 0: the end. What a closed pipe answers is the end too.
  std::size_t read(char* data, std::size_t size) { return move(data, size, true); }

  bool write(const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
      const std::size_t count =
          move(const_cast<char*>(text.data()) + done, text.size() - done, false);
      if (count == 0) return false;
      done += count;
    }
    return true;
  }

  std::string readAll() {
    if (!there()) return {};
    std::string all;
    std::vector<char> block(64 * 1024);
    while (const std::size_t count = read(block.data(), block.size()))
      all.append(block.data(), count);
    return all;
  }

  // Until the text has come; what came in any case.
  std::string readUntil(const std::string& text) {
    std::string all;
    char byte = 0;
    while (all.find(text) == std::string::npos && read(&byte, 1) == 1) all.push_back(byte);
    return all;
  }

 private:
#if defined(_WIN32)
  std::size_t move(char* data, std::size_t size, bool in) {
    OVERLAPPED operation = {};
    operation.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    DWORD count = 0;
    const auto most = static_cast<DWORD>(size);
    const bool done = in ? ReadFile(handle_, data, most, nullptr, &operation)
                         : WriteFile(handle_, data, most, nullptr, &operation);
    if (done || GetLastError() == ERROR_IO_PENDING)
      if (!GetOverlappedResult(handle_, &operation, &count, TRUE)) count = 0;
    CloseHandle(operation.hEvent);
    return count;
  }
#else
  static int descriptor(void* handle) {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(handle));
  }
  std::size_t move(char* data, std::size_t size, bool in) {
    for (;;) {
      const ssize_t count =
          in ? ::read(descriptor(handle_), data, size) : ::write(descriptor(handle_), data, size);
      if (count < 0 && errno == EINTR) continue;
      return count < 0 ? 0 : static_cast<std::size_t>(count);
    }
  }
#endif

  void* handle_;
};

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
