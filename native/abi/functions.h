// Expands functions.def: a struct per function with its name, completion, parameters and C type,
// and one list of them all, whose order numbers the functions everywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include "kinds.h"
#include "libraries.h"

namespace hc {

template <class Result, class Arguments>
struct PointerOf;
template <class Result, class... Arguments>
struct PointerOf<Result, std::tuple<Arguments...>> {
  using Type = Result(HC_CALL*)(Arguments...);
};

template <class Tuple, class Result = HResult>
struct FunctionOf;
template <class... Parameters, class Result>
struct FunctionOf<std::tuple<Parameters...>, Result> {
  using Pointer =
      typename PointerOf<Result, decltype(std::tuple_cat(argumentsOf(
                                     std::declval<typename Parameters::Abi>())...))>::Type;
};

// Two libraries may export one name with different arguments: a function is
// functions::library::name.
#define HC_FUNCTION(library, function, completion, ...) \
  HC_DECLARE(HResult, library, function, completion, __VA_ARGS__)
#define HC_RETURNS(kind, library, function, completion, ...) \
  HC_DECLARE(kind::InAbi, library, function, completion, __VA_ARGS__)
#define HC_DECLARE(result, library, function, completion, ...)            \
  namespace functions::library {                                          \
  struct function {                                                       \
    static constexpr Library kLibrary = Library::library;                 \
    static constexpr const char* kName = #function;                       \
    static constexpr const char* kKey = #library "." #function;           \
    static constexpr Notification kCompletion = Notification::completion; \
    static constexpr auto kParameters = std::make_tuple(__VA_ARGS__);     \
    using Parameters = std::remove_const_t<decltype(kParameters)>;        \
    using Result = result;                                                \
    using Pointer = FunctionOf<Parameters, Result>::Pointer;              \
  };                                                                      \
  }
#include "functions.def"
#undef HC_FUNCTION
#undef HC_RETURNS
#undef HC_DECLARE

template <class... Functions>
struct List {
  static constexpr std::size_t kSize = sizeof...(Functions);
};

// The first member is a placeholder for the macro's comma; FunctionList drops it.
template <class Placeholder, class... Functions>
struct DropFirst {
  using Type = List<Functions...>;
};
#define HC_FUNCTION(library, function, completion, ...) , functions::library::function
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

constexpr std::uint32_t hashOf(std::uint32_t hash, const char* text) {
  for (; *text != '\0'; ++text) hash = (hash ^ static_cast<unsigned char>(*text)) * 16777619u;
  return hash;
}
template <class... Parameters>
constexpr std::uint32_t hashOf(std::uint32_t hash, const std::tuple<Parameters...>*) {
  ((hash = hashOf(hashOf(hash, Parameters::kWay), Parameters::Kind::kName)), ...);
  return hash;
}
template <class... Functions>
constexpr std::uint32_t hashOf(List<Functions...>) {
  std::uint32_t hash = 2166136261u;
  ((hash = hashOf(hashOf(hash, Functions::kKey), &Functions::kParameters)), ...);
  return hash;
}
}  // namespace detail

template <class Function>
constexpr std::size_t kIndexOf = detail::indexOf<Function>(FunctionList{});

// Changes with the list: libraries that exchange its functions by number compare theirs.
constexpr std::uint32_t kListHash = detail::hashOf(FunctionList{});

// Of each function, in the order of the list.
namespace detail {
template <class... Functions>
constexpr std::array<Library, sizeof...(Functions)> librariesOf(List<Functions...>) {
  return {Functions::kLibrary...};
}
}  // namespace detail
constexpr std::array<Library, kFunctionCount> kLibraryOf = detail::librariesOf(FunctionList{});

// A function of any type, as tables hold them.
using Slot = void (*)();

// Calls visit(function) for every function of the list, in order.
template <class Visitor, class... Functions>
constexpr void forEachFunction(Visitor&& visit, List<Functions...>) {
  (visit(Functions{}), ...);
}

}  // namespace hc
