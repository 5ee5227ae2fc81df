#include "served-request.h"

#include <array>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../abi/functions.h"
#include "../core/stream.h"
#include "../remote/values.h"
#include "descriptors.h"
#include "values.h"

namespace hc::node {
namespace {

using remote::Frame;

// Inputs, to JavaScript.

napi_value give(napi_env env, const OptionalText& text) { return makeText(env, text); }
[[maybe_unused]] napi_value give(napi_env env, const GuidData& guid) { return makeGuid(env, guid); }
template <class Number>
std::enable_if_t<std::is_arithmetic_v<Number>, napi_value> give(napi_env env, Number number) {
  return makeNumber(env, static_cast<double>(number));
}
template <class Opaque>
napi_value give(napi_env env, Opaque* handle) {
  return makeNumber(env, static_cast<double>(remote::numberOf(handle)));
}
napi_value give(napi_env env, shape::Null::InSlot) { return makeText(env, {}); }
napi_value give(napi_env env, NotificationCallback) { return makeText(env, {}); }

template <class Opaque>
napi_value give(napi_env env, const shape::ObjectSlot<Opaque>& slot) {
  return give(env, slot.handle);
}

napi_value makeObject(napi_env env) {
  napi_value object = nullptr;
  napi_create_object(env, &object);
  return object;
}

napi_value give(napi_env env, const shape::Driver::InSlot& driver) {
  napi_value object = makeObject(env);
  napi_set_named_property(env, object, "flavour", give(env, driver.flavour));
  napi_set_named_property(env, object, "homeDir", makeText(env, driver.homeDir));
  return object;
}

napi_value give(napi_env env, const shape::Layers::InSlot& slot) {
  napi_value array = nullptr;
  napi_create_array(env, &array);
  std::uint32_t next = 0;
  for (const auto& layer : slot.layers) {
    napi_value object = makeObject(env);
    napi_set_named_property(env, object, "id", makeGuid(env, layer.id));
    napi_set_named_property(env, object, "flags", give(env, layer.flags));
    napi_set_named_property(env, object, "path", makeText(env, layer.path));
    napi_set_element(env, array, next++, object);
  }
  return array;
}

// Outputs, from JavaScript. The second is the slot that the client's wish was read into.

bool isNull(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type == napi_undefined || type == napi_null;
}

bool put(napi_env env, napi_value value, const char* name, Frame& frame, char16_t*) {
  OptionalText text;
  if (!readText(env, value, name, text)) return false;
  frame.putText(text ? text->c_str() : nullptr);
  return true;
}

template <class Number>
bool putNumber(napi_env env, napi_value value, const char* name, Frame& frame) {
  Number number = 0;
  if (!isNull(env, value) && !read(env, value, name, number)) return false;
  frame.put(number);
  return true;
}
template <class Number>
std::enable_if_t<std::is_arithmetic_v<Number>, bool> put(napi_env env, napi_value value,
                                                         const char* name, Frame& frame, Number) {
  return putNumber<Number>(env, value, name, frame);
}
template <class Opaque>
bool put(napi_env env, napi_value value, const char* name, Frame& frame, Opaque*) {
  return putNumber<std::uint64_t>(env, value, name, frame);
}

bool put(napi_env env, napi_value value, const char* name, Frame& frame, const GuidData&) {
  GuidData guid{};
  if (!isNull(env, value) && !read(env, value, name, guid)) return false;
  frame.put(guid);
  return true;
}

// Ports reserved for guests: no policy lets a client have any yet, so there is nothing to answer.
bool put(napi_env, napi_value, const char*, Frame& frame, const PortRangeData&) {
  frame.put(PortRangeData{});
  return true;
}
bool put(napi_env, napi_value, const char*, Frame& frame, const shape::PortEntries::OutSlot&) {
  frame.put(std::uint32_t{0});
  return true;
}

// As much as the memory of the client holds; the length that it takes in any case.
bool put(napi_env env, napi_value value, const char* name, Frame& frame,
         const shape::SizedText::Buffer& wish) {
  OptionalText text;
  if (!readText(env, value, name, text)) return false;
  const std::size_t length = text ? text->size() + 1 : 0;
  frame.put(std::uint64_t{length});
  frame.putText(text && length <= wish.memory.size() ? text->c_str() : nullptr);
  return true;
}

// A copy of a descriptor, or none.
bool putStream(napi_env env, napi_value value, const char* name, Frame& frame) {
  std::int32_t descriptor = -1;
  if (!isNull(env, value) && !read(env, value, name, descriptor)) return false;
  if (descriptor < 0) {
    frame.putStream(nullptr);
    return true;
  }
  Stream copy = duplicateStream(streamOf(descriptor));
  if (copy.absent()) {
    frame.putLostStream();
  } else {
    frame.putStream(copy.take());
  }
  return true;
}

bool put(napi_env env, napi_value value, const char* name, Frame& frame,
         const ProcessInformation&) {
  napi_value parts[4] = {};
  for (std::uint32_t i = 0; i < 4; ++i) {
    if (isNull(env, value)) {
      parts[i] = value;
    } else if (napi_get_element(env, value, i, &parts[i]) != napi_ok) {
      return refuse(env, std::string(name) + " must be an array or null");
    }
  }
  if (!putNumber<std::uint32_t>(env, parts[0], name, frame)) return false;
  frame.put(std::uint32_t{0});
  return putStream(env, parts[1], name, frame) && putStream(env, parts[2], name, frame) &&
         putStream(env, parts[3], name, frame);
}

// Each layer becomes an object on the JavaScript thread, for which all clients wait. Images have
// about a hundred.
constexpr std::size_t kMostLayers = 4096;

template <class Slot>
bool isShort(const Slot& slot) {
  if constexpr (std::is_same_v<Slot, shape::Layers::InSlot>)
    return slot.layers.size() <= kMostLayers;
  return true;
}

template <class Function, class... Parameters>
class RequestOf final : public ServedRequest {
 public:
  bool read(Frame& request) { return readAll(request, std::index_sequence_for<Parameters...>{}); }
  std::uint32_t function() const override { return kIndexOf<Function>; }
  napi_value inputs(napi_env env) const override {
    napi_value array = nullptr;
    napi_create_array(env, &array);
    std::uint32_t next = 0;
    giveAll(env, array, next, std::index_sequence_for<Parameters...>{});
    return array;
  }
  bool putAnswer(napi_env env, HResult status, napi_value outputs, Frame& answer) const override {
    answer.put(status);
    std::uint32_t next = 0;
    return putAll(env, outputs, next, answer, std::index_sequence_for<Parameters...>{});
  }

