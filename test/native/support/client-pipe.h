// The client's ends of the streams of a process, for native tests.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#else
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

}  // namespace hc::test
