// Rules that change how calls behave: which function, which system, which of the matching calls,
// and the effect.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../abi/functions.h"
#include "../base/clock.h"
#include "seeded-random.h"

namespace hc::simulator {

// How a call that HCS may finish later answers.
enum class Completion : std::uint8_t {
  Pending,  // "pending", then the notification
  Now,      // finished when the call returns, no notification
  Early,    // "pending", but the notification has been delivered before the call returns
  Lost,     // "pending", and no notification although the operation happens
  Twice,    // "pending", then the notification two times
};

// What is done to the object of a call just before it, as by another client, so that the call
// meets it by itself. Of calls of the network service.
enum class Before : std::uint8_t {
  Nothing,
  Deleted,     // the object is deleted
  LeftBehind,  // an endpoint that is created finds its addresses held; a namespace has a container
};

struct Effect {
  std::optional<HResult> status;
  std::optional<std::optional<std::u16string>> result;  // set but empty: a null pointer
  std::optional<Completion> completion;
  std::optional<HResult> completionStatus;
  std::optional<std::u16string> completionData;
  std::optional<Duration> delay;
  Duration callTime{0};
  bool block = false;
  bool loseExit = false;
  bool keepPipes = false;
  bool invalidStreams = false;
  std::optional<Duration> late;  // so long after an unregister the callback is called once more
  std::optional<std::u16string> properties;
  Before before = Before::Nothing;
};

struct Rule {
  std::uint64_t id = 0;
  std::size_t function = 0;
  std::optional<std::u16string> system;
  std::optional<std::u16string> object;   // the id of an object of the network service
  std::optional<std::u16string> request;  // of HNSCall: "POST /endpoints/*/attach"
  std::uint64_t nth = 1;
  std::uint64_t count = 1;  // 0: for ever
  double probability = 1;   // of each call that the two above select
  Effect effect;

  SeededRandom random{1};  // guarded by the lock of FaultRules, as is `seen`
  std::uint64_t seen = 0;
  std::uint64_t releases = 0;  // guarded by the lock of the inFlight, as is `cleared`
  bool cleared = false;

  // Whether it is about calls on this: the id of a system or of an object, or a request of HNSCall.
  bool concerns(std::u16string_view subject) const;
};

class FaultRules {
 public:
  // False keeps every call off the lock below.
  bool any() const { return count_.load(std::memory_order_acquire) != 0; }

  // Counts the call at every rule it matches; the oldest rule that applies to it wins. Null: none.
  std::shared_ptr<Rule> match(std::size_t function, std::u16string_view subject);

  std::uint64_t add(Rule rule);
  std::shared_ptr<Rule> find(std::uint64_t id);
  // The rules removed; id 0 removes all.
  std::vector<std::shared_ptr<Rule>> remove(std::uint64_t id);
  std::size_t count() const { return count_.load(); }
  // For the rules added from now on.
  void seed(std::uint64_t seed);

 private:
  std::mutex mutex_;
  std::atomic<std::size_t> count_{0};
  std::uint64_t last_ = 0;
  // Apart from that of latencies, so that a rule does not change how long operations take. Each
  // rule gets one of its own from it: what a rule meets does not depend on the other rules.
  SeededRandom random_{1};
  std::array<std::vector<std::shared_ptr<Rule>>, kFunctionCount> rules_;
};

}  // namespace hc::simulator
