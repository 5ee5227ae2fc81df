// The functions of computenetwork.dll, and HNSCall. Each clears its outputs, then hands over to the
// store of the network service.
#include <cstring>
#include <functional>

#include "../base/platform.h"
#include "../base/returned-texts.h"
#include "../host/call-dispatch.h"
#include "../network/choices.h"
#include "../network/store.h"
#include "exports.h"

namespace hc::simulator {
namespace {

using network::Family;
using network::HandleNumber;
using network::Store;

Store& store() { return Store::instance(); }

using Body = std::function<Outcome()>;
using Beforehand = std::function<void(Before before)>;

// Whatever a rule says happens before the call happens at the same moment as it.
template <class Function>
HResult runOn(const Subject& subject, const Texts& texts, const Body& body,
              const Beforehand& beforehand) {
  return run<Function>(subject, texts, [&](const Call& call) {
    return store().enter(call.epoch, call.site, [&] {
      if (beforehand && call.effect->before != Before::Nothing) beforehand(call.effect->before);
      return body();
    });
  });
}

// What a call is about, for rules and the trace: the id of the object.
template <class Function>
HResult runOn(const std::u16string& about, const Texts& texts, const Body& body,
              const Beforehand& beforehand = nullptr) {
  return runOn<Function>(Subject{about.c_str(), 0}, texts, body, beforehand);
}

std::u16string about(const GuidData* id) { return id != nullptr ? network::printGuid(*id) : u""; }
template <class Opaque>
std::u16string about(Opaque* handle) {
  return store().idOf(idOf(handle));
}

// A rule may fail a call after its work was done: what it has opened is closed again.
template <class Function, class Opaque>
HResult runOpening(Family family, const std::u16string& about, Opaque** handle, char16_t** record,
                   const std::function<Outcome(HandleNumber*)>& body,
                   const Beforehand& beforehand) {
  HandleNumber made = 0;
  std::uint64_t epoch = InFlight::instance().epoch();
  const HResult status = runOn<Function>(
      about, {nullptr, record}, [&] { return body(&made); }, beforehand);
  if (!failed(status)) {
    *handle = handleOf<Opaque>(made);
  } else if (made != 0) {
    store().enter(epoch, {}, [&] { return store().close(family, made); });
  }
  return status;
}

template <class Function>
HResult enumerate(Family family, const char16_t* query, char16_t** found, char16_t** record) {
  if (record != nullptr) *record = nullptr;
  if (!clear(found)) return kInvalidArgument;
  return runOn<Function>({}, {found, record}, [&] { return store().enumerate(family, query); });
}

template <class Function, class Opaque>
HResult create(Family family, HandleNumber owner, const GuidData* id, const char16_t* settings,
               Opaque** handle, char16_t** record) {
  if (record != nullptr) *record = nullptr;
  if (!clear(handle)) return kInvalidArgument;
  return runOpening<Function>(
      family, about(id), handle, record,
      [&](HandleNumber* made) { return store().create(family, owner, id, settings, made); },
      [&](Before before) { store().provokeCreate(before, owner, settings); });
}

template <class Function, class Opaque>
HResult open(Family family, const GuidData* id, Opaque** handle, char16_t** record) {
  if (record != nullptr) *record = nullptr;
  if (!clear(handle)) return kInvalidArgument;
  return runOpening<Function>(
      family, about(id), handle, record,
      [&](HandleNumber* made) { return store().open(family, id, made); },
      [&](Before before) { store().provoke(before, family, about(id)); });
}

template <class Function, class Opaque>
HResult modify(Family family, Opaque* handle, const char16_t* settings, char16_t** record) {
  if (record != nullptr) *record = nullptr;
  return runOn<Function>(
      about(handle), {nullptr, record},
      [&] { return store().modify(family, idOf(handle), settings); },
      [&](Before before) { store().provoke(before, family, idOf(handle)); });
}

template <class Function, class Opaque>
HResult query(Family family, Opaque* handle, const char16_t* query, char16_t** properties,
              char16_t** record) {
  if (record != nullptr) *record = nullptr;
  if (!clear(properties)) return kInvalidArgument;
  return runOn<Function>(
      about(handle), {properties, record},
      [&] { return store().query(family, idOf(handle), query); },
      [&](Before before) { store().provoke(before, family, idOf(handle)); });
}

template <class Function>
HResult remove(Family family, const GuidData* id, char16_t** record) {
  if (record != nullptr) *record = nullptr;
  return runOn<Function>(
      about(id), {nullptr, record}, [&] { return store().remove(family, id); },
      [&](Before before) { store().provoke(before, family, about(id)); });
}

template <class Function, class Opaque>
HResult close(Family family, Opaque* handle) {
  return runOn<Function>(about(handle), {}, [&] { return store().close(family, idOf(handle)); });
}

template <class Function>
HResult unregister(HcsRegistration* registration) {
  return run<Function>({}, {}, [&](const Call& call) -> Outcome {
    if (call.epoch != InFlight::instance().epoch()) return kAbort;
    return store().unsubscribe(idOf(registration), Function::kName);
  });
}

template <class Function, class Opaque>
HResult reserve(HcnGuestNetworkService* service, Opaque** reservation,
                const std::function<Outcome(HandleNumber*)>& body) {
  if (!clear(reservation)) return kInvalidArgument;
  HandleNumber made = 0;
  const std::uint64_t epoch = InFlight::instance().epoch();
  const HResult status = runOn<Function>(about(service), {}, [&] { return body(&made); });
  if (!failed(status)) {
    *reservation = handleOf<Opaque>(made);
  } else if (made != 0) {
    store().enter(epoch, {}, [&] { return store().releasePorts(made); });
  }
  return status;
}

}  // namespace

// The functions that each family of objects has.
#define HC_NETWORK_FAMILY(plural, name, family, Opaque)                                            \
  HResult HC_CALL exports::computenetwork::HcnEnumerate##plural(                                   \
      const char16_t* query, char16_t** found, char16_t** record) {                                \
    return enumerate<functions::computenetwork::HcnEnumerate##plural>(Family::family, query,       \
                                                                      found, record);              \
  }                                                                                                \
  HResult HC_CALL exports::computenetwork::HcnOpen##name(const GuidData* id, Opaque** handle,      \
                                                         char16_t** record) {                      \
    return open<functions::computenetwork::HcnOpen##name>(Family::family, id, handle, record);     \
  }                                                                                                \
  HResult HC_CALL exports::computenetwork::HcnModify##name(                                        \
      Opaque* handle, const char16_t* settings, char16_t** record) {                               \
    return modify<functions::computenetwork::HcnModify##name>(Family::family, handle, settings,    \
                                                              record);                             \
  }                                                                                                \
  HResult HC_CALL exports::computenetwork::HcnQuery##name##Properties(                             \
      Opaque* handle, const char16_t* text, char16_t** properties, char16_t** record) {            \
    return query<functions::computenetwork::HcnQuery##name##Properties>(Family::family, handle,    \
                                                                        text, properties, record); \
  }                                                                                                \
  HResult HC_CALL exports::computenetwork::HcnDelete##name(const GuidData* id,                     \
                                                           char16_t** record) {                    \
    return remove<functions::computenetwork::HcnDelete##name>(Family::family, id, record);         \
  }
