// The first schema, which HNSCall speaks and a query without a version gets: read into the second,
// and written from it. Ids are in upper case there.
#include <utility>

#include "choices.h"
#include "store.h"

namespace hc::simulator::network {
namespace {

// Lists of names are one text with commas there.
std::u16string joined(const Value& list) {
  std::u16string all;
  for (const Value& each : list.items) all.append(all.empty() ? u"" : u",").append(each.text);
  return all;
}

Value splitList(Name all) {
  Value list = array();
  while (!all.empty()) {
    const std::size_t end = all.find(u',');
    if (end != 0) append(list, text(all.substr(0, end)));
    all.remove_prefix(end == Name::npos ? all.size() : end + 1);
  }
  return list;
}

void move(Value& from, Name name, Value& to, Name as) {
  const Value* found = member(std::as_const(from), name);
  if (found == nullptr) return;
  set(to, as, *found);
  network::remove(from, name);
}

void readDns(Value& document) {
  Value dns = network::object();
  setText(dns, u"Domain", textOf(document, u"DNSSuffix"));
  const Value servers = splitList(textOf(document, u"DNSServerList"));
  if (!servers.items.empty()) set(dns, u"ServerList", servers);
  const Value search = splitList(textOf(document, u"DNSDomain"));
  if (!search.items.empty()) set(dns, u"Search", search);
  for (const Name name : {u"DNSSuffix", u"DNSServerList", u"DNSDomain"})
    network::remove(document, name);
  if (!dns.items.empty()) set(document, u"Dns", std::move(dns));
}

void writeDns(const Value& document, Value& first) {
  const Value& dns = objectOf(document, u"Dns");
  setText(first, u"DNSSuffix", textOf(dns, u"Domain"));
  setText(first, u"DNSServerList", joined(listOf(dns, u"ServerList")));
  setText(first, u"DNSDomain", joined(listOf(dns, u"Search")));
}

void readNetwork(Value& document) {
  if (const Value* pools = member(std::as_const(document), u"MacPools")) {
    Value pool = network::object();
    set(pool, u"Ranges", *pools);
    network::remove(document, u"MacPools");
    set(document, u"MacPool", std::move(pool));
  }
  Value subnets = array();
  for (const Value& each : listOf(document, u"Subnets").items) {
    Value subnet = each;
    move(subnet, u"AddressPrefix", subnet, u"IpAddressPrefix");
    const std::u16string gateway = textOf(subnet, u"GatewayAddress");
    network::remove(subnet, u"GatewayAddress");
    if (!gateway.empty()) {
      Value route = network::object();
      set(route, u"NextHop", text(gateway));
      const bool v6 = gateway.find(u':') != std::u16string::npos;
      set(route, u"DestinationPrefix", text(v6 ? u"::/0" : u"0.0.0.0/0"));
      append(set(subnet, u"Routes", array()), std::move(route));
    }
    const Value policies = policiesFromFirst(listOf(subnet, u"Policies"));
    if (!policies.items.empty()) set(subnet, u"Policies", policies);
    append(subnets, std::move(subnet));
  }
  network::remove(document, u"Subnets");
  if (!subnets.items.empty()) {
    Value ipam = network::object();
    set(ipam, u"Subnets", std::move(subnets));
    append(set(document, u"Ipams", array()), std::move(ipam));
  }
}

void readAddressOf(Value& document, Name address, Name length, Value& configurations) {
  const std::u16string given = textOf(document, address);
  if (!given.empty()) {
    Value configuration = network::object();
    set(configuration, u"IpAddress", text(given));
    setNumber(configuration, u"PrefixLength", numberOf(document, length));
    append(configurations, std::move(configuration));
  }
  network::remove(document, address);
  network::remove(document, length);
}

void readEndpoint(Value& document) {
  move(document, u"VirtualNetwork", document, u"HostComputeNetwork");
  Value configurations = array();
  readAddressOf(document, u"IPAddress", u"PrefixLength", configurations);
  readAddressOf(document, u"IPv6Address", u"IPv6PrefixLength", configurations);
  if (!configurations.items.empty()) set(document, u"IpConfigurations", std::move(configurations));
  std::uint64_t flags = 0;
  if (isTrue(document, u"IsRemoteEndpoint")) flags |= 1;
  if (isTrue(document, u"DisableICC")) flags |= 2;
  if (isTrue(document, u"EnableLowMetric")) flags |= 8;
  if (flags != 0) set(document, u"Flags", number(flags));
  for (const Name name : {u"IsRemoteEndpoint", u"DisableICC", u"EnableLowMetric", u"Namespace",
                          u"SharedContainers", u"State", u"VirtualNetworkName"})
    network::remove(document, name);
}

}  // namespace

Outcome Store::readFirst(Family family, Value* document) {
  readDns(*document);
  if (const Value policies = policiesFromFirst(listOf(*document, u"Policies"));
      !policies.items.empty()) {
    const bool second = member(listOf(*document, u"Policies").items[0], u"Settings") != nullptr;
    if (!second) set(*document, u"Policies", policies);
  }
  if (family == Family::Network) readNetwork(*document);
  if (family == Family::Endpoint) readEndpoint(*document);
  if (family == Family::Namespace) {
    if (isTrue(*document, u"IsDefault")) set(*document, u"Type", text(u"HostDefault"));
    network::remove(*document, u"IsDefault");
    network::remove(*document, u"ResourceList");
  }
  return {};
}

Value Store::describeFirst(Family family, Object& object) {
  if (family == Family::Network) return networkToFirst(static_cast<Network&>(object));
  if (family == Family::Endpoint) return endpointToFirst(static_cast<Endpoint&>(object));
  if (family == Family::Namespace) return namespaceToFirst(static_cast<Namespace&>(object));
  return describe(family, object);
}

Value Store::networkToFirst(const Network& network) {
  const Value& document = network.document;
  Value first = network::object();
  set(first, u"ID", text(upperCase(network.id)));
  setText(first, u"Name", textOf(document, u"Name"));
  setText(first, u"Owner", textOf(document, u"Owner"));
  set(first, u"Type", text(kNetworkTypes[static_cast<std::size_t>(network.type)]));
  set(first, u"Flags", number(numberOf(document, u"Flags")));
  set(first, u"Policies", policiesToFirst(listOf(document, u"Policies")));
  set(first, u"MacPools", listOf(objectOf(document, u"MacPool"), u"Ranges"));
  Value& subnets = set(first, u"Subnets", array());
  for (const Value& ipam : listOf(document, u"Ipams").items) {
    for (const Value& each : listOf(ipam, u"Subnets").items) {
      Value subnet = network::object();
      set(subnet, u"ID", text(upperCase(textOf(each, u"ID"))));
      set(subnet, u"AddressPrefix", text(textOf(each, u"IpAddressPrefix")));
      for (const Value& route : listOf(each, u"Routes").items)
        setText(subnet, u"GatewayAddress", textOf(route, u"NextHop"));
      set(subnet, u"Policies", policiesToFirst(listOf(each, u"Policies")));
      set(subnet, u"ObjectType", number(5));
      append(subnets, std::move(subnet));
    }
  }
  writeDns(document, first);
  set(first, u"CurrentEndpointCount", number(network.endpoints.size()));
  set(first, u"TotalEndpoints", number(network.endpoints.size()));
  set(first, u"LayeredOn",
      text(textOf(objectOf(objectOf(document, u"Health"), u"Extra"), u"LayeredOn")));
  set(first, u"State", number(1));
  set(first, u"Version", number(std::uint64_t{version_.major} << 32 | version_.minor));
  return first;
}

Value Store::endpointToFirst(const Endpoint& endpoint) {
  const Value& document = endpoint.document;
  Value first = network::object();
  set(first, u"ID", text(upperCase(endpoint.id)));
  setText(first, u"Name", textOf(document, u"Name"));
  setText(first, u"Owner", textOf(document, u"Owner"));
  set(first, u"VirtualNetwork", text(upperCase(endpoint.network)));
  const Network* network = networks_.find(endpoint.network);
  if (network != nullptr) setText(first, u"VirtualNetworkName", textOf(network->document, u"Name"));
  set(first, u"Policies", policiesToFirst(listOf(document, u"Policies")));
  set(first, u"MacAddress", text(endpoint.mac));
  for (const Value& configuration : listOf(document, u"IpConfigurations").items) {
    const std::u16string address = textOf(configuration, u"IpAddress");
    const bool v6 = address.find(u':') != std::u16string::npos;
    set(first, v6 ? u"IPv6Address" : u"IPAddress", text(address));
    set(first, v6 ? u"IPv6PrefixLength" : u"PrefixLength",
        number(numberOf(configuration, u"PrefixLength")));
  }
  for (const Value& route : listOf(document, u"Routes").items) {
    const std::u16string hop = textOf(route, u"NextHop");
    const bool v6 = hop.find(u':') != std::u16string::npos;
    setText(first, v6 ? u"GatewayAddressV6" : u"GatewayAddress", hop);
  }
  writeDns(document, first);
  const std::uint64_t flags = numberOf(document, u"Flags");
  set(first, u"IsRemoteEndpoint", boolean((flags & 1) != 0));
  set(first, u"DisableICC", boolean((flags & 2) != 0));
  set(first, u"EnableLowMetric", boolean((flags & 8) != 0));
  if (Namespace* space = namespaces_.find(endpoint.space)) {
    Value within = network::object();
    set(within, u"ID", text(upperCase(space->id)));
    set(within, u"CompartmentId", number(space->compartment));
    set(first, u"Namespace", std::move(within));
  }
  Value& containers = set(first, u"SharedContainers", array());
  const auto users = usersOf(endpoint);
  for (const auto& user : users) append(containers, text(user));
  const auto state = users.size() > 1 ? EndpointState::AttachedSharing : endpoint.state;
  set(first, u"State", number(static_cast<std::uint64_t>(state)));
  set(first, u"Version", number(std::uint64_t{version_.major} << 32 | version_.minor));
  return first;
}

Value Store::namespaceToFirst(const Namespace& space) {
  constexpr std::uint8_t kHostDefault = 1;
  constexpr std::uint8_t kGuestDefault = 3;
  Value first = network::object();
  set(first, u"ID", text(upperCase(space.id)));
  set(first, u"IsDefault", boolean(space.type == kHostDefault || space.type == kGuestDefault));
  set(first, u"CompartmentId", number(space.compartment));
  Value& resources = set(first, u"ResourceList", array());
  for (const auto& id : space.endpoints) {
    Value resource = network::object();
    set(resource, u"Type", text(u"Endpoint"));
    set(set(resource, u"Data", network::object()), u"Id", text(upperCase(id)));
    append(resources, std::move(resource));
  }
  Value& containers = set(first, u"Containers", array());
  for (const auto& id : space.containers) append(containers, text(id));
  return first;
}

}  // namespace hc::simulator::network
