// Networks: their subnets and MAC addresses, and what is done to them.
#include <utility>

#include "choices.h"
#include "policies.h"
#include "store.h"

namespace hc::simulator::network {
namespace {

constexpr Name kNetworkFlags[] = {
    u"EnableDnsProxy",          u"EnableDhcpServer", u"EnableMirroring",
    u"EnableNonPersistent",     u"EnablePersistent", u"IsolateVSwitch",
    u"EnableFlowSteering",      u"DisableSharing",   u"EnableFirewall",
    u"SuppressMediaDisconnect", u"DisableHostPort",  u"WeakHostReceiveAdapter",
    u"WeakHostSendAdapter",     u"EnableIov"};

constexpr std::uint64_t kNoHostPort = 1024;
constexpr std::uint64_t kKeepsGateway = 1;  // SubnetFlags: DoNotReserveGatewayAddress

// False: none of them has that id.
bool eraseById(Value& list, Name id) {
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    if (!sameName(textOf(list.items[i], u"ID"), id)) continue;
    list.items.erase(list.items.begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }
  return false;
}

bool hasManySubnets(NetworkType type) {
  return type == NetworkType::L2Bridge || type == NetworkType::L2Tunnel ||
         type == NetworkType::Overlay;
}

}  // namespace

Outcome Store::createNetwork(std::u16string id, Value document) {
  Network network;
  network.id = id;
  network.site = site_;
  const auto type = choiceOf(document, u"Type", kNetworkTypes);
  if (!type) return kInvalidNetworkType;
  network.type = static_cast<NetworkType>(*type);
  const std::u16string name = textOf(document, u"Name");
  bool taken = false;
  networks_.each([&](const Network& other) {
    taken = taken || (!name.empty() && sameName(textOf(other.document, u"Name"), name));
  });
  if (taken) return network.type == NetworkType::Ics ? kDuplicateName : kNetworkExists;
  const auto flags = flagsOf(document, u"Flags", kNetworkFlags, std::size(kNetworkFlags));
  if (!flags) return kInvalidArgument;
  if ((*flags & kNoHostPort) != 0 && !knows(Feature::DisableHostPort)) return kTooOld;
  setNumber(document, u"Flags", *flags);
  // What is zero is left out: of a NAT network its type.
  setText(document, u"Type", *type == 0 ? Name() : kNetworkTypes[*type]);
  network.document = std::move(document);
  const Value& policies = listOf(network.document, u"Policies");
  if (const Outcome checked = checkPolicies(policies, true); !checked.ok()) return checked;
  if (const Outcome read = readSubnets(network); !read.ok()) return read;
  if (const Outcome read = readMacs(network); !read.ok()) return read;
  Value* health = member(network.document, u"Health");
  if (health == nullptr || !health->is(Type::Object))
    health = &set(network.document, u"Health", network::object());
  Value* extra = member(*health, u"Extra");
  if (extra == nullptr || !extra->is(Type::Object))
    extra = &set(*health, u"Extra", network::object());
  if (textOf(*extra, u"LayeredOn").empty()) set(*extra, u"LayeredOn", text(newId()));
  set(*extra, u"SwitchGuid", text(newId()));
  notify(NetworkNotification::NetworkPreCreate, id);
  networks_.add(std::move(network));
  notify(NetworkNotification::NetworkCreate, id);
  return {};
}

Outcome Store::readSubnets(Network& network) {
  Value ipams = listOf(network.document, u"Ipams");
  const bool chooses = network.type == NetworkType::Nat || network.type == NetworkType::Ics;
  bool any = false;
  for (Value& ipam : ipams.items) {
    // "Static" is zero, and left out.
    if (const auto kind = choiceOf(ipam, u"Type", {u"Static", u"Dhcp"}); !kind) {
      return kInvalidArgument;
    } else if (*kind == 0) {
      network::remove(ipam, u"Type");
    }
    Value subnets = listOf(ipam, u"Subnets");
    for (Value& subnet : subnets.items) {
      if (textOf(subnet, u"IpAddressPrefix").empty()) continue;
      if (const Outcome added = addSubnet(network, subnet); !added.ok()) return added;
      any = true;
    }
    if (!subnets.items.empty()) set(ipam, u"Subnets", std::move(subnets));
  }
  set(network.document, u"Ipams", std::move(ipams));
  if (!any && chooses) chooseSubnet(network);
  return {};
}

Outcome Store::addSubnet(Network& network, Value& subnet) {
  Subnet made;
  const auto prefix = readPrefix(textOf(subnet, u"IpAddressPrefix"));
  if (!prefix) return kInvalidPrefix;
  made.prefix = *prefix;
  made.next = 1;
  for (const Subnet& other : network.subnets) {
    if (other.prefix.overlaps(*prefix)) return kBadSubnet;
    const bool second = other.prefix.first.v6 == prefix->first.v6;
    if (second && !hasManySubnets(network.type)) return kBadSubnet;
    if (!second && !knows(Feature::DualStack)) return kTooOld;
  }
  for (const Value& route : listOf(subnet, u"Routes").items) {
    const auto hop = readAddress(textOf(route, u"NextHop"));
    const auto destination = readPrefix(textOf(route, u"DestinationPrefix"));
    if (!hop) return kInvalidIp;
    if (!destination) return kInvalidPrefix;
    if (destination->length != 0) continue;
    if (!prefix->contains(*hop)) return kBadSubnet;
    made.gateway = *hop;
  }
  made.reservesGateway = (numberOf(subnet, u"Flags") & kKeepsGateway) == 0;
  if (const auto id = readGuid(textOf(subnet, u"ID"))) made.id = *id;
  if (made.id.empty()) made.id = newId();
  set(subnet, u"ID", text(made.id));
  network.subnets.push_back(std::move(made));
  return {};
}

// For a network that wants one and names none.
void Store::chooseSubnet(Network& network) {
  const std::uint32_t number = lastSubnet_++ % 256;
  const auto second = json::decimalText(16 + number / 16);
  const auto third = json::decimalText(number % 16 * 16);
  const std::u16string start = u"172." + second + u"." + third + u".";
  Value subnet = network::object();
  set(subnet, u"IpAddressPrefix", text(start + u"0/20"));
  Value route = network::object();
  set(route, u"NextHop", text(start + u"1"));
  set(route, u"DestinationPrefix", text(u"0.0.0.0/0"));
  append(set(subnet, u"Routes", array()), std::move(route));
  addSubnet(network, subnet);
  Value ipam = network::object();
  append(set(ipam, u"Subnets", array()), std::move(subnet));
  append(set(network.document, u"Ipams", array()), std::move(ipam));
}

// A network without a pool gets a block of 4096 addresses.
Outcome Store::readMacs(Network& network) {
  const Value& pool = objectOf(network.document, u"MacPool");
  for (const Value& range : listOf(pool, u"Ranges").items) {
    const auto first = readMac(textOf(range, u"StartMacAddress"));
    const auto last = readMac(textOf(range, u"EndMacAddress"));
    if (!first || !last || *last < *first) return kInvalidArgument;
    network.macs.emplace_back(*first, *last);
  }
  if (network.macs.empty()) {
    const std::uint64_t first = 0x00155D000000 | std::uint64_t{lastMacs_++ % 4096} << 12;
    network.macs.emplace_back(first, first + 0xFFF);
    Value range = network::object();
    set(range, u"StartMacAddress", text(printMac(first)));
    set(range, u"EndMacAddress", text(printMac(first + 0xFFF)));
    Value made = network::object();
    append(set(made, u"Ranges", array()), std::move(range));
    set(network.document, u"MacPool", std::move(made));
  }
  network.nextMac = network.macs.front().first;
  return {};
}

Outcome Store::modifyNetwork(Network& network, const Value& request) {
  constexpr Name kResources[] = {u"DNS", u"Extension", u"Policy", u"Subnet", u"IPSubnet"};
  const auto resource = choiceOf(request, u"ResourceType", kResources);
  const auto change = requestType(request);
  if (!resource || !change) return kInvalidArgument;
  const Value& settings = objectOf(request, u"Settings");
  if (*resource == 0) {
    set(network.document, u"Dns", settings);
    return {};
  }
  if (*resource == 1) return {};  // nothing here has extensions
  if (*resource == 2) {
    const Value& given = listOf(settings, u"Policies");
    if (const Outcome checked = checkPolicies(given, true); !checked.ok()) return checked;
    Value policies = listOf(network.document, u"Policies");
    if (!changePolicies(*change, given, &policies)) return kPolicyNotFound;
    set(network.document, u"Policies", std::move(policies));
    return {};
  }
  if (*resource == 4) return changeIpSubnets(network, *change, settings);
  return changeSubnets(network, *change, listOf(settings, u"Subnets"));
}

Outcome Store::changeSubnets(Network& network, RequestType change, const Value& given) {
  Value ipams = listOf(network.document, u"Ipams");
  if (ipams.items.empty()) append(ipams, network::object());
  Value& ipam = ipams.items.front();
  Value subnets = listOf(ipam, u"Subnets");
  for (Value subnet : given.items) {
    if (change == RequestType::Add) {
      if (const Outcome added = addSubnet(network, subnet); !added.ok()) return added;
      append(subnets, std::move(subnet));
      continue;
    }
    const auto id = readGuid(textOf(subnet, u"ID"));
    const std::size_t before = network.subnets.size();
    for (std::size_t i = 0; id && i < network.subnets.size(); ++i) {
      if (network.subnets[i].id != *id) continue;
      network.subnets.erase(network.subnets.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
    if (network.subnets.size() == before) return kSubnetNotFound;
    eraseById(subnets, *id);
  }
  set(ipam, u"Subnets", std::move(subnets));
  set(network.document, u"Ipams", std::move(ipams));
  return {};
}

// Ranges within a subnet: kept, and given to nobody.
Outcome Store::changeIpSubnets(Network& network, RequestType change, const Value& settings) {
  const auto id = readGuid(textOf(settings, u"SubnetId"));
  Value ipams = listOf(network.document, u"Ipams");
  for (Value& ipam : ipams.items) {
    Value subnets = listOf(ipam, u"Subnets");
    for (Value& subnet : subnets.items) {
      if (!id || !sameName(textOf(subnet, u"ID"), *id)) continue;
      Value ranges = listOf(subnet, u"IpSubnets");
      for (Value range : listOf(settings, u"IpSubnets").items) {
        if (change != RequestType::Add) {
          if (!eraseById(ranges, textOf(range, u"ID"))) return kSubnetNotFound;
          continue;
        }
        const auto prefix = readPrefix(textOf(range, u"IpAddressPrefix"));
        if (!prefix) return kInvalidPrefix;
        if (!readPrefix(textOf(subnet, u"IpAddressPrefix"))->overlaps(*prefix)) return kBadIpSubnet;
        if (!readGuid(textOf(range, u"ID"))) set(range, u"ID", text(newId()));
        append(ranges, std::move(range));
      }
      set(subnet, u"IpSubnets", std::move(ranges));
      set(ipam, u"Subnets", std::move(subnets));
      set(network.document, u"Ipams", std::move(ipams));
      return {};
    }
  }
  return kSubnetNotFound;
}

// Its endpoints go with it.
void Store::removeNetwork(Network& network) {
  const std::u16string id = network.id;
  notify(NetworkNotification::NetworkPreDelete, id);
  while (!network.endpoints.empty()) removeEndpoint(*endpoints_.find(*network.endpoints.begin()));
  networks_.erase(id);
  notify(NetworkNotification::NetworkDelete, id);
}

}  // namespace hc::simulator::network
