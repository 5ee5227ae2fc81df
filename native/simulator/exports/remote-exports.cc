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
#include "../handles/disk-handles.h"
#include "../remote/remote-client.h"
#include "../remote/remote-disks.h"
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
  // Of computecore.dll: with a callback that ends with the handle, with an operation, or giving the
  // result of one.
  static constexpr bool kSetsCallback = kHas<In<hc::EventCallback>>;
  static constexpr bool kFollows = kHas<In<hc::TextOperation>> || kHas<In<hc::ProcessOperation>>;
  static constexpr bool kTakesResult =
      kHas<In<hc::OperationHandle>> && kHas<Out<hc::Text>> && !kHas<In<hc::Text>>;
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

void* handleOf(HcsSystem* system) { return system; }
void* handleOf(HcsProcess* process) { return process; }
void* handleOf(const char16_t*) { return nullptr; }

// A call that an operation follows. It is about the first argument, or makes a system.
template <class Function, class... Parameters, class... Arguments>
HResult follow(Arguments... arguments) {
  const auto all = std::tuple(arguments...);
  auto* const operation = std::get<HcsOperation*>(all);
  const bool begun = host().beginOperation(operation, handleOf(std::get<0>(all)));
  const HResult status = Forward<Function, Parameters...>::call(arguments...);
  HcsSystem* made = nullptr;
  if constexpr ((std::is_same_v<Arguments, HcsSystem**> || ...)) {
    HcsSystem** const place = std::get<HcsSystem**>(all);
    if (place != nullptr) made = *place;
  }
  if (begun) host().followOperation(operation, status, made);
  return status;
}

template <class Function, class... Parameters, class... Arguments>
HResult perform(const std::tuple<Parameters...>*, Arguments... arguments) {
  using Part = Role<std::tuple<Parameters...>>;
  namespace core = functions::computecore;
  if constexpr (std::is_same_v<Function, core::HcsCloseOperation>) {
    return host().closeOperation(arguments...);
  } else if constexpr (std::is_same_v<Function, core::HcsSetOperationContext>) {
    return host().setOperationContext(arguments...);
  } else if constexpr (std::is_same_v<Function, core::HcsSetOperationCallback>) {
    return host().setOperationCallback(arguments...);
  } else if constexpr (Part::kSetsCallback) {
    return host().setCallback(kRemoteFunction<Function>, arguments...);
  } else if constexpr (Part::kFollows) {
    return follow<Function, Parameters...>(arguments...);
  } else if constexpr (Part::kTakesResult) {
    const HResult status = Forward<Function, Parameters...>::call(arguments...);
    host().endOperation(std::get<0>(std::tuple(arguments...)), status);
    return status;
  } else if constexpr (Part::kSubscribes) {
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

template <class Argument>
Argument asServed(Argument argument) {
  if constexpr (std::is_same_v<Argument, VirtDisk*>)
    return RemoteDisks::served(argument);
  else
    return argument;
}

// Tells the host which disks the client has closed.
void closeAbandonedDisks() {
  for (VirtDisk* const closed : RemoteDisks::instance().takeClosed())
    host().close(kRemoteFunction<functions::virtdisk::CloseVirtualDisk>, closed);
}

// A call about a disk, of which this process has a handle of its own.
template <class Function, class... Arguments>
std::uint32_t performOnDisk(Arguments... arguments) {
  RemoteDisks& disks = RemoteDisks::instance();
  using Close = functions::virtdisk::CloseVirtualDisk;
  closeAbandonedDisks();
  const std::uint32_t status =
      perform<Function>(&Function::kParameters, asServed<Arguments>(arguments)...);
  if (failed(fromWin32(status))) return status;
  const auto all = std::tuple(arguments...);
  if constexpr (std::is_same_v<Function, Close>) disks.close(std::get<VirtDisk*>(all));
  if constexpr ((std::is_same_v<Arguments, VirtDisk**> || ...)) {
    VirtDisk** const place = std::get<VirtDisk**>(all);
    VirtDisk* const opened = *place;
    if (disks.give(opened, place)) return status;
    host().close(kRemoteFunction<Close>, opened);
    *place = nullptr;
    return toWin32(kNotEnoughMemory);
  }
  return status;
}

// What a function returns that is no HRESULT.
template <class Function, class... Arguments>
typename Function::Result valueOf(Arguments... arguments) {
  using Result = typename Function::Result;
  namespace core = functions::computecore;
  if constexpr (std::is_same_v<Result, HcsOperation*>) {
    return host().createOperation(arguments...);
  } else if constexpr (std::is_same_v<Function, core::HcsGetOperationContext>) {
    return host().operationContext(arguments...);
  } else if constexpr (std::is_same_v<Function, core::HcsGetOperationId>) {
    std::uint64_t number = kInvalidOperationId;
    return failed(host().ask<Function>(arguments..., &number)) ? kInvalidOperationId : number;
  } else if constexpr (std::is_same_v<Function, core::HcsGetOperationType>) {
    const HResult type = host().call<Function>(arguments...);
    return failed(type) ? static_cast<std::uint32_t>(OperationType::None) : type;
  } else {
    void* handle = nullptr;
    host().ask<Function>(arguments..., &handle);
    return static_cast<Result>(handle);
  }
}

template <class Function, class Pointer>
struct Entry;
template <class Function, class Result, class... Arguments>
struct Entry<Function, Result(HC_CALL*)(Arguments...)> {
  static Result HC_CALL call(Arguments... arguments) {
    if constexpr (((std::is_same_v<Arguments, VirtDisk*> ||
                    std::is_same_v<Arguments, VirtDisk**>) ||
                   ...)) {
      return performOnDisk<Function>(arguments...);
    } else if constexpr (std::is_void_v<Result>) {
      perform<Function>(&Function::kParameters, arguments...);
    } else if constexpr (std::is_same_v<Result, HResult> &&
                         !std::is_same_v<Function, functions::computecore::HcsGetOperationType>) {
      return perform<Function>(&Function::kParameters, arguments...);
    } else {
      return valueOf<Function>(arguments...);
    }
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
  if constexpr (std::is_same_v<Function, functions::computecore::HcsAddResourceToOperation>)
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
  closeAbandonedDisks();
  return host().call<hc::functions::simulator::HcSimulatorControl>(request, response);
}