#define HC_NETWORK_CREATE(name, family, Opaque)                                                \
  HResult HC_CALL exports::computenetwork::HcnCreate##name(                                    \
      const GuidData* id, const char16_t* settings, Opaque** handle, char16_t** record) {      \
    return create<functions::computenetwork::HcnCreate##name>(Family::family, 0, id, settings, \
                                                              handle, record);                 \
  }
#define HC_NETWORK_CLOSE(name, family, Opaque)                                       \
  HResult HC_CALL exports::computenetwork::HcnClose##name(Opaque* handle) {          \
    return close<functions::computenetwork::HcnClose##name>(Family::family, handle); \
  }

HC_NETWORK_FAMILY(Networks, Network, Network, HcnNetwork)
HC_NETWORK_CREATE(Network, Network, HcnNetwork)
HC_NETWORK_CLOSE(Network, Network, HcnNetwork)
HC_NETWORK_FAMILY(Namespaces, Namespace, Namespace, HcnNamespace)
HC_NETWORK_CREATE(Namespace, Namespace, HcnNamespace)
HC_NETWORK_CLOSE(Namespace, Namespace, HcnNamespace)
HC_NETWORK_FAMILY(Endpoints, Endpoint, Endpoint, HcnEndpoint)
HC_NETWORK_CLOSE(Endpoint, Endpoint, HcnEndpoint)
HC_NETWORK_FAMILY(LoadBalancers, LoadBalancer, LoadBalancer, HcnLoadBalancer)
HC_NETWORK_CREATE(LoadBalancer, LoadBalancer, HcnLoadBalancer)
HC_NETWORK_CLOSE(LoadBalancer, LoadBalancer, HcnLoadBalancer)
HC_NETWORK_FAMILY(SdnRoutes, SdnRoute, Route, HcnSdnRoute)
HC_NETWORK_CREATE(SdnRoute, Route, HcnSdnRoute)
HC_NETWORK_CLOSE(SdnRoute, Route, HcnSdnRoute)
HC_NETWORK_FAMILY(GuestNetworkServices, GuestNetworkService, Service, HcnGuestNetworkService)
HC_NETWORK_CREATE(GuestNetworkService, Service, HcnGuestNetworkService)

