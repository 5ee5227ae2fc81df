// HNSCall: a method, a path and a document, over the same objects as the functions of
// computenetwork.dll.
#include <algorithm>
#include <iterator>
#include <utility>

#include "choices.h"
#include "store.h"

namespace hc::simulator::network {

std::vector<Name> partsOf(Name path) {
  std::vector<Name> parts;
  while (!path.empty()) {
    const std::size_t end = path.find(u'/');
    if (end != 0) parts.push_back(path.substr(0, end));
    path.remove_prefix(end == Name::npos ? path.size() : end + 1);
  }
  return parts;
}

std::optional<Family> familyOf(Name part) {
  if (sameName(part, u"networks")) return Family::Network;
  if (sameName(part, u"endpoints")) return Family::Endpoint;
  if (sameName(part, u"namespaces")) return Family::Namespace;
  return std::nullopt;
}

bool answers(HResult failure) {
  constexpr HResult kLost[] = {kServerUnavailable, kCallFailed,     kServerBroken,
                               kStaleContext,      kServiceStopped, kAbort};
  return !kLossFailsByStatus ||
         std::find(std::begin(kLost), std::end(kLost), failure) == std::end(kLost);
}

Outcome Store::call(Name method, Name path, const char16_t* object) {
  const auto parts = partsOf(path);
  auto body = parseObject(object);
  if (!body) return kInvalidJson;
  const Outcome outcome = routeCall(method, parts, std::move(*body));
  if (!outcome.ok()) return outcome;
  // A payload is the JSON of what the call gives; without one there is nothing to give.
  json::Writer writer;
  writer.beginObject().key(u"Success").boolean(true);
  if (outcome.payload) writer.key(u"Output").raw(*outcome.payload);
  return answer(writer.endObject().take());
}

Outcome Store::routeCall(Name method, const std::vector<Name>& parts, Value body) {
  const Name first = parts.empty() ? Name() : parts[0];
  if (const auto family = familyOf(first)) return routeObjects(*family, method, parts, body);
  if (sameName(first, u"policylists")) return routeLists(method, parts, std::move(body));
  if (sameName(first, u"globals") && parts.size() == 2 && sameName(parts[1], u"version")) {
    Value version = network::object();
    set(version, u"Major", number(version_.major));
    set(version, u"Minor", number(version_.minor));
    return answer(print(version));
  }
  if (sameName(first, u"endpointstats") && parts.size() == 2) {
    const auto id = readGuid(parts[1]);
    Endpoint* const endpoint = id ? endpoints_.find(*id) : nullptr;
    return endpoint != nullptr ? answer(print(statisticsOf(*endpoint))) : kEndpointNotFound;
  }
  if (sameName(first, u"accelnet")) {
    if (!knows(Feature::AcceleratedNetworking)) return kTooOld;
    if (sameName(method, u"POST")) accelerated_ = listOf(body, u"MacAddressList");
    if (sameName(method, u"DELETE")) accelerated_ = array();
    Value list = network::object();
    set(list, u"MacAddressList", accelerated_);
    return answer(print(list));
  }
  return kRequestUnsupported;
}

// /networks, /endpoints and /namespaces: all of them, or one by its id, or something done to it.
Outcome Store::routeObjects(Family family, Name method, const std::vector<Name>& path, Value body) {
  const bool posts = sameName(method, u"POST");
  if (path.size() == 1 && posts) {
    std::u16string network;
    if (family == Family::Endpoint) {
      network = networkOf(body);
      if (networks_.find(network) == nullptr) return kNetworkNotFound;
    }
    if (const Outcome read = readFirst(family, &body); !read.ok()) return read;
    const Outcome made = createObject(family, network, {}, std::move(body));
    if (!made.ok()) return made;
    return answer(print(describeFirst(family, *object(family, *made.payload))));
  }
  if (path.size() == 1) {
    if (!sameName(method, u"GET")) return kRequestUnsupported;
    json::Writer writer;
    writer.beginArray();
    each(family, [&](Object& each) { writer.value(describeFirst(family, each)); });
    return answer(writer.endArray().take());
  }
  const auto id = readGuid(path[1]);
  Object* const found = id ? object(family, *id) : nullptr;
  if (found == nullptr) return notFound(family);
  if (path.size() > 2 && posts) return routeAction(family, path[2], *id, body);
  if (posts && family == Family::Endpoint) {
    if (const Outcome updated = updateEndpoint(static_cast<Endpoint&>(*found), body); !updated.ok())
      return updated;
  } else if (posts) {
    return kRequestUnsupported;
  }
  if (sameName(method, u"DELETE")) return removeObject(family, *id);
  return answer(print(describeFirst(family, *found)));
}

std::u16string Store::networkOf(const Value& endpoint) {
  if (const auto id = readGuid(textOf(endpoint, u"VirtualNetwork"))) return *id;
  const std::u16string name = textOf(endpoint, u"VirtualNetworkName");
  std::u16string found;
  networks_.each([&](const Network& each) {
    if (!name.empty() && sameName(textOf(each.document, u"Name"), name)) found = each.id;
  });
  return found;
}

// What the first schema updates is an endpoint's policies: it is given the whole document.
Outcome Store::updateEndpoint(Endpoint& endpoint, Value body) {
  if (const Outcome read = readFirst(Family::Endpoint, &body); !read.ok()) return read;
  Value request = network::object();
  set(request, u"ResourceType", text(u"Policy"));
  set(request, u"RequestType", text(u"Update"));
  Value settings = network::object();
  set(settings, u"Policies", listOf(body, u"Policies"));
  set(request, u"Settings", std::move(settings));
  return modifyEndpoint(endpoint, request);
}

Outcome Store::routeAction(Family family, Name action, const std::u16string& id,
                           const Value& body) {
  if (family == Family::Endpoint) {
    Endpoint& endpoint = *endpoints_.find(id);
    if (sameName(action, u"attach")) return attach(endpoint, body, true);
    if (sameName(action, u"detach")) return attach(endpoint, body, false);
  }
  if (family == Family::Namespace) {
    Namespace& space = *namespaces_.find(id);
    const auto endpoint = readGuid(textOf(objectOf(body, u"Data"), u"Id"));
    const bool adds = sameName(action, u"addresource");
    if (adds || sameName(action, u"removeresource")) {
      if (!endpoint) return kInvalidArgument;
      const Outcome changed =
          adds ? addToNamespace(space, *endpoint) : takeFromNamespace(space, *endpoint);
      return changed.ok() ? answer(print(namespaceToFirst(space))) : changed;
    }
  }
  return kRequestUnsupported;
}

// Policy lists, which came before load balancers and routes.
Outcome Store::routeLists(Name method, const std::vector<Name>& path, Value body) {
  const auto describe = [](const Referrer& list) {
    Value document = list.document;
    set(document, u"ID", text(upperCase(list.id)));
    Value& references = set(document, u"References", array());
    for (const auto& id : list.endpoints) append(references, text(u"/endpoints/" + upperCase(id)));
    return document;
  };
  if (path.size() > 1) {
    const auto id = readGuid(path[1]);
    Referrer* const list = id ? lists_.find(*id) : nullptr;
    if (list == nullptr) return kOtherNotFound;
    if (!sameName(method, u"DELETE")) return answer(print(describe(*list)));
    lists_.erase(*id);
    return {};
  }
  if (sameName(method, u"GET")) {
    Value all = array();
    lists_.each([&](const Referrer& list) { append(all, describe(list)); });
    return answer(print(all));
  }
  if (!sameName(method, u"POST")) return kRequestUnsupported;
  Referrer list;
  list.id = newId();
  list.site = site_;
  if (const auto given = readGuid(textOf(body, u"ID"))) list.id = *given;
  if (lists_.find(list.id) != nullptr) return kIdExists;
  for (const Value& reference : listOf(body, u"References").items) {
    const auto parts = partsOf(reference.text);
    const auto id = parts.size() == 2 ? readGuid(parts[1]) : std::nullopt;
    if (!id || endpoints_.find(*id) == nullptr) return kEndpointNotFound;
    list.endpoints.add(*id);
  }
  list.document = std::move(body);
  return answer(print(describe(lists_.add(std::move(list)))));
}

}  // namespace hc::simulator::network
