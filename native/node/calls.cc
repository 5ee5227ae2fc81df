#include "calls.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/descriptors.h"
#include "base/values.h"
#include "result.h"

namespace hc::node {

namespace {

// What JavaScript can give: that for which values.h has a `read`.
template <class Slot, class = void>
constexpr bool kReads = false;
template <class Slot>
constexpr bool
    kReads<Slot, std::void_t<decltype(read(nullptr, nullptr, nullptr, std::declval<Slot&>()))>> =
        true;

// What JavaScript has given, in the order of the In parameters.
struct Arguments {
  const napi_value* values;
  std::size_t count;
  std::size_t next = 0;
};

bool takeNext(napi_env env, Arguments& arguments, const char* name, napi_value& value) {
  if (arguments.next == arguments.count)
    return refuse(env, std::string("missing argument: ") + name);
  value = arguments.values[arguments.next++];
  return true;
}

bool isAbsent(napi_env env, napi_value value, const ParameterEntry& entry) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type == napi_null && std::string_view(entry.kind) == OptionalDisk::kName;
}

// What one library has opened is not driven through another.
bool takeHandle(napi_env env, napi_value value, const ParameterEntry& entry,
                const FunctionEntry& function, Host& host, CallBase<Result>& call, void*& slot) {
  if (isAbsent(env, value, entry)) return true;
  auto handle = readHandle(env, value, host, entry.handle);
  if (!handle) return false;
  const auto isCore = [](Library library) { return library == Library::computecore; };
  if (isCore(handle->library()) != isCore(function.library))
    return refuse(env, std::string(function.key) + ": another library has opened the handle");
  slot = handle->value();
  return call.use(std::move(handle)) || refuse(env, "the handle is closed");
}

// A handle of the system: a descriptor, or a HANDLE of Windows.
bool readPointer(napi_env env, napi_value value, void*& pointer) {
  std::uint64_t number = 0;
  bool lossless = false;
  if (napi_get_value_bigint_uint64(env, value, &number, &lossless) != napi_ok || !lossless)
    return refuse(env, "the handle of a resource must be a bigint");
  pointer = reinterpret_cast<void*>(static_cast<std::uintptr_t>(number));
  return true;
}

// An array: the types of events, and type, URI and handle of each resource.
bool readExtras(napi_env env, napi_value array, OperationExtras& extras) {
  std::uint32_t length = 0;
  napi_value value = nullptr;
  if (napi_get_array_length(env, array, &length) != napi_ok || length % 3 != 1)
    return refuse(env, "what goes with an operation must be an array");
  napi_get_element(env, array, 0, &value);
  if (!node::read(env, value, "eventTypes", extras.eventTypes)) return false;
  for (std::uint32_t at = 1; at < length; at += 3) {
    OperationExtras::Resource resource{};
    OptionalText uri;
    napi_get_element(env, array, at, &value);
    if (!node::read(env, value, "type", resource.type)) return false;
    napi_get_element(env, array, at + 1, &value);
    if (!node::read(env, value, "uri", uri)) return false;
    napi_get_element(env, array, at + 2, &value);
    if (!readPointer(env, value, resource.handle)) return false;
    resource.uri = uri.value_or(u"");
    extras.resources.push_back(std::move(resource));
  }
  return true;
}

template <class Signature>
class NodeCall final : public Call<Signature, Result> {
 public:
  using Parameters = typename Signature::Parameters;
  using Indices = typename Signature::Indices;
  using Call<Signature, Result>::Call;

  bool read(napi_env env, Arguments& arguments) { return readAll(env, arguments, Indices{}); }

  bool handOver() override {
    if (!this->opened()) return false;
    this->opened()->terminateOnClose(false);
    return true;
  }

  napi_value toValue(napi_env env, Descriptors& descriptors) override {
    holdStreams(descriptors, Indices{});
    if (!this->notification.data && !anyOutput(Indices{})) return nullptr;
    napi_value array = nullptr;
    napi_create_array(env, &array);
    napi_set_element(env, array, 0, makeText(env, this->notification.data));
    std::uint32_t next = 1;
    writeAll(env, array, next, Indices{});
    return array;
  }

 private:
  template <std::size_t... I>
  bool readAll(napi_env env, Arguments& arguments, std::index_sequence<I...>) {
    return (readOne<I>(env, arguments) && ...);
  }

  template <std::size_t I>
  bool readOne(napi_env env, Arguments& arguments) {
    using Parameter = std::tuple_element_t<I, Parameters>;
    constexpr bool kHandle = detail::kIsHandle<Parameter>;
    if constexpr (kIsOut<Parameter> || !(kHandle || kReads<typename Parameter::Slot>)) {
      return true;
    } else {
      const ParameterEntry& entry = this->function().parameters[I];
      napi_value value = nullptr;
      if (!takeNext(env, arguments, entry.name, value)) return false;
      auto& slot = std::get<I>(this->slots);
      if constexpr (kHandle) {
        return takeHandle(env, value, entry, this->function(), *this->host(), *this, slot);
      } else {
        return node::read(env, value, entry.name, slot);
      }
    }
  }

