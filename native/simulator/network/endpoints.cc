// Endpoints: the addresses they get, the ports they publish, and what is done to them.
#include <algorithm>
#include <utility>

#include "choices.h"
#include "store.h"

namespace hc::simulator::network {
namespace {

constexpr Name kEndpointFlags[] = {u"RemoteEndpoint",         u"DisableInterComputeCommunication",
                                   u"EnableMirroring",        u"EnableLowInterfaceMetric",
                                   u"OverrideDNSServerOrder", u"EnableDhcp"};
constexpr std::uint64_t kRemote = 1;
constexpr std::uint64_t kLocalRoutedVip = 1;  // NatFlags

// The ports that Windows gives where a client leaves the choice to it.
constexpr std::uint64_t kFirstDynamicPort = 49152;
constexpr std::uint64_t kLastPort = 65535;

bool mapsPorts(NetworkType type, std::uint64_t flags) {
  switch (type) {
    case NetworkType::Nat:
    case NetworkType::Ics:
    case NetworkType::Overlay:
      return true;
    case NetworkType::L2Bridge:
    case NetworkType::L2Tunnel:
      return (flags & kLocalRoutedVip) != 0;
    default:
      return false;
  }
}

std::u16string portName(std::uint64_t protocol, std::uint64_t port) {
  return json::decimalText(protocol) + u"/" + json::decimalText(port);
}

}  // namespace

Outcome Store::createEndpoint(const std::u16string& networkId, std::u16string id, Value document) {
  Network& network = *networks_.find(networkId);
  const std::u16string space = textOf(document, u"HostComputeNamespace");
  if (!space.empty() && readGuid(space) != std::u16string(kZeroGuid)) return kCreatedInNamespace;
  Endpoint endpoint;
  endpoint.id = id;
  endpoint.site = site_;
  endpoint.network = networkId;
  const auto flags = flagsOf(document, u"Flags", kEndpointFlags, std::size(kEndpointFlags));
  if (!flags) return kInvalidArgument;
  setNumber(document, u"Flags", *flags);
  Value policies = listOf(document, u"Policies");
  if (const Outcome checked = checkPolicies(policies, false); !checked.ok()) return checked;
  if (const Outcome read = readMappings(network, policies, nullptr, &endpoint.ports); !read.ok())
    return read;
  if (!policies.items.empty()) set(document, u"Policies", std::move(policies));
  set(document, u"HostComputeNetwork", text(networkId));
  endpoint.document = std::move(document);
  if (const Outcome placed = placeEndpoint(network, endpoint); !placed.ok()) return placed;
  ports_.insert(endpoint.ports.begin(), endpoint.ports.end());
  network.taken.insert(endpoint.addresses.begin(), endpoint.addresses.end());
  network.taken.insert(endpoint.mac);
  network.endpoints.add(id);
  endpoints_.add(std::move(endpoint));
  return {};
}

// Gives it addresses, routes and a MAC address; nothing is taken yet.
Outcome Store::placeEndpoint(Network& network, Endpoint& endpoint) {
  Value configurations = listOf(endpoint.document, u"IpConfigurations");
  const Outcome placed = configurations.items.empty()
                             ? chooseAddresses(network, endpoint, configurations)
                             : pinAddresses(network, endpoint, configurations);
  if (!placed.ok()) return placed;
  if (!configurations.items.empty())
    set(endpoint.document, u"IpConfigurations", std::move(configurations));
  if (listOf(endpoint.document, u"Routes").items.empty()) {
    Value routes = array();
    for (const Subnet& subnet : network.subnets) {
      const bool used = std::any_of(
          endpoint.addresses.begin(), endpoint.addresses.end(),
          [&](const std::u16string& each) { return subnet.prefix.contains(*readAddress(each)); });
      if (!used || !subnet.gateway) continue;
      Value route = network::object();
      set(route, u"NextHop", text(printAddress(*subnet.gateway)));
      set(route, u"DestinationPrefix", text(subnet.prefix.first.v6 ? u"::/0" : u"0.0.0.0/0"));
      append(routes, std::move(route));
    }
    if (!routes.items.empty()) set(endpoint.document, u"Routes", std::move(routes));
  }
  return chooseMac(network, endpoint);
}

// An address that the client names comes back as it is given.
Outcome Store::pinAddresses(Network& network, Endpoint& endpoint, Value& configurations) {
  const bool remote = (numberOf(endpoint.document, u"Flags") & kRemote) != 0;
  for (Value& configuration : configurations.items) {
    const std::u16string given = textOf(configuration, u"IpAddress");
    const auto address = readAddress(given);
    if (!address) return kInvalidIp;
    const auto subnet =
        std::find_if(network.subnets.begin(), network.subnets.end(),
                     [&](const Subnet& each) { return each.prefix.contains(*address); });
    const bool within = subnet != network.subnets.end();
    if (!within && !remote && !network.subnets.empty()) return kInvalidIp;
    if (within && (subnet->prefix.reserves(*address) ||
                   (subnet->reservesGateway && subnet->gateway == address)))
      return kAddressInvalidOrReserved;
    std::u16string name = printAddress(*address);
    const bool again = std::find(endpoint.addresses.begin(), endpoint.addresses.end(), name) !=
                       endpoint.addresses.end();
    if (again || network.taken.count(name) != 0) return kAddressTaken;
    endpoint.addresses.push_back(std::move(name));
    const std::uint64_t most = address->size() * 8;
    std::uint64_t length = numberOf(configuration, u"PrefixLength");
    if (length > most) return kInvalidPrefix;
    if (length == 32 && within && subnet->prefix.length < 32 && !knows(Feature::Slash32Prefixes))
      return kInvalidPrefix;
    if (length == 0) length = within ? subnet->prefix.length : most;
    set(configuration, u"PrefixLength", number(length));
    if (within) set(configuration, u"IpSubnetId", text(subnet->id));
  }
  return {};
}

// One of each family, from the first subnet that has one left.
Outcome Store::chooseAddresses(Network& network, Endpoint& endpoint, Value& configurations) {
  for (const bool v6 : {false, true}) {
    bool any = false;
    bool found = false;
    for (Subnet& subnet : network.subnets) {
      if (subnet.prefix.first.v6 != v6 || found) continue;
      any = true;
      const std::uint64_t size = subnet.prefix.size();
      for (std::uint64_t tried = 0; tried < size && !found; ++tried) {
        const auto address = subnet.prefix.at((subnet.next + tried) % size);
        if (subnet.prefix.reserves(*address) || subnet.gateway == address) continue;
        std::u16string name = printAddress(*address);
        if (network.taken.count(name) != 0) continue;
        subnet.next = (subnet.next + tried + 1) % size;
        Value configuration = network::object();
        set(configuration, u"IpAddress", text(name));
        set(configuration, u"PrefixLength", number(subnet.prefix.length));
        set(configuration, u"IpSubnetId", text(subnet.id));
        append(configurations, std::move(configuration));
        endpoint.addresses.push_back(std::move(name));
        found = true;
      }
    }
    if (any && !found) return kAddressTaken;
  }
  return {};
}

Outcome Store::chooseMac(Network& network, Endpoint& endpoint) {
  const std::u16string given = textOf(endpoint.document, u"MacAddress");
  if (!given.empty()) {
    const auto mac = readMac(given);
    if (!mac) return kInvalidArgument;
    endpoint.mac = printMac(*mac);
    return network.taken.count(endpoint.mac) != 0 ? Outcome(kAddressTaken) : Outcome();
  }
  std::uint64_t size = 0;
  for (const auto& [first, last] : network.macs) size += last - first + 1;
  for (std::uint64_t tried = 0; tried < size; ++tried) {
    const std::uint64_t mac = network.nextMac++;
    if (mac == network.macs[network.macRange].second) {
      network.macRange = (network.macRange + 1) % network.macs.size();
      network.nextMac = network.macs[network.macRange].first;
    }
    endpoint.mac = printMac(mac);
    if (network.taken.count(endpoint.mac) != 0) continue;
    set(endpoint.document, u"MacAddress", text(endpoint.mac));
    return {};
  }
  return kAddressTaken;
}

// From where the last one was, all around: most are free there. One past the last: there is none.
std::uint64_t Store::chooseFreePort(std::uint64_t protocol,
                                    const std::function<bool(const std::u16string&)>& isTaken) {
  constexpr std::uint64_t kCount = kLastPort - kFirstDynamicPort + 1;
  for (std::uint64_t tried = 0; tried < kCount; ++tried) {
    const std::uint64_t port = kFirstDynamicPort + (nextPort_ + tried) % kCount;
    if (isTaken(portName(protocol, port))) continue;
    nextPort_ = (nextPort_ + tried + 1) % kCount;
    return port;
  }
  return kLastPort + 1;
}

// The ports that policies publish. Where the client leaves the port of the host open, it gets one.
Outcome Store::readMappings(const Network& network, Value& policies, const Endpoint* owner,
                            std::vector<std::u16string>* ports) {
  const auto isOwn = [&](const std::u16string& name) {
    return owner != nullptr &&
           std::find(owner->ports.begin(), owner->ports.end(), name) != owner->ports.end();
  };
  const auto isTaken = [&](const std::u16string& name) {
    return (ports_.count(name) != 0 && !isOwn(name)) ||
           std::find(ports->begin(), ports->end(), name) != ports->end();
  };
  for (Value& policy : policies.items) {
    if (policyType(policy, false) != u"PortMapping") continue;
    Value settings = objectOf(policy, u"Settings");
    if (!mapsPorts(network.type, numberOf(settings, u"Flags"))) return kMappingNotSupported;
    const std::uint64_t internal = numberOf(settings, u"InternalPort");
    if (internal == 0 || internal > kLastPort) return kInvalidInternalPort;
    constexpr std::uint64_t kTcp = 6;
    std::uint64_t protocol = numberOf(settings, u"Protocol");
    if (protocol == 0) protocol = kTcp;
    if (protocol != kTcp && protocol != 17) return kInvalidPolicy;
    std::uint64_t external = numberOf(settings, u"ExternalPort");
    if (external > kLastPort) return kInvalidPolicy;
    if (external == 0) external = chooseFreePort(protocol, isTaken);
    std::u16string name = portName(protocol, external);
    if (external > kLastPort || isTaken(name)) return kPortExists;
    set(settings, u"Protocol", number(protocol));
    set(settings, u"ExternalPort", number(external));
    // By another program of this machine, where the control wants this very port.
    if (!isOwn(name) && !PublishedPorts::instance().available(mappingOf(settings)))
      return kPortExists;
    ports->push_back(std::move(name));
    set(policy, u"Settings", std::move(settings));
  }
  return {};
}

Outcome Store::modifyEndpoint(Endpoint& endpoint, const Value& request) {
  constexpr Name kResources[] = {u"Port", u"Policy"};
  const auto resource = choiceOf(request, u"ResourceType", kResources);
  const auto change = requestType(request);
  if (!resource || !change) return kInvalidArgument;
  const Value& settings = objectOf(request, u"Settings");
  if (*resource == 0) {
    Value body = network::object();
    set(body, u"SystemType", text(u"VirtualMachine"));
    set(body, u"VirtualNicName", text(textOf(settings, u"VirtualNicName")));
    return attach(endpoint, body, *change == RequestType::Add);
  }
  const Value& given = listOf(settings, u"Policies");
  if (const Outcome checked = checkPolicies(given, false); !checked.ok()) return checked;
  Value policies = listOf(endpoint.document, u"Policies");
  if (!changePolicies(*change, given, &policies)) return kPolicyNotFound;
  std::vector<std::u16string> ports;
  const Network& network = *networks_.find(endpoint.network);
  if (const Outcome read = readMappings(network, policies, &endpoint, &ports); !read.ok())
    return read;
  for (const auto& port : endpoint.ports) ports_.erase(port);
  ports_.insert(ports.begin(), ports.end());
  endpoint.ports = std::move(ports);
  set(endpoint.document, u"Policies", std::move(policies));
  publish(endpoint);
  return {};
}

// By the body of a request: to a container by its id, or to the one machine or host that there is.
Outcome Store::attach(Endpoint& endpoint, const Value& body, bool attached) {
  const std::u16string container = textOf(body, u"ContainerId");
  const std::u16string user = container.empty() ? textOf(body, u"SystemType") : container;
  if (attached) return attachTo(endpoint, user, false);
  if (user.empty() && !endpoint.attachedTo.empty())
    return detachFrom(endpoint, std::u16string(endpoint.attachedTo.front()));
  return detachFrom(endpoint, user);
}

// What it had is given back.
void Store::removeEndpoint(Endpoint& endpoint) {
  const std::u16string id = endpoint.id;
  if (Namespace* space = namespaces_.find(endpoint.space)) takeFromNamespace(*space, id);
  for (Table<Referrer>* table : {&loadBalancers_, &routes_, &lists_})
    table->each([&](Referrer& referrer) { referrer.endpoints.remove(id); });
  Network& network = *networks_.find(endpoint.network);
  for (const auto& address : endpoint.addresses) network.taken.erase(address);
  network.taken.erase(endpoint.mac);
  network.endpoints.remove(id);
  for (const auto& port : endpoint.ports) ports_.erase(port);
  PublishedPorts::instance().publish(id, {}, {});
  endpoints_.erase(id);
}

// They move with every look at them, as nothing goes over the wire of a simulated host.
Value Store::statisticsOf(Endpoint& endpoint) {
  const std::uint64_t packets = endpoint.queries++ * 8;
  Value document = network::object();
  set(document, u"BytesReceived", number(packets * 1420));
  set(document, u"BytesSent", number(packets * 610));
  set(document, u"DroppedPacketsIncoming", number(0));
  set(document, u"DroppedPacketsOutgoing", number(0));
  set(document, u"EndpointId", text(endpoint.id));
  set(document, u"InstanceId", text(endpoint.id));
  set(document, u"PacketsReceived", number(packets));
  set(document, u"PacketsSent", number(packets / 2));
  return document;
}

Outcome Store::statistics(HandleNumber handle) {
  std::u16string id;
  if (const Outcome found = resolve(Family::Endpoint, handle, &id); !found.ok()) return found;
  return answer(print(statisticsOf(*endpoints_.find(id))));
}

Outcome Store::addresses(HandleNumber handle) {
  std::u16string id;
  if (const Outcome found = resolve(Family::Endpoint, handle, &id); !found.ok()) return found;
  return answer(print(listOf(endpoints_.find(id)->document, u"IpConfigurations")));
}

}  // namespace hc::simulator::network
