// A call of any function of a signature: its arguments, the host call, and what came back.
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include "call-base.h"
#include "stream.h"

namespace hc {

namespace detail {

template <class Parameter>
constexpr bool kIsHandle = std::is_same_v<typename Parameter::Kind, shape::Handle<void>>;
template <class Parameter>
constexpr bool kOpens = kIsOut<Parameter>&& kIsHandle<Parameter>;
template <class Parameter>
constexpr bool kIsObject = std::is_same_v<typename Parameter::Kind, shape::Object<void>>;
template <class Parameter>
constexpr bool kIsOperation =
    std::is_same_v<Parameter, In<TextOperation>> || std::is_same_v<Parameter, In<ProcessOperation>>;
// A process id and streams, which come back at once or with the operation.
template <class Parameter>
constexpr bool kIsStreams = std::is_same_v<typename Parameter::Slot, ProcessInformation> ||
                            std::is_same_v<Parameter, In<ProcessOperation>>;

struct Nothing {};

// What is kept of a parameter once the host has returned. What the host has opened has an owner.
template <class Parameter>
constexpr auto resultOf() {
  if constexpr (kIsStreams<Parameter>) {
    return static_cast<ProcessStreams*>(nullptr);
  } else if constexpr (!kIsOut<Parameter> || kOpens<Parameter>) {
    return static_cast<Nothing*>(nullptr);
  } else {
    return static_cast<typename Parameter::Kind::Result*>(nullptr);
  }
}

template <class Parameters>
struct ResultsOf;
template <class... Parameters>
struct ResultsOf<std::tuple<Parameters...>> {
  using Type = std::tuple<std::remove_pointer_t<decltype(resultOf<Parameters>())>...>;
};

constexpr bool kAllGiven[9] = {true, true, true, true, true, true, true, true, true};

}  // namespace detail

template <class Signature, class Base>
class Call : public CallBase<Base> {
 public:
  using Parameters = typename Signature::Parameters;
  using Indices = typename Signature::Indices;
  using CallBase<Base>::CallBase;

  typename Signature::Slots slots{};
  typename detail::ResultsOf<Parameters>::Type results{};

 private:
  static_assert(Signature::kSize <= sizeof detail::kAllGiven);
  template <std::size_t I>
  using Parameter = std::tuple_element_t<I, Parameters>;

  const Libraries& libraries() const { return this->host()->libraries(); }
  template <std::size_t I>
  const ObjectFunctions& object() const {
    return *this->function().parameters[I].object;
  }

  void keepStreams(ProcessStreams streams) override { keepStreams(streams, Indices{}); }
  template <std::size_t... I>
  void keepStreams(ProcessStreams& streams, std::index_sequence<I...>) {
    (keepOne<Parameter<I>>(streams, std::get<I>(results)), ...);
  }
  template <class Parameter, class Result>
  static void keepOne(ProcessStreams& streams, Result& result) {
    if constexpr (std::is_same_v<Parameter, In<ProcessOperation>>) result = std::move(streams);
  }

  void invoke() override { invoke(Indices{}); }
  template <std::size_t... I>
  void invoke(std::index_sequence<I...> indices) {
    (fill<Parameter<I>>(std::get<I>(slots)), ...);
    if ((enter<I>() && ...)) callHost(indices);
    (leave<I>(), ...);
    if (record_) (keepRecord<Parameter<I>>(std::get<I>(results)), ...);
  }

  template <std::size_t... I>
  void callHost(std::index_sequence<I...>) {
    const Slot function = libraries().get(indexOf(this->function()));
    if (function == nullptr) {
      this->status = kFunctionMissing;
      return;
    }
    do {
      this->status = statusOf(this->function().invoke(function, &slots, detail::kAllGiven));
    } while (!failed(this->status) && (grow(std::get<I>(slots)) || ...));
    (collect<I>(std::get<I>(slots), std::get<I>(results)), ...);
  }

  // The callback of a call that opens what it is about. It may run before the call has returned.
  template <class Parameter, class Slot>
  void fill(Slot& slot) {
    if constexpr (std::is_same_v<Parameter, In<Callback::Shape>>) {
      slot = &onNotification;
    } else if constexpr (std::is_same_v<Parameter, In<Context::Shape>>) {
      slot = reinterpret_cast<void*>(static_cast<std::uintptr_t>(this->id));
    }
  }

  // The objects that the call is about have handles for as long as it lasts.
  template <std::size_t I>
  bool enter() {
    if constexpr (!kIsOut<Parameter<I>> && detail::kIsObject<Parameter<I>>) {
      auto& slot = std::get<I>(slots);
      this->status = openObject(object<I>(), libraries(), slot.id, &slot.handle, record_);
      return !failed(this->status);
    } else if constexpr (detail::kIsOperation<Parameter<I>>) {
      return (std::get<I>(slots) = this->beginOperation()) != nullptr;
    }
    return true;
  }
  template <std::size_t I>
  void leave() {
    if constexpr (!kIsOut<Parameter<I>> && detail::kIsObject<Parameter<I>>) {
      closeObject(object<I>(), libraries(), std::get<I>(slots).handle);
    } else if constexpr (detail::kIsOperation<Parameter<I>>) {
      if (std::get<I>(slots) != nullptr) this->endRefused(std::get<I>(slots));
    }
  }
  template <class Parameter, class Result>
  void keepRecord(Result& result) {
    if constexpr (std::is_same_v<Parameter, Out<ErrorRecord>>) result = std::move(record_);
  }

  template <class Slot>
  static bool grow(Slot& slot) {
    if constexpr (std::is_same_v<Slot, SizedText::Buffer>) return SizedText::grow(slot);
    if constexpr (std::is_same_v<Slot, DiskInformation::OutSlot>)
      return DiskInformation::grow(slot);
    return false;
  }

  HResult statusOf(HResult returned) const {
    return this->function().library == Library::virtdisk ? fromWin32(returned) : returned;
  }

  template <std::size_t I, class Slot, class Result>
  void collect(Slot& slot, Result& result) {
    using Kind = typename Parameter<I>::Kind;
    if constexpr (!kIsOut<Parameter<I>>) {
      return;
    } else if constexpr (detail::kOpens<Parameter<I>>) {
      this->hasOpened(slot, this->function().parameters[I].handle);
    } else if constexpr (detail::kIsObject<Parameter<I>>) {
      // It exists whether or not it can be asked.
      if (failed(this->status) || slot == nullptr) return;
      this->registration = queryObject(object<I>(), libraries(), slot, result, record_);
      closeObject(object<I>(), libraries(), slot);
    } else if constexpr (std::is_same_v<Kind, PortEntries::Shape>) {
      result = Kind::collect(slot, this->status, nullptr);
      using Free = functions::computenetwork::HcnFreeGuestNetworkPortReservations;
      const auto release = libraries().template get<Free>();
      if (release != nullptr && slot.entries != nullptr) release(slot.entries);
    } else if constexpr (detail::kIsStreams<Parameter<I>>) {
      // What a call that failed has left there means nothing.
      if (!failed(this->status) || this->status == kOperationPending)
        result = ProcessStreams(std::exchange(slot, {}));
    } else {
      result = Kind::collect(slot, this->status, libraries().freeTexts(this->function().library));
    }
  }

  OptionalText record_;  // of what was done for the call, and not by it
};

}  // namespace hc
