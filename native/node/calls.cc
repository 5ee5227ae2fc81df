#include "calls.h"

#include <array>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "descriptors.h"
#include "result.h"
#include "values.h"

namespace hc::node {

namespace {

// What JavaScript can give: that for which values.h has a `read`.
template <class Slot, class = void>
constexpr bool kReads = false;
template <class Slot>
constexpr bool
    kReads<Slot, std::void_t<decltype(read(nullptr, nullptr, nullptr, std::declval<Slot&>()))>> =
        true;

template <class Parameters>
struct CalledByCore;
template <class Parameter>
constexpr bool kCoreOnly = false;
template <class Kind>
constexpr bool kCoreOnly<Release<Kind>> = true;
template <>
constexpr bool kCoreOnly<Out<Registration>> = true;
template <class... Parameters>
struct CalledByCore<std::tuple<Parameters...>> {
  static constexpr bool kValue = (kCoreOnly<Parameters> || ...);
};

template <class Function>
class NodeCall final : public Call<Function, Result> {
 public:
  using Parameters = typename Function::Parameters;
  using Indices = std::make_index_sequence<std::tuple_size_v<Parameters>>;
  using Call<Function, Result>::Call;

  bool read(napi_env env, const napi_value* arguments, std::size_t count) {
    std::size_t next = 0;
    return readAll(env, arguments, count, next, Indices{});
  }

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
  bool readAll(napi_env env, const napi_value* arguments, std::size_t count, std::size_t& next,
               std::index_sequence<I...>) {
    return (readOne<I>(env, arguments, count, next) && ...);
  }

  template <std::size_t I>
  bool readOne(napi_env env, const napi_value* arguments, std::size_t count, std::size_t& next) {
    using Parameter = std::tuple_element_t<I, Parameters>;
    constexpr bool kHandle = kIsHandle<typename Parameter::Kind>;
    if constexpr (kIsOut<Parameter> || !(kHandle || kReads<typename Parameter::Slot>)) {
      return true;
    } else {
      const char* name = std::get<I>(Function::kParameters).name;
      if (next == count) return refuse(env, std::string("missing argument: ") + name);
      const napi_value value = arguments[next++];
      auto& slot = std::get<I>(this->slots);
      if constexpr (kHandle) {
        constexpr auto kKind = kHandleKind<typename Parameter::Kind>;
        auto handle = readHandle(env, value, *this->host(), kKind);
        if (!handle) return false;
        slot = static_cast<typename Parameter::Slot>(handle->value());
        return this->use(std::move(handle)) || refuse(env, "the handle is closed");
      } else {
        return node::read(env, value, name, slot);
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

using Begin = bool (*)(napi_env, const std::shared_ptr<Host>&, std::uint64_t, bool,
                       const napi_value*, std::size_t);

template <class Function>
bool begin(napi_env env, const std::shared_ptr<Host>& host, std::uint64_t id, bool paired,
           const napi_value* arguments, std::size_t count) {
  if constexpr (CalledByCore<typename Function::Parameters>::kValue) {
    return refuse(env, std::string(Function::kKey) + " is called by the core alone");
  } else {
    auto call = std::make_unique<NodeCall<Function>>(id, host, paired);
    if (!call->read(env, arguments, count)) return false;
    host->workers().submit(std::move(call));
    return true;
  }
}

template <class... Functions>
constexpr std::array<Begin, sizeof...(Functions)> beginners(List<Functions...>) {
  return {&begin<Functions>...};
}

// One parameter in words that scripts/generate-functions.mjs derives from the list as well.
template <class Parameter>
std::string describe(const Parameter& parameter) {
  return std::string(Parameter::kWay) + " " + Parameter::Kind::kName + " " + parameter.name;
}

template <class Function>
napi_value describeFunction(napi_env env) {
  napi_value object = nullptr;
  napi_create_object(env, &object);
  napi_set_named_property(env, object, "name", makeAscii(env, Function::kName));
  napi_set_named_property(
      env, object, "library",
      makeAscii(env, kLibraryNames[static_cast<std::size_t>(Function::kLibrary)]));
  napi_set_named_property(env, object, "completion",
                          makeNumber(env, static_cast<double>(Function::kCompletion)));
  napi_value parameters = nullptr;
  napi_create_array(env, &parameters);
  std::uint32_t next = 0;
  std::apply(
      [&](const auto&... each) {
        (napi_set_element(env, parameters, next++, makeAscii(env, describe(each).c_str())), ...);
      },
      Function::kParameters);
  napi_set_named_property(env, object, "parameters", parameters);
  return object;
}

}  // namespace

bool beginCall(napi_env env, const std::shared_ptr<Host>& host, std::uint64_t id,
               std::uint32_t index, bool paired, const napi_value* arguments, std::size_t count) {
  static constexpr auto kBeginners = beginners(FunctionList{});
  if (index >= kBeginners.size()) return refuse(env, "no function has this number");
  return kBeginners[index](env, host, id, paired, arguments, count);
}

void beginClose(const std::shared_ptr<Host>& host, std::uint64_t id,
                const std::shared_ptr<Handle>& handle) {
  handle->close(std::make_unique<Closing>(id, host, handle));
}

napi_value describeFunctions(napi_env env) {
  napi_value array = nullptr;
  napi_create_array(env, &array);
  std::uint32_t next = 0;
  forEachFunction(
      [&](auto function) {
        napi_set_element(env, array, next++, describeFunction<decltype(function)>(env));
      },
      FunctionList{});
  return array;
}

}  // namespace hc::node
