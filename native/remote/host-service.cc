#include "host-service.h"

#include <array>
#include <tuple>
#include <utility>

#include "listeners.h"
#include "session.h"
#include "values.h"
#include "wire-signature.h"

namespace hc::remote {
namespace {

// Never destroyed: threads outlive static objects.
ServedHost& served = *new ServedHost;

template <class Function>
typename Function::Pointer hostFunction() {
  return reinterpret_cast<typename Function::Pointer>(served.functions[kIndexOf<Function>]);
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

// Of computecore.dll.
void HC_CALL onEvent(HcsEvent* event, void* context) {
  if (const auto listener = listeners.find(numberOf(context)))
    listener->session->notify(listener->number, event->type, kOk, event->data,
                              numberOf(event->operation));
}

void HC_CALL onCompletion(HcsOperation* operation, void* context) {
  if (const auto listener = listeners.find(numberOf(context)))
    listener->session->notify(listener->number, 0, kOk, nullptr, numberOf(operation));
}

void callbackInto(NotificationCallback& callback) { callback = onNotification; }
void callbackInto(HcsEventCallback& callback) { callback = onEvent; }
void callbackInto(HcsOperationCallback& callback) { callback = onCompletion; }

void forget(std::uint64_t handle) {
  listeners.removeOwner(handle);
  if (const auto listener = listeners.numberOf(handle)) listeners.remove(*listener);
}

// The kinds of handles that a client can have open, each of the library that has opened it.
// Operations end with nothing else, and processes are closed before their systems.
template <class Kind, Library kLibrary>
constexpr const OpenKind* kOpenKind = nullptr;
#define HC_OPEN(kind, order, library, function)                                            \
  void library##kind(std::uint64_t handle) {                                               \
    hostFunction<functions::library::function>()(pointerOf<typename kind::InAbi>(handle)); \
    forget(handle);                                                                        \
  }                                                                                        \
  constexpr OpenKind k##library##kind = {&library##kind, order};                           \
  template <>                                                                              \
  constexpr const OpenKind* kOpenKind<kind, Library::library> = &k##library##kind;
HC_OPEN(Network, 0, computenetwork, HcnCloseNetwork)
HC_OPEN(Namespace, 0, computenetwork, HcnCloseNamespace)
HC_OPEN(Endpoint, 0, computenetwork, HcnCloseEndpoint)
HC_OPEN(LoadBalancer, 0, computenetwork, HcnCloseLoadBalancer)
HC_OPEN(SdnRoute, 0, computenetwork, HcnCloseSdnRoute)
HC_OPEN(GuestNetworkService, 0, computenetwork, HcnCloseGuestNetworkService)
HC_OPEN(ServiceRegistration, 0, computenetwork, HcnUnregisterServiceCallback)
HC_OPEN(PortReservation, 0, computenetwork, HcnReleaseGuestNetworkServicePortReservationHandle)
HC_OPEN(VirtualDisk, 0, virtdisk, CloseVirtualDisk)
HC_OPEN(OperationHandle, 0, computecore, HcsCloseOperation)
HC_OPEN(Process, 1, vmcompute, HcsCloseProcess)
HC_OPEN(Process, 1, computecore, HcsCloseProcess)
HC_OPEN(System, 2, vmcompute, HcsCloseComputeSystem)
HC_OPEN(System, 2, computecore, HcsCloseComputeSystem)
#undef HC_OPEN
// A registration ends with the handle it is made on.
constexpr OpenKind kRegistration = {nullptr, 0};
template <Library kLibrary>
constexpr const OpenKind* kOpenKind<Registration, kLibrary> = &kRegistration;

using Serve = bool (*)(const struct ServedFunction&, const std::shared_ptr<ClientSession>&,
                       Frame& request, Frame& answer);

// What the calls of a signature differ in.
struct ServedFunction {
  std::size_t index;
  Library library;
  Invoke invoke;
  const OpenKind* opens;     // null: nothing
  const OpenKind* releases;  // likewise
  Serve serve;               // null: it is no function for clients
};

// The client is gone, and with it what it had open.
void closeAll(ClientSession& session) {
  for (const auto& [handle, kind] : session.end()) kind->close(handle);
}

// One call of a client on its way through the host, on the thread of its connection: the part that
// is the same for all signatures. It keeps account of what the client has open.
class AnyCall {
 public:
  AnyCall(const ServedFunction& function, const std::shared_ptr<ClientSession>& session)
      : function_(function), session_(session) {}

 protected:
  // The client's context is the number of its listener, or null; the host gets the number of ours.
  void listen(std::uint64_t owner, void*& context) {
    if (context == nullptr) return;
    listener_ = listeners.add(owner, {session_, numberOf(context)});
    context = pointerOf<void*>(listener_);
  }

  void opened(void*& handle) {
    if (listener_ != 0 && handle == nullptr) listeners.remove(listener_);
    if (handle == nullptr) return;
    const std::uint64_t number = numberOf(handle);
    if (listener_ != 0) listeners.registered(listener_, number);
    const OpenKind* const kind = function_.opens;
    // Without a kind it is one that the client has already.
    if (kind == nullptr || kind->close == nullptr || session_->opened(number, kind)) return;
    kind->close(number);
    handle = nullptr;
  }

  void released(void* handle, HResult status) {
    if (failed(status) || function_.releases == nullptr) return;
    session_->closed(numberOf(handle));
    forget(numberOf(handle));
  }

