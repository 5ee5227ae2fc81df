// A call of any function of the list: its arguments, the trip through the host, and what came back.
// `Base` is the kind of Operation that its caller collects from the inbox.
#pragma once

#include <cstring>
#include <memory>
#include <tuple>
#include <utility>

#include "host.h"
#include "network-objects.h"
#include "stream.h"

namespace hc {

namespace detail {

template <class Parameter>
constexpr bool kOpens = kIsOut<Parameter>&& kIsHandle<typename Parameter::Kind>;
template <class Parameter>
constexpr bool kIsInObject = !kIsOut<Parameter> && kIsObject<typename Parameter::Kind>;
template <class Parameter>
constexpr bool kIsRecord = std::is_same_v<typename Parameter::Kind, ErrorRecord>;
template <class Parameter>
constexpr bool kIsStreams = std::is_same_v<typename Parameter::Slot, ProcessInformation>;

struct Nothing {};

// What is kept of a parameter once the host has returned. What the host has opened has an owner.
template <class Parameter>
constexpr auto resultOf() {
  if constexpr (!kIsOut<Parameter> || kOpens<Parameter>) {
    return static_cast<Nothing*>(nullptr);
  } else if constexpr (kIsStreams<Parameter>) {
    return static_cast<ProcessStreams*>(nullptr);
  } else {
    return static_cast<typename Parameter::Kind::Result*>(nullptr);
  }
}

template <class Parameters>
struct Facts;
template <class... Parameters>
struct Facts<std::tuple<Parameters...>> {
  static constexpr bool kOpens = (detail::kOpens<Parameters> || ...);
  using Results = std::tuple<std::remove_pointer_t<decltype(resultOf<Parameters>())>...>;
};

}  // namespace detail

template <class Function, class Base>
class Call : public Base {
 public:
  static constexpr bool kOpens = detail::Facts<typename Function::Parameters>::kOpens;
  static constexpr bool kCreates =
      std::is_same_v<Function, functions::vmcompute::HcsCreateComputeSystem> ||
      std::is_same_v<Function, functions::vmcompute::HcsCreateProcess>;

  // On the JavaScript thread. `paired`: a pending answer waits for its notification.
  Call(std::uint64_t id, std::shared_ptr<Host> host, bool paired)
      : Base(id), host_(std::move(host)), paired_(paired) {
    if (kOpens) watch_ = host_->makeWatch(id);
  }
  ~Call() override {
    if (subject_) subject_->release();
    if (kOpens && !opened_) removeWatch(this->id);
  }

  // The handle it is made on; false when that is being closed.
  bool use(std::shared_ptr<Handle> subject) {
    if (!subject->acquire()) return false;
    subject_ = std::move(subject);
    if (!kOpens) watch_ = subject_->watch();
    return true;
  }

  void taken() override {
    if (pairs()) watch_->expect(this->id, Function::kCompletion);
  }

  void run(std::unique_ptr<Operation> self) override {
    invoke(std::make_index_sequence<std::tuple_size_v<typename Function::Slots>>{});
    const bool pending = this->status == kOperationPending;
    if (kOpens && (pending || !failed(this->status))) open();
    const bool waits = pairs() && pending && !failed(this->registration) && (!kOpens || opened_);
    // The use outlives the hand-over, so that a close which waits for this call gets its
    // completion after this one.
    const auto subject = std::exchange(subject_, nullptr);
    if (waits) {
      const auto watch = watch_;
      watch->await(std::move(self));
    } else {
      if (pairs()) watch_->unexpect(this->id, failed(this->status) && !pending);
      const auto host = host_;
      host->finish(std::move(self));
    }
    if (subject) subject->release();
  }

  typename Function::Slots slots{};
  typename detail::Facts<typename Function::Parameters>::Results results{};

 protected:
  const std::shared_ptr<Host>& host() const { return host_; }
  const std::shared_ptr<Handle>& opened() const { return opened_; }

 private:
  // Whether a notification may complete it.
  bool pairs() const { return paired_ && Function::kCompletion != Notification::None; }

  template <std::size_t... I>
  void invoke(std::index_sequence<I...> indices) {
    using P = typename Function::Parameters;
    (fill<std::tuple_element_t<I, P>>(std::get<I>(slots)), ...);
    if ((enter<std::tuple_element_t<I, P>>(std::get<I>(slots)) && ...)) callHost(indices);
    (leave<std::tuple_element_t<I, P>>(std::get<I>(slots)), ...);
    if (record_) (keepRecord<std::tuple_element_t<I, P>>(std::get<I>(results)), ...);
  }

