// The workers: order, growth and its limit, cancelling, settling, ending, and wakes that must not
// get lost.
#include "core/workers.h"

#include <array>
#include <functional>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

#include "../support/check.h"
#include "../support/gate.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)
using std::chrono::hours;
using std::chrono::milliseconds;

// What is shipped has the standard library's own types, under names of core.
static_assert(std::is_same_v<Mutex, std::mutex> && std::is_same_v<Thread, std::thread>);
static_assert(std::is_same_v<Condition, std::condition_variable>);
static_assert(std::is_same_v<Atomic<bool>, std::atomic<bool>>);

std::atomic<int> alive{0};
constexpr std::size_t kTaken = 2000;
std::array<std::atomic<bool>, kTaken> taken_{};

class Task : public Operation {
 public:
  Task(std::uint64_t id, std::function<void()> body, bool atEnd = false)
      : Operation(id), body_(std::move(body)), atEnd_(atEnd) {
    ++alive;
  }
  ~Task() override { --alive; }
  void taken() override { taken_[id % kTaken] = true; }
  void run(std::unique_ptr<Operation>) override { body_(); }
  bool runsAtEnd() const override { return atEnd_; }

 private:
  const std::function<void()> body_;
  const bool atEnd_;
};

void submit(Workers& workers, std::function<void()> body, std::uint64_t id = 0) {
  workers.submit(std::make_unique<Task>(id, std::move(body)));
}

Workers::Limits limits(std::size_t resident, std::size_t most, milliseconds patience) {
  Workers::Limits limits;
  limits.resident = resident;
  limits.most = most;
  limits.patience = patience;
  return limits;
}

Workers::Limits lookingOut(Workers::Limits limits, std::chrono::microseconds lookout) {
  limits.lookout = lookout;
  return limits;
}

// Every task is gone, and with it all that it held.
void none() {
  CHECK(eventually([] { return alive == 0; }));
}

// A cancel either gets the task, or comes when it has taken its notes.
void notesBeforeACancelIsLate() {
  Workers workers(limits(2, 2, milliseconds(1)));
  for (std::size_t id = 1; id < kTaken; ++id) {
    submit(
        workers, [] {}, id);
    if (id % 2 == 0) std::this_thread::yield();
    const bool got = workers.cancel(id) != nullptr;
    CHECK(got != taken_[id]);
  }
  CHECK(workers.settle(milliseconds(10000)));
}

void takesInOrder() {
  Workers workers(limits(1, 1, milliseconds(1)));
  Gate gate;
  std::vector<int> order;
  submit(workers, [&] { gate.pass(); });
  for (int i = 0; i < 100; ++i) submit(workers, [&, i] { order.push_back(i); });
  gate.open();
  CHECK(workers.settle(kPatience));
  CHECK(order.size() == 100);
  for (std::size_t i = 0; i < order.size(); ++i) CHECK(order[i] == static_cast<int>(i));
  CHECK(workers.threads() == 1);
  none();
}

void startsNoThreadUnasked() {
  Workers workers(limits(3, 8, milliseconds(1)));
  CHECK(workers.threads() == 0);
  CHECK(workers.settle(milliseconds(0)));
}

void growsWhileCallsBlock() {
  Workers workers(limits(1, 4, milliseconds(1)));
  Gate gate;
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  for (int i = 0; i < 20; ++i) {
    submit(workers, [&] {
      const int now = ++inside;
      int seen = most;
      while (now > seen && !most.compare_exchange_weak(seen, now)) {
      }
      gate.pass();
      --inside;
    });
  }
  CHECK(gate.arrived(4));
  CHECK(!gate.arrived(5, kWhile));
  CHECK(workers.threads() == 4);
  gate.open();
  CHECK(workers.settle(kPatience));
  CHECK(gate.left(20) && most == 4);
  none();
}

