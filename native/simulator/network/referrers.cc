// Load balancers and routes: documents that name endpoints.
#include <set>
#include <utility>

#include "choices.h"
#include "store.h"

namespace hc::simulator::network {

// Taken out of the document, which gets them back when it is read.
Outcome Store::readReferences(Value& document, Ids* endpoints) {
  for (const Value& each : listOf(document, u"HostComputeEndpoints").items) {
    const auto id = readGuid(each.text);
    if (!id) return kGuidConversion;
    if (endpoints_.find(*id) == nullptr) return kEndpointNotFound;
    endpoints->add(*id);
  }
  network::remove(document, u"HostComputeEndpoints");
  return {};
}

Outcome Store::createReferrer(Table<Referrer>& table, std::u16string id, Value document) {
  Referrer referrer;
  referrer.id = std::move(id);
  referrer.site = site_;
  if (const Outcome read = readReferences(document, &referrer.endpoints); !read.ok()) return read;
  // Microsoft's own client sends the routes of a route by another name than the schema has.
  if (const Value* routes = member(document, u"Setting"); &table == &routes_ && routes != nullptr) {
    Value moved = *routes;
    network::remove(document, u"Setting");
    set(document, u"Routes", std::move(moved));
  }
  if (const Outcome checked = checkFrontends(table, document, {}); !checked.ok()) return checked;
  referrer.document = std::move(document);
  table.add(std::move(referrer));
  return {};
}

Outcome Store::checkBalancer(const Value& document) const {
  constexpr std::uint64_t kDirectServerReturn = 1;
  if ((numberOf(document, u"Flags") & kDirectServerReturn) != 0 &&
      !knows(Feature::DirectServerReturn))
    return kTooOld;
  for (const Value& mapping : listOf(document, u"PortMappings").items)
    if (numberOf(mapping, u"DistributionType") != 0 && !knows(Feature::SessionAffinity))
      return kTooOld;
  return {};
}

// Two load balancers cannot have one port at one address.
Outcome Store::checkFrontends(Table<Referrer>& table, const Value& document,
                              const std::u16string& except) {
  const auto frontends = [](const Value& balancer) {
    std::set<std::u16string> all;
    Value vips = listOf(balancer, u"FrontendVIPs");
    if (vips.items.empty()) append(vips, text(u"*"));
    for (const Value& vip : vips.items)
      for (const Value& mapping : listOf(balancer, u"PortMappings").items)
        all.insert(vip.text + u" " + json::decimalText(numberOf(mapping, u"Protocol")) + u" " +
                   json::decimalText(numberOf(mapping, u"ExternalPort")));
    return all;
  };
  if (&table != &loadBalancers_) return {};
  if (const Outcome checked = checkBalancer(document); !checked.ok()) return checked;
  const auto wanted = frontends(document);
  bool taken = false;
  table.each([&](const Referrer& other) {
    if (other.id == except) return;
    for (const auto& each : frontends(other.document)) taken = taken || wanted.count(each) != 0;
  });
  return taken ? Outcome(kPortExists) : Outcome();
}

// A load balancer takes its whole document, or an envelope that adds or removes one endpoint.
Outcome Store::modifyReferrer(Referrer& referrer, const Value& request) {
  if (loadBalancers_.find(referrer.id) != &referrer) return kRequestUnsupported;
  if (!knows(Feature::ModifyLoadBalancer)) return kNoModify;
  if (member(request, u"RequestType") == nullptr && member(request, u"ResourceType") == nullptr) {
    Value document = request;
    network::remove(document, u"ID");
    Ids endpoints;
    if (const Outcome read = readReferences(document, &endpoints); !read.ok()) return read;
    const Outcome checked = checkFrontends(loadBalancers_, document, referrer.id);
    if (!checked.ok()) return checked;
    referrer.endpoints = std::move(endpoints);
    referrer.document = std::move(document);
    return {};
  }
  const auto change = requestType(request);
  const auto id = readGuid(textOf(objectOf(request, u"Settings"), u"EndpointId"));
  if (!change || !id) return kInvalidArgument;
  if (endpoints_.find(*id) == nullptr) return kEndpointNotFound;
  referrer.endpoints.remove(*id);
  if (*change == RequestType::Add) referrer.endpoints.add(*id);
  return {};
}

}  // namespace hc::simulator::network
