// The Advance and Drain commands, which move virtual time.
#include <atomic>

#include "../base/scheduler.h"
#include "../documents/shape.h"
#include "../host/host.h"
#include "control.h"

namespace hc::simulator {
namespace {

using json::Value;
using json::Writer;

constexpr Member kAdvanceMembers[] = {{u"Ms", Kind::Number, true}};
constexpr Shape kAdvance = closedShape(kAdvanceMembers);
constexpr Member kDrainMembers[] = {{u"Tasks", Kind::Uint64}};
constexpr Shape kDrain = closedShape(kDrainMembers);

// A program may wait and go on for ever, as ping -t does.
constexpr std::uint64_t kMostTasks = 1'000'000;

double elapsedMs() { return std::chrono::duration<double, std::milli>(Clock::elapsed()).count(); }

// One at a time: two would run each other's tasks.
class Mover {
 public:
  Mover() : first_(!busy_.exchange(true)) {}
  ~Mover() {
    if (first_) busy_.store(false);
  }
  Mover(const Mover&) = delete;
  Mover& operator=(const Mover&) = delete;
  bool first() const { return first_; }

 private:
  static inline std::atomic<bool> busy_{false};
  const bool first_;
};

// What ran has all its consequences before the next task does: programs that woke wait again or
// have ended, calls that woke have returned, notifications have been delivered. Inside a callback
// only the first, since the others wait for that callback.
Refusal runUntil(Time limit, std::uint64_t most, std::uint64_t* ran) {
  InFlight& inFlight = Host::instance().inFlight;
  Scheduler& scheduler = Clock::scheduler();
  const std::uint64_t epoch = inFlight.epoch();
  const bool all = !Registration::onCallbackThread();
  for (;;) {
    if (!inFlight.awaitQuiet(epoch, all))
      return u"The clock must stay virtual until the answer; Reset has made it real.";
    const auto next = scheduler.next();
    if (next && *next <= limit && *ran == most) {
      return u"$.Drain stopped after " + json::decimalText(most) +
             u" tasks: a program never ends, such as ping -t. Use Advance, or terminate it.";
    }
    if (!scheduler.runNext(limit)) break;
    ++*ran;
  }
  if (limit != Time::max()) scheduler.reach(limit);
  if (!Clock::isVirtual())
    return u"The clock must stay virtual until the answer; Configure has made it real.";
  return std::nullopt;
}

Refusal move(Duration by, std::uint64_t most, Writer& writer) {
  const Mover mover;
  if (!mover.first()) return u"$: another Advance or Drain has not returned; wait for its answer.";
  if (!Clock::isVirtual())
    return u"$: the clock must be virtual; send {\"Configure\":{\"Clock\":\"virtual\"}} first.";
  std::uint64_t ran = 0;
  const Time limit = by == Duration::max() ? Time::max() : Clock::now() + by;
  if (auto refusal = runUntil(limit, most, &ran)) return refusal;
  writer.beginObject().key(u"NowMs").decimal(elapsedMs()).key(u"Ran").number(ran).endObject();
  return std::nullopt;
}

}  // namespace

Refusal advanceCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kAdvance, u"$.Advance")) return problem->text;
  const auto time = millisecondsOf(*arguments.find(u"Ms"));
  if (!time) return u"$.Advance.Ms must be milliseconds, 0 to 86400000.";
  return move(milliseconds(*time), UINT64_MAX, writer);
}

Refusal drainCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kDrain, u"$.Drain")) return problem->text;
  const Value* tasks = arguments.find(u"Tasks");
  return move(Duration::max(), tasks != nullptr ? *json::toUnsigned(*tasks) : kMostTasks, writer);
}

}  // namespace hc::simulator
