// Namespaces, and the endpoints and containers in them.
#include <utility>

#include "choices.h"
#include "store.h"

namespace hc::simulator::network {
namespace {

enum Kind : std::uint8_t { Host, HostDefault, Guest, GuestDefault };

// Of the host itself.
constexpr std::uint64_t kDefaultCompartment = 1;

}  // namespace

// One of the host gets its compartment with the first container in it, unless it asks for one.
Outcome Store::createNamespace(std::u16string id, Value document) {
  const auto type = choiceOf(document, u"Type", kNamespaceTypes);
  if (!type) return kInvalidArgument;
  Namespace space;
  space.id = id;
  space.site = site_;
  space.type = static_cast<std::uint8_t>(*type);
  space.number = numberOf(document, u"NamespaceId");
  if (space.number == 0) space.number = ++lastNumber_ + 1;
  if (space.type == HostDefault) space.compartment = kDefaultCompartment;
  if (isTrue(document, u"CreateWithCompartment")) space.compartment = ++lastNumber_ + 1;
  network::remove(document, u"CreateWithCompartment");
  network::remove(document, u"Resources");
  // "Host" is zero, and left out.
  setText(document, u"Type", *type == 0 ? Name() : kNamespaceTypes[*type]);
  set(document, u"NamespaceId", number(space.number));
  if (!readGuid(textOf(document, u"NamespaceGuid"))) set(document, u"NamespaceGuid", text(id));
  space.document = std::move(document);
  namespaces_.add(std::move(space));
  notify(NetworkNotification::NamespaceCreate, id);
  return {};
}

Outcome Store::addToNamespace(Namespace& space, const std::u16string& id) {
  Endpoint* endpoint = endpoints_.find(id);
  if (endpoint == nullptr) return kEndpointNotFound;
  if (!endpoint->space.empty()) return kEndpointInNamespace;
  endpoint->space = space.id;
  endpoint->state = EndpointState::Attached;
  space.endpoints.add(id);
  publish(*endpoint);
  return {};
}

Outcome Store::takeFromNamespace(Namespace& space, const std::u16string& id) {
  Endpoint* endpoint = endpoints_.find(id);
  if (endpoint == nullptr) return kEndpointNotFound;
  if (!space.endpoints.remove(id)) return kNotInNamespace;
  endpoint->space.clear();
  if (endpoint->attachedTo.empty()) endpoint->state = EndpointState::Detached;
  publish(*endpoint);
  return {};
}

Outcome Store::modifyNamespace(Namespace& space, const Value& request) {
  constexpr Name kResources[] = {u"Container", u"Endpoint"};
  const auto resource = choiceOf(request, u"ResourceType", kResources);
  const auto change = requestType(request);
  if (!resource || !change) return kInvalidArgument;
  if (*change != RequestType::Add && *change != RequestType::Remove) return kRequestUnsupported;
  const bool adds = *change == RequestType::Add;
  const Value& settings = objectOf(request, u"Settings");
  if (*resource == 1) {
    const auto id = readGuid(textOf(settings, u"EndpointId"));
    if (!id) return kInvalidArgument;
    return adds ? addToNamespace(space, *id) : takeFromNamespace(space, *id);
  }
  const std::u16string container = textOf(settings, u"ContainerId");
  if (container.empty()) return kInvalidArgument;
  if (!adds) return takeContainer(space, container) ? Outcome() : Outcome(kNotFound);
  return addContainer(space, container) ? Outcome() : Outcome(kAlreadyExists);
}

bool Store::addContainer(Namespace& space, Name container) {
  if (!space.containers.add(std::u16string(container))) return false;
  openCompartment(space);
  publishAll(space);
  return true;
}

Outcome Store::removeNamespace(Namespace& space) {
  if (!space.containers.empty()) return kRequestUnsupported;
  if (!space.endpoints.empty()) return kNamespaceHasEndpoints;
  const std::u16string id = space.id;
  namespaces_.erase(id);
  notify(NetworkNotification::NamespaceDelete, id);
  return {};
}

}  // namespace hc::simulator::network
