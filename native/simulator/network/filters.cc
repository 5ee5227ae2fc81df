// The filter of a query that enumerates.
#include "store.h"

namespace hc::simulator::network {
namespace {

// A type by its name or its number; the first of them is left out of documents.
bool isType(const Value& wanted, const Name* names, std::size_t type) {
  return sameName(wanted.text, names[type]) || wanted.text == json::decimalText(type);
}

}  // namespace

// Each key equals, names and ids without regard to case. What is nested cannot be filtered, and
// nothing is copied: there may be many objects.
bool Store::matches(Family family, Object& object, const Value& filter) {
  for (std::size_t i = 0; i < filter.names.size(); ++i)
    if (!matches(family, object, filter.names[i], filter.items[i])) return false;
  return true;
}

bool Store::matches(Family family, Object& object, Name key, const Value& wanted) {
  if (sameName(key, u"ID")) return sameName(wanted.text, object.id);
  if (family == Family::Network && sameName(key, u"Type"))
    return isType(wanted, kNetworkTypes,
                  static_cast<std::size_t>(static_cast<Network&>(object).type));
  if (family == Family::Namespace && sameName(key, u"Type"))
    return isType(wanted, kNamespaceTypes, static_cast<Namespace&>(object).type);
  if (family == Family::Service && sameName(key, u"State"))
    return sameName(wanted.text, static_cast<GuestService&>(object).state);
  if (family == Family::Endpoint) {
    const auto& endpoint = static_cast<Endpoint&>(object);
    // What the first schema calls the network of an endpoint.
    if (sameName(key, u"VirtualNetwork") || sameName(key, u"HostComputeNetwork"))
      return sameName(wanted.text, endpoint.network);
    if (sameName(key, u"VirtualNetworkName"))
      return sameName(wanted.text, textOf(networks_.find(endpoint.network)->document, u"Name"));
    if (sameName(key, u"HostComputeNamespace"))
      return sameName(wanted.text, endpoint.space.empty() ? kZeroGuid : Name(endpoint.space));
  }
  const Value* found = member(object.document, key);
  // What is left out is zero.
  if (found == nullptr) return wanted.text.empty() || wanted.text == u"0";
  return sameName(found->text, wanted.text);
}

}  // namespace hc::simulator::network
