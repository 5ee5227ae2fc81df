// Load balancers and routes: documents that name endpoints.
#include <algorithm>
#include <utility>

#include "choices.h"
#include "store.h"

namespace hc::simulator::network {

// In the document afterwards in lower case.
Outcome Store::readReferences(Value& document, std::vector<std::u16string>* endpoints) {
  Value names = array();
  for (const Value& each : listOf(document, u"HostComputeEndpoints").items) {
    const auto id = readGuid(each.text);
    if (!id) return kGuidConversion;
    if (endpoints_.find(*id) == nullptr) return kEndpointNotFound;
    if (std::find(endpoints->begin(), endpoints->end(), *id) != endpoints->end()) continue;
    endpoints->push_back(*id);
    append(names, text(*id));
  }
  set(document, u"HostComputeEndpoints", std::move(names));
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
  if (version_ < Version{15, 4}) return kNotImplemented;
  if (member(request, u"RequestType") == nullptr && member(request, u"ResourceType") == nullptr) {
    Value document = request;
    network::remove(document, u"ID");
    std::vector<std::u16string> endpoints;
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
  Value names = listOf(referrer.document, u"HostComputeEndpoints");
  auto& all = names.items;
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const Value& each) { return sameName(each.text, *id); }),
            all.end());
  if (*change == RequestType::Add) append(names, text(*id));
  set(referrer.document, u"HostComputeEndpoints", std::move(names));
  referrer.endpoints.clear();
  return readReferences(referrer.document, &referrer.endpoints);
}

}  // namespace hc::simulator::network
