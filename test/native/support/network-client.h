// A client of the network service as Microsoft's own is one: an object is created or opened, asked
// for its properties in the second schema, and its handle closed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "../../../native/simulator/network/document.h"
#include "simulator-client.h"

namespace hc::test {

using simulator::json::Value;
using simulator::network::listOf;
using simulator::network::member;
using simulator::network::numberOf;
using simulator::network::objectOf;
using simulator::network::textOf;
using simulator::network::upperCase;

constexpr char16_t kSecond[] = u"{\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";
constexpr GuidData kNoId{};

inline std::u16string lastRecord;

inline Value parsed(const std::u16string& text) {
  simulator::json::Error error;
  return simulator::json::parse(text, &error).value_or(Value());
}

inline GuidData guid(const std::u16string& text) {
  std::string digits;
  for (const char16_t c : text)
    if (c != u'-') digits.push_back(static_cast<char>(c));
  const auto take = [&](std::size_t from, std::size_t count) {
    return std::strtoul(digits.substr(from, count).c_str(), nullptr, 16);
  };
  GuidData made{static_cast<std::uint32_t>(take(0, 8)),
                static_cast<std::uint16_t>(take(8, 4)),
                static_cast<std::uint16_t>(take(12, 4)),
                {}};
  for (std::size_t i = 0; i < 8; ++i)
    made.data4[i] = static_cast<std::uint8_t>(take(16 + 2 * i, 2));
  return made;
}

// The record of each call is kept; one that succeeded has none.
inline HResult settled(HResult status, char16_t*& record) {
  lastRecord = take(record);
  CHECK(failed(status) != lastRecord.empty());
  return status;
}

// The functions of one kind of object.
template <class Opaque>
struct Kind {
  HResult(HC_CALL* enumerate)(const char16_t*, char16_t**, char16_t**);
  HResult(HC_CALL* open)(const GuidData*, Opaque**, char16_t**);
  HResult(HC_CALL* modify)(Opaque*, const char16_t*, char16_t**);
  HResult(HC_CALL* query)(Opaque*, const char16_t*, char16_t**, char16_t**);
  HResult(HC_CALL* remove)(const GuidData*, char16_t**);
  HResult(HC_CALL* close)(Opaque*);

