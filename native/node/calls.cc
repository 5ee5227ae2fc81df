#include "calls.h"

#include <array>
#include <string>
#include <utility>

#include "descriptors.h"
#include "result.h"
#include "values.h"

namespace hc::node {

namespace {

// How each parameter is read from JavaScript, written to it, and called. The primary template is a
// parameter that JavaScript never gives nor gets.
template <class Parameter>
struct Convert {
  static constexpr bool kIn = false;
  static constexpr bool kOut = false;
};

template <>
struct Convert<In<Text>> {
  static constexpr bool kIn = true, kOut = false;
  static bool read(napi_env env, napi_value value, const char* name, OptionalText& slot) {
    return readText(env, value, name, slot);
  }
};

template <>
struct Convert<In<Uint32>> {
  static constexpr bool kIn = true, kOut = false;
  static bool read(napi_env env, napi_value value, const char* name, std::uint32_t& slot) {
    return readUint32(env, value, name, slot);
  }
};

template <>
struct Convert<In<Uint64>> {
  static constexpr bool kIn = true, kOut = false;
  static bool read(napi_env env, napi_value value, const char* name, std::uint64_t& slot) {
    return readUint64(env, value, name, slot);
  }
};

template <>
struct Convert<In<Layers>> {
  static constexpr bool kIn = true, kOut = false;
  static bool read(napi_env env, napi_value value, const char* name, Layers::InSlot& slot) {
    return readLayers(env, value, name, slot);
  }
};

template <>
struct Convert<In<System>> {
  static constexpr bool kIn = true, kOut = false;
  static constexpr HandleKind kHandle = HandleKind::System;
};
template <>
struct Convert<In<Process>> {
  static constexpr bool kIn = true, kOut = false;
  static constexpr HandleKind kHandle = HandleKind::Process;
};

template <>
struct Convert<Out<Text>> {
  static constexpr bool kIn = false, kOut = true;
  static bool any(const OptionalText& text) { return text.has_value(); }
  static napi_value write(napi_env env, const OptionalText& text) { return makeText(env, text); }
};

template <>
struct Convert<Out<SizedText>> : Convert<Out<Text>> {};

template <>
struct Convert<Out<Uint32>> {
  static constexpr bool kIn = false, kOut = true;
  using Result = std::optional<std::uint32_t>;
  static bool any(const Result& number) { return number.has_value(); }
  static napi_value write(napi_env env, const Result& number) {
    return number ? makeNumber(env, *number) : makeText(env, {});
  }
};

template <>
struct Convert<Out<Guid>> {
  static constexpr bool kIn = false, kOut = true;
  using Result = std::optional<GuidData>;
  static bool any(const Result& guid) { return guid.has_value(); }
  static napi_value write(napi_env env, const Result& guid) {
    return guid ? makeGuid(env, *guid) : makeText(env, {});
  }
};

template <class Parameters>
struct CalledByCore;
template <class Parameter>
constexpr bool kCoreOnly = false;
template <class Kind>
constexpr bool kCoreOnly<Release<Kind>> = true;
template <>
constexpr bool kCoreOnly<In<Callback>> = true;
template <>
constexpr bool kCoreOnly<In<Context>> = true;
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
    this->opened()->claim(true);
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
    using Converter = Convert<Parameter>;
    if constexpr (!Converter::kIn) {
      return true;
    } else {
      const char* name = std::get<I>(Function::kParameters).name;
      if (next == count) return refuse(env, std::string("missing argument: ") + name);
      const napi_value value = arguments[next++];
      if constexpr (detail::kIsHandle<typename Parameter::Kind>) {
        auto handle = readHandle(env, value, *this->host(), Converter::kHandle);
        if (!handle) return false;
        std::get<I>(this->slots) = static_cast<typename Parameter::Slot>(handle->value());
        return this->use(std::move(handle)) || refuse(env, "the handle is closed");
      } else {
        return Converter::read(env, value, name, std::get<I>(this->slots));
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
    return (anyOne<std::tuple_element_t<I, Parameters>>(std::get<I>(this->results)) || ...);
  }
  template <class Parameter, class Value>
  bool anyOne(const Value& value) const {
    if constexpr (Convert<Parameter>::kOut) return Convert<Parameter>::any(value);
    return false;
  }

  template <std::size_t... I>
  void writeAll(napi_env env, napi_value array, std::uint32_t& next, std::index_sequence<I...>) {
    (writeOne<std::tuple_element_t<I, Parameters>>(env, array, next, std::get<I>(this->results)),
     ...);
  }
  template <class Parameter, class Value>
  void writeOne(napi_env env, napi_value array, std::uint32_t& next, Value& value) {
    if constexpr (detail::Opens<Parameter>::kValue || std::is_same_v<Parameter, Out<ProcessInfo>>) {
      ++next;  // said by `opened` of the record; taken from Descriptors
    } else if constexpr (Convert<Parameter>::kOut) {
      napi_set_element(env, array, next++, Convert<Parameter>::write(env, value));
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
    return refuse(env, std::string(Function::kName) + " is called by the core alone");
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
template <class Kind>
constexpr const char* kKindName = "";
template <>
constexpr const char* kKindName<Uint64> = "Uint64";
template <>
constexpr const char* kKindName<Guid> = "Guid";
template <>
constexpr const char* kKindName<Driver> = "Driver";
template <>
constexpr const char* kKindName<Layers> = "Layers";
template <>
constexpr const char* kKindName<SizedText> = "SizedText";
template <>
constexpr const char* kKindName<Text> = "Text";
template <>
constexpr const char* kKindName<Uint32> = "Uint32";
template <>
constexpr const char* kKindName<Identity> = "Identity";
template <>
constexpr const char* kKindName<System> = "System";
template <>
constexpr const char* kKindName<Process> = "Process";
template <>
constexpr const char* kKindName<Registration> = "Registration";
template <>
constexpr const char* kKindName<ProcessInfo> = "ProcessInfo";
template <>
constexpr const char* kKindName<Callback> = "Callback";
template <>
constexpr const char* kKindName<Context> = "Context";

template <class Kind>
std::string describe(const In<Kind>& in) {
  return std::string("In ") + kKindName<Kind> + " " + in.name;
}
template <class Kind>
std::string describe(const Out<Kind>& out) {
  return std::string("Out ") + kKindName<Kind> + " " + out.name;
}
template <class Kind>
std::string describe(const Release<Kind>& release) {
  return std::string("Release ") + kKindName<Kind> + " " + release.name;
}

template <class Function>
napi_value describeFunction(napi_env env) {
  napi_value object = nullptr;
  napi_create_object(env, &object);
  napi_set_named_property(env, object, "name", makeAscii(env, Function::kName));
  napi_set_named_property(env, object, "library", makeAscii(env, Function::kLibrary));
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