  template <std::size_t... I>
  void holdStreams(Descriptors& descriptors, std::index_sequence<I...>) {
    (holdOne(descriptors, std::get<I>(this->results)), ...);
  }
  void holdOne(Descriptors& descriptors, ProcessStreams& streams) {
    descriptors.hold(this->id, std::move(streams));
  }
  template <class Value>
  void holdOne(Descriptors&, Value&) {}

  template <std::size_t... I>
  bool anyOutput(std::index_sequence<I...>) const {
    return (isGiven(std::get<I>(this->results)) || ...);
  }
  template <class Value>
  static bool isGiven(const std::optional<Value>& value) {
    return value.has_value();
  }
  template <class Value>
  static bool isGiven(const Value&) {
    return false;
  }

  template <std::size_t... I>
  void writeAll(napi_env env, napi_value array, std::uint32_t& next, std::index_sequence<I...>) {
    (writeOne<std::tuple_element_t<I, Parameters>>(env, array, next, std::get<I>(this->results)),
     ...);
  }
  template <class Parameter, class Value>
  void writeOne(napi_env env, napi_value array, std::uint32_t& next, const Value& value) {
    if constexpr (detail::kOpens<Parameter> || detail::kIsStreams<Parameter>) {
      ++next;  // said by `opened` of the record; taken from Descriptors
    } else if constexpr (kIsOut<Parameter>) {
      napi_set_element(env, array, next++, write(env, value));
    }
  }
};

class Closing final : public Result {
 public:
  Closing(std::uint64_t id, std::shared_ptr<Host> host, std::shared_ptr<Handle> handle)
      : Result(id), host_(std::move(host)), handle_(std::move(handle)) {}
  bool runsAtEnd() const override { return true; }
  void run(std::unique_ptr<Operation> self) override {
    status = handle_->closeNow();
    host_->finish(std::move(self));
  }
  bool handOver() override { return false; }
  napi_value toValue(napi_env, Descriptors&) override { return nullptr; }

 private:
  const std::shared_ptr<Host> host_;
  const std::shared_ptr<Handle> handle_;
};

using Begin = bool (*)(const FunctionEntry&, napi_env, const std::shared_ptr<Host>&, std::uint64_t,
                       bool, Arguments);

template <class Signature>
bool begin(const FunctionEntry& function, napi_env env, const std::shared_ptr<Host>& host,
           std::uint64_t id, bool paired, Arguments arguments) {
  auto call = std::make_unique<NodeCall<Signature>>(function, id, host, paired);
  if (!call->read(env, arguments)) return false;
  if (function.operation != OperationKind::None && arguments.next < arguments.count) {
    OperationExtras extras;
    if (!readExtras(env, arguments.values[arguments.next], extras)) return false;
    call->operateWith(std::move(extras));
  }
  host->workers().submit(std::move(call));
  return true;
}

// Null: the core's alone.
template <class Function>
constexpr Begin beginOf() {
  if constexpr (kCoreOnly<Function>) {
    return nullptr;
  } else {
    return &begin<SignatureOf<Function>>;
  }
}

template <class... Functions>
constexpr std::array<Begin, sizeof...(Functions)> beginners(List<Functions...>) {
  return {beginOf<Functions>()...};
}

// One parameter in words that scripts/generate-functions.mjs derives from the list as well.
napi_value describeParameter(napi_env env, const ParameterEntry& parameter) {
  const std::string words =
      std::string(parameter.way) + " " + parameter.kind + " " + parameter.name;
  return makeAscii(env, words.c_str());
}

napi_value describeFunction(napi_env env, const FunctionEntry& function) {
  napi_value object = nullptr;
  napi_create_object(env, &object);
  napi_set_named_property(env, object, "name", makeAscii(env, function.name));
  const char* const library = kLibraryNames[static_cast<std::size_t>(function.library)];
  napi_set_named_property(env, object, "library", makeAscii(env, library));
  napi_set_named_property(env, object, "completion",
                          makeNumber(env, static_cast<double>(function.completion)));
  napi_value parameters = nullptr;
  napi_create_array(env, &parameters);
  for (std::uint32_t i = 0; i < function.parameterCount; ++i)
    napi_set_element(env, parameters, i, describeParameter(env, function.parameters[i]));
  napi_set_named_property(env, object, "parameters", parameters);
  return object;
}

}  // namespace

bool beginCall(napi_env env, const std::shared_ptr<Host>& host, std::uint64_t id,
               std::uint32_t index, bool paired, const napi_value* arguments, std::size_t count) {
  static constexpr auto kBeginners = beginners(FunctionList{});
  if (index >= kBeginners.size()) return refuse(env, "no function has this number");
  const FunctionEntry& function = kFunctions[index];
  if (kBeginners[index] == nullptr)
    return refuse(env, std::string(function.key) + " is called by the core alone");
  return kBeginners[index](function, env, host, id, paired, {arguments, count});
}

void beginClose(const std::shared_ptr<Host>& host, std::uint64_t id,
                const std::shared_ptr<Handle>& handle) {
  handle->close(std::make_unique<Closing>(id, host, handle));
}

napi_value describeFunctions(napi_env env) {
  napi_value array = nullptr;
  napi_create_array(env, &array);
  for (std::uint32_t i = 0; i < kFunctionCount; ++i)
    napi_set_element(env, array, i, describeFunction(env, kFunctions[i]));
  return array;
}

}  // namespace hc::node
