#include "call-dispatch.h"

#include <utility>

#include "../base/returned-texts.h"
#include "../base/trace.h"
#include "../network/store.h"

namespace hc::simulator {
namespace {

// The error records of the network service are its own.
bool isNetwork(std::size_t function) { return kLibraryOf[function] == Library::computenetwork; }

// "Pending" has the sign bit of a failure and is none.
bool refusal(HResult status) {
  return failed(status) && status != kOperationPending && status != kComputecorePending;
}

// Until the rule is released once more than now, or removed. False: Reset came first.
bool hold(InFlight& inFlight, const Call& call, const Rule& rule) {
  std::uint64_t releases = 0;
  inFlight.update([&] { releases = rule.releases; });
  return inFlight.block(call.epoch, [&] { return rule.cleared || rule.releases != releases; });
}

// One call on a process at a time, from before a rule may hold it until it returns.
class TurnHolder {
 public:
  TurnHolder(Host& host, const Call& call, const Subject& subject) : host_(host) {
    if (!subject.takesTurns) return;
    turn_ = host.turnOf(subject.handle);
    if (!turn_) return;
    taken_ = host.inFlight.waitTurn(call.epoch, [&] { return host_.turns.insert(*turn_).second; });
    aborted_ = !taken_;
  }
  ~TurnHolder() {
    if (taken_) host_.inFlight.update([&] { host_.turns.erase(*turn_); });
  }
  TurnHolder(const TurnHolder&) = delete;
  TurnHolder& operator=(const TurnHolder&) = delete;

  bool aborted() const { return aborted_; }

 private:
  Host& host_;
  std::optional<Turn> turn_;
  bool taken_ = false;
  bool aborted_ = false;
};

Outcome perform(Host& host, const Call& call, const Rule* rule,
                Outcome (*body)(void* state, const Call& call), void* state) {
  const Effect& effect = *call.effect;
  if (rule != nullptr && effect.block && !hold(host.inFlight, call, *rule)) return kAbort;
  Outcome outcome;
  if (effect.status && refusal(*effect.status)) {
    outcome.status = *effect.status;
  } else {
    outcome = body(state, call);
    if (effect.status && !refusal(outcome.status)) outcome.status = *effect.status;
  }
  if (effect.callTime > Duration::zero() && !host.inFlight.sleep(call.epoch, effect.callTime))
    outcome.status = kAbort;
  return outcome;
}

// Texts of a rule are given as they are, on success and on failure alike: hosts have been seen to
// do either.
void giveTexts(const Call& call, const Subject& subject, const Outcome& outcome,
               const Texts& texts) {
  const Effect& effect = *call.effect;
  const auto give = [&](const std::u16string& text) {
    std::u16string system =
        subject.id != nullptr ? subject.id : Host::instance().systemOf(subject.handle);
    return ReturnedTexts::instance().give(text, {call.site, std::move(system)});
  };
  if (texts.document != nullptr) {
    const bool ruled = effect.result.has_value();
    const auto& document = ruled ? *effect.result : outcome.payload;
    if (document) *texts.document = give(*document);
  }
  // Some functions have one text for both.
  const bool replaced = effect.result && texts.payload == texts.result;
  if (texts.payload != nullptr && !replaced) {
    if (effect.properties) {
      *texts.payload = give(*effect.properties);
    } else if (outcome.payload && !refusal(outcome.status)) {
      *texts.payload = give(*outcome.payload);
    }
  }
  if (texts.result == nullptr) return;
  if (effect.result) {
    if (*effect.result) *texts.result = give(**effect.result);
  } else if (refusal(outcome.status)) {
    *texts.result = give(isNetwork(call.site.function) ? network::errorRecord(outcome.status)
                                                       : errorDocument(outcome));
  }
}

}  // namespace

HResult runCall(std::size_t function, const Subject& subject, const Texts& texts,
                Outcome (*body)(void* state, const Call& call), void* state) {
  static const Effect& none = *new Effect;  // leaked: calls may be inside at exit
  Host& host = Host::instance();
  InFlight& inFlight = host.inFlight;
  // Inside before it is counted: one that is counted and no longer inside is over.
  inFlight.change(inFlight.inside, 1);
  inFlight.calls[function].fetch_add(1, std::memory_order_relaxed);
  const std::uint64_t number = inFlight.allCalls.fetch_add(1, std::memory_order_relaxed) + 1;
  Call call{inFlight.epoch(), &none, {function, number}};
  std::shared_ptr<Rule> rule;
  if (host.faults.any()) {
    const std::u16string system =
        subject.id != nullptr ? subject.id : host.systemOf(subject.handle);
    rule = host.faults.match(function, system);
    if (rule) call.effect = &rule->effect;
  }
  // What the call is about may be gone when it returns.
  const bool traced = Trace::instance().on();
  std::u16string name;
  if (traced) name = subject.id != nullptr ? nameOf(subject.id) : host.sourceOf(subject.handle);
  Outcome outcome = kAbort;
  {
    const TurnHolder turn(host, call, subject);
    if (!turn.aborted()) outcome = perform(host, call, rule.get(), body, state);
  }
  if (subject.envelopes && refusal(outcome.status) && network::answers(outcome.status))
    outcome = answer(network::errorRecord(outcome.status));
  giveTexts(call, subject, outcome, texts);
  if (traced && call.epoch == inFlight.epoch())
    Trace::instance().call(function, name, outcome.status);
  inFlight.change(inFlight.inside, -1);
  inFlight.returned();
  return outcome.status;
}

}  // namespace hc::simulator
