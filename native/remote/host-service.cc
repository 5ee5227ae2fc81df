#include "host-service.h"

#include <array>
#include <tuple>
#include <utility>

#include "listeners.h"
#include "session.h"
#include "values.h"

namespace hc::remote {
namespace {

// Never destroyed: threads outlive static objects.
ServedHost& served = *new ServedHost;

template <class Function>
typename Function::Pointer hostFunction() {
  return reinterpret_cast<typename Function::Pointer>(served.functions[kIndexOf<Function>]);
}

HResult closeHandle(HcsSystem* handle) {
  return hostFunction<functions::vmcompute::HcsCloseComputeSystem>()(handle);
}
HResult closeHandle(HcsProcess* handle) {
  return hostFunction<functions::vmcompute::HcsCloseProcess>()(handle);
}

// The client's own number of a listener.
struct Listened {
  std::shared_ptr<ClientSession> session;
  std::uint64_t number;
};

Listeners<Listened>& listeners = *new Listeners<Listened>;

void HC_CALL onNotification(std::uint32_t type, void* context, HResult status,
                            const char16_t* data) {
  if (const auto listener = listeners.find(numberOf(context)))
    listener->session->notify(listener->number, type, status, data);
}

// What closes a handle of HCN, by its kind.
template <class Kind>
struct Closer {
  static constexpr bool kKnown = false;
};
#define HC_CLOSER(kind, function)                                                        \
  template <>                                                                            \
  struct Closer<kind> {                                                                  \
    static constexpr bool kKnown = true;                                                 \
    using Function = functions::computenetwork::function;                                \
    static void close(std::uint64_t handle) {                                            \
      using Slot = typename In<kind>::Abi;                                               \
      hostFunction<Function>()(pointerOf<Slot>(handle));                                 \
      listeners.removeOwner(handle);                                                     \
      if (const auto listener = listeners.numberOf(handle)) listeners.remove(*listener); \
    }                                                                                    \
  };
HC_CLOSER(Network, HcnCloseNetwork)
HC_CLOSER(Namespace, HcnCloseNamespace)
HC_CLOSER(Endpoint, HcnCloseEndpoint)
HC_CLOSER(LoadBalancer, HcnCloseLoadBalancer)
HC_CLOSER(SdnRoute, HcnCloseSdnRoute)
HC_CLOSER(GuestNetworkService, HcnCloseGuestNetworkService)
HC_CLOSER(ServiceRegistration, HcnUnregisterServiceCallback)
HC_CLOSER(PortReservation, HcnReleaseGuestNetworkServicePortReservationHandle)
#undef HC_CLOSER

// The client is gone, and with it what it had open.
void closeAll(ClientSession& session) {
  const auto [systems, processes, others] = session.end();
  for (const auto& [handle, close] : others) close(handle);
  for (HcsProcess* process : processes) {
    closeHandle(process);
    listeners.removeOwner(numberOf(process));
  }
  for (HcsSystem* system : systems) {
    closeHandle(system);
    listeners.removeOwner(numberOf(system));
  }
}

// One call of a client on its way through the host, on the thread of its connection.
template <class Function, class... Parameters>
class ServedCall {
 public:
  explicit ServedCall(const std::shared_ptr<ClientSession>& session) : session_(session) {}

  // False: the request makes no sense.
  template <std::size_t... I>
  bool run(Frame& request, Frame& answer, std::index_sequence<I...>) {
    const bool wanted[] = {takeArgument<Parameters>(request, std::get<I>(slots_))...};
    if (request.bad()) return false;
    listen();
    const HResult status = std::apply(
        hostFunction<Function>(),
        std::tuple_cat(argumentsOf(argument<Parameters>(std::get<I>(slots_), wanted[I]))...));
    (settle(Parameters{}, std::get<I>(slots_), status), ...);
    answer.put(status);
    (putResult<Parameters>(answer, std::get<I>(slots_), served.freeText), ...);
    (discard(Parameters{}, std::get<I>(slots_)), ...);
    return true;
  }

 private:
  template <class Parameter>
  static typename Parameter::Abi argument(typename Parameter::Slot& slot, bool wanted) {
    return wanted ? Parameter::pass(slot) : typename Parameter::Abi{};
  }

  // What the answer has a copy of, and is freed in a way of its own.
  template <class Parameter, class Slot>
  static void discard(Parameter, Slot&) {}
  static void discard(Out<PortEntries>, PortEntries::OutSlot& slot) {
    using Free = functions::computenetwork::HcnFreeGuestNetworkPortReservations;
    if (slot.entries != nullptr) hostFunction<Free>()(slot.entries);
  }

