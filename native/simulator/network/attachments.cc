// Compute systems on networks: in a namespace with its endpoints, or with endpoints of their own.

#include <algorithm>

#include "../ports/published-ports.h"
#include "choices.h"
#include "store.h"

namespace hc::simulator::network {
namespace {

bool contains(const std::vector<std::u16string>& all, const std::u16string& id) {
  return std::find(all.begin(), all.end(), id) != all.end();
}

bool removeFrom(std::vector<std::u16string>& all, const std::u16string& id) {
  const auto at = std::find(all.begin(), all.end(), id);
  if (at == all.end()) return false;
  all.erase(at);
  return true;
}

}  // namespace

Endpoint* Store::endpointNamed(Name name) {
  const auto id = readGuid(name);
  return id ? endpoints_.find(*id) : nullptr;
}

Namespace* Store::namespaceNamed(Name name) {
  const auto id = readGuid(name);
  return id ? namespaces_.find(*id) : nullptr;
}

// Those that share an endpoint: the containers of its namespace, and what it is attached to itself.
std::vector<std::u16string> Store::usersOf(const Endpoint& endpoint) {
  std::vector<std::u16string> users = endpoint.attachedTo;
  if (const Namespace* space = namespaces_.find(endpoint.space))
    for (const auto& container : space->containers)
      if (!contains(users, container)) users.push_back(container);
  return users;
}

// What its policies map, for those that use it.
void Store::publish(const Endpoint& endpoint) {
  std::vector<PortMapping> mappings;
  for (const Value& policy : listOf(endpoint.document, u"Policies").items) {
    if (policyType(policy, false) != u"PortMapping") continue;
    mappings.push_back(mappingOf(objectOf(policy, u"Settings")));
  }
  PublishedPorts::instance().publish(endpoint.id, mappings, usersOf(endpoint));
}

void Store::publishAll(const Namespace& space) {
  for (const auto& id : space.endpoints)
    if (const Endpoint* const endpoint = endpoints_.find(id)) publish(*endpoint);
}

// To a machine, a container or the host itself, without a namespace.
Outcome Store::attachTo(Endpoint& endpoint, const std::u16string& user, bool shared) {
  if (user.empty()) return kInvalidArgument;
  if (!endpoint.attachedTo.empty() && !shared) return kEndpointAttached;
  endpoint.attachedTo.push_back(user);
  endpoint.state = EndpointState::Attached;
  publish(endpoint);
  return {};
}

Outcome Store::detachFrom(Endpoint& endpoint, const std::u16string& user) {
  if (!removeFrom(endpoint.attachedTo, user)) return kNotAttached;
  if (endpoint.attachedTo.empty() && endpoint.space.empty())
    endpoint.state = EndpointState::Detached;
  publish(endpoint);
  return {};
}

// Its compartment is there from the first container that starts to the last one that ends.
void Store::openCompartment(Namespace& space) {
  if (space.compartment != 0) return;
  space.compartment = ++lastNumber_ + 1;
  space.opened = true;
}

bool Store::takeContainer(Namespace& space, const std::u16string& container) {
  if (!space.containers.remove(container)) return false;
  if (space.containers.empty() && space.opened) {
    space.compartment = 0;
    space.opened = false;
  }
  publishAll(space);
  return true;
}

HResult Store::join(Attachment& wanted, Joining how) {
  std::lock_guard lock(mutex_);
  Namespace* const space = namespaceNamed(wanted.space);
  if (space == nullptr && !wanted.space.empty() && !how.takesUnknown) return kNotFound;
  std::vector<Endpoint*> endpoints;
  for (const auto& name : wanted.endpoints) {
    Endpoint* const endpoint = endpointNamed(name);
    if (endpoint == nullptr) {
      if (how.takesUnknown) continue;
      return kEndpointNotFound;
    }
    const bool twice = std::find(endpoints.begin(), endpoints.end(), endpoint) != endpoints.end();
    if (twice || (!how.shares && !endpoint->attachedTo.empty())) return kEndpointAttached;
    endpoints.push_back(endpoint);
  }
  for (Endpoint* const endpoint : endpoints) attachTo(*endpoint, wanted.system, how.shares);
  if (space != nullptr && space->containers.add(wanted.system)) publishAll(*space);
  wanted.starts = starts_;
  return kOk;
}

HResult Store::start(const Attachment& joined, bool takesUnknown) {
  std::lock_guard lock(mutex_);
  for (const auto& name : joined.endpoints)
    if (endpointNamed(name) == nullptr && !takesUnknown) return kEndpointNotFound;
  if (joined.space.empty()) return kOk;
  Namespace* const space = namespaceNamed(joined.space);
  if (space == nullptr) return takesUnknown ? kOk : kNotFound;
  openCompartment(*space);
  return kOk;
}

// What is gone by then was detached with it. A service that has restarted meanwhile knows nothing
// of the system: the namespace lists it until a client takes it out.
void Store::leave(const Attachment& joined) {
  std::lock_guard lock(mutex_);
  for (const auto& name : joined.endpoints)
    if (Endpoint* const endpoint = endpointNamed(name)) detachFrom(*endpoint, joined.system);
  Namespace* const space = namespaceNamed(joined.space);
  if (space != nullptr && joined.starts == starts_) takeContainer(*space, joined.system);
}

HResult Store::plug(const std::u16string& system, const std::u16string& name) {
  std::lock_guard lock(mutex_);
  Endpoint* const endpoint = endpointNamed(name);
  return endpoint != nullptr ? attachTo(*endpoint, system, false).status : kEndpointNotFound;
}

HResult Store::unplug(const std::u16string& system, const std::u16string& name) {
  std::lock_guard lock(mutex_);
  Endpoint* const endpoint = endpointNamed(name);
  return endpoint != nullptr ? detachFrom(*endpoint, system).status : kEndpointNotFound;
}

}  // namespace hc::simulator::network
