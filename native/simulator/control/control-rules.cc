// The commands about fault rules: Inject, Clear, Release.
#include <iterator>
#include <utility>

#include "../documents/shape.h"
#include "../host/host.h"
#include "control.h"
#include "rule-traits.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;
using json::Writer;

constexpr Member kInjected[] = {{u"Function", Kind::String, true},
                                {u"System", Kind::String},
                                {u"Object", Kind::String},
                                {u"Request", Kind::String},
                                {u"Before", Kind::String},
                                {u"Nth", Kind::Uint64},
                                {u"Count", Kind::Uint64},
                                {u"Probability", Kind::Number},
                                {u"Status", Kind::Any},
                                {u"Result", Kind::Any},
                                {u"Completion", Kind::String},
                                {u"CompletionStatus", Kind::Any},
                                {u"CompletionData", Kind::String},
                                {u"DelayMs", Kind::Number},
                                {u"CallMs", Kind::Number},
                                {u"Block", Kind::Boolean},
                                {u"LoseExit", Kind::Boolean},
                                {u"KeepPipes", Kind::Boolean},
                                {u"InvalidStreams", Kind::Boolean},
                                {u"LateMs", Kind::Number},
                                {u"Properties", Kind::String}};
constexpr Shape kInjectedShape = closedShape(kInjected);
constexpr Member kRuleMembers[] = {{u"Rule", Kind::Uint64}};
constexpr Shape kRuleShape = closedShape(kRuleMembers);

Refusal readStatus(const Value& rule, std::u16string_view name, std::optional<HResult>* status) {
  const Value* value = rule.find(name);
  if (value == nullptr) return std::nullopt;
  *status = statusOf(*value);
  if (*status) return std::nullopt;
  return std::u16string(u"$.Inject.").append(name) +
         u" must be a number or a text such as \"0xC0370105\".";
}

Refusal readTime(const Value& rule, std::u16string_view name, std::optional<Duration>* time) {
  const Value* value = rule.find(name);
  if (value == nullptr) return std::nullopt;
  const auto number = millisecondsOf(*value);
  if (!number)
    return std::u16string(u"$.Inject.").append(name) + u" must be milliseconds, 0 to 86400000.";
  *time = milliseconds(*number);
  return std::nullopt;
}

Refusal readCompletion(const Value& rule, std::optional<Completion>* completion) {
  const Value* value = rule.find(u"Completion");
  if (value == nullptr) return std::nullopt;
  constexpr std::u16string_view kNames[] = {u"pending", u"now", u"early", u"lost", u"twice"};
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if (value->text == kNames[i]) *completion = static_cast<Completion>(i);
  if (*completion) return std::nullopt;
  return u"$.Inject.Completion must be \"pending\", \"now\", \"early\", \"lost\" or \"twice\".";
}

Refusal readEffect(const Value& rule, Effect* effect) {
  if (auto refusal = readStatus(rule, u"Status", &effect->status)) return refusal;
  if (auto refusal = readStatus(rule, u"CompletionStatus", &effect->completionStatus))
    return refusal;
  if (auto refusal = readCompletion(rule, &effect->completion)) return refusal;
  if (auto refusal = readTime(rule, u"DelayMs", &effect->delay)) return refusal;
  if (auto refusal = readTime(rule, u"LateMs", &effect->late)) return refusal;
  std::optional<Duration> callTime;
  if (auto refusal = readTime(rule, u"CallMs", &callTime)) return refusal;
  effect->callTime = callTime.value_or(Duration::zero());
  if (const Value* result = rule.find(u"Result"); result != nullptr) {
    if (!result->is(Type::String) && !result->is(Type::Null))
      return u"$.Inject.Result must be a string or null.";
    effect->result.emplace();
    if (result->is(Type::String)) *effect->result = result->text;
  }
  if (const Value* data = rule.find(u"CompletionData")) effect->completionData = data->text;
  if (const Value* text = rule.find(u"Properties")) effect->properties = text->text;
  const auto flag = [&](std::u16string_view name) {
    const Value* value = rule.find(name);
    return value != nullptr && value->boolean;
  };
  if (const Value* before = rule.find(u"Before"))
    effect->before = before->text == u"deleted" ? Before::Deleted : Before::LeftBehind;
  effect->block = flag(u"Block");
  effect->loseExit = flag(u"LoseExit");
  effect->keepPipes = flag(u"KeepPipes");
  effect->invalidStreams = flag(u"InvalidStreams");
  return std::nullopt;
}

}  // namespace

Refusal injectCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kInjectedShape, u"$.Inject")) return problem->text;
  Rule rule;
  if (auto refusal = checkRule(arguments, &rule.function)) return refusal;
  if (auto refusal = readEffect(arguments, &rule.effect)) return refusal;
  if (const Value* system = arguments.find(u"System")) rule.system = system->text;
  if (const Value* object = arguments.find(u"Object")) rule.object = object->text;
  if (const Value* request = arguments.find(u"Request")) rule.request = request->text;
  if (const Value* nth = arguments.find(u"Nth")) rule.nth = *json::toUnsigned(*nth);
  if (const Value* count = arguments.find(u"Count")) rule.count = *json::toUnsigned(*count);
  if (rule.nth == 0) return u"$.Inject.Nth must be 1 or more.";
  if (const Value* share = arguments.find(u"Probability"); share != nullptr) {
    rule.probability = json::toDouble(*share).value_or(0);
    if (!(rule.probability > 0 && rule.probability <= 1))
      return u"$.Inject.Probability must be above 0 and at most 1.";
  }
  const std::uint64_t id = Host::instance().faults.add(std::move(rule));
  writer.beginObject().key(u"Rule").number(id).endObject();
  return std::nullopt;
}

// What blocked calls look at changes under the lock of the inFlight, which then wakes them.
Refusal clearCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kRuleShape, u"$.Clear")) return problem->text;
  Host& host = Host::instance();
  const Value* which = arguments.find(u"Rule");
  const std::uint64_t id = which != nullptr ? json::toUnsigned(*which).value_or(0) : 0;
  if (which != nullptr && id == 0)
    return u"$.Clear.Rule must be the number of a rule that Inject answered.";
  const auto removed = host.faults.remove(id);
  if (which != nullptr && removed.empty())
    return u"$.Clear.Rule must be the number of a rule that has not been removed.";
  host.inFlight.update([&] {
    for (const auto& rule : removed) rule->cleared = true;
  });
  writer.beginObject().key(u"Cleared").number(removed.size()).endObject();
  return std::nullopt;
}

Refusal releaseCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kRuleShape, u"$.Release")) return problem->text;
  Host& host = Host::instance();
  const Value* which = arguments.find(u"Rule");
  const auto rule = host.faults.find(which != nullptr ? json::toUnsigned(*which).value_or(0) : 0);
  if (!rule) return u"$.Release.Rule must be the number of a rule that Inject answered.";
  host.inFlight.update([&] { ++rule->releases; });
  writer.beginObject().endObject();
  return std::nullopt;
}

}  // namespace hc::simulator