  // The client's context is the number of its listener; the host gets the number of ours.
  void listen() {
    if constexpr ((kIsOneOf<Parameters, Context> || ...)) {
      auto& context = std::get<void*>(slots_);
      listener_ = listeners.add(ownerOf(std::get<0>(slots_)), {session_, numberOf(context)});
      std::get<NotificationCallback>(slots_) = onNotification;
      context = pointerOf<void*>(listener_);
    }
  }
  template <class Opaque>
  static std::uint64_t ownerOf(Opaque* handle) {
    return numberOf(handle);
  }
  // The registration itself is what is opened, and on nothing.
  static std::uint64_t ownerOf(NotificationCallback) { return 0; }

  // Keeps account of what the client has open.
  template <class Parameter, class Slot>
  void settle(Parameter, Slot&, HResult) {}
  template <class Kind, class Opaque>
  std::enable_if_t<Closer<Kind>::kKnown> settle(Out<Kind>, Opaque*& handle, HResult) {
    if (listener_ != 0 && handle == nullptr) listeners.remove(listener_);
    if (handle == nullptr) return;
    if (listener_ != 0) listeners.registered(listener_, numberOf(handle));
    if (session_->opened(numberOf(handle), &Closer<Kind>::close)) return;
    Closer<Kind>::close(numberOf(handle));
    handle = nullptr;
  }
  template <class Kind, class Stored>
  std::enable_if_t<Closer<Kind>::kKnown> settle(Release<Kind>, Stored& slot, HResult status) {
    if (failed(status)) return;
    const std::uint64_t handle = numberOf(Release<Kind>::pass(slot));
    session_->closed(handle);
    listeners.removeOwner(handle);
    if (const auto listener = listeners.numberOf(handle)) listeners.remove(*listener);
  }
  template <class Opaque>
  void keep(Opaque*& handle) {
    if (handle == nullptr || session_->opened(handle)) return;
    closeHandle(handle);
    handle = nullptr;
  }
  void settle(Out<System>, HcsSystem*& handle, HResult) { keep(handle); }
  void settle(Out<Process>, HcsProcess*& handle, HResult) { keep(handle); }
  template <class Opaque>
  void letGo(Opaque* handle, HResult status) {
    if (failed(status)) return;
    session_->closed(handle);
    listeners.removeOwner(numberOf(handle));
  }
  void settle(Release<System>, HcsSystem* handle, HResult status) { letGo(handle, status); }
  void settle(Release<Process>, HcsProcess* handle, HResult status) { letGo(handle, status); }
  void settle(Out<Registration>, HcsRegistration* registration, HResult) {
    if (registration != nullptr) {
      listeners.registered(listener_, numberOf(registration));
    } else {
      listeners.remove(listener_);
    }
  }
  void settle(Release<Registration>, HcsRegistration* registration, HResult status) {
    if (failed(status)) return;
    if (const auto listener = listeners.numberOf(numberOf(registration)))
      listeners.remove(*listener);
  }

  const std::shared_ptr<ClientSession>& session_;
  typename Function::Slots slots_;
  std::uint64_t listener_ = 0;
};

using Serve = bool (*)(const std::shared_ptr<ClientSession>&, Frame& request, Frame& answer);

template <class Function, class... Parameters>
Serve serveOf(std::tuple<Parameters...>) {
  return [](const std::shared_ptr<ClientSession>& session, Frame& request, Frame& answer) {
    return ServedCall<Function, Parameters...>(session).run(
        request, answer, std::index_sequence_for<Parameters...>{});
  };
}

template <class... Functions>
std::array<Serve, sizeof...(Functions)> table(List<Functions...>) {
  return {serveOf<Functions>(Functions::kParameters)...};
}

class HostService final : public Service {
 public:
  bool begin(const std::shared_ptr<ClientSession>&, const Peer&) override { return true; }
  bool answer(const std::shared_ptr<ClientSession>& session, Frame& request,
              Frame& answer) override {
    static const auto& functions = *new auto(table(FunctionList{}));
    const auto function = request.take<std::uint32_t>();
    return !request.bad() && function < functions.size() &&
           functions[function](session, request, answer);
  }
  void end(const std::shared_ptr<ClientSession>& session) override { closeAll(*session); }
  bool startThread(std::function<void()> body) override {
    return served.startThread(std::move(body));
  }
};

}  // namespace

std::shared_ptr<Service> makeHostService(const ServedHost& host) {
  served = host;
  return std::make_shared<HostService>();
}

}  // namespace hc::remote
