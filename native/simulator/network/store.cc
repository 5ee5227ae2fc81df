// Calls, handles, and what all families of objects have in common.
#include "store.h"

#include <utility>

#include "choices.h"

namespace hc::simulator::network {

Store& Store::instance() {
  static Store& store = *new Store;
  return store;
}

// No name of a system looks like it, as those have quotes.
Store::Store() { source_->name = u"networks"; }

std::u16string errorRecord(HResult status) {
  json::Writer writer;
  writer.beginObject().key(u"Success").boolean(false);
  writer.key(u"Error").string(std::u16string(meaningOf(status)) + u" ");
  writer.key(u"ErrorCode").number(status).endObject();
  return writer.take();
}

Outcome Store::enter(std::uint64_t epoch, CallSite site, const std::function<Outcome()>& body) {
  std::lock_guard lock(mutex_);
  if (epoch != InFlight::instance().epoch()) return kAbort;
  site_ = site;
  return body();
}

// Seeded, so that two runs give the same ids.
std::u16string Store::newId() {
  const std::uint64_t first = random_.next();
  const std::uint64_t second = random_.next();
  GuidData guid{static_cast<std::uint32_t>(first >> 32),
                static_cast<std::uint16_t>(first >> 16),
                static_cast<std::uint16_t>((first & 0x0FFF) | 0x4000),
                {}};
  for (int i = 0; i < 8; ++i) guid.data4[i] = static_cast<std::uint8_t>(second >> (8 * i));
  guid.data4[0] = static_cast<std::uint8_t>((guid.data4[0] & 0x3F) | 0x80);
  return printGuid(guid);
}

HandleNumber Store::addHandle(Family family, std::u16string id) {
  lastHandle_ += 16;
  handles_.emplace(lastHandle_, Handle{family, std::move(id)});
  InFlight::instance().change(HandleKind::Network, 1);
  return lastHandle_;
}

HResult Store::notFound(Family family) {
  if (family == Family::Network) return kNetworkNotFound;
  if (family == Family::Endpoint) return kEndpointNotFound;
  return family == Family::Namespace ? kNotFound : kOtherNotFound;
}

Object* Store::object(Family family, const std::u16string& id) {
  switch (family) {
    case Family::Network:
      return networks_.find(id);
    case Family::Namespace:
      return namespaces_.find(id);
    case Family::Endpoint:
      return endpoints_.find(id);
    case Family::LoadBalancer:
      return loadBalancers_.find(id);
    case Family::Route:
      return routes_.find(id);
    case Family::Service:
      return services_.find(id);
  }
  return nullptr;
}

void Store::each(Family family, const std::function<void(Object&)>& visit) {
  if (family == Family::Network) networks_.each(visit);
  if (family == Family::Namespace) namespaces_.each(visit);
  if (family == Family::Endpoint) endpoints_.each(visit);
  if (family == Family::LoadBalancer) loadBalancers_.each(visit);
  if (family == Family::Route) routes_.each(visit);
  if (family == Family::Service) services_.each(visit);
}

// An object may be gone while its handles are open.
Outcome Store::resolve(Family family, HandleNumber handle, std::u16string* id) {
  const auto at = handles_.find(handle);
  if (at == handles_.end() || at->second.family != family) return kInvalidHandle;
  if (at->second.stale) return kStaleContext;
  if (object(family, at->second.id) == nullptr) return notFound(family);
  *id = at->second.id;
  return {};
}

std::u16string Store::idOf(HandleNumber handle) {
  std::lock_guard lock(mutex_);
  const auto at = handles_.find(handle);
  return at == handles_.end() ? std::u16string() : at->second.id;
}

namespace {

// The schema of a document, and the one that a query asks for: the first, unless it says otherwise.
bool asksSecond(const Value& document) {
  return numberOf(objectOf(document, u"SchemaVersion"), u"Major") == 2;
}

}  // namespace

Outcome Store::enumerate(Family family, const char16_t* text) {
  const auto query = parseObject(text);
  if (!query) return kInvalidJson;
  if (asksSecond(*query) && !knows(Feature::SecondSchema)) return kTooOld;
  Value filter = network::object();
  if (const Value* given = member(*query, u"Filter"); given != nullptr && !given->text.empty()) {
    const auto parsed = parseObject(given->text.c_str());
    if (!parsed) return kInvalidJson;
    filter = *parsed;
  }
  json::Writer writer;
  writer.beginArray();
  const auto id = readGuid(textOf(filter, u"ID"));
  if (id && filter.names.size() == 1) {
    if (object(family, *id) != nullptr) writer.string(*id);
  } else {
    each(family, [&](Object& each) {
      if (matches(family, each, filter)) writer.string(each.id);
    });
  }
  return answer(writer.endArray().take());
}

Outcome Store::create(Family family, HandleNumber owner, const GuidData* id,
                      const char16_t* settings, HandleNumber* handle) {
  std::u16string network;
  if (family == Family::Endpoint) {
    if (const Outcome found = resolve(Family::Network, owner, &network); !found.ok()) return found;
  }
  auto document = parseObject(settings);
  if (!document) return kInvalidJson;
  if (asksSecond(*document) && !knows(Feature::SecondSchema)) return kTooOld;
  std::u16string named = id != nullptr && !isZero(*id) ? printGuid(*id) : std::u16string();
  if (member(*document, u"SchemaVersion") == nullptr) {
    if (const Outcome read = readFirst(family, &*document); !read.ok()) return read;
  }
  const Outcome made = createObject(family, network, std::move(named), std::move(*document));
  if (!made.ok()) return made;
  *handle = addHandle(family, *made.payload);
  return {};
}

// The payload of what it answers is the id.
Outcome Store::createObject(Family family, const std::u16string& network, std::u16string id,
                            Value document) {
  if (id.empty()) {
    const std::u16string given = textOf(document, u"ID");
    const auto read = readGuid(given);
    if (!given.empty() && !read) return kGuidConversion;
    id = read && *read != kZeroGuid ? *read : newId();
  }
  if (object(family, id) != nullptr) return family == Family::Network ? kNetworkExists : kIdExists;
  network::remove(document, u"ID");
  Outcome made;
  switch (family) {
    case Family::Network:
      made = createNetwork(id, std::move(document));
      break;
    case Family::Namespace:
      made = createNamespace(id, std::move(document));
      break;
    case Family::Endpoint:
      made = createEndpoint(network, id, std::move(document));
      break;
    case Family::LoadBalancer:
      made = createReferrer(loadBalancers_, id, std::move(document));
      break;
    case Family::Route:
      made = createReferrer(routes_, id, std::move(document));
      break;
    case Family::Service:
      made = createService(id, std::move(document));
      break;
  }
  return made.ok() ? answer(std::move(id)) : made;
}

Outcome Store::open(Family family, const GuidData* id, HandleNumber* handle) {
  if (id == nullptr) return kInvalidArgument;
  std::u16string named = printGuid(*id);
  if (object(family, named) == nullptr) return notFound(family);
  *handle = addHandle(family, std::move(named));
  return {};
}

Outcome Store::modify(Family family, HandleNumber handle, const char16_t* settings) {
  std::u16string id;
  if (const Outcome found = resolve(family, handle, &id); !found.ok()) return found;
  const auto request = parseObject(settings);
  return request ? modifyObject(family, id, *request) : Outcome(kInvalidJson);
}

Outcome Store::modifyObject(Family family, const std::u16string& id, const Value& request) {
  switch (family) {
    case Family::Network:
      return modifyNetwork(*networks_.find(id), request);
    case Family::Namespace:
      return modifyNamespace(*namespaces_.find(id), request);
    case Family::Endpoint:
      return modifyEndpoint(*endpoints_.find(id), request);
    case Family::LoadBalancer:
      return modifyReferrer(*loadBalancers_.find(id), request);
    case Family::Route:
      return modifyReferrer(*routes_.find(id), request);
    case Family::Service:
      return modifyService(*services_.find(id), request);
  }
  return {};
}

// The filter of a query is for an enumeration: clients send the same one here.
Outcome Store::query(Family family, HandleNumber handle, const char16_t* text) {
  std::u16string id;
  if (const Outcome found = resolve(family, handle, &id); !found.ok()) return found;
  const auto query = parseObject(text);
  if (!query) return kInvalidJson;
  if (asksSecond(*query) && !knows(Feature::SecondSchema)) return kTooOld;
  Object& found = *object(family, id);
  return answer(print(asksSecond(*query) ? describe(family, found) : describeFirst(family, found)));
}

Outcome Store::remove(Family family, const GuidData* id) {
  if (id == nullptr) return kInvalidArgument;
  return removeObject(family, printGuid(*id));
}

Outcome Store::removeObject(Family family, const std::u16string& id) {
  if (object(family, id) == nullptr) return notFound(family);
  if (family == Family::Network) removeNetwork(*networks_.find(id));
  if (family == Family::Endpoint) removeEndpoint(*endpoints_.find(id));
  if (family == Family::Namespace) return removeNamespace(*namespaces_.find(id));
  if (family == Family::LoadBalancer) loadBalancers_.erase(id);
  if (family == Family::Route) routes_.erase(id);
  if (family == Family::Service) {
    services_.erase(id);
    guests_.erase(id);
    notify(NetworkNotification::GuestNetworkServiceDelete, id);
  }
  return {};
}

Outcome Store::close(Family family, HandleNumber handle) {
  const auto at = handles_.find(handle);
  if (at == handles_.end() || at->second.family != family) return kInvalidHandle;
  handles_.erase(at);
  InFlight::instance().change(HandleKind::Network, -1);
  return {};
}

Value Store::describe(Family family, Object& object) {
  Value document = object.document;
  set(document, u"ID", text(object.id));
  if (family == Family::Endpoint) {
    const auto& endpoint = static_cast<Endpoint&>(object);
    set(document, u"HostComputeNamespace",
        text(endpoint.space.empty() ? kZeroGuid : Name(endpoint.space)));
  }
  if (family == Family::Namespace) {
    const auto& space = static_cast<Namespace&>(object);
    Value resources = array();
    const auto add = [&](Name type, const std::u16string& id) {
      Value resource = network::object();
      set(resource, u"Type", text(type));
      set(set(resource, u"Data", network::object()), u"Id", text(id));
      append(resources, std::move(resource));
    };
    for (const auto& id : space.endpoints) add(u"Endpoint", upperCase(id));
    for (const auto& id : space.containers) add(u"Container", id);
    set(document, u"Resources", std::move(resources));
  }
  if (family == Family::LoadBalancer || family == Family::Route) {
    Value& names = set(document, u"HostComputeEndpoints", array());
    for (const auto& id : static_cast<Referrer&>(object).endpoints) append(names, text(id));
  }
  if (family == Family::Service)
    set(document, u"State", text(static_cast<GuestService&>(object).state));
  return document;
}

Store::Counts Store::counts() {
  std::lock_guard lock(mutex_);
  return {networks_.size(),      endpoints_.size(), namespaces_.size(),
          loadBalancers_.size(), routes_.size(),    services_.size()};
}

void Store::setVersion(Version version) {
  std::lock_guard lock(mutex_);
  version_ = version;
}

Version Store::version() {
  std::lock_guard lock(mutex_);
  return version_;
}

}  // namespace hc::simulator::network
