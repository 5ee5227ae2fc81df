#include "policies.h"

#include <utility>

#include "choices.h"
#include "store.h"

namespace hc::simulator::network {
namespace {

// Of endpoints, in the order of their numbers; a number without a name has never been seen.
constexpr Name kEndpointPolicies[] = {
    u"PortMapping", u"ACL", u"QOS", u"L2Driver", u"OutBoundNAT", u"SDNRoute", u"L4Proxy",
    u"L4WFPPROXY", u"ProviderAddress", u"PortName", u"EncapOverhead", u"InterfaceConstraint",
    u"Encryption", u"VLAN", u"InterfaceParameters", u"Iov", u"TierAcl", u"", u"Firewall",
    // Of the first schema.
    u"VSID", u"Isolation", u"VNET"};
constexpr Name kNetworkPolicies[] = {u"SourceMacAddress",
                                     u"NetAdapterName",
                                     u"VSwitchExtension",
                                     u"DrMacAddress",
                                     u"AutomaticDNS",
                                     u"InterfaceConstraint",
                                     u"ProviderAddress",
                                     u"RemoteSubnetRoute",
                                     u"VxlanPort",
                                     u"HostRoute",
                                     u"SetPolicy",
                                     u"L4Proxy",
                                     u"LayerConstraint",
                                     u"NetworkACL",
                                     u"OutBoundNAT",
                                     u"VLAN",
                                     u"VSID",
                                     u"QOS",
                                     u"ACL"};

// The types that not every version of HNS knows.
struct Needed {
  Name type;
  Feature feature;
};
constexpr Needed kNeeded[] = {
    {u"RemoteSubnetRoute", Feature::RemoteSubnet},
    {u"HostRoute", Feature::HostRoute},
    {u"VxlanPort", Feature::VxlanPort},
    {u"SetPolicy", Feature::SetPolicy},
    {u"L4Proxy", Feature::L4Proxy},
    {u"L4WFPPROXY", Feature::L4WfpProxy},
    {u"TierAcl", Feature::TierAcl},
    {u"NetworkACL", Feature::NetworkAcl},
};

// Whether an ACL says more than an old service understands.
bool hasLists(const Value& acl) {
  for (const Name name : {u"LocalAddresses", u"RemoteAddresses", u"LocalPorts", u"RemotePorts"})
    if (textOf(acl, name).find_first_of(u",-") != std::u16string::npos) return true;
  return member(acl, u"Id") != nullptr;
}

bool hasProtocol252(const Value& acl) {
  const std::u16string all = u"," + textOf(acl, u"Protocols") + u",";
  return all.find(u",252,") != std::u16string::npos;
}

// The names of the first schema, which has its settings beside the type.
struct Renamed {
  Name second, first;
};
constexpr Renamed kTypes[] = {{u"PortMapping", u"NAT"},
                              {u"L4Proxy", u"PROXY"},
                              {u"ProviderAddress", u"PA"},
                              {u"SDNRoute", u"ROUTE"}};
constexpr Renamed kKeys[] = {
    {u"VirtualIP", u"VIP"}, {u"Exceptions", u"ExceptionList"}, {u"ProviderAddress", u"PA"}};

Name renamed(const Renamed* names, std::size_t count, Name name, bool toFirst) {
  for (std::size_t i = 0; i < count; ++i)
    if (sameName(name, toFirst ? names[i].second : names[i].first))
      return toFirst ? names[i].first : names[i].second;
  return name;
}

}  // namespace

std::optional<RequestType> requestType(const Value& request) {
  constexpr Name kNames[] = {u"Add", u"Remove", u"Update", u"Refresh", u"Reset"};
  const auto found = choiceOf(request, u"RequestType", kNames);
  return found ? std::optional(static_cast<RequestType>(*found)) : std::nullopt;
}

Name policyType(const Value& policy, bool network) {
  const auto found = network ? choiceOf(policy, u"Type", kNetworkPolicies)
                             : choiceOf(policy, u"Type", kEndpointPolicies);
  if (!found) return {};
  return network ? kNetworkPolicies[*found] : kEndpointPolicies[*found];
}

Outcome Store::checkPolicies(const Value& policies, bool network) {
  for (const Value& policy : policies.items) {
    if (!policy.is(Type::Object)) return kInvalidPolicy;
    if (policy.items.empty()) continue;  // takes away proxies
    const Name type = policyType(policy, network);
    if (type.empty()) return kInvalidPolicyType;
    for (const Needed& needed : kNeeded)
      if (needed.type == type && !knows(needed.feature)) return kInvalidPolicyType;
    const Value& settings = objectOf(policy, u"Settings");
    if (type == u"SetPolicy" && sameName(textOf(settings, u"PolicyType"), u"NESTEDIPSET") &&
        !knows(Feature::NestedIpSet))
      return kInvalidPolicyType;
    if (type == u"ACL" && ((hasLists(settings) && !knows(Feature::AclLists)) ||
                           (hasProtocol252(settings) && !knows(Feature::AclProtocol252))))
      return kInvalidPolicy;
    if (type != u"NetAdapterName") continue;
    // The adapter of the host's own end of a switch is no adapter to make a network on.
    const auto adapter = lowerCase(textOf(settings, u"NetworkAdapterName"));
    if (adapter.compare(0, 9, u"vethernet") == 0) return kAdapterNotFound;
  }
  return {};
}

bool sameValue(const Value& one, const Value& other) {
  if (one.type != other.type || one.items.size() != other.items.size()) return false;
  if (one.is(Type::String)) return sameName(one.text, other.text);
  if (one.is(Type::Number)) return one.text == other.text;
  if (one.is(Type::Boolean)) return one.boolean == other.boolean;
  for (std::size_t i = 0; i < one.items.size(); ++i) {
    const Value* match = one.is(Type::Object) ? member(other, one.names[i]) : &other.items[i];
    if (match == nullptr || !sameValue(one.items[i], *match)) return false;
  }
  return true;
}

bool changePolicies(RequestType change, const Value& given, Value* policies) {
  if (change == RequestType::Add || change == RequestType::Refresh) {
    for (const Value& policy : given.items) append(*policies, policy);
    return true;
  }
  const auto drop = [&](const auto& unwanted) {
    std::vector<Value> kept;
    for (Value& policy : policies->items)
      if (!unwanted(policy)) kept.push_back(std::move(policy));
    const bool dropped = kept.size() != policies->items.size();
    policies->items = std::move(kept);
    return dropped;
  };
  if (change != RequestType::Remove) {
    if (given.items.size() == 1 && given.items[0].items.empty()) {
      drop([](const Value& policy) {
        const auto type = textOf(policy, u"Type");
        return sameName(type, u"L4Proxy") || sameName(type, u"L4WFPPROXY");
      });
      return true;
    }
    policies->items = given.items;
    return true;
  }
  bool all = true;
  for (const Value& policy : given.items) {
    const Value& settings = objectOf(policy, u"Settings");
    all = drop([&](const Value& other) {
            return sameName(textOf(other, u"Type"), textOf(policy, u"Type")) &&
                   (settings.items.empty() || sameValue(settings, objectOf(other, u"Settings")));
          }) &&
          all;
  }
  return all;
}

Value policiesToFirst(const Value& policies) {
  Value result = array();
  for (const Value& policy : policies.items) {
    Value flat = object();
    set(flat, u"Type", text(renamed(kTypes, std::size(kTypes), textOf(policy, u"Type"), true)));
    const Value& settings = objectOf(policy, u"Settings");
    for (std::size_t i = 0; i < settings.items.size(); ++i)
      set(flat, renamed(kKeys, std::size(kKeys), settings.names[i], true), settings.items[i]);
    // The protocol is a name there.
    const std::uint64_t protocol = numberOf(settings, u"Protocol");
    if (protocol == 6) set(flat, u"Protocol", text(u"TCP"));
    if (protocol == 17) set(flat, u"Protocol", text(u"UDP"));
    append(result, std::move(flat));
  }
  return result;
}

Value policiesFromFirst(const Value& policies) {
  Value result = array();
  for (const Value& flat : policies.items) {
    Value policy = object();
    set(policy, u"Type", text(renamed(kTypes, std::size(kTypes), textOf(flat, u"Type"), false)));
    Value settings = object();
    for (std::size_t i = 0; i < flat.items.size(); ++i) {
      if (sameName(flat.names[i], u"Type")) continue;
      set(settings, renamed(kKeys, std::size(kKeys), flat.names[i], false), flat.items[i]);
    }
    const std::u16string protocol = textOf(settings, u"Protocol");
    if (sameName(protocol, u"TCP")) set(settings, u"Protocol", number(6));
    if (sameName(protocol, u"UDP")) set(settings, u"Protocol", number(17));
    set(policy, u"Settings", std::move(settings));
    append(result, std::move(policy));
  }
  return result;
}

PortMapping mappingOf(const Value& settings) {
  constexpr std::uint64_t kUdp = 17;
  constexpr std::uint64_t kIpv6 = 2;  // NatFlags
  PortMapping mapping;
  mapping.external = static_cast<std::uint16_t>(numberOf(settings, u"ExternalPort"));
  mapping.internal = static_cast<std::uint16_t>(numberOf(settings, u"InternalPort"));
  mapping.udp = numberOf(settings, u"Protocol") == kUdp;
  mapping.v6 = (numberOf(settings, u"Flags") & kIpv6) != 0 ||
               textOf(settings, u"VIP").find(u':') != std::u16string::npos;
  return mapping;
}

}  // namespace hc::simulator::network