void oneStuckCallHoldsNobodyUp() {
  Workers workers(limits(1, 2, milliseconds(1)));
  Gate gate;
  Gate through;
  through.open();
  submit(workers, [&] { gate.pass(); });
  CHECK(gate.arrived(1));
  for (int i = 0; i < 10; ++i) submit(workers, [&] { through.pass(); });
  CHECK(through.left(10));
  CHECK(!gate.left(1, milliseconds(0)));
  gate.open();
  CHECK(workers.settle(kPatience));
}

void patience() {
  Workers workers(limits(2, 8, hours(1)));
  Gate gate;
  for (int i = 0; i < 8; ++i) submit(workers, [&] { gate.pass(); });
  CHECK(gate.arrived(2));
  CHECK(!gate.arrived(3, kWhile));
  CHECK(workers.threads() == 2);
  gate.open();
  CHECK(workers.settle(kPatience));
  CHECK(gate.left(8));
}

void extraThreadsGo() {
  Workers workers(limits(2, 6, milliseconds(1)));
  for (int round = 0; round < 3; ++round) {
    Gate gate;
    for (int i = 0; i < 6; ++i) submit(workers, [&] { gate.pass(); });
    CHECK(gate.arrived(6));
    CHECK(workers.threads() == 6);
    gate.open();
    CHECK(workers.settle(kPatience));
    CHECK(eventually([&] { return workers.threads() <= 2; }));
    // The residents stay, however long they have nothing to do.
    Gate never;
    CHECK(!never.arrived(1, kWhile));
    CHECK(workers.threads() == 2);
  }
}

void cancels() {
  Workers workers(limits(1, 1, milliseconds(1)));
  Gate gate;
  std::atomic<int> ran{0};
  submit(
      workers, [&] { gate.pass(); }, 1);
  CHECK(gate.arrived(1));
  for (std::uint64_t id = 2; id <= 4; ++id)
    submit(
        workers, [&] { ++ran; }, id);
  CHECK(workers.cancel(1) == nullptr);
  const auto cancelled = workers.cancel(3);
  CHECK(cancelled != nullptr && cancelled->id == 3);
  CHECK(workers.cancel(3) == nullptr);
  CHECK(workers.cancel(9) == nullptr);
  gate.open();
  CHECK(workers.settle(kPatience));
  CHECK(ran == 2 && alive == 1);
}

// In the order that is the worst for a search from either end. By the square of their number it
// would take minutes.
void cancelsManyWithoutASearch() {
  constexpr std::uint64_t kQueued = 200000;
  Workers workers(limits(1, 1, milliseconds(1)));
  Gate gate;
  submit(
      workers, [&] { gate.pass(); }, 1);
  CHECK(gate.arrived(1));
  for (std::uint64_t id = 2; id < 2 + kQueued; ++id) {
    submit(
        workers, [] {}, id);
  }
  const std::uint64_t middle = 2 + kQueued / 2;
  std::uint64_t cancelled = 0;
  for (std::uint64_t i = 0; i < kQueued / 2; ++i) {
    cancelled += workers.cancel(middle + i) != nullptr;
    cancelled += workers.cancel(middle - 1 - i) != nullptr;
  }
  CHECK(cancelled == kQueued);
  gate.open();
  CHECK(workers.settle(kPatience));
  none();
}

void settles() {
  Workers workers(limits(1, 2, hours(1)));
  CHECK(workers.settle(milliseconds(0)));
  Gate gate;
  submit(workers, [&] { gate.pass(); });
  CHECK(gate.arrived(1));
  CHECK(!workers.settle(milliseconds(1)));
  submit(
      workers, [] {}, 5);
  std::atomic<bool> settled{false};
  std::thread waiter([&] {
    CHECK(workers.settle(kPatience));
    settled = true;
  });
  CHECK(!settled);
  gate.open();
  waiter.join();
  CHECK(settled);
  none();
}

void dropsWhatNeedNotRun() {
  Workers workers(limits(1, 1, milliseconds(1)));
  Gate gate;
  std::vector<int> ran;
  submit(workers, [&] { gate.pass(); });
  CHECK(gate.arrived(1));
  for (int i = 0; i < 6; ++i) {
    workers.submit(std::make_unique<Task>(
        0, [&, i] { ran.push_back(i); }, i % 2 == 1));
  }
  workers.dropQueued();
  CHECK(alive == 4);
  gate.open();
  CHECK(workers.settle(kPatience));
  CHECK(ran == std::vector<int>({1, 3, 5}));
}

