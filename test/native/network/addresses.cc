// What a network has to give: addresses of both families, MAC addresses, ranges within its subnets.
#include <algorithm>

#include "../../../native/simulator/network/objects.h"
#include "../support/network-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kInvalidIp = 0x803B001E;
constexpr HResult kReserved = 0x803B002F;

std::u16string subnet(const std::u16string& prefix, const std::u16string& gateway,
                      const std::u16string& more = {}) {
  const bool v6 = gateway.find(u':') != std::u16string::npos;
  return u"{\"IpAddressPrefix\":\"" + prefix + u"\",\"Routes\":[{\"NextHop\":\"" + gateway +
         u"\",\"DestinationPrefix\":\"" + (v6 ? u"::/0" : u"0.0.0.0/0") + u"\"}]" + more + u"}";
}

std::u16string networkWith(const std::u16string& subnets, const std::u16string& more = {},
                           const std::u16string& type = u"NAT") {
  return u"{\"Name\":\"n\",\"Type\":\"" + type + u"\",\"Ipams\":[{\"Subnets\":[" + subnets +
         u"]}]," + more + u"\"SchemaVersion\":{\"Major\":2,\"Minor\":2}}";
}

std::u16string made(const std::u16string& document) {
  Value network;
  CHECK(makeNetwork(document, &network) == kOk);
  return idOf(network);
}

std::u16string pinned(const std::u16string& address, unsigned length = 24) {
  return endpointDocument(u"\"IpConfigurations\":[{\"IpAddress\":\"" + address +
                          u"\",\"PrefixLength\":" + simulator::json::decimalText(length) + u"}],");
}

std::u16string address(const Value& endpoint, std::size_t which = 0) {
  return textOf(listOf(endpoint, u"IpConfigurations").items.at(which), u"IpAddress");
}

constexpr char16_t kV6[] = u"2001:db8:abcd:0012::0/64";

// With both subnets an endpoint has an address of each family; pinned ones come back as given.
void dualStack() {
  reset();
  const auto on = made(networkWith(subnet(u"192.168.100.0/24", u"192.168.100.1") + u"," +
                                   subnet(kV6, u"2001:db8:abcd:12::1")));
  Value endpoint;
  CHECK(makeEndpoint(on, endpointDocument(), &endpoint) == kOk);
  CHECK(listOf(endpoint, u"IpConfigurations").items.size() == 2);
  CHECK(address(endpoint) == u"192.168.100.2" && address(endpoint, 1) == u"2001:db8:abcd:12::2");
  CHECK(listOf(endpoint, u"Routes").items.size() == 2);
  CHECK(textOf(listOf(endpoint, u"Routes").items[1], u"NextHop") == u"2001:db8:abcd:12::1");
  const auto both =
      u"{\"IpConfigurations\":[{\"IpAddress\":\"192.168.100.9\",\"PrefixLength\":20},"
      u"{\"IpAddress\":\"2001:DB8:abcd:0012::0:9\",\"PrefixLength\":64}],"
      u"\"SchemaVersion\":{\"Major\":2,\"Minor\":2}}";
  CHECK(makeEndpoint(on, both, &endpoint) == kOk);
  CHECK(address(endpoint, 1) == u"2001:DB8:abcd:0012::0:9");
  CHECK(numberOf(listOf(endpoint, u"IpConfigurations").items[0], u"PrefixLength") == 20);
  CHECK(numberOf(objectOf(endpoint, u"SchemaVersion"), u"Minor") == 2);
  // The same address in another spelling is taken.
  CHECK(makeEndpoint(on, pinned(u"2001:db8:abcd:12::9", 64)) == kReserved);
  const Value first = output(u"GET", u"/endpoints/" + idOf(endpoint));
  CHECK(textOf(first, u"IPv6Address") == u"2001:DB8:abcd:0012::0:9");
  CHECK(textOf(first, u"GatewayAddressV6") == u"2001:db8:abcd:12::1");
  // One subnet of a family only, but on networks of switches; and none that overlap.
  const auto two = subnet(u"10.0.0.0/24", u"10.0.0.1") + u"," + subnet(u"10.0.1.0/24", u"10.0.1.1");
  CHECK(makeNetwork(networkWith(two)) == 0x803B0010);  // the name comes first
  CHECK(networks.drop(on) == kOk && makeNetwork(networkWith(two)) == 0x803B0032);
  for (const auto* type : {u"L2Bridge", u"L2Tunnel", u"Overlay"})
    CHECK(networks.drop(made(networkWith(two, {}, type))) == kOk);
  const auto overlap = subnet(u"10.0.0.0/16", u"10.0.0.1") + u"," + subnet(kV6, u"fe80::1");
  CHECK(makeNetwork(networkWith(overlap)) == 0x803B0032);  // a gateway that is not in it
  CHECK(makeNetwork(networkWith(subnet(u"10.0.0.0/33", u"10.0.0.1"))) == 0x803B0030);
  CHECK(nothingOpen());
}

