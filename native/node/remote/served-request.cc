#include "served-request.h"

#include <array>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../../core/function-table.h"
#include "../base/values.h"
#include "served-values.h"

namespace hc::node {
namespace {

using remote::Frame;

// Each layer becomes an object on the JavaScript thread, for which all clients wait. Images have
// about a hundred.
constexpr std::size_t kMostLayers = 4096;

template <class Slot>
bool isShort(const Slot& slot) {
  if constexpr (std::is_same_v<Slot, shape::Layers::InSlot>)
    return slot.layers.size() <= kMostLayers;
  return true;
}

template <class Signature>
class RequestOf final : public ServedRequest {
 public:
  explicit RequestOf(std::uint32_t function) : function_(function) {}

  bool read(Frame& request) { return readAll(request, Indices{}); }
  std::uint32_t function() const override { return function_; }
  napi_value inputs(napi_env env) const override {
    napi_value array = nullptr;
    napi_create_array(env, &array);
    std::uint32_t next = 0;
    giveAll(env, array, next, Indices{});
    return array;
  }
  bool putAnswer(napi_env env, HResult status, napi_value outputs, Frame& answer) const override {
    answer.put(status);
    std::uint32_t next = 0;
    return putAll(env, outputs, next, answer, Indices{});
  }

 private:
  using Indices = typename Signature::Indices;
  template <std::size_t I>
  using Parameter = std::tuple_element_t<I, typename Signature::Parameters>;

  template <std::size_t... I>
  bool readAll(Frame& request, std::index_sequence<I...>) {
    // What is null reads as its empty slot.
    (remote::takeArgument<Parameter<I>>(request, std::get<I>(slots_)), ...);
    return !request.bad() && (isShort(std::get<I>(slots_)) && ...);
  }

  template <std::size_t... I>
  void giveAll(napi_env env, napi_value array, std::uint32_t& next,
               std::index_sequence<I...>) const {
    (giveOne<Parameter<I>>(env, array, next, std::get<I>(slots_)), ...);
  }
  template <class Parameter>
  static void giveOne(napi_env env, napi_value array, std::uint32_t& next,
                      const typename Parameter::Slot& slot) {
    if constexpr (!kIsOut<Parameter>) napi_set_element(env, array, next++, give(env, slot));
  }

  template <std::size_t... I>
  bool putAll(napi_env env, napi_value outputs, std::uint32_t& next, Frame& answer,
              std::index_sequence<I...>) const {
    const ParameterEntry* const entries = kFunctions[function_].parameters;
    return (
        putOne<Parameter<I>>(env, outputs, next, answer, std::get<I>(slots_), entries[I].name) &&
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

  const std::uint32_t function_;
  typename Signature::Slots slots_;
};

using Read = std::unique_ptr<ServedRequest> (*)(std::uint32_t, Frame&);

template <class Signature>
std::unique_ptr<ServedRequest> readOf(std::uint32_t function, Frame& request) {
  auto made = std::make_unique<RequestOf<Signature>>(function);
  if (!made->read(request)) return nullptr;
  return made;
}

template <class... Functions>
constexpr std::array<Read, sizeof...(Functions)> readers(List<Functions...>) {
  return {&readOf<SignatureOf<Functions>>...};
}

}  // namespace

std::unique_ptr<ServedRequest> readRequest(Frame& request) {
  static constexpr auto kReaders = readers(FunctionList{});
  const auto function = request.take<std::uint32_t>();
  return request.bad() || function >= kReaders.size() ? nullptr
                                                      : kReaders[function](function, request);
}

}  // namespace hc::node
