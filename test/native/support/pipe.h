// A pipe whose one end is given away: whether that has been closed.
#pragma once

#include "core/stream.h"

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

namespace hc::test {

class Pipe {
 public:
#if defined(_WIN32)
  Pipe() {
    HANDLE in = nullptr;
    CreatePipe(&in, &end_, nullptr, 0);
    in_ = Stream(in);
  }
  bool closed() const {
    return PeekNamedPipe(in_.value(), nullptr, 0, nullptr, nullptr, nullptr) == 0;
  }
#else
  Pipe() {
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0) return;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    in_ = Stream(pointer(ends[0]));
    end_ = pointer(ends[1]);
  }
  bool closed() const {
    char byte = 0;
    return read(static_cast<int>(reinterpret_cast<std::intptr_t>(in_.value())), &byte, 1) == 0;
  }
#endif
  // Whoever gets it closes it.
  void* end() const { return end_; }

 private:
#if !defined(_WIN32)
  static void* pointer(int descriptor) {
    return reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor));
  }
#endif
  Stream in_;
  void* end_ = nullptr;
};

}  // namespace hc::test
