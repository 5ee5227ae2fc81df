#include "workers.h"

#include <thread>
#include <utility>
#include <vector>

#include "detached-thread.h"
#include "queue.h"

namespace hc {

// Shared by the threads, so that a thread stuck inside the host never outlives what it touches on
// its way back.
struct Workers::State {
  explicit State(Limits limits) : limits(limits) {}

  // More is queued than idle threads will take: one that was notified still counts as idle until it
  // runs.
  bool backlog() const { return queue.size() > idle + lookouts; }

  const Limits limits;
  Mutex mutex;
  Condition work;
  Condition pressure;  // wakes the supervisor
  Condition quiet;     // nothing queued, nothing running
  Queue queue;
  std::size_t threads = 0;
  std::size_t idle = 0;
  std::size_t lookouts = 0;     // at most one thread looks for work without sleeping
  Atomic<bool> arrived{false};  // what it looks at: work has been queued
  std::uint64_t taken = 0;
  // One idle thread has been notified and has not run yet. It wakes the next one if more is queued,
  // so that the JavaScript thread pays for one wake however many calls it makes in a row.
  bool waking = false;
  bool supervised = false;  // the supervisor thread exists
  bool dozing = false;      // and waits for pressure
  bool ending = false;
};

Workers::Workers(Limits limits) : state_(std::make_shared<State>(limits)) {}

Workers::~Workers() {
  std::lock_guard<Mutex> lock(state_->mutex);
  state_->ending = true;
  state_->work.notify_all();
  state_->pressure.notify_all();
}

void Workers::submit(std::unique_ptr<Operation> operation) {
  State& state = *state_;
  bool wake = false;
  {
    std::lock_guard<Mutex> lock(state.mutex);
    state.queue.push(std::move(operation));
    state.arrived = true;
    if (state.queue.size() <= state.lookouts) {
      // It finds this by itself.
    } else if (!state.backlog()) {
      wake = !std::exchange(state.waking, true);
    } else if (state.threads < state.limits.resident) {
      if (startDetached([state = state_] { work(state); })) ++state.threads;
    } else if (!state.supervised) {
      state.supervised = startDetached([state = state_] { supervise(state); });
    } else if (state.dozing) {
      state.pressure.notify_one();
    }
  }
  if (wake) state.work.notify_one();
}

void Workers::work(std::shared_ptr<State> shared) {
  State& state = *shared;
  std::unique_lock<Mutex> lock(state.mutex);
  bool looked = false;
  for (;;) {
    if (!state.queue.empty()) {
      looked = false;
      auto operation = state.queue.pop();
      ++state.taken;
      operation->taken();
      const bool wake =
          !state.queue.empty() && state.idle > 0 && !std::exchange(state.waking, true);
      lock.unlock();
      if (wake) state.work.notify_one();
      Operation& running = *operation;
      running.run(std::move(operation));
      lock.lock();
      continue;
    }
    if (state.ending || state.idle >= state.limits.resident) break;
    if (!std::exchange(looked, true) && state.lookouts == 0 && state.limits.lookout.count() != 0) {
      lookOut(state, lock);
      continue;
    }
    ++state.idle;
    if (state.idle == state.threads) state.quiet.notify_all();
    while (!state.ending && state.queue.empty()) {
      state.work.wait(lock);
      // Whichever thread runs answers the wake, also when another has taken the work it was for.
      state.waking = false;
    }
    --state.idle;
  }
  --state.threads;
  state.quiet.notify_all();
}

// Yields, so that whoever else wants the processor has it.
void Workers::lookOut(State& state, std::unique_lock<Mutex>& lock) {
  ++state.lookouts;
  state.arrived = false;
  lock.unlock();
  const auto end = std::chrono::steady_clock::now() + state.limits.lookout;
  while (!state.arrived && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  lock.lock();
  --state.lookouts;
}

// Sleeps while no work waits. While some does, looks every `patience` whether a worker has taken
// any; if none has, all of them are held inside the host and one more thread is started.
void Workers::supervise(std::shared_ptr<State> shared) {
  State& state = *shared;
  std::unique_lock<Mutex> lock(state.mutex);
  while (!state.ending) {
    const bool room = state.threads < state.limits.most;
    if (!state.backlog() || !room) {
      state.dozing = true;
      state.pressure.wait(lock);
      state.dozing = false;
      continue;
    }
    const std::uint64_t before = state.taken;
    state.pressure.wait_for(lock, state.limits.patience,
                            [&] { return state.ending || state.taken != before; });
    if (!state.ending && state.taken == before && state.backlog()) {
      if (startDetached([shared] { work(shared); })) ++state.threads;
    }
  }
}

std::unique_ptr<Operation> Workers::cancel(std::uint64_t id) {
  std::lock_guard<Mutex> lock(state_->mutex);
  return state_->queue.take(id);
}

void Workers::dropQueued() {
  std::vector<std::unique_ptr<Operation>> dropped;  // destroyed without the lock
  std::lock_guard<Mutex> lock(state_->mutex);
  Queue queued;
  std::swap(queued, state_->queue);
  while (!queued.empty()) {
    auto operation = queued.pop();
    if (operation->runsAtEnd())
      state_->queue.push(std::move(operation));
    else
      dropped.push_back(std::move(operation));
  }
}

bool Workers::settle(std::chrono::milliseconds limit) {
  std::unique_lock<Mutex> lock(state_->mutex);
  return state_->quiet.wait_for(
      lock, limit, [&] { return state_->queue.empty() && state_->idle == state_->threads; });
}

std::size_t Workers::threads() const {
  std::lock_guard<Mutex> lock(state_->mutex);
  return state_->threads;
}

}  // namespace hc
