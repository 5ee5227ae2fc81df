// The commands about fault rules: Inject, Clear, Release.
#include <initializer_list>
#include <iterator>
#include <utility>

#include "../documents/shape.h"
#include "../host/host.h"
#include "control.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;
using json::Writer;

constexpr Member kMembers[] = {{u"Function", Kind::String, true},
                               {u"System", Kind::String},
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
constexpr Shape kShape = closedShape(kMembers);
constexpr Member kRuleMembers[] = {{u"Rule", Kind::Uint64}};
constexpr Shape kRuleShape = closedShape(kRuleMembers);

// What a function can be asked for. A rule that asks for more is refused: it would do nothing and
// look as if it did.
struct Traits {
  bool known = false;
  bool completes = false;  // it may be answered "pending"
  bool hasResult = false;
  bool hasPayload = false;
  bool hasSystem = false;
  bool ends = false;    // it leads to an exit, or makes what will exit
  bool starts = false;  // it makes a process, whose exit is then what completes
  bool unregisters = false;
};

template <class Parameter>
constexpr bool isText = std::is_same_v<Parameter, Out<Text>>;

template <class... Parameters>
constexpr int textsOf(const std::tuple<Parameters...>*) {
  return (0 + ... + (isText<Parameters> ? 1 : 0));
}

bool oneOf(std::u16string_view name, std::initializer_list<std::u16string_view> names) {
  for (const auto candidate : names)
    if (candidate == name) return true;
  return false;
}

bool same(std::u16string_view text, const char* name) {
  std::size_t i = 0;
  for (; i < text.size() && name[i] != '\0'; ++i)
    if (text[i] != static_cast<char16_t>(name[i])) return false;
  return i == text.size() && name[i] == '\0';
}

// The function that a key means, or a name that one library alone has; the number of functions:
// none.
std::size_t functionOf(std::u16string_view given, std::u16string_view* name) {
  std::size_t found = kFunctionCount;
  std::size_t at = 0;
  bool ambiguous = false;
  forEachFunction(
      [&](auto function) {
        using Function = decltype(function);
        if (Function::kLibrary != Library::simulator &&
            (same(given, Function::kKey) || same(given, Function::kName))) {
          ambiguous = found != kFunctionCount;
          found = at;
        }
        ++at;
      },
      FunctionList{});
  *name = given.substr(given.find(u'.') + 1);
  return ambiguous ? kFunctionCount : found;
}

// Derived from the list of functions, except what only their names tell.
Traits traitsOf(std::u16string_view given, std::size_t* index) {
  Traits traits;
  std::u16string_view name;
  *index = functionOf(given, &name);
  std::size_t at = 0;
  forEachFunction(
      [&](auto function) {
        using Function = decltype(function);
        constexpr int kTexts = textsOf(static_cast<typename Function::Parameters*>(nullptr));
        if (at++ != *index) return;
        traits.known = true;
        traits.completes = Function::kCompletion != Notification::None;
        traits.hasResult = kTexts >= 1;
        traits.hasPayload = kTexts == 2;
      },
      FunctionList{});
  traits.hasSystem = name.compare(0, 3, u"Hcs") == 0 &&
                     !oneOf(name, {u"HcsEnumerateComputeSystems", u"HcsGetServiceProperties",
                                   u"HcsModifyServiceSettings"});
  const bool images = name == u"GetBaseImages";  // its one text is its answer
  traits.hasPayload |= images;
  traits.hasResult &= !images;
  traits.ends = oneOf(
      name, {u"HcsCreateComputeSystem", u"HcsShutdownComputeSystem", u"HcsTerminateComputeSystem",
             u"HcsCreateProcess", u"HcsTerminateProcess", u"HcsSignalProcess"});
  traits.starts = name == u"HcsCreateProcess";
  traits.unregisters =
      oneOf(name, {u"HcsUnregisterComputeSystemCallback", u"HcsUnregisterProcessCallback"});
  return traits;
}

Refusal checkTraits(const Value& rule, const Traits& traits) {
  if (!traits.known)
    return u"$.Inject.Function must be a function of the host, such as "
           u"\"vmcompute.HcsStartComputeSystem\"; the name alone will do where one library has it.";
  for (const std::u16string& name : rule.names) {
    const bool fits = oneOf(name, {u"Completion", u"DelayMs"}) ? traits.completes
                      : oneOf(name, {u"CompletionStatus", u"CompletionData"})
                          ? traits.completes || traits.starts
                      : name == u"Result"                              ? traits.hasResult
                      : name == u"Properties"                          ? traits.hasPayload
                      : name == u"System"                              ? traits.hasSystem
                      : name == u"LoseExit"                            ? traits.ends
                      : name == u"LateMs"                              ? traits.unregisters
                      : oneOf(name, {u"KeepPipes", u"InvalidStreams"}) ? traits.starts
                                                                       : true;
    if (!fits) return u"$.Inject." + name + u" does not apply to this function; leave it out.";
  }
  return std::nullopt;
}

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
  effect->block = flag(u"Block");
  effect->loseExit = flag(u"LoseExit");
  effect->keepPipes = flag(u"KeepPipes");
  effect->invalidStreams = flag(u"InvalidStreams");
  return std::nullopt;
}

}  // namespace

Refusal injectCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kShape, u"$.Inject")) return problem->text;
  Rule rule;
  const Traits traits = traitsOf(arguments.find(u"Function")->text, &rule.function);
  if (auto refusal = checkTraits(arguments, traits)) return refusal;
  if (auto refusal = readEffect(arguments, &rule.effect)) return refusal;
  if (const Value* system = arguments.find(u"System")) rule.system = system->text;
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
