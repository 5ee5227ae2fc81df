#include "threads.h"

#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "platform.h"

namespace hc::simulator {
namespace {

std::atomic<int> running{0};
std::atomic<bool> pinned{false};
// Held from the begin of a thread until it is detached, and asked for by the thread itself:
// winpthreads, which mingw builds on, crashes when a thread has ended before that.
// Never destroyed: threads outlive static objects.
std::mutex& detaching = *new std::mutex;

}  // namespace

// Detached: the process may end, or the library's last user go away, while one of them sleeps or is
// inside a client.
void startThread(std::function<void()> body) {
  if (!pinned.exchange(true)) pinLibrary();
  running.fetch_add(1);
  std::lock_guard lock(detaching);
  std::thread([body = std::move(body)] {
    { std::lock_guard detached(detaching); }
    body();
    running.fetch_sub(1);
  }).detach();
}

bool tryStartThread(std::function<void()> body) {
  try {
    startThread(std::move(body));
    return true;
  } catch (const std::system_error&) {
    running.fetch_sub(1);
    return false;
  }
}

int threadCount() { return running.load(); }

}  // namespace hc::simulator