HResult HC_CALL exports::computenetwork::HcnCreateEndpoint(HcnNetwork* network, const GuidData* id,
                                                           const char16_t* settings,
                                                           HcnEndpoint** handle,
                                                           char16_t** record) {
  return create<functions::computenetwork::HcnCreateEndpoint>(Family::Endpoint, idOf(network), id,
                                                              settings, handle, record);
}

HResult HC_CALL exports::computenetwork::HcnQueryEndpointStats(HcnEndpoint* endpoint,
                                                               const char16_t* /*query*/,
                                                               char16_t** stats,
                                                               char16_t** record) {
  if (record != nullptr) *record = nullptr;
  if (!clear(stats)) return kInvalidArgument;
  return runOn<functions::computenetwork::HcnQueryEndpointStats>(
      about(endpoint), {stats, record}, [&] { return store().statistics(idOf(endpoint)); },
      [&](Before before) { store().provoke(before, Family::Endpoint, idOf(endpoint)); });
}

HResult HC_CALL exports::computenetwork::HcnQueryEndpointAddresses(HcnEndpoint* endpoint,
                                                                   const char16_t* /*query*/,
                                                                   char16_t** addresses,
                                                                   char16_t** record) {
  if (record != nullptr) *record = nullptr;
  if (!clear(addresses)) return kInvalidArgument;
  return runOn<functions::computenetwork::HcnQueryEndpointAddresses>(
      about(endpoint), {addresses, record}, [&] { return store().addresses(idOf(endpoint)); },
      [&](Before before) { store().provoke(before, Family::Endpoint, idOf(endpoint)); });
}

HResult HC_CALL exports::computenetwork::HcnRegisterServiceCallback(
    NotificationCallback callback, void* context, HcsRegistration** registration) {
  if (!clear(registration)) return kInvalidArgument;
  HandleNumber made = 0;
  const HResult status = runOn<functions::computenetwork::HcnRegisterServiceCallback>(
      {}, {}, [&] { return store().subscribe(callback, context, &made); });
  if (!failed(status)) {
    *registration = handleOf<HcsRegistration>(made);
  } else if (made != 0) {
    store().unsubscribe(made, "HcnRegisterServiceCallback");
  }
  return status;
}

HResult HC_CALL
exports::computenetwork::HcnUnregisterServiceCallback(HcsRegistration* registration) {
  return unregister<functions::computenetwork::HcnUnregisterServiceCallback>(registration);
}

HResult HC_CALL exports::computenetwork::HcnRegisterGuestNetworkServiceCallback(
    HcnGuestNetworkService* service, NotificationCallback callback, void* context,
    HcsRegistration** registration) {
  if (!clear(registration)) return kInvalidArgument;
  HandleNumber made = 0;
  const HResult status = runOn<functions::computenetwork::HcnRegisterGuestNetworkServiceCallback>(
      about(service), {},
      [&] { return store().subscribeGuest(idOf(service), callback, context, &made); });
  if (!failed(status)) {
    *registration = handleOf<HcsRegistration>(made);
  } else if (made != 0) {
    store().unsubscribe(made, "HcnRegisterGuestNetworkServiceCallback");
  }
  return status;
}