void endsWhileQueued() {
  Gate gate;
  std::atomic<int> ran{0};
  {
    Workers workers(limits(2, 2, milliseconds(1)));
    for (int i = 0; i < 2; ++i) submit(workers, [&] { gate.pass(); });
    CHECK(gate.arrived(2));
    for (int i = 0; i < 10; ++i) submit(workers, [&] { ++ran; });
  }
  CHECK(ran == 0 && alive == 12);
  gate.open();
  none();
  CHECK(ran == 10);
}

void workSubmitsWork() {
  const auto workers = std::make_shared<Workers>(limits(2, 4, milliseconds(1)));
  std::atomic<int> left{1000};
  std::function<void()> step = [&] {
    if (--left > 0) submit(*workers, step);
  };
  submit(*workers, step);
  CHECK(eventually([&] { return left == 0; }));
  CHECK(workers->settle(kPatience));
}

class Countdown {
 public:
  explicit Countdown(int count) : left_(count) {}
  void done() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--left_ == 0) changed_.notify_all();
  }
  bool wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return left_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int left_;
};

// Bursts of all small sizes, each awaited before the next: whatever is queued has to be run
// although nothing follows it. Extra threads leave at every moment there is.
void losesNoWake(Workers::Limits limits) {
  constexpr int kSubmitters = 3;
  constexpr int kRounds = 1500;
  Workers workers(limits);
  std::atomic<bool> lost{false};
  std::vector<std::thread> submitters;
  for (int submitter = 0; submitter < kSubmitters; ++submitter) {
    submitters.emplace_back([&, submitter] {
      for (int round = 0; round < kRounds && !lost; ++round) {
        const int burst = 1 + (round + submitter) % 7;
        const auto countdown = std::make_shared<Countdown>(burst);
        for (int i = 0; i < burst; ++i) submit(workers, [countdown] { countdown->done(); });
        if (!CHECK(countdown->wait())) lost = true;
      }
    });
  }
  for (auto& submitter : submitters) submitter.join();
  CHECK(workers.settle(kPatience));
  none();
}

// Each call of a burst stays until all of it is inside: one that is left in the queue while a
// thread sleeps is found.
void everySleeperIsWoken(std::chrono::microseconds lookout) {
  constexpr std::size_t kResident = 4;
  Workers workers(lookingOut(limits(kResident, kResident, hours(1)), lookout));
  for (int round = 0; round < 1000; ++round) {
    Gate gate;
    for (std::size_t i = 0; i < kResident; ++i) submit(workers, [&] { gate.pass(); });
    const bool all = CHECK(gate.arrived(kResident));
    gate.open();
    CHECK(workers.settle(kPatience));
    if (!all) break;
  }
}

}  // namespace

int main() {
  startsNoThreadUnasked();
  notesBeforeACancelIsLate();
  takesInOrder();
  growsWhileCallsBlock();
  oneStuckCallHoldsNobodyUp();
  patience();
  extraThreadsGo();
  cancels();
  cancelsManyWithoutASearch();
  settles();
  dropsWhatNeedNotRun();
  endsWhileQueued();
  workSubmitsWork();
  losesNoWake(limits(1, 1, milliseconds(1)));
  losesNoWake(limits(2, 2, hours(1)));
  losesNoWake(limits(4, 8, milliseconds(1)));
  losesNoWake(limits(1, 4, milliseconds(0)));
  losesNoWake(lookingOut(limits(1, 1, milliseconds(1)), milliseconds(1)));
  losesNoWake(lookingOut(limits(2, 2, hours(1)), std::chrono::microseconds(20)));
  losesNoWake(lookingOut(limits(4, 8, milliseconds(1)), std::chrono::microseconds(50)));
  everySleeperIsWoken(std::chrono::microseconds(0));
  everySleeperIsWoken(std::chrono::microseconds(50));
  return summary();
}
