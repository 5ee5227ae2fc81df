#include "threads.h"

#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include "platform.h"

namespace hc::simulator {
namespace {

std::atomic<int> running{0};
std::atomic<bool> pinned{false};

}  // namespace

// Detached: the process may end, or the library's last user go away, while one of them sleeps or is
// inside a client.
void startThread(std::function<void()> body) {
  if (!pinned.exchange(true)) pinLibrary();
  running.fetch_add(1);
  std::thread([body = std::move(body)] {
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