HResult HC_CALL
exports::computenetwork::HcnUnregisterGuestNetworkServiceCallback(HcsRegistration* registration) {
  return unregister<functions::computenetwork::HcnUnregisterGuestNetworkServiceCallback>(
      registration);
}

// With its callbacks, which it waits for.
HResult HC_CALL
exports::computenetwork::HcnCloseGuestNetworkService(HcnGuestNetworkService* service) {
  using Function = functions::computenetwork::HcnCloseGuestNetworkService;
  const std::u16string id = about(service);
  return run<Function>({id.c_str(), 0}, {}, [&](const Call& call) {
    store().unsubscribeAll(idOf(service), Function::kName);
    return store().enter(call.epoch, call.site,
                         [&] { return store().close(Family::Service, idOf(service)); });
  });
}

HResult HC_CALL exports::computenetwork::HcnReserveGuestNetworkServicePort(
    HcnGuestNetworkService* service, std::uint32_t protocol, std::uint32_t access,
    std::uint16_t port, HcnPortReservation** reservation) {
  return reserve<functions::computenetwork::HcnReserveGuestNetworkServicePort>(
      service, reservation, [&](HandleNumber* made) {
        return store().reservePort(idOf(service), protocol, access, port, made);
      });
}

HResult HC_CALL exports::computenetwork::HcnReserveGuestNetworkServicePortRange(
    HcnGuestNetworkService* service, std::uint16_t count, PortRangeData* range,
    HcnPortReservation** reservation) {
  if (!clear(range)) return kInvalidArgument;
  return reserve<functions::computenetwork::HcnReserveGuestNetworkServicePortRange>(
      service, reservation,
      [&](HandleNumber* made) { return store().reservePorts(idOf(service), count, range, made); });
}

HResult HC_CALL exports::computenetwork::HcnReleaseGuestNetworkServicePortReservationHandle(
    HcnPortReservation* reservation) {
  return runOn<functions::computenetwork::HcnReleaseGuestNetworkServicePortReservationHandle>(
      {}, {}, [&] { return store().releasePorts(idOf(reservation)); });
}

// The array is memory as texts have it, so that what a client does not free is known.
HResult HC_CALL exports::computenetwork::HcnEnumerateGuestNetworkPortReservations(
    std::uint32_t* count, PortRangeEntry** entries) {
  if (!clear(count, entries)) return kInvalidArgument;
  return run<functions::computenetwork::HcnEnumerateGuestNetworkPortReservations>(
      {}, {}, [&](const Call& call) {
        return store().enter(call.epoch, call.site, [&]() -> Outcome {
          const auto all = store().reservations();
          *count = static_cast<std::uint32_t>(all.size());
          if (all.empty()) return {};
          const std::size_t bytes = all.size() * sizeof(PortRangeEntry);
          const std::u16string room(bytes / sizeof(char16_t), u'\0');
          char16_t* const memory = ReturnedTexts::instance().give(room, {call.site, {}});
          std::memcpy(memory, all.data(), bytes);
          *entries = reinterpret_cast<PortRangeEntry*>(memory);
          return {};
        });
      });
}

HResult HC_CALL
exports::computenetwork::HcnFreeGuestNetworkPortReservations(PortRangeEntry* entries) {
  return run<functions::computenetwork::HcnFreeGuestNetworkPortReservations>(
      {}, {}, [&](const Call&) -> Outcome {
        freeTexts(textMemoryOf(Library::computenetwork))(entries);
        return {};
      });
}

HResult HC_CALL exports::vmcompute::HNSCall(const char16_t* method, const char16_t* path,
                                            const char16_t* object, char16_t** response) {
  if (!clear(response)) return kInvalidArgument;
  if (method == nullptr || path == nullptr) return kInvalidArgument;
  const std::u16string about = std::u16string(method) + u" " + path;
  Subject subject{about.c_str(), 0};
  subject.envelopes = !network::kPostFailsByStatus || !network::sameName(method, u"POST");
  return runOn<functions::vmcompute::HNSCall>(
      subject, {response, nullptr}, [&] { return store().call(method, path, object); },
      [&](Before before) { store().provokeCall(before, method, path, object); });
}

}  // namespace hc::simulator
