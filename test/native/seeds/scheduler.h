// Runs the threads of a program one at a time, and decides from a seed which of them is next. A
// thread gives the others their turn at points: before and after each lock, at each condition and
// atomic, and in each call of the host. Time is virtual: it moves only when a timed wait is over.
// One seed gives one order of turns, and one hash of all that was decided and noted.
#pragma once

#include <ucontext.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace hc::seeds {

// What a run leaves behind, in memory that the process which judges it shares.
struct Report {
  std::uint64_t hash;
  std::uint64_t turns;
  bool over;       // the run got to its end, red or not
  char red[2000];  // why it is red; empty when it is not
};

class Scheduler {
 public:
  using Ready = std::function<bool()>;
  enum class Kind { Script, Core, Host };  // who has started a thread

  static Scheduler& get();

  // Runs `script`, which is the JavaScript thread, and whatever it starts. Once in a process.
  void run(std::uint64_t seed, Report& report, bool trace, const std::function<void()>& script);

  // Another thread may run now.
  void point(const char* what);
  // This thread goes on when `ready` says so, or when `nanoseconds` are over: then false.
  bool wait(const char* what, Ready ready, std::optional<std::uint64_t> nanoseconds = {});
  // How many waits of this thread were over only because nothing else could happen any more.
  std::size_t vainWaits() const { return current_->vainWaits; }
  void start(Kind kind, std::function<void()> body);

  // From 0 to below `end`, by the seed.
  std::uint64_t choose(std::uint64_t end);
  bool oneIn(std::uint64_t end) { return choose(end) == 0; }

  // Something that can be seen from outside. `a` and `b` must be the same in each run of a seed.
  void note(const char* what, std::uint64_t a = 0, std::uint64_t b = 0);
  // Ends the process: the seed is red.
  [[noreturn]] void fail(const char* format, ...) __attribute__((format(printf, 2, 3)));

  Kind kind() const { return current_->kind; }
  // The locks that this thread holds.
  int locks() const { return current_->locks; }
  void locked() { ++current_->locks; }
  void unlocked() { --current_->locks; }
  // The JavaScript thread waits for a condition at the end of its environment only.
  void scriptMayWait() { scriptMayWait_ = true; }
  bool mayWait() const { return current_->kind != Kind::Script || scriptMayWait_; }
  // From now on the system may have no thread to give to core, but for the first.
  void mayRefuseThreads() { mayRefuseThreads_ = true; }
  bool refusesThread() { return mayRefuseThreads_ && running(Kind::Core) != 0 && oneIn(4); }
  // How many threads of this kind have not ended.
  std::size_t running(Kind kind) const;
  std::uint64_t turns() const { return report_ == nullptr ? 0 : report_->turns; }
  std::size_t thread() const { return current_->number; }

 private:
  struct Thread {
    std::size_t number = 0;
    Kind kind = Kind::Script;
    std::function<void()> body;
    ucontext_t context{};
    const void* stack = nullptr;
    std::size_t stackSize = 0;
    void* fakeStack = nullptr;  // of AddressSanitizer
    const char* waiting = "";   // for what; for the report of a deadlock
    Ready ready;                // none: it may run
    std::optional<std::uint64_t> deadline;
    std::uint64_t priority = 0;
    int locks = 0;
    bool timedOut = false;
    std::size_t vainWaits = 0;
    bool over = false;
  };

  static void enter();
  void turn();
  Thread& next();
  Thread* earliest();
  Thread& pick(const std::vector<Thread*>& able);
  void switchTo(Thread& thread);
  [[noreturn]] void deadlock();
  void mix(std::uint64_t value);

  Report* report_ = nullptr;  // none: nothing runs, and no point is one
  bool trace_ = false;
  bool scriptMayWait_ = false;
  bool mayRefuseThreads_ = false;
  std::mt19937_64 random_;
  std::uint64_t now_ = 0;
  // How this seed decides: by priorities, or whether the thread that runs goes on.
  bool priorities_ = false;
  std::uint64_t change_ = 2;
  std::uint64_t timeouts_ =
      50;  // one in so many turns a timed wait is over although others can run
  std::vector<std::unique_ptr<Thread>> threads_;
  std::vector<Thread*> able_;
  Thread* current_ = nullptr;
  Thread* previous_ = nullptr;
};

}  // namespace hc::seeds

// Red unless it holds. Any thread.
#define HOLDS(...)                           \
  ((__VA_ARGS__)                             \
       ? void()                              \
       : ::hc::seeds::Scheduler::get().fail( \
             "%s:%d: HOLDS(%s) failed", ::hc::seeds::baseName(__FILE__), __LINE__, #__VA_ARGS__))

namespace hc::seeds {
constexpr const char* baseName(const char* path) {
  const char* name = path;
  for (; *path != '\0'; ++path) {
    if (*path == '/') name = path + 1;
  }
  return name;
}
}  // namespace hc::seeds
