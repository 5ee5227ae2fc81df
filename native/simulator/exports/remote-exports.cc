// The functions of hostcompute-remote: the same as those of the simulated host, made in the process
// that serves it. All of them follow from the list. HcSimulatorControl has two commands more,
// Connect and Leave.
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "../base/json.h"
#include "../base/platform.h"
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
  static constexpr bool kUnsubscribes =
      kHas<Release<hc::Registration>> || kHas<Release<hc::ServiceRegistration>>;
  static constexpr bool kCloses =
      kHas<Release<hc::System>> || kHas<Release<hc::Process>> || kHas<Release<hc::Network>> ||
      kHas<Release<hc::Namespace>> || kHas<Release<hc::Endpoint>> ||
      kHas<Release<hc::LoadBalancer>> || kHas<Release<hc::SdnRoute>> ||
      kHas<Release<hc::GuestNetworkService>> || kHas<Release<hc::PortReservation>> ||
      kHas<Release<hc::VirtualDisk>>;
  // What it frees is memory of this process.
  static constexpr bool kFrees = kHas<Release<hc::PortMemory>>;
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
    return host().subscribe(kRemoteFunction<Function>, arguments...);
  } else if constexpr (Part::kUnsubscribes) {
    return host().unsubscribe(kRemoteFunction<Function>, arguments...);
  } else if constexpr (Part::kCloses) {
    return host().close(kRemoteFunction<Function>, arguments...);
  } else if constexpr (Part::kFrees) {
    freeTexts(textMemoryOf(Function::kLibrary))(arguments...);
    return kOk;
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

// {"Connect":{"Path":"..."}}, without a path to the default one.
HResult connect(const json::Value& command, json::Writer* writer) {
  const json::Value* given = command.find(u"Path");
  const std::string path = given == nullptr ? remote::defaultName() : toUtf8(given->text);
  const auto complaint = host().connect(path);
  if (!complaint) return kOk;
  writer->key(u"Error").string(toUtf16("$.Connect.Path: " + path + ' ' + *complaint + '.'));
  return kInvalidArgument;
}

// Null: another command, which is not ours to read.
std::optional<HResult> ownControl(const char16_t* request, char16_t** response) {
  json::Error error;
  if (request == nullptr || response == nullptr) return std::nullopt;
  const auto parsed = json::parse(request, &error);
  const json::Value* command = parsed ? parsed->find(u"Connect") : nullptr;
  json::Writer writer;
  writer.beginObject();
  HResult status = kOk;
  if (command != nullptr && command->is(json::Type::Object)) {
    const json::Value* path = command->find(u"Path");
    if (path != nullptr && !path->is(json::Type::String)) return std::nullopt;
    status = connect(*command, &writer);
  } else if (parsed && parsed->find(u"Leave") != nullptr) {
    host().leave();
  } else {
    return std::nullopt;
  }
  *response = allocateText(writer.endObject().text(), textMemoryOf(Library::simulator));
  return status;
}

// Null: it cannot be made from another process.
template <class Function>
Slot slotOf() {
  if constexpr (Function::kLibrary == Library::computecore)
    return nullptr;
  else
    return reinterpret_cast<Slot>(&Entry<Function, typename Function::Pointer>::call);
}

template <class... Functions>
const Slot* functionsOf(List<Functions...>) {
  static const Slot kFunctions[] = {slotOf<Functions>()...};
  return kFunctions;
}

}  // namespace
}  // namespace hc::simulator

const hc::Slot* HC_CALL HcSimulatorFunctions(std::uint32_t listHash) {
  return listHash == hc::kListHash ? hc::simulator::functionsOf(hc::FunctionList{}) : nullptr;
}

hc::HResult HC_CALL HcSimulatorControl(const char16_t* request, char16_t** response) {
  using namespace hc::simulator;  // NOLINT(google-build-using-namespace): the C function is global
  if (const auto status = ownControl(request, response)) return *status;
  return host().call<hc::functions::simulator::HcSimulatorControl>(request, response);
}
