#include "scheduler.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#if defined(HC_ADDRESS_SANITIZER)
#include <sanitizer/common_interface_defs.h>
#endif

namespace hc::seeds {

namespace {

constexpr std::size_t kStack = std::size_t{256} << 10;
constexpr std::uint64_t kMostTurns = 200'000;

void* newStack() {
  void* const memory = mmap(nullptr, kStack, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) Scheduler::get().fail("no memory for a stack");
  return memory;
}

}  // namespace

Scheduler& Scheduler::get() {
  static auto* const scheduler = new Scheduler;
  return *scheduler;
}

void Scheduler::run(std::uint64_t seed, Report& report, bool trace,
                    const std::function<void()>& script) {
  random_.seed(seed);
  report_ = &report;
  report_->hash = 14695981039346656037u;
  trace_ = trace;
  threads_.push_back(std::make_unique<Thread>());
  current_ = threads_.back().get();
  priorities_ = oneIn(3);
  change_ = priorities_ ? 10 + choose(60) : 1 + choose(8);
  timeouts_ = 5 + choose(200);
  current_->priority = random_();
  script();
  report_->over = true;
  report_ = nullptr;
}

std::uint64_t Scheduler::choose(std::uint64_t end) { return random_() % end; }

void Scheduler::mix(std::uint64_t value) {
  report_->hash = (report_->hash ^ value) * 1099511628211u;
}

void Scheduler::note(const char* what, std::uint64_t a, std::uint64_t b) {
  if (report_ == nullptr) return;
  for (const char* c = what; *c != '\0'; ++c) mix(static_cast<unsigned char>(*c));
  mix(a);
  mix(b);
  if (trace_) {
    std::printf("%6llu  thread %zu  %s %llu %llu\n",
                static_cast<unsigned long long>(report_->turns), current_->number, what,
                static_cast<unsigned long long>(a), static_cast<unsigned long long>(b));
  }
}

void Scheduler::fail(const char* format, ...) {
  Report none{};
  Report& report = report_ == nullptr ? none : *report_;
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(report.red, sizeof report.red, format, arguments);
  va_end(arguments);
  report.over = true;
  std::fflush(stdout);
  _exit(1);
}

std::size_t Scheduler::running(Kind kind) const {
  std::size_t count = 0;
  for (const auto& thread : threads_) count += thread->kind == kind && !thread->over ? 1 : 0;
  return count;
}

void Scheduler::point(const char* what) {
  if (report_ == nullptr) return;
  current_->waiting = what;
  turn();
}

bool Scheduler::wait(const char* what, Ready ready, std::optional<std::uint64_t> nanoseconds) {
  current_->waiting = what;
  current_->ready = std::move(ready);
  current_->timedOut = false;
  if (nanoseconds) current_->deadline = now_ + *nanoseconds;
  turn();
  current_->ready = nullptr;
  current_->deadline.reset();
  return !current_->timedOut;
}

void Scheduler::start(Kind kind, std::function<void()> body) {
  auto thread = std::make_unique<Thread>();
  thread->number = threads_.size();
  thread->kind = kind;
  thread->body = std::move(body);
  thread->priority = random_();
  thread->stack = newStack();
  thread->stackSize = kStack;
  getcontext(&thread->context);
  thread->context.uc_stack.ss_sp = const_cast<void*>(thread->stack);
  thread->context.uc_stack.ss_size = kStack;
  makecontext(&thread->context, &Scheduler::enter, 0);
  threads_.push_back(std::move(thread));
  point("a thread is started");
}

// The first thing that a thread does, and its last.
void Scheduler::enter() {
  Scheduler& self = get();
#if defined(HC_ADDRESS_SANITIZER)
  __sanitizer_finish_switch_fiber(nullptr, &self.previous_->stack, &self.previous_->stackSize);
#endif
  self.current_->body();
  self.current_->body = nullptr;
  self.current_->over = true;
  self.current_->waiting = "nothing: it is over";
  self.turn();
}

void Scheduler::turn() {
  if (++report_->turns > kMostTurns) fail("it goes on for ever");
  Thread& thread = next();
  mix(thread.number);
  if (trace_ && &thread != current_)
    std::printf("        thread %zu: %s\n", thread.number, thread.waiting);
  if (&thread != current_) switchTo(thread);
}

Scheduler::Thread& Scheduler::next() {
  for (;;) {
    able_.clear();
    for (const auto& thread : threads_) {
      if (!thread->over && (!thread->ready || thread->ready())) able_.push_back(thread.get());
    }
    Thread* const timed = earliest();
    if (able_.empty() && timed == nullptr) deadlock();
    if (timed != nullptr && (able_.empty() || oneIn(timeouts_))) {
      now_ = *timed->deadline;
      timed->deadline.reset();
      timed->ready = nullptr;
      timed->timedOut = true;
      if (able_.empty()) ++timed->vainWaits;
      continue;
    }
    return pick(able_);
  }
}

// Of those that wait for a time, the one whose time comes first.
Scheduler::Thread* Scheduler::earliest() {
  Thread* first = nullptr;
  for (const auto& thread : threads_) {
    if (!thread->deadline || !thread->ready || thread->ready()) continue;
    if (first == nullptr || *thread->deadline < *first->deadline) first = thread.get();
  }
  return first;
}

// By priorities, few changes of which find what needs a thread to stand still for long; or at
// random, which finds the rest.
Scheduler::Thread& Scheduler::pick(const std::vector<Thread*>& able) {
  const bool change = oneIn(change_);
  if (priorities_) {
    if (change) current_->priority = random_();
    Thread* best = able.front();
    for (Thread* const thread : able) {
      if (thread->priority > best->priority) best = thread;
    }
    return *best;
  }
  if (!change) {
    for (Thread* const thread : able) {
      if (thread == current_) return *thread;
    }
  }
  return *able[choose(able.size())];
}

void Scheduler::switchTo(Thread& thread) {
  previous_ = current_;
  current_ = &thread;
#if defined(HC_ADDRESS_SANITIZER)
  Thread& self = *previous_;
  __sanitizer_start_switch_fiber(self.over ? nullptr : &self.fakeStack, thread.stack,
                                 thread.stackSize);
#endif
  swapcontext(&previous_->context, &current_->context);
#if defined(HC_ADDRESS_SANITIZER)
  __sanitizer_finish_switch_fiber(current_->fakeStack, &previous_->stack, &previous_->stackSize);
#endif
}

void Scheduler::deadlock() {
  char text[sizeof report_->red] = "deadlock:";
  std::size_t length = std::strlen(text);
  for (const auto& thread : threads_) {
    if (thread->over) continue;
    const int added = std::snprintf(text + length, sizeof text - length,
                                    " thread %zu waits for %s;", thread->number, thread->waiting);
    length = std::min(length + static_cast<std::size_t>(added), sizeof text - 1);
  }
  fail("%s", text);
}

}  // namespace hc::seeds
