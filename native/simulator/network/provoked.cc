// What is done to the object of a call just before it, for rules that say so: by another client,
// or long ago by one that has crashed.
#include <utility>

#include "choices.h"
#include "store.h"

namespace hc::simulator::network {

void Store::provoke(Before before, Family family, const std::u16string& id) {
  if (before == Before::Deleted) {
    if (Namespace* space = family == Family::Namespace ? namespaces_.find(id) : nullptr) {
      space->containers.clear();
      while (!space->endpoints.empty())
        takeFromNamespace(*space, std::u16string(*space->endpoints.begin()));
    }
    removeObject(family, id);
  } else if (before == Before::LeftBehind && family == Family::Namespace) {
    if (Namespace* space = namespaces_.find(id)) addContainer(*space, kLeftBehind);
  }
}

void Store::provoke(Before before, Family family, HandleNumber handle) {
  const auto at = handles_.find(handle);
  if (at != handles_.end()) provoke(before, family, std::u16string(at->second.id));
}

// Where the endpoint that is created names no address it gets another, and nothing fails.
void Store::leaveEndpointBehind(const std::u16string& network, Value document) {
  for (const Name name : {u"ID", u"Policies", u"HostComputeNamespace"})
    network::remove(document, name);
  set(document, u"Name", text(kLeftBehind));
  if (networks_.find(network) != nullptr)
    createObject(Family::Endpoint, network, {}, std::move(document));
}

void Store::provokeCreate(Before before, HandleNumber network, const char16_t* settings) {
  auto document = parseObject(settings);
  std::u16string id;
  if (before != Before::LeftBehind || !document) return;
  if (!resolve(Family::Network, network, &id).ok()) return;
  if (member(*document, u"SchemaVersion") == nullptr) readFirst(Family::Endpoint, &*document);
  leaveEndpointBehind(id, std::move(*document));
}

void Store::provokeCall(Before before, Name method, Name path, const char16_t* object) {
  const auto parts = partsOf(path);
  const auto family = parts.empty() ? std::nullopt : familyOf(parts[0]);
  if (!family) return;
  const auto id = parts.size() > 1 ? readGuid(parts[1]) : std::nullopt;
  if (id) return provoke(before, *family, *id);
  auto body = parseObject(object);
  if (*family != Family::Endpoint || !sameName(method, u"POST") || !body) return;
  const std::u16string network = networkOf(*body);
  readFirst(Family::Endpoint, &*body);
  if (before == Before::LeftBehind) leaveEndpointBehind(network, std::move(*body));
}

}  // namespace hc::simulator::network