  template <std::size_t... I>
  void callHost(std::index_sequence<I...>) {
    const auto function = host_->libraries().template get<Function>();
    if (function == nullptr) {
      this->status = kFunctionMissing;
      return;
    }
    using P = typename Function::Parameters;
    do {
      this->status = std::apply(
          function,
          std::tuple_cat(argumentsOf(std::tuple_element_t<I, P>::pass(std::get<I>(slots)))...));
    } while (!failed(this->status) &&
             (grow<std::tuple_element_t<I, P>>(std::get<I>(slots)) || ...));
    (collect<std::tuple_element_t<I, P>>(std::get<I>(slots), std::get<I>(results)), ...);
  }

  // The callback of a call that opens what it is about. It may run before the call has returned.
  template <class Parameter, class Slot>
  void fill(Slot& slot) {
    if constexpr (std::is_same_v<Parameter, In<Callback>>) {
      slot = &onNotification;
    } else if constexpr (std::is_same_v<Parameter, In<Context>>) {
      slot = reinterpret_cast<void*>(static_cast<std::uintptr_t>(this->id));
    }
  }

  // The objects that the call is about have handles for as long as it lasts.
  template <class Parameter, class Slot>
  bool enter(Slot& slot) {
    if constexpr (detail::kIsInObject<Parameter>) {
      this->status =
          openObject<typename Parameter::Kind>(host_->libraries(), slot.id, &slot.handle, record_);
      return !failed(this->status);
    }
    return true;
  }
  template <class Parameter, class Slot>
  void leave(Slot& slot) {
    if constexpr (detail::kIsInObject<Parameter>)
      closeObject<typename Parameter::Kind>(host_->libraries(), slot.handle);
  }
  template <class Parameter, class Result>
  void keepRecord(Result& result) {
    if constexpr (detail::kIsRecord<Parameter>) result = std::move(record_);
  }

  template <class Parameter, class Slot>
  static bool grow(Slot& slot) {
    if constexpr (std::is_same_v<Slot, SizedText::Buffer>) return SizedText::grow(slot);
    return false;
  }

  template <class Parameter, class Slot, class Result>
  void collect(Slot& slot, Result& result) {
    if constexpr (detail::kOpens<Parameter>) {
      value_ = slot;
      kind_ = kHandleKind<typename Parameter::Kind>;
    } else if constexpr (kIsOut<Parameter> && kIsObject<typename Parameter::Kind>) {
      // It exists whether or not it can be asked.
      if (failed(this->status) || slot == nullptr) return;
      using Kind = typename Parameter::Kind;
      this->registration = queryObject<Kind>(host_->libraries(), slot, result, record_);
      closeObject<Kind>(host_->libraries(), slot);
    } else if constexpr (std::is_same_v<typename Parameter::Kind, PortEntries>) {
      result = PortEntries::collect(slot, this->status, nullptr);
      using Free = functions::computenetwork::HcnFreeGuestNetworkPortReservations;
      const auto release = host_->libraries().template get<Free>();
      if (release != nullptr && slot.entries != nullptr) release(slot.entries);
    } else if constexpr (detail::kIsStreams<Parameter>) {
      // What a call that failed has left there means nothing.
      if (!failed(this->status) || this->status == kOperationPending)
        result = ProcessStreams(std::exchange(slot, {}));
    } else if constexpr (kIsOut<Parameter>) {
      result = Parameter::Kind::collect(slot, this->status, host_->libraries().freeTexts());
    }
  }

  // The handle is watched and owned before anyone else can have it. When the host has ended
  // meanwhile, it is closed at once.
  void open() {
    if (value_ == nullptr) return;
    opened_ = std::make_shared<Handle>(host_, kind_, value_, watch_, kCreates);
    this->registration = opened_->registerWatch();
    if (!host_->adopt(opened_)) std::exchange(opened_, nullptr)->closeNow();
  }

  const std::shared_ptr<Host> host_;
  const bool paired_;
  std::shared_ptr<Handle> subject_;
  std::shared_ptr<Watch> watch_;
  void* value_ = nullptr;
  HandleKind kind_ = HandleKind::System;
  OptionalText record_;  // of what was done for the call, and not by it
  std::shared_ptr<Handle> opened_;
};

}  // namespace hc
