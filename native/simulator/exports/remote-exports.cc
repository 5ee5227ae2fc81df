// The functions of hostcompute-remote: the same as those of the simulated host, made in the process
// that serves it. All of them follow from the list. HcSimulatorControl has one command more,
// Connect.
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "../base/json.h"
#include "../base/utf8.h"
#include "../remote/remote-client.h"
#include "state-library.h"

namespace hc::simulator {
namespace {

RemoteHost& host() { return RemoteHost::instance(); }

// What the client has to do besides making the call, as the parameters say.
template <class Parameters>
struct Role;
template <class... Parameters>
struct Role<std::tuple<Parameters...>> {
  template <class Parameter>
  static constexpr bool kHas = (std::is_same_v<Parameters, Parameter> || ...);
  // The kinds of native/abi, not the simulator's classes of the same names.
  static constexpr bool kSubscribes = kHas<In<hc::Callback>>;
  static constexpr bool kUnsubscribes = kHas<Release<hc::Registration>>;
  static constexpr bool kCloses = kHas<Release<hc::System>> || kHas<Release<hc::Process>>;
};

// The C arguments of each parameter, taken from those of all.
template <class Abi>
struct Width {
  static constexpr std::size_t kValue = 1;
};
template <class... Each>
struct Width<std::tuple<Each...>> {
  static constexpr std::size_t kValue = sizeof...(Each);
};

template <class Function, class... Parameters>
class Forward {
 public:
  template <class... Arguments>
  static HResult call(Arguments... arguments) {
    return call(std::tuple(arguments...), std::index_sequence_for<Parameters...>{});
  }

 private:
  template <std::size_t Parameter>
  static constexpr std::size_t offset() {
    constexpr std::size_t kWidths[] = {Width<typename Parameters::Abi>::kValue...};
    std::size_t sum = 0;
    for (std::size_t i = 0; i < Parameter; ++i) sum += kWidths[i];
    return sum;
  }

  template <class Abi, std::size_t At, class All, std::size_t... I>
  static Abi pick(const All& all, std::index_sequence<I...>) {
    return Abi(std::get<At + I>(all)...);
  }

  template <class All, std::size_t... I>
  static HResult call(const All& all, std::index_sequence<I...>) {
    return host().call<Function>(pick<typename Parameters::Abi, offset<I>()>(
        all, std::make_index_sequence<Width<typename Parameters::Abi>::kValue>{})...);
  }
};

template <class Function, class... Parameters, class... Arguments>
HResult perform(const std::tuple<Parameters...>*, Arguments... arguments) {
  using Part = Role<std::tuple<Parameters...>>;
  if constexpr (Part::kSubscribes) {
    return host().subscribe<Function>(arguments...);
  } else if constexpr (Part::kUnsubscribes) {
    return host().unsubscribe<Function>(arguments...);
  } else if constexpr (Part::kCloses) {
    return host().close<Function>(arguments...);
  } else {
    return Forward<Function, Parameters...>::call(arguments...);
  }
}

template <class Function, class Pointer>
struct Entry;
template <class Function, class... Arguments>
struct Entry<Function, HResult(HC_CALL*)(Arguments...)> {
  static HResult HC_CALL call(Arguments... arguments) {
    return perform<Function>(&Function::kParameters, arguments...);
  }
};

// The path of {"Connect":{"Path":"..."}}, which may be left out. Null: another command, which is
// not ours to read.
std::optional<std::string> pathToConnect(const char16_t* request) {
  json::Error error;
  if (request == nullptr) return std::nullopt;
  const auto parsed = json::parse(request, &error);
  const json::Value* connect = parsed ? parsed->find(u"Connect") : nullptr;
  if (connect == nullptr || !connect->is(json::Type::Object)) return std::nullopt;
  const json::Value* path = connect->find(u"Path");
  if (path == nullptr) return remote::defaultName();
  return path->is(json::Type::String) ? std::optional(toUtf8(path->text)) : std::nullopt;
}

template <class... Functions>
const Slot* functionsOf(List<Functions...>) {
  static const Slot kFunctions[] = {
      reinterpret_cast<Slot>(&Entry<Functions, typename Functions::Pointer>::call)...};
  return kFunctions;
}

}  // namespace
}  // namespace hc::simulator

const hc::Slot* HC_CALL HcSimulatorFunctions(std::uint32_t listHash) {
  return listHash == hc::kListHash ? hc::simulator::functionsOf(hc::FunctionList{}) : nullptr;
}

hc::HResult HC_CALL HcSimulatorControl(const char16_t* request, char16_t** response) {
  using namespace hc::simulator;  // NOLINT(google-build-using-namespace): the C function is global
  const auto path = response != nullptr ? pathToConnect(request) : std::nullopt;
  if (!path) return host().call<hc::functions::simulator::HcSimulatorControl>(request, response);
  json::Writer writer;
  writer.beginObject();
  const auto complaint = host().connect(*path);
  if (complaint)
    writer.key(u"Error").string(toUtf16("$.Connect.Path: " + *path + ' ' + *complaint + '.'));
  *response = allocateText(writer.endObject().text());
  return complaint ? kInvalidArgument : hc::kOk;
}