 private:
  template <std::size_t... I>
  bool readAll(Frame& request, std::index_sequence<I...>) {
    // What is null reads as its empty slot.
    (remote::takeArgument<Parameters>(request, std::get<I>(slots_)), ...);
    return !request.bad() && (isShort(std::get<I>(slots_)) && ...);
  }

  template <std::size_t... I>
  void giveAll(napi_env env, napi_value array, std::uint32_t& next,
               std::index_sequence<I...>) const {
    (giveOne<Parameters>(env, array, next, std::get<I>(slots_)), ...);
  }
  template <class Parameter>
  static void giveOne(napi_env env, napi_value array, std::uint32_t& next,
                      const typename Parameter::Slot& slot) {
    if constexpr (!kIsOut<Parameter>) napi_set_element(env, array, next++, give(env, slot));
  }

  template <std::size_t... I>
  bool putAll(napi_env env, napi_value outputs, std::uint32_t& next, Frame& answer,
              std::index_sequence<I...>) const {
    return (putOne<Parameters>(env, outputs, next, answer, std::get<I>(slots_),
                               std::get<I>(Function::kParameters).name) &&
            ...);
  }
  template <class Parameter>
  static bool putOne(napi_env env, napi_value outputs, std::uint32_t& next, Frame& answer,
                     const typename Parameter::Slot& slot, const char* name) {
    if constexpr (!kIsOut<Parameter>) {
      return true;
    } else {
      napi_value value = nullptr;
      if (napi_get_element(env, outputs, next++, &value) != napi_ok)
        return refuse(env, "outputs must be an array");
      return put(env, value, name, answer, slot);
    }
  }

  typename Function::Slots slots_;
};

using Read = std::unique_ptr<ServedRequest> (*)(Frame&);

template <class Function, class... Parameters>
Read readOf(std::tuple<Parameters...>) {
  return [](Frame& request) -> std::unique_ptr<ServedRequest> {
    auto made = std::make_unique<RequestOf<Function, Parameters...>>();
    if (!made->read(request)) return nullptr;
    return made;
  };
}

template <class... Functions>
std::array<Read, sizeof...(Functions)> readers(List<Functions...>) {
  return {readOf<Functions>(Functions::kParameters)...};
}

}  // namespace

std::unique_ptr<ServedRequest> readRequest(Frame& request) {
  static const auto& kReaders = *new auto(readers(FunctionList{}));
  const auto function = request.take<std::uint32_t>();
  return request.bad() || function >= kReaders.size() ? nullptr : kReaders[function](request);
}

}  // namespace hc::node
