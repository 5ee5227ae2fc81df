// The streams of a process as the host gives them: kernel handles, each of which somebody has to
// close once. These do, unless they are taken.
#pragma once

#include <cstdint>
#include <utility>

#include "../abi/hcs.h"

namespace hc {

// A pipe's end, or none: hosts write null and all ones for "no such stream". Never either of them
// here: absent() is the one way to ask.
class Stream {
 public:
  Stream() = default;
  explicit Stream(void* value) : value_(value == kInvalidStream ? nullptr : value) {}
  Stream(Stream&& other) noexcept : value_(other.take()) {}
  Stream& operator=(Stream&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Stream();

  bool absent() const { return value_ == nullptr; }
  void* value() const { return value_; }
  // Whoever takes it closes it.
  void* take() { return std::exchange(value_, nullptr); }

 private:
  void* value_ = nullptr;
};

// Another handle to the same end of a pipe; absent when the process has no more.
Stream duplicateStream(void* stream);

// A descriptor that JavaScript owns now. It can be told from another file that has its number
// later; not on Windows, where it is left open.
class TransferredDescriptor {
 public:
  explicit TransferredDescriptor(int descriptor);
  void closeIfOpen() const;

 private:
  int descriptor_;
  std::uint64_t device_ = 0;
  std::uint64_t file_ = 0;
};

struct ProcessStreams {
  ProcessStreams() = default;
  explicit ProcessStreams(const ProcessInformation& information)
      : processId(information.processId),
        stdInput(information.stdInput),
        stdOutput(information.stdOutput),
        stdError(information.stdError) {}

  std::uint32_t processId = 0;
  Stream stdInput, stdOutput, stdError;
};

}  // namespace hc