// Six addresses, of which the gateway has one. What is given back is given again.
void exhausted() {
  reset();
  const auto on = made(networkWith(subnet(u"10.0.0.0/29", u"10.0.0.1")));
  std::vector<std::u16string> all;
  Value endpoint;
  for (int i = 0; i < 5; ++i) {
    CHECK(makeEndpoint(on, endpointDocument(), &endpoint) == kOk);
    CHECK(address(endpoint) == u"10.0.0." + simulator::json::decimalText(2 + i));
    all.push_back(idOf(endpoint));
  }
  CHECK(makeEndpoint(on, endpointDocument()) == kReserved);
  CHECK(endpoints.list().size() == 5);
  CHECK(endpoints.drop(all[2]) == kOk);
  CHECK(makeEndpoint(on, endpointDocument(), &endpoint) == kOk && address(endpoint) == u"10.0.0.4");
  CHECK(makeEndpoint(on, endpointDocument()) == kReserved);
  // A single address, and none at all.
  CHECK(networks.drop(on) == kOk);
  const auto few = made(networkWith(subnet(u"10.0.0.0/30", u"10.0.0.1")));
  CHECK(makeEndpoint(few, endpointDocument()) == kOk);
  CHECK(makeEndpoint(few, endpointDocument()) == kReserved);
  CHECK(networks.drop(few) == kOk);
  const auto none = made(networkWith(u"", {}, u"Transparent"));
  CHECK(makeEndpoint(none, endpointDocument(), &endpoint) == kOk);
  CHECK(listOf(endpoint, u"IpConfigurations").items.empty());
  CHECK(nothingOpen());
}

void pinning() {
  reset();
  const auto on = made(networkWith(subnet(u"192.168.128.0/20", u"192.168.128.1")));
  Value endpoint;
  CHECK(makeEndpoint(on, pinned(u"192.168.128.4", 20), &endpoint) == kOk);
  CHECK(address(endpoint) == u"192.168.128.4");
  CHECK(makeEndpoint(on, pinned(u"192.168.128.4", 20)) == kReserved);
  const std::u16string reserved[] = {u"192.168.128.1", u"192.168.128.0", u"192.168.143.255"};
  for (const auto& each : reserved) CHECK(makeEndpoint(on, pinned(each, 20)) == kReserved);
  const std::u16string invalid[] = {u"192.168.144.1", u"192.168.128", u"192.168.128.256",
                                    u"fe80::1",       u"1:2:3",       u""};
  for (const auto& each : invalid) CHECK(makeEndpoint(on, pinned(each, 20)) == kInvalidIp);
  CHECK(makeEndpoint(on, pinned(u"192.168.128.5", 33)) == 0x803B0030);
  // One that is pinned is not handed out, and can be pinned again when it is free.
  CHECK(makeEndpoint(on, pinned(u"192.168.128.2", 20)) == kOk);
  CHECK(makeEndpoint(on, endpointDocument(), &endpoint) == kOk);
  CHECK(address(endpoint) == u"192.168.128.3");
  CHECK(makeEndpoint(on, endpointDocument(), &endpoint) == kOk);
  CHECK(address(endpoint) == u"192.168.128.5");
  CHECK(endpoints.drop(idOf(endpoint)) == kOk);
  CHECK(makeEndpoint(on, pinned(u"192.168.128.5", 20)) == kOk);
  CHECK(networks.drop(on) == kOk);
  // A gateway that the host has itself is not reserved, but not handed out either.
  const auto kept =
      made(networkWith(subnet(u"10.0.0.0/30", u"10.0.0.1", u",\"Flags\":1"), {}, u"L2Bridge"));
  CHECK(makeEndpoint(kept, pinned(u"10.0.0.1", 30)) == kOk);
  CHECK(nothingOpen());
}

std::u16string pool(const std::u16string& ranges) {
  return u"\"MacPool\":{\"Ranges\":[" + ranges + u"]},";
}

