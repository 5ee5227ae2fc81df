#include "rule-traits.h"

#include <initializer_list>
#include <string_view>
#include <type_traits>

#include "../../abi/functions.h"

namespace hc::simulator {
namespace {

using json::Value;

struct Traits {
  bool known = false;
  bool hasStatus = false;  // it returns something
  bool completes = false;  // it may be answered "pending"
  bool hasResult = false;
  bool hasPayload = false;
  bool hasSystem = false;
  bool isCore = false;  // of computecore.dll
  bool ends = false;    // it leads to an exit, or makes what will exit
  bool starts = false;  // it makes a process, whose exit is then what completes
  bool unregisters = false;
  bool hasObject = false;   // of the network service
  bool hasRequest = false;  // a method and a path
  bool deletable = false;   // its object may have been deleted just before
  bool leftBehind = false;  // something may have been left behind that it meets
};

template <class Parameter>
constexpr bool isText = std::is_same_v<Parameter, Out<Text>>;

template <class Parameter>
constexpr bool kIsSubject =
    std::is_same_v<Parameter, In<System>> || std::is_same_v<Parameter, In<Process>> ||
    std::is_same_v<Parameter, Release<System>> || std::is_same_v<Parameter, Release<Process>> ||
    std::is_same_v<Parameter, Out<System>>;

// Whether the function is followed by an operation, and whether it is about a system.
template <class... Parameters>
constexpr bool hasOperation(const std::tuple<Parameters...>*) {
  return ((std::is_same_v<Parameters, In<TextOperation>> ||
           std::is_same_v<Parameters, In<ProcessOperation>>) ||
          ...);
}
template <class... Parameters>
constexpr bool isAboutSystem(const std::tuple<Parameters...>*) {
  return (kIsSubject<Parameters> || ...);
}

template <class... Parameters>
constexpr int textsOf(const std::tuple<Parameters...>*) {
  return (0 + ... + (isText<Parameters> ? 1 : 0));
}

bool oneOf(std::u16string_view name, std::initializer_list<std::u16string_view> names) {
  for (const auto candidate : names)
    if (candidate == name) return true;
  return false;
}

bool begins(std::u16string_view name, std::initializer_list<std::u16string_view> beginnings) {
  for (const auto beginning : beginnings)
    if (name.compare(0, beginning.size(), beginning) == 0) return true;
  return false;
}

bool same(std::u16string_view text, const char* name) {
  std::size_t i = 0;
  for (; i < text.size() && name[i] != '\0'; ++i)
    if (text[i] != static_cast<char16_t>(name[i])) return false;
  return i == text.size() && name[i] == '\0';
}

// The function that a key means, or a name: of those that several libraries have it is that of the
// first, which every host has. The number of functions: none.
std::size_t functionOf(std::u16string_view given, std::u16string_view* name) {
  std::size_t found = kFunctionCount;
  std::size_t at = 0;
  forEachFunction(
      [&](auto function) {
        using Function = decltype(function);
        if (found == kFunctionCount && Function::kLibrary != Library::simulator &&
            (same(given, Function::kKey) || same(given, Function::kName)))
          found = at;
        ++at;
      },
      FunctionList{});
  *name = given.substr(given.find(u'.') + 1);
  return found;
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
        traits.hasStatus = !std::is_void_v<typename Function::Result>;
        constexpr bool kOperation =
            hasOperation(static_cast<typename Function::Parameters*>(nullptr));
        traits.completes = Function::kCompletion != Notification::None || kOperation;
        traits.hasResult = kTexts >= 1 || kOperation;
        traits.hasPayload = kTexts == 2;
        traits.isCore = Function::kLibrary == Library::computecore;
        traits.hasSystem =
            traits.isCore && isAboutSystem(static_cast<typename Function::Parameters*>(nullptr));
      },
      FunctionList{});
  if (!traits.isCore)
    traits.hasSystem = name.compare(0, 3, u"Hcs") == 0 &&
                       !oneOf(name, {u"HcsEnumerateComputeSystems", u"HcsGetServiceProperties",
                                     u"HcsModifyServiceSettings"});
  const bool answers = oneOf(name, {u"GetBaseImages", u"HNSCall"});  // by the one text it has
  traits.hasPayload |= answers;
  traits.hasResult &= !answers;
  traits.ends =
      oneOf(name, {u"HcsCreateComputeSystem", u"HcsShutdownComputeSystem",
                   u"HcsTerminateComputeSystem", u"HcsCreateProcess", u"HcsTerminateProcess",
                   u"HcsSignalProcess", u"HcsShutDownComputeSystem", u"HcsCrashComputeSystem",
                   u"HcsCreateComputeSystemInNamespace"});
  traits.starts = name == u"HcsCreateProcess";
  traits.unregisters =
      oneOf(name, {u"HcsUnregisterComputeSystemCallback", u"HcsUnregisterProcessCallback"});
  traits.hasRequest = name == u"HNSCall";
  traits.deletable =
      traits.hasRequest || begins(name, {u"HcnOpen", u"HcnModify", u"HcnQuery", u"HcnDelete"});
  traits.hasObject = traits.deletable || begins(name, {u"HcnCreate", u"HcnClose"});
  traits.leftBehind =
      traits.hasRequest || oneOf(name, {u"HcnCreateEndpoint", u"HcnDeleteNamespace"});
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
                      : name == u"Status"                              ? traits.hasStatus
                      : name == u"Result"                              ? traits.hasResult
                      : name == u"Properties"                          ? traits.hasPayload
                      : name == u"System"                              ? traits.hasSystem
                      : name == u"LoseExit"                            ? traits.ends
                      : name == u"LateMs"                              ? traits.unregisters
                      : name == u"Object"                              ? traits.hasObject
                      : name == u"Request"                             ? traits.hasRequest
                      : oneOf(name, {u"KeepPipes", u"InvalidStreams"}) ? traits.starts
                                                                       : true;
    if (!fits) return u"$.Inject." + name + u" does not apply to this function; leave it out.";
  }
  const Value* before = rule.find(u"Before");
  if (before == nullptr) return std::nullopt;
  if (before->text == u"deleted" ? traits.deletable
                                 : before->text == u"left-behind" && traits.leftBehind)
    return std::nullopt;
  return u"$.Inject.Before must be \"deleted\" or \"left-behind\", where that applies to the "
         u"function.";
}

}  // namespace

Refusal checkRule(const Value& rule, std::size_t* function) {
  return checkTraits(rule, traitsOf(rule.find(u"Function")->text, function));
}

}  // namespace hc::simulator
