// Defines the exports of a thin library: one function of the list each, which calls the state
// library.
//
// A C function cannot be made by a template, so a macro has to know how many arguments it takes. It
// counts the parameters; a shape of two C arguments is made to count twice. A wrong count does not
// compile: the function has been declared with the type that the list gives it.
#pragma once

#include <atomic>
#include <tuple>
#include <type_traits>

#include "state-library.h"

namespace hc::simulator {

template <class Pointer>
struct ArgumentsOf;
template <class Result, class... Arguments>
struct ArgumentsOf<Result(HC_CALL*)(Arguments...)> {
  using Type = std::tuple<Arguments...>;
};
template <class Function, std::size_t I>
using Argument = std::tuple_element_t<I, typename ArgumentsOf<typename Function::Pointer>::Type>;

// Null until somebody has asked, and while the state library is of another version. No static of a
// function: what guards one makes a thin library ten times as large.
inline std::atomic<const Slot*> functionsOfState{nullptr};

inline const Slot* stateFunctions() {
  const Slot* found = functionsOfState.load(std::memory_order_acquire);
  if (found == nullptr) {
    found = HcSimulatorFunctions(kListHash);
    functionsOfState.store(found, std::memory_order_release);
  }
  return found;
}

// What a function returns that the state library does not have: it is of another version, or has
// its state where there is no such function.
template <class Result>
Result missing() {
  if constexpr (std::is_same_v<Result, HResult>)
    return kFunctionMissing;
  else
    return Result();
}

template <class Function, class... Arguments>
typename Function::Result forward(Arguments... arguments) {
  const Slot* const found = stateFunctions();
  if (found == nullptr || found[kIndexOf<Function>] == nullptr)
    return missing<typename Function::Result>();
  return reinterpret_cast<typename Function::Pointer>(found[kIndexOf<Function>])(arguments...);
}

}  // namespace hc::simulator

#define HC_EXPAND(...) __VA_ARGS__
#define HC_TENTH(a, b, c, d, e, f, g, h, i, count, ...) count
#define HC_COUNT(...) HC_EXPAND(HC_TENTH(__VA_ARGS__, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0))
#define HC_JOIN(a, b) HC_JOINED(a, b)
#define HC_JOINED(a, b) a##b

#define HC_TAKE_1(F) hc::simulator::Argument<F, 0> a
#define HC_TAKE_2(F) HC_TAKE_1(F), hc::simulator::Argument<F, 1> b
#define HC_TAKE_3(F) HC_TAKE_2(F), hc::simulator::Argument<F, 2> c
#define HC_TAKE_4(F) HC_TAKE_3(F), hc::simulator::Argument<F, 3> d
#define HC_TAKE_5(F) HC_TAKE_4(F), hc::simulator::Argument<F, 4> e
#define HC_TAKE_6(F) HC_TAKE_5(F), hc::simulator::Argument<F, 5> f
#define HC_TAKE_7(F) HC_TAKE_6(F), hc::simulator::Argument<F, 6> g
#define HC_TAKE_8(F) HC_TAKE_7(F), hc::simulator::Argument<F, 7> h
#define HC_TAKE_9(F) HC_TAKE_8(F), hc::simulator::Argument<F, 8> i
#define HC_GIVE_1 a
#define HC_GIVE_2 HC_GIVE_1, b
#define HC_GIVE_3 HC_GIVE_2, c
#define HC_GIVE_4 HC_GIVE_3, d
#define HC_GIVE_5 HC_GIVE_4, e
#define HC_GIVE_6 HC_GIVE_5, f
#define HC_GIVE_7 HC_GIVE_6, g
#define HC_GIVE_8 HC_GIVE_7, h
#define HC_GIVE_9 HC_GIVE_8, i

// The export of functions::library::function, whose parameters are the rest.
#define HC_THIN(library, function, ...) \
  HC_THIN_EXPORT(hc::functions::library::function, function, HC_COUNT(__VA_ARGS__))
#define HC_THIN_EXPORT(F, function, count)                            \
  HC_EXPORT std::remove_pointer_t<F::Pointer> function;               \
  HC_EXPORT F::Result HC_CALL function(HC_JOIN(HC_TAKE_, count)(F)) { \
    return hc::simulator::forward<F>(HC_JOIN(HC_GIVE_, count));       \
  }