  // The properties of what a call has opened, whose handle is closed.
  Value take(Opaque* handle) const {
    char16_t* properties = nullptr;
    char16_t* record = nullptr;
    CHECK(settled(query(handle, kSecond, &properties, &record), record) == kOk);
    CHECK(close(handle) == kOk);
    return parsed(test::take(properties));
  }
  HResult get(const std::u16string& id, Value* found = nullptr) const {
    Opaque* handle = nullptr;
    char16_t* record = nullptr;
    const GuidData named = guid(id);
    const HResult status = settled(open(&named, &handle, &record), record);
    CHECK((handle == nullptr) == failed(status));
    if (failed(status)) return status;
    Value properties = take(handle);
    if (found != nullptr) *found = std::move(properties);
    return status;
  }
  HResult change(const std::u16string& id, const std::u16string& settings,
                 Value* found = nullptr) const {
    Opaque* handle = nullptr;
    char16_t* record = nullptr;
    const GuidData named = guid(id);
    HResult status = settled(open(&named, &handle, &record), record);
    if (failed(status)) return status;
    char16_t* second = nullptr;
    status = settled(modify(handle, settings.c_str(), &second), second);
    Value properties = take(handle);
    if (found != nullptr) *found = std::move(properties);
    return status;
  }
  HResult drop(const std::u16string& id) const {
    char16_t* record = nullptr;
    const GuidData named = guid(id);
    return settled(remove(&named, &record), record);
  }
  // Ids; the filter is JSON, and escaped here.
  std::vector<std::u16string> list(const std::u16string& filter = {}) const {
    std::u16string query = u"{\"SchemaVersion\":{\"Major\":2,\"Minor\":0}";
    if (!filter.empty()) query += u",\"Filter\":" + simulator::json::Writer().string(filter).take();
    char16_t* found = nullptr;
    char16_t* record = nullptr;
    CHECK(settled(enumerate((query + u"}").c_str(), &found, &record), record) == kOk);
    std::vector<std::u16string> ids;
    for (const Value& each : parsed(test::take(found)).items) ids.push_back(each.text);
    return ids;
  }
};

#define HC_KIND_OF(plural, name)                                                      \
  {                                                                                   \
    HcnEnumerate##plural, HcnOpen##name, HcnModify##name, HcnQuery##name##Properties, \
        HcnDelete##name, HcnClose##name                                               \
  }
inline const Kind<HcnNetwork> networks = HC_KIND_OF(Networks, Network);
inline const Kind<HcnEndpoint> endpoints = HC_KIND_OF(Endpoints, Endpoint);
inline const Kind<HcnNamespace> namespaces = HC_KIND_OF(Namespaces, Namespace);
inline const Kind<HcnLoadBalancer> loadBalancers = HC_KIND_OF(LoadBalancers, LoadBalancer);
inline const Kind<HcnSdnRoute> routes = HC_KIND_OF(SdnRoutes, SdnRoute);
#undef HC_KIND_OF

template <class Opaque>
HResult make(HResult(HC_CALL* create)(const GuidData*, const char16_t*, Opaque**, char16_t**),
             const Kind<Opaque>& kind, const std::u16string& document, Value* made,
             const GuidData& id = kNoId) {
  Opaque* handle = nullptr;
  char16_t* record = nullptr;
  const HResult status = settled(create(&id, document.c_str(), &handle, &record), record);
  CHECK((handle == nullptr) == failed(status));
  if (failed(status)) return status;
  Value properties = kind.take(handle);
  if (made != nullptr) *made = std::move(properties);
  return status;
}
inline HResult makeNetwork(const std::u16string& document, Value* made = nullptr) {
  return make(HcnCreateNetwork, networks, document, made);
}
inline HResult makeNamespace(const std::u16string& document, Value* made = nullptr) {
  return make(HcnCreateNamespace, namespaces, document, made);
}
inline HResult makeLoadBalancer(const std::u16string& document, Value* made = nullptr) {
  return make(HcnCreateLoadBalancer, loadBalancers, document, made);
}
inline HResult makeRoute(const std::u16string& document, Value* made = nullptr) {
  return make(HcnCreateSdnRoute, routes, document, made);
}
inline HResult makeEndpoint(const std::u16string& network, const std::u16string& document,
                            Value* made = nullptr) {
  HcnNetwork* owner = nullptr;
  char16_t* record = nullptr;
  const GuidData named = guid(network);
  const HResult opened = settled(HcnOpenNetwork(&named, &owner, &record), record);
  if (failed(opened)) return opened;
  HcnEndpoint* handle = nullptr;
  char16_t* second = nullptr;
  const HResult status =
      settled(HcnCreateEndpoint(owner, &kNoId, document.c_str(), &handle, &second), second);
  CHECK(HcnCloseNetwork(owner) == kOk);
  CHECK((handle == nullptr) == failed(status));
  if (failed(status)) return status;
  Value properties = endpoints.take(handle);
  if (made != nullptr) *made = std::move(properties);
  return status;
}

inline std::u16string idOf(const Value& properties) { return textOf(properties, u"ID"); }

// The documents of Microsoft's tests.
inline std::u16string networkDocument(const std::u16string& name, const std::u16string& type,
                                      const std::u16string& more = {},
                                      const std::u16string& subnetMore = {}) {
  return u"{\"Name\":\"" + name + u"\",\"Type\":\"" + type +
         u"\",\"MacPool\":{\"Ranges\":[{\"StartMacAddress\":\"00-15-5D-52-C0-00\","
         u"\"EndMacAddress\":\"00-15-5D-52-CF-FF\"}]},\"Dns\":{},\"Ipams\":[{\"Type\":\"Static\","
         u"\"Subnets\":[{\"IpAddressPrefix\":\"192.168.100.0/24\",\"Routes\":[{\"NextHop\":"
         u"\"192.168.100.1\",\"DestinationPrefix\":\"0.0.0.0/0\"}]" +
         subnetMore + u"}]}],\"Health\":{\"Extra\":{}}," + more +
         u"\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";
}
inline std::u16string natDocument() { return networkDocument(u"GoTestNat", u"NAT"); }
inline std::u16string overlayDocument() {
  return networkDocument(
      u"GoTestOverlay", u"Overlay", u"\"Flags\":8,",
      u",\"Policies\":[{\"Type\":\"VSID\",\"Settings\":{\"IsolationId\":5000}}]");
}
inline std::u16string bridgeDocument() {
  return networkDocument(u"GoTestL2Bridge", u"L2Bridge", u"\"Flags\":8,");
}
inline std::u16string endpointDocument(const std::u16string& more = {}) {
  return u"{\"Name\":\"GoTestNatEndpoint\"," + more +
         u"\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";
}
inline std::u16string namespaceDocument(const std::u16string& type) {
  return u"{\"NamespaceId\":5,\"Type\":\"" + type +
         u"\",\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";
}
inline std::u16string request(const std::u16string& resource, const std::u16string& type,
                              const std::u16string& settings) {
  return u"{\"ResourceType\":\"" + resource + u"\",\"RequestType\":\"" + type +
         u"\",\"Settings\":" + settings + u"}";
}
inline std::u16string policies(const std::u16string& list) {
  return u"{\"Policies\":[" + list + u"]}";
}
inline bool hasPolicy(const Value& object, const std::u16string& type) {
  for (const Value& policy : listOf(object, u"Policies").items)
    if (textOf(policy, u"Type") == type) return true;
  return false;
}

// HNSCall: the envelope.
inline HResult hns(const char16_t* method, const std::u16string& path, const std::u16string& object,
                   Value* envelope) {
  char16_t* response = nullptr;
  const HResult status = HNSCall(method, path.c_str(), object.c_str(), &response);
  *envelope = parsed(take(response));
  return status;
}
// Its output; what fails in either way is checked.
inline Value output(const char16_t* method, const std::u16string& path,
                    const std::u16string& object = {}) {
  Value envelope;
  CHECK(hns(method, path, object, &envelope) == kOk);
  CHECK(simulator::network::isTrue(envelope, u"Success"));
  const Value* found = member(envelope, u"Output");
  return found != nullptr ? *found : Value();
}

// Nothing of networks is open.
inline bool nothingOpen() { return contains(control(u"{\"State\":{}}"), u"\"Network\":0"); }

}  // namespace hc::test
