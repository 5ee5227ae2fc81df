// Expands kinds.def: a struct per kind, and the three ways in which a function takes one.
#pragma once

#include <cstdint>
#include <tuple>
#include <type_traits>

#include "disk-shapes.h"

namespace hc {

#define HC_KIND(name, ...)                      \
  struct name : shape::__VA_ARGS__ {            \
    using Shape = shape::__VA_ARGS__;           \
    static constexpr const char* kName = #name; \
  };
#include "kinds.def"
#undef HC_KIND

namespace detail {

// The C argument of an output: a pointer to its slot, unless its shape says otherwise.
template <class Kind, class = void>
struct OutAbiOf {
  using Type = typename Kind::OutSlot*;
  static Type pass(typename Kind::OutSlot& slot) { return &slot; }
};
template <class Kind>
struct OutAbiOf<Kind, std::void_t<typename Kind::OutAbi>> {
  using Type = typename Kind::OutAbi;
  static Type pass(typename Kind::OutSlot& slot) { return Kind::pass(slot); }
};

}  // namespace detail

// Directions. `Abi` is the C argument; `Slot` is what lives in the call until the host has
// returned.
template <class K>
struct In {
  using Kind = K;
  using Abi = typename K::InAbi;
  using Slot = typename K::InSlot;
  static constexpr const char* kWay = "In";
  static Abi pass(Slot& slot) { return K::pass(slot); }
  const char* name;
};

template <class K>
struct Out {
  using Kind = K;
  using Abi = typename detail::OutAbiOf<K>::Type;
  using Slot = typename K::OutSlot;
  static constexpr const char* kWay = "Out";
  static Abi pass(Slot& slot) { return detail::OutAbiOf<K>::pass(slot); }
  const char* name;
};

// The host consumes it.
template <class K>
struct Release {
  using Kind = K;
  using Abi = typename K::InAbi;
  using Slot = typename K::InSlot;
  static constexpr const char* kWay = "Release";
  static Abi pass(Slot& slot) { return K::pass(slot); }
  const char* name;
};

template <class Parameter>
constexpr bool kIsOut = std::is_same_v<Parameter, Out<typename Parameter::Kind>>;
template <class Parameter>
constexpr bool kIsRelease = std::is_same_v<Parameter, Release<typename Parameter::Kind>>;

// The C arguments of a parameter: one, or those of the tuple that its Abi is.
template <class Abi>
std::tuple<Abi> argumentsOf(Abi abi) {
  return {abi};
}
template <class... Each>
std::tuple<Each...> argumentsOf(std::tuple<Each...> abi) {
  return abi;
}

}  // namespace hc
