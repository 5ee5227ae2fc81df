// Threads that nobody joins: the process may end while one of them is inside a host, and none of
// them touches anything that ends with the process.
#pragma once

#include <system_error>
#include <utility>

#include "sync.h"

namespace hc {

// Held from the begin of a thread until it is detached, and asked for by the thread itself:
// winpthreads, which mingw builds on, crashes when a thread has ended before that.
// Never destroyed: threads outlive static objects.
inline Mutex& detaching() {
  static Mutex& mutex = *new Mutex;
  return mutex;
}

// False when the system has no thread to give.
template <class Body>
bool startDetached(Body body) {
  std::lock_guard<Mutex> lock(detaching());
  try {
    Thread([body = std::move(body)] {
      { std::lock_guard<Mutex> detached(detaching()); }
      body();
    }).detach();
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

}  // namespace hc
