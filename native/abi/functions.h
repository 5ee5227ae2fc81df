// Expands functions.def: a struct per function with its name, completion, parameters and C type,
// and one list of them all, whose order numbers the functions everywhere.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include "kinds.h"

namespace hc {

template <class Arguments>
struct PointerOf;
template <class... Arguments>
struct PointerOf<std::tuple<Arguments...>> {
  using Type = HResult(HC_CALL*)(Arguments...);
};

template <class Tuple>
struct SignatureOf;
template <class... Parameters>
struct SignatureOf<std::tuple<Parameters...>> {
  using Pointer = typename PointerOf<decltype(std::tuple_cat(
      argumentsOf(std::declval<typename Parameters::Abi>())...))>::Type;
  using Slots = std::tuple<typename Parameters::Slot...>;
};

namespace functions {
#define HC_FUNCTION(library, function, completion, ...)                   \
  struct function {                                                       \
    static constexpr const char* kLibrary = #library;                     \
    static constexpr const char* kName = #function;                       \
    static constexpr Notification kCompletion = Notification::completion; \
    static constexpr auto kParameters = std::make_tuple(__VA_ARGS__);     \
    using Parameters = std::remove_const_t<decltype(kParameters)>;        \
    using Pointer = SignatureOf<Parameters>::Pointer;                     \
    using Slots = SignatureOf<Parameters>::Slots;                         \
  };
#include "functions.def"
#undef HC_FUNCTION
}  // namespace functions

template <class... Functions>
struct List {
  static constexpr std::size_t kSize = sizeof...(Functions);
};

// The first member is a placeholder for the macro's comma; FunctionList drops it.
template <class Placeholder, class... Functions>
struct DropFirst {
  using Type = List<Functions...>;
};
#define HC_FUNCTION(library, function, completion, ...) , functions::function
using FunctionList = DropFirst<void
#include "functions.def"
                               >::Type;
#undef HC_FUNCTION

constexpr std::size_t kFunctionCount = FunctionList::kSize;

namespace detail {
template <class Function, class... Functions>
constexpr std::size_t indexOf(List<Functions...>) {
  std::size_t index = 0;
  (void)((std::is_same_v<Function, Functions> ? true : (++index, false)) || ...);
  return index;
}
}  // namespace detail

template <class Function>
constexpr std::size_t kIndexOf = detail::indexOf<Function>(FunctionList{});

// Calls visit(function) for every function of the list, in order.
template <class Visitor, class... Functions>
constexpr void forEachFunction(Visitor&& visit, List<Functions...>) {
  (visit(Functions{}), ...);
}

}  // namespace hc
