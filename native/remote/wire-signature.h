// The signature that a function has on the wire: an operation is a handle like others, and what a
// function returns that is no HRESULT is its last output.
#pragma once

#include <cstdint>
#include <tuple>
#include <type_traits>

#include "../abi/signatures.h"

namespace hc::remote {

template <class Parameter>
struct WireParameter {
  using Type = Parameter;
};
template <>
struct WireParameter<In<TextOperation>> {
  using Type = In<shape::Handle<void>>;
};
template <>
struct WireParameter<In<ProcessOperation>> : WireParameter<In<TextOperation>> {};

template <class Result, class Parameters>
struct WireSignature;
template <class... Parameters>
struct WireSignature<HResult, std::tuple<Parameters...>> {
  using Type = Signature<typename WireParameter<Parameters>::Type...>;
};
template <class... Parameters>
struct WireSignature<void, std::tuple<Parameters...>>
    : WireSignature<HResult, std::tuple<Parameters...>> {};
template <class... Parameters>
struct WireSignature<std::uint64_t, std::tuple<Parameters...>>
    : WireSignature<HResult, std::tuple<Parameters..., Out<shape::Integer<std::uint64_t>>>> {};
template <class Opaque, class... Parameters>
struct WireSignature<Opaque*, std::tuple<Parameters...>>
    : WireSignature<HResult, std::tuple<Parameters..., Out<shape::Handle<void>>>> {};

template <class Function>
using WireSignatureOf = typename WireSignature<typename Function::Result,
                                               typename SignatureOf<Function>::Parameters>::Type;

// What a client has to do itself: its pointers mean nothing elsewhere, and the handles of its files
// and sockets do not travel.
template <class Function>
constexpr bool kTravels =
    !std::is_same_v<Function, functions::computecore::HcsGetOperationContext> &&
    !std::is_same_v<Function, functions::computecore::HcsAddResourceToOperation>;

}  // namespace hc::remote