// The pool comes back as it was given; from it, and from nothing else, endpoints get theirs.
void macAddresses() {
  reset();
  const std::u16string ranges =
      u"{\"StartMacAddress\":\"00-15-5D-52-C0-00\",\"EndMacAddress\":\"00-15-5D-52-C0-01\"},"
      u"{\"StartMacAddress\":\"00-15-5D-60-00-10\",\"EndMacAddress\":\"00-15-5D-60-00-10\"}";
  const auto on = made(networkWith(subnet(u"10.0.0.0/24", u"10.0.0.1"), pool(ranges)));
  Value found;
  CHECK(networks.get(on, &found) == kOk);
  CHECK(simulator::network::print(objectOf(found, u"MacPool")) ==
        u"{\"Ranges\":[" + ranges + u"]}");
  std::vector<std::u16string> all;
  for (const auto* mac : {u"00-15-5D-52-C0-00", u"00-15-5D-52-C0-01", u"00-15-5D-60-00-10"}) {
    CHECK(makeEndpoint(on, endpointDocument(), &found) == kOk);
    CHECK(textOf(found, u"MacAddress") == mac);
    all.push_back(idOf(found));
  }
  CHECK(makeEndpoint(on, endpointDocument()) == kReserved);
  // One that a client names need not be of the pool, but is used once.
  const auto own = endpointDocument(u"\"MacAddress\":\"00-15-5d-aa-bb-cc\",");
  CHECK(makeEndpoint(on, own, &found) == kOk);
  CHECK(textOf(found, u"MacAddress") == u"00-15-5d-aa-bb-cc");
  CHECK(makeEndpoint(on, own) == kReserved);
  CHECK(makeEndpoint(on, endpointDocument(u"\"MacAddress\":\"00-15\",")) == kBadArgument);
  CHECK(endpoints.drop(all[1]) == kOk);
  CHECK(makeEndpoint(on, endpointDocument(), &found) == kOk);
  CHECK(textOf(found, u"MacAddress") == u"00-15-5D-52-C0-01");
  CHECK(networks.drop(on) == kOk);
  // Whatever its type, and whether or not it names a pool, a network has a range.
  std::vector<std::u16string> first;
  for (const auto type : simulator::network::kNetworkTypes) {
    CHECK(makeNetwork(u"{\"Name\":\"n" + std::u16string(type) + u"\",\"Type\":\"" +
                          std::u16string(type) +
                          u"\",\"MacPool\":{},\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}",
                      &found) == kOk);
    const Value& block = listOf(objectOf(found, u"MacPool"), u"Ranges").items.at(0);
    const auto start = textOf(block, u"StartMacAddress");
    CHECK(start.substr(0, 9) == u"00-15-5D-" && start.substr(13) == u"0-00");
    CHECK(textOf(block, u"EndMacAddress") == start.substr(0, 13) + u"F-FF");
    CHECK(std::find(first.begin(), first.end(), start) == first.end());
    first.push_back(start);
  }
  CHECK(makeNetwork(networkWith(u"", pool(u"{\"StartMacAddress\":\"00-15-5D-52-C0-01\","
                                          u"\"EndMacAddress\":\"00-15-5D-52-C0-00\"}"))) ==
        kBadArgument);
}

// Subnets and ranges within them, added to a network and taken from it.
void ranges() {
  reset();
  const auto on = made(networkWith(subnet(u"10.0.0.0/24", u"10.0.0.1"), {}, u"L2Bridge"));
  Value found;
  const auto more = u"{\"Subnets\":[" + subnet(u"10.0.1.0/24", u"10.0.1.1") + u"]}";
  CHECK(networks.change(on, request(u"Subnet", u"Add", more), &found) == kOk);
  CHECK(networks.change(on, request(u"Subnet", u"Add", more)) == 0x803B0032);
  const auto subnets = [&]() -> const Value& {
    CHECK(networks.get(on, &found) == kOk);
    return listOf(listOf(found, u"Ipams").items.at(0), u"Subnets");
  };
  const auto id = textOf(subnets().items.at(1), u"ID");
  const auto range = [&](const std::u16string& prefix) {
    return u"{\"SubnetId\":\"" + id + u"\",\"IpSubnets\":[{\"IpAddressPrefix\":\"" + prefix +
           u"\",\"Flags\":1}]}";
  };
  CHECK(networks.change(on, request(u"IPSubnet", u"Add", range(u"10.0.1.64/26"))) == kOk);
  CHECK(networks.change(on, request(u"IPSubnet", u"Add", range(u"10.0.9.0/26"))) == 0x803B0033);
  const Value& kept = listOf(subnets().items.at(1), u"IpSubnets");
  CHECK(kept.items.size() == 1 && numberOf(kept.items[0], u"Flags") == 1);
  const auto gone = u"{\"SubnetId\":\"" + id + u"\",\"IpSubnets\":[{\"ID\":\"" +
                    textOf(kept.items[0], u"ID") + u"\"}]}";
  CHECK(networks.change(on, request(u"IPSubnet", u"Remove", gone)) == kOk);
  CHECK(networks.change(on, request(u"IPSubnet", u"Remove", gone)) == 0x803B0005);
  CHECK(listOf(subnets().items.at(1), u"IpSubnets").items.empty());
  const auto remove = request(u"Subnet", u"Remove", u"{\"Subnets\":[{\"ID\":\"" + id + u"\"}]}");
  CHECK(networks.change(on, remove) == kOk && networks.change(on, remove) == 0x803B0005);
  CHECK(subnets().items.size() == 1);
  CHECK(networks.change(on, request(u"IPSubnet", u"Add", range(u"10.0.1.0/26"))) == 0x803B0005);
  CHECK(nothingOpen());
}

}  // namespace

int main() {
  dualStack();
  exhausted();
  pinning();
  macAddresses();
  ranges();
  return summary();
}
