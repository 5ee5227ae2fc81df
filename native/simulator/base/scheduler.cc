#include "scheduler.h"

#include <utility>

#include "in-flight.h"
#include "threads.h"

namespace hc::simulator {
namespace {

// Without the lock of the scheduler: who awaits this count may schedule.
void count(std::int64_t by) {
  InFlight& inFlight = InFlight::instance();
  inFlight.change(inFlight.scheduled, by);
}

}  // namespace

Scheduler::Key Scheduler::at(Time due, std::function<void()> task) {
  std::unique_lock lock(mutex_);
  const Key key(due, ++last_);
  tasks_.emplace(key, std::move(task));
  if (!std::exchange(started_, true)) startThread([this] { run(); });
  lock.unlock();
  changed_.notify_all();
  count(1);  // whoever awaits it finds the task there
  return key;
}

void Scheduler::forget(const Key& key) {
  std::function<void()> forgotten;  // outlives the lock: what tasks own may take locks when it goes
  {
    std::lock_guard lock(mutex_);
    const auto at = tasks_.find(key);
    if (at == tasks_.end()) return;
    forgotten = std::move(at->second);
    tasks_.erase(at);
  }
  count(-1);
}

void Scheduler::cancel(const Key& key) {
  forget(key);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return running_ != key.second; });
}

void Scheduler::clear() {
  std::map<Key, std::function<void()>> forgotten;
  {
    std::lock_guard lock(mutex_);
    forgotten.swap(tasks_);
  }
  count(-static_cast<std::int64_t>(forgotten.size()));
}

// What is scheduled stays: it comes at the same time of the one clock or of the other.
void Scheduler::useVirtual(bool on) {
  std::unique_lock lock(mutex_);
  if (on == Clock::isVirtual()) return;
  if (on) {
    Clock::freeze();
    changed_.wait(lock, [this] { return running_ == 0; });
  } else {
    Clock::thaw();
  }
  lock.unlock();
  changed_.notify_all();
}

void Scheduler::restart() {
  {
    std::lock_guard lock(mutex_);
    Clock::restart();
  }
  changed_.notify_all();
}

std::optional<Time> Scheduler::next() {
  std::lock_guard lock(mutex_);
  if (tasks_.empty()) return std::nullopt;
  return tasks_.begin()->first.first;
}

bool Scheduler::runNext(Time limit) {
  std::unique_lock lock(mutex_);
  if (!Clock::isVirtual() || tasks_.empty()) return false;
  const Time due = tasks_.begin()->first.first;
  if (due > limit) return false;
  if (due > Clock::now()) Clock::move(due);
  runFirst(lock);
  return true;
}

void Scheduler::reach(Time time) {
  std::lock_guard lock(mutex_);
  if (Clock::isVirtual() && time > Clock::now()) Clock::move(time);
}

void Scheduler::runFirst(std::unique_lock<std::mutex>& lock) {
  auto first = tasks_.extract(tasks_.begin());
  running_ = first.key().second;
  lock.unlock();
  first.mapped()();
  first.mapped() = nullptr;
  count(-1);
  lock.lock();
  running_ = 0;
  changed_.notify_all();
}

void Scheduler::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (Clock::isVirtual() || running_ != 0 || tasks_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const Time due = tasks_.begin()->first.first;
    if (due <= Clock::now()) {
      runFirst(lock);
    } else {
      changed_.wait_until(lock, Clock::realTimeOf(due));
    }
  }
}

}  // namespace hc::simulator
