// The threads that are inside the host. A few share the queue; one more starts only when work has
// waited for milliseconds while none of them came back, up to a bound, and ends when enough others
// wait for work. A call that never returns costs its thread and nothing else.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>

#include "operation.h"
#include "sync.h"

namespace hc {

class Workers {
 public:
  struct Limits {
    std::size_t resident = 2;  // how many may wait for work
    std::size_t most = 64;
    std::chrono::milliseconds patience{2};  // how long work may wait before one more thread starts
    // How long one idle thread looks for work before it sleeps: who awaits one call after another
    // then pays for no wake-up of a thread. 0: not at all.
    std::chrono::microseconds lookout{0};
  };

  explicit Workers(Limits limits);
  // Lets the threads end by themselves; those inside the host keep what they use alive.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  void submit(std::unique_ptr<Operation> operation);
  // The operation, if no worker has taken it yet.
  std::unique_ptr<Operation> cancel(std::uint64_t id);
  // Drops the operations that do not run at the end.
  void dropQueued();
  // Waits until nothing is queued or running, at most `limit`. True when that was reached.
  bool settle(std::chrono::milliseconds limit);

  std::size_t threads() const;

 private:
  struct State;
  static void work(std::shared_ptr<State> state);
  static void lookOut(State& state, std::unique_lock<Mutex>& lock);
  static void supervise(std::shared_ptr<State> state);

  const std::shared_ptr<State> state_;
};

}  // namespace hc
