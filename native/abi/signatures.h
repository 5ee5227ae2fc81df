// The signature of a function: its parameters without their names, in which all handles are alike,
// as they are in Windows. A call is compiled once for each signature, and not for each function: of
// a hundred functions most differ in the kind of their handle alone. The C function itself is
// called by its exact type.
#pragma once

#include <cstddef>
#include <tuple>
#include <utility>

#include "functions.h"

namespace hc {

namespace detail {

// Of a kind: its shape, without the type of a handle.
template <class Shape>
struct SharedShape {
  using Type = Shape;
};
template <class Opaque>
struct SharedShape<shape::Handle<Opaque>> {
  using Type = shape::Handle<void>;
};
template <class Opaque>
struct SharedShape<shape::Object<Opaque>> {
  using Type = shape::Object<void>;
};

template <class Parameter>
struct SharedParameter;
template <template <class> class Way, class Kind>
struct SharedParameter<Way<Kind>> {
  using Type = Way<typename SharedShape<typename Kind::Shape>::Type>;
};
// A text that the core adds to, and what the core makes for the call.
template <>
struct SharedParameter<Out<ErrorRecord>> {
  using Type = Out<ErrorRecord>;
};
template <>
struct SharedParameter<In<TextOperation>> {
  using Type = In<TextOperation>;
};
template <>
struct SharedParameter<In<ProcessOperation>> {
  using Type = In<ProcessOperation>;
};

}  // namespace detail

template <class... Each>
struct Signature {
  static constexpr std::size_t kSize = sizeof...(Each);
  using Parameters = std::tuple<Each...>;
  using Indices = std::index_sequence_for<Each...>;
  using Slots = std::tuple<typename Each::Slot...>;
};

namespace detail {

template <class Tuple>
struct SignatureOf;
template <class... Parameters>
struct SignatureOf<std::tuple<Parameters...>> {
  using Type = Signature<typename SharedParameter<Parameters>::Type...>;
};

// A stored argument while it has its C type.
template <class Parameter, class Slot>
class Typed {
 public:
  explicit Typed(Slot& slot) : slot_(slot) {}
  typename Parameter::Abi pass() { return Parameter::pass(slot_); }

 private:
  Slot& slot_;
};
template <class Kind>
class Typed<In<Kind>, void*> {
 public:
  explicit Typed(void* slot) : slot_(slot) {}
  typename In<Kind>::Abi pass() { return static_cast<typename In<Kind>::Abi>(slot_); }

 private:
  void* slot_;
};
template <class Kind>
class Typed<Release<Kind>, void*> : public Typed<In<Kind>, void*> {
  using Typed<In<Kind>, void*>::Typed;
};
template <class Kind>
class Typed<In<Kind>, shape::ObjectSlot<void>> : public Typed<In<Kind>, void*> {
 public:
  explicit Typed(const shape::ObjectSlot<void>& slot) : Typed<In<Kind>, void*>(slot.handle) {}
};
template <class Kind>
class Typed<Release<Kind>, shape::ObjectSlot<void>>
    : public Typed<In<Kind>, shape::ObjectSlot<void>> {
  using Typed<In<Kind>, shape::ObjectSlot<void>>::Typed;
};
template <class Kind>
class Typed<Out<Kind>, void*> {
 public:
  explicit Typed(void*& slot) : slot_(slot) {}
  ~Typed() { slot_ = opened_; }
  Typed(const Typed&) = delete;
  Typed& operator=(const Typed&) = delete;
  typename Out<Kind>::Abi pass() { return &opened_; }

 private:
  void*& slot_;
  typename Out<Kind>::Slot opened_ = nullptr;
};

// The other way: a C argument as the signature has it.
template <class Parameter, class Abi = typename SharedParameter<Parameter>::Type::Abi>
class Untyped {
 public:
  explicit Untyped(typename Parameter::Abi argument) : argument_(argument) {}
  Abi pass() { return argument_; }

 private:
  typename Parameter::Abi argument_;
};
template <class Kind>
class Untyped<Out<Kind>, void**> {
 public:
  explicit Untyped(typename Out<Kind>::Abi argument) : argument_(argument) {}
  ~Untyped() {
    if (argument_ != nullptr) *argument_ = static_cast<typename Out<Kind>::Slot>(opened_);
  }
  Untyped(const Untyped&) = delete;
  Untyped& operator=(const Untyped&) = delete;
  void** pass() { return argument_ != nullptr ? &opened_ : nullptr; }

 private:
  typename Out<Kind>::Abi argument_;
  void* opened_ = nullptr;
};

// What the function returns that is no HRESULT is in a slot after those of its parameters.
template <class Tuple, class Result, class Slots>
struct HostCall;
template <class... Parameters, class Result, class Slots>
struct HostCall<std::tuple<Parameters...>, Result, Slots> {
  using Pointer = typename FunctionOf<std::tuple<Parameters...>, Result>::Pointer;

  static HResult invoke(Slot function, void* slots, const bool* given) {
    return invoke(reinterpret_cast<Pointer>(function), *static_cast<Slots*>(slots), given,
                  std::index_sequence_for<Parameters...>{});
  }

 private:
  template <std::size_t... I>
  static HResult invoke(Pointer function, Slots& slots, const bool* given,
                        std::index_sequence<I...>) {
    std::tuple<Typed<Parameters, std::tuple_element_t<I, Slots>>...> typed(std::get<I>(slots)...);
    const auto call = [&] {
      return std::apply(function,
                        std::tuple_cat(argumentsOf(given[I] ? std::get<I>(typed).pass()
                                                            : typename Parameters::Abi{})...));
    };
    if constexpr (std::is_same_v<Result, HResult>) {
      return call();
    } else if constexpr (std::is_void_v<Result>) {
      call();
    } else {
      std::get<sizeof...(Parameters)>(slots) = call();
    }
    return kOk;
  }
};

}  // namespace detail

template <class Function>
using SignatureOf = typename detail::SignatureOf<typename Function::Parameters>::Type;

// A parameter of a function as its signature has it, made of the C argument.
template <class Parameter>
using Untyped = detail::Untyped<Parameter>;

// Calls a function with the slots of a signature. What is not `given` is passed as null.
using Invoke = HResult (*)(Slot function, void* slots, const bool* given);
template <class Function, class Signature>
constexpr Invoke kInvokeBy =
    &detail::HostCall<typename Function::Parameters, typename Function::Result,
                      typename Signature::Slots>::invoke;

// With those of its own. Null for a function that returns no HRESULT.
template <class Function>
constexpr Invoke invokeOf() {
  if constexpr (!std::is_same_v<typename Function::Result, HResult>)
    return nullptr;
  else
    return kInvokeBy<Function, SignatureOf<Function>>;
}
template <class Function>
constexpr Invoke kInvoke = invokeOf<Function>();

}  // namespace hc