  // The host has not taken the callback.
  void refused(HResult status) {
    if (failed(status) && listener_ != 0) listeners.remove(listener_);
  }

  const ServedFunction& function_;

 private:
  const std::shared_ptr<ClientSession>& session_;
  std::uint64_t listener_ = 0;
};

template <class Parameter>
constexpr bool kHasHandle =
    kIsOneOf<Parameter, shape::Handle<void>> || kIsOneOf<Parameter, shape::Object<void>>;

void* handleIn(void* slot) { return slot; }
void* handleIn(const shape::ObjectSlot<void>& slot) { return slot.handle; }

template <class Signature>
class ServedCall : private AnyCall {
 public:
  using AnyCall::AnyCall;

  // False: the request makes no sense.
  bool run(Frame& request, Frame& answer) { return run(request, answer, Indices{}); }

 private:
  using Indices = typename Signature::Indices;
  using Slots = typename Signature::Slots;
  template <std::size_t I>
  using Parameter = std::tuple_element_t<I, typename Signature::Parameters>;

  template <std::size_t... I>
  bool run(Frame& request, Frame& answer, std::index_sequence<I...>) {
    const bool wanted[] = {takeArgument<Parameter<I>>(request, std::get<I>(slots_))...};
    if (request.bad()) return false;
    (callBackAt<I>(wanted[I]), ...);
    (listenAt<I>(), ...);
    const HResult status = function_.invoke(served.functions[function_.index], &slots_, wanted);
    (settle<Parameter<I>>(std::get<I>(slots_), status), ...);
    refused(status);
    answer.put(status);
    (putResult<Parameter<I>>(answer, std::get<I>(slots_),
                             served.freeTexts(textMemoryOf(function_.library))),
     ...);
    (discard(std::get<I>(slots_)), ...);
    return true;
  }

  template <std::size_t I>
  void callBackAt(bool wanted) {
    if constexpr (kIsCallback<Parameter<I>>)
      if (wanted) callbackInto(std::get<I>(slots_));
  }

  // The first handle is what the callback is about, if anything.
  template <std::size_t I>
  void listenAt() {
    if constexpr (kIsOneOf<Parameter<I>, Context::Shape>) {
      std::uint64_t owner = 0;
      if constexpr (kHasHandle<Parameter<0>> && !kIsOut<Parameter<0>>)
        owner = numberOf(handleIn(std::get<0>(slots_)));
      listen(owner, std::get<I>(slots_));
    }
  }

  template <class Parameter, class Slot>
  void settle(Slot& slot, HResult status) {
    if constexpr (kHasHandle<Parameter> && kIsOut<Parameter>) {
      opened(slot);
    } else if constexpr (kHasHandle<Parameter> && kIsRelease<Parameter>) {
      released(handleIn(slot), status);
    }
  }

  // What the answer has a copy of, and is freed in a way of its own.
  template <class Slot>
  static void discard(Slot& slot) {
    using Free = functions::computenetwork::HcnFreeGuestNetworkPortReservations;
    if constexpr (std::is_same_v<Slot, PortEntries::OutSlot>) {
      if (slot.entries != nullptr) hostFunction<Free>()(slot.entries);
    }
  }

  Slots slots_;
};

template <class Signature>
bool serve(const ServedFunction& function, const std::shared_ptr<ClientSession>& session,
           Frame& request, Frame& answer) {
  return ServedCall<Signature>(function, session).run(request, answer);
}

// The kind of the handle that a function opens or releases, whichever `Way` is.
template <template <class> class Way, Library kLibrary, class... Parameters>
constexpr const OpenKind* openKindOf(const std::tuple<Parameters...>*) {
  const OpenKind* found = nullptr;
  ((found = std::is_same_v<Parameters, Way<typename Parameters::Kind>> &&
                    kOpenKind<typename Parameters::Kind, kLibrary> != nullptr
                ? kOpenKind<typename Parameters::Kind, kLibrary>
                : found),
   ...);
  return found;
}
template <class Function>
constexpr const OpenKind* openedBy() {
  if constexpr (std::is_same_v<typename Function::Result, HcsOperation*>)
    return kOpenKind<OperationHandle, Function::kLibrary>;
  else
    return openKindOf<Out, Function::kLibrary>(&Function::kParameters);
}

template <class Function>
constexpr ServedFunction servedFunction() {
  if constexpr (kTravels<Function>) {
    using Signature = WireSignatureOf<Function>;
    return {kIndexOf<Function>,
            Function::kLibrary,
            kInvokeBy<Function, Signature>,
            openedBy<Function>(),
            openKindOf<Release, Function::kLibrary>(&Function::kParameters),
            &serve<Signature>};
  } else {
    return {};
  }
}

template <class... Functions>
constexpr std::array<ServedFunction, sizeof...(Functions)> table(List<Functions...>) {
  return {servedFunction<Functions>()...};
}

class HostService final : public Service {
 public:
  bool begin(const std::shared_ptr<ClientSession>&, const Peer&) override { return true; }
  bool answer(const std::shared_ptr<ClientSession>& session, Frame& request,
              Frame& answer) override {
    static constexpr auto kFunctions = table(FunctionList{});
    const auto function = request.take<std::uint32_t>();
    return !request.bad() && function < kFunctions.size() &&
           kFunctions[function].serve != nullptr &&
           kFunctions[function].serve(kFunctions[function], session, request, answer);
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
