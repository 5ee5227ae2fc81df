// The network service as the tests of Microsoft's client use it: each row of theirs is here, by the
// functions that it calls.
#include "../support/network-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kNotFound = 0x80070490;
constexpr HResult kPortExists = 0x803B0013;

std::u16string nat() {
  Value made;
  for (const auto& id : networks.list(u"{\"Name\":\"GoTestNat\"}")) networks.drop(id);
  CHECK(makeNetwork(natDocument(), &made) == kOk);
  return idOf(made);
}
std::u16string overlay() {
  Value made;
  CHECK(makeNetwork(overlayDocument(), &made) == kOk);
  return idOf(made);
}
std::u16string endpointOf(const std::u16string& network, const std::u16string& more = {}) {
  Value made;
  CHECK(makeEndpoint(network, endpointDocument(more), &made) == kOk);
  return idOf(made);
}
std::u16string space(const std::u16string& type = u"HostDefault") {
  Value made;
  CHECK(makeNamespace(namespaceDocument(type), &made) == kOk);
  return idOf(made);
}

// TestCreateDeleteNetworks, TestGetNetworkByName, TestGetNetworkById, TestListNetwork,
// TestNetworkFlags, TestMissingNetworkByName, TestMissingNetworkById.
void networksByNameAndId() {
  reset();
  CHECK(networks.list().empty());
  const auto id = nat();
  CHECK(networks.list(u"{\"Name\":\"GoTestNat\"}") == std::vector{id});
  CHECK(networks.list(u"{\"Name\":\"gotestnat\"}") == std::vector{id});
  CHECK(networks.list(u"{\"ID\":\"" + upperCase(id) + u"\"}") == std::vector{id});
  CHECK(networks.list(u"{\"Name\":\"absent\"}").empty());
  CHECK(networks.list(u"{\"ID\":\"5f0b1190-63be-4e0c-b974-bd0f55675a42\"}").empty());
  Value found;
  CHECK(networks.get(id, &found) == kOk && textOf(found, u"Name") == u"GoTestNat");
  CHECK(member(found, u"Type") == nullptr);  // that of NAT is zero, and left out
  CHECK(networks.drop(id) == kOk && networks.drop(id) == 0x803B0001);
  // Without a subnet the service chooses one, and each network has addresses for adapters.
  CHECK(makeNetwork(u"{\"Name\":\"bare\",\"Type\":\"NAT\",\"SchemaVersion\":{\"Major\":2,"
                    u"\"Minor\":0}}",
                    &found) == kOk);
  CHECK(listOf(objectOf(found, u"MacPool"), u"Ranges").items.size() == 1);
  CHECK(!listOf(found, u"Ipams").items.empty());
  CHECK(networks.get(overlay(), &found) == kOk && (numberOf(found, u"Flags") & 8) != 0);
  CHECK(textOf(found, u"Type") == u"Overlay");
  CHECK(nothingOpen());
}

// TestAddRemoveRemoteSubnetRoutePolicy, …HostRoutePolicy, …NetworkACLPolicy.
void networkPolicies() {
  reset();
  const auto id = overlay();
  const std::u16string all[] = {
      u"{\"Type\":\"RemoteSubnetRoute\",\"Settings\":{\"DestinationPrefix\":\"192.168.2.0/24\","
      u"\"IsolationId\":5000,\"ProviderAddress\":\"1.1.1.1\",\"DistributedRouterMacAddress\":"
      u"\"00-12-34-56-78-9a\"}}",
      u"{\"Type\":\"HostRoute\",\"Settings\":{}}",
      u"{\"Type\":\"NetworkACL\",\"Settings\":{\"Protocols\":\"6\",\"Action\":\"Block\","
      u"\"Direction\":\"Out\",\"Priority\":300}}"};
  for (const auto& policy : all) {
    const auto type = textOf(parsed(policy), u"Type");
    Value found;
    CHECK(networks.change(id, request(u"Policy", u"Add", policies(policy))) == kOk);
    CHECK(networks.get(id, &found) == kOk && hasPolicy(found, type));
    CHECK(networks.change(id, request(u"Policy", u"Remove", policies(policy))) == kOk);
    CHECK(networks.get(id, &found) == kOk && !hasPolicy(found, type));
    CHECK(networks.change(id, request(u"Policy", u"Remove", policies(policy))) == 0x803B0008);
  }
  CHECK(networks.change(id, request(u"Policy", u"Add", policies(u"{\"Type\":\"No\"}"))) ==
        0x803B000E);
  CHECK(nothingOpen());
}

// TestCreateDeleteEndpoint, TestGetEndpointById, TestGetEndpointByName, TestListEndpoints,
// TestListEndpointsOfNetwork; the tests of the network proxy.
void endpointsOfNetworks() {
  reset();
  const auto network = nat();
  const auto id = endpointOf(network);
  const auto second = endpointOf(network);  // names may repeat
  CHECK(endpoints.list() == (std::vector{id, second}));
  CHECK(endpoints.list(u"{\"Name\":\"GoTestNatEndpoint\"}").size() == 2);
  CHECK(endpoints.list(u"{\"ID\":\"" + id + u"\"}") == std::vector{id});
  CHECK(endpoints.list(u"{\"VirtualNetwork\":\"" + upperCase(network) + u"\"}").size() == 2);
  CHECK(endpoints.list(u"{\"VirtualNetwork\":\"" + id + u"\"}").empty());
  Value found;
  CHECK(endpoints.get(id, &found) == kOk);
  CHECK(textOf(found, u"HostComputeNetwork") == network);
  CHECK(textOf(found, u"HostComputeNamespace") == u"00000000-0000-0000-0000-000000000000");
  const Value& addresses = listOf(found, u"IpConfigurations");
  CHECK(addresses.items.size() == 1);
  CHECK(textOf(addresses.items[0], u"IpAddress") == u"192.168.100.2");
  CHECK(numberOf(addresses.items[0], u"PrefixLength") == 24);
  CHECK(textOf(found, u"MacAddress") == u"00-15-5D-52-C0-00");
  CHECK(endpoints.drop(id) == kOk && endpoints.drop(id) == 0x803B0002);
  CHECK(endpoints.get(id) == 0x803B0002);
  CHECK(networks.drop(network) == kOk && endpoints.list().empty());
  CHECK(makeEndpoint(network, endpointDocument()) == 0x803B0001);
  CHECK(nothingOpen());
}

// TestEndpointNamespaceAttachDetach, TestGetNamespaceEndpointIds, TestAddRemoveNamespaceEndpoint,
// TestModifyNamespaceSettings, TestGetNamespaceContainers, TestCreateDeleteNamespace, …Guest,
// TestGetNamespaceById, TestListNamespaces, TestMissingNamespaceById, TestNotFoundError,
// TestSyncNamespace….
void namespacesAndEndpoints() {
  reset();
  const auto network = nat();
  const auto endpoint = endpointOf(network);
  const auto id = space();
  Value found;
  CHECK(namespaces.list() == std::vector{id});
  CHECK(namespaces.list(u"{\"ID\":\"" + id + u"\"}") == std::vector{id});
  CHECK(namespaces.get(id, &found) == kOk && listOf(found, u"Resources").items.empty());
  CHECK(numberOf(found, u"NamespaceId") == 5 && textOf(found, u"Type") == u"HostDefault");
  const auto settings = u"{\"EndpointId\":\"" + endpoint + u"\"}";
  CHECK(namespaces.change(id, request(u"Endpoint", u"Add", settings), &found) == kOk);
  const Value& resources = listOf(found, u"Resources");
  CHECK(resources.items.size() == 1 && textOf(resources.items[0], u"Type") == u"Endpoint");
  CHECK(textOf(objectOf(resources.items[0], u"Data"), u"Id") == upperCase(endpoint));
  CHECK(endpoints.get(endpoint, &found) == kOk && textOf(found, u"HostComputeNamespace") == id);
  CHECK(namespaces.change(id, request(u"Endpoint", u"Add", settings)) == 0x803B002B);
  CHECK(namespaces.drop(id) == 0x803B002C);
  CHECK(namespaces.change(id, request(u"Endpoint", u"Remove", settings), &found) == kOk);
  CHECK(listOf(found, u"Resources").items.empty());
  CHECK(namespaces.drop(id) == kOk && namespaces.drop(id) == kNotFound);
  for (const auto* type : {u"Host", u"HostDefault", u"Guest", u"GuestDefault"}) {
    const auto one = space(type);
    CHECK(namespaces.get(one, &found) == kOk && namespaces.drop(one) == kOk);
  }
  CHECK(makeNamespace(u"{\"Type\":\"GuestDefault\",\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}",
                      &found) == kOk);
  CHECK(namespaces.drop(idOf(found)) == kOk);
  // Neither a type nor a number, as a shim and containerd create theirs.
  CHECK(makeNamespace(kSecond, &found) == kOk && member(found, u"Type") == nullptr);
  CHECK(namespaces.drop(idOf(found)) == kOk);
  CHECK(makeNamespace(u"{\"SchemaVersion\":{\"Major\":0,\"Minor\":0}}", &found) == kOk);
  CHECK(numberOf(objectOf(found, u"SchemaVersion"), u"Major") == 0);
  CHECK(namespaces.get(u"5f0b1190-63be-4e0c-b974-bd0f55675a42") == kNotFound);
  CHECK(lastRecord ==
        u"{\"Success\":false,\"Error\":\"Element not found. \",\"ErrorCode\":2147943568}");
  CHECK(nothingOpen());
}

// TestAddL4WfpProxyPolicyOnEndpoint, TestApplyPolicyOnEndpoint, TestModifyEndpointSettings,
// TestApplyTierAclPolicyOnEndpoint; the proxy's Iov.
void endpointPolicies() {
  reset();
  const auto network = nat();
  const auto id = endpointOf(network);
  const std::u16string proxy =
      u"{\"Type\":\"L4WFPPROXY\",\"Settings\":{\"InboundProxyPort\":\"80\",\"OutboundProxyPort\":"
      u"\"81\",\"FilterTuple\":{\"Protocols\":\"6\"},\"UserSID\":\"S-1-5-32-556\"}}";
  Value found;
  CHECK(endpoints.change(id, request(u"Policy", u"Add", policies(proxy)), &found) == kOk);
  CHECK(hasPolicy(found, u"L4WFPPROXY"));
  CHECK(endpoints.change(id, request(u"Policy", u"Update", policies(u"{}")), &found) == kOk);
  CHECK(!hasPolicy(found, u"L4WFPPROXY"));
  const std::u16string acl =
      u"{\"Type\":\"ACL\",\"Settings\":{\"Protocols\":\"6\",\"Action\":\"Block\",\"Direction\":"
      u"\"Out\",\"LocalAddresses\":\"192.168.100.0/24\",\"RemotePorts\":\"80\",\"RuleType\":"
      u"\"Switch\",\"Priority\":200}}";
  const auto both = policies(acl + u"," + acl);
  CHECK(endpoints.change(id, request(u"Policy", u"Update", both), &found) == kOk);
  CHECK(listOf(found, u"Policies").items.size() == 2);
  const std::u16string iov =
      u"{\"Type\":\"Iov\",\"Settings\":{\"IovOffloadWeight\":100,\"QueuePairsRequested\":1,"
      u"\"InterruptModeration\":200}}";
  CHECK(endpoints.change(id, request(u"Policy", u"Update", policies(iov)), &found) == kOk);
  CHECK(hasPolicy(found, u"Iov") && listOf(found, u"Policies").items.size() == 1);
  CHECK(endpoints.change(id, request(u"Policy", u"Remove", policies(u"{\"Type\":\"Iov\"}")),
                         &found) == kOk);
  CHECK(!hasPolicy(found, u"Iov"));
  CHECK(makeNetwork(bridgeDocument(), &found) == kOk);
  const auto tiered = endpointOf(idOf(found));
  const std::u16string tier =
      u"{\"Type\":\"TierAcl\",\"Settings\":{\"Name\":\"t\",\"Direction\":\"In\",\"Order\":1,"
      u"\"TierAclRules\":[{\"TierAclRuleAction\":\"Pass\"}]}}";
  const auto six =
      policies(tier + u"," + tier + u"," + tier + u"," + tier + u"," + tier + u"," + tier);
  CHECK(endpoints.change(tiered, request(u"Policy", u"Update", six), &found) == kOk);
  CHECK(listOf(found, u"Policies").items.size() == 6);
  CHECK(nothingOpen());
}

// TestEndpointAlreadyExistsError, and what else is said of ports.
void publishedPorts() {
  reset();
  const auto mapping = [](const std::u16string& settings) {
    return u"\"Policies\":[{\"Type\":\"PortMapping\",\"Settings\":{" + settings + u"}}],";
  };
  const auto udp = mapping(u"\"Protocol\":17,\"InternalPort\":45678,\"ExternalPort\":56789");
  const auto on = overlay();
  const auto first = endpointOf(on, udp);
  CHECK(makeEndpoint(on, endpointDocument(udp)) == kPortExists);
  CHECK(lastRecord ==
        u"{\"Success\":false,\"Error\":\"The specified port already exists. \","
        u"\"ErrorCode\":2151350291}");
  // The same port of the other protocol, and of a network of another kind, whose port it is too.
  const auto network = nat();
  endpointOf(network, mapping(u"\"Protocol\":6,\"InternalPort\":1,\"ExternalPort\":56789"));
  CHECK(makeEndpoint(network, endpointDocument(udp)) == kPortExists);
  CHECK(endpoints.drop(first) == kOk);
  const auto again = endpointOf(network, udp);
  // A policy that is updated gives the port back.
  CHECK(endpoints.change(again, request(u"Policy", u"Update", policies(u""))) == kOk);
  endpointOf(on, udp);
  CHECK(makeEndpoint(network, endpointDocument(mapping(u"\"ExternalPort\":1"))) == 0x803B002D);
  CHECK(makeEndpoint(network, endpointDocument(mapping(u"\"Protocol\":1,\"InternalPort\":1"))) ==
        0x803B000D);
  Value found;
  CHECK(makeEndpoint(network, endpointDocument(mapping(u"\"Protocol\":6,\"InternalPort\":9")),
                     &found) == kOk);
  const Value& settings = objectOf(listOf(found, u"Policies").items.at(0), u"Settings");
  CHECK(numberOf(settings, u"ExternalPort") >= 49152);
  CHECK(makeNetwork(bridgeDocument(), &found) == kOk);
  const auto bridge = idOf(found);
  const std::u16string web = u"\"Protocol\":6,\"InternalPort\":80,\"ExternalPort\":8080";
  CHECK(makeEndpoint(bridge, endpointDocument(mapping(web))) == 0x803B0016);
  CHECK(makeEndpoint(bridge, endpointDocument(mapping(web + u",\"Flags\":1"))) == kOk);
  CHECK(nothingOpen());
}

// TestCreateDeleteLoadBalancer, …GetLoadBalancerById, …CreateUpdateDelete…, …List…, …AddRemove…,
// TestAddLoadBalancer, TestAddDSRLoadBalancer, TestAddILBLoadBalancer.
void balancing() {
  reset();
  const auto network = overlay();
  const auto one = endpointOf(network);
  const auto two = endpointOf(network);
  const auto document = [&](const std::u16string& backends, const std::u16string& more) {
    return u"{" + more + u"\"HostComputeEndpoints\":[" + backends +
           u"],\"SourceVIP\":\"10.0.0.1\",\"FrontendVIPs\":[\"1.1.1.2\",\"1.1.1.3\"],"
           u"\"PortMappings\":[{\"Protocol\":6,\"InternalPort\":8080,\"ExternalPort\":8090,"
           u"\"Flags\":8}],\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";
  };
  const auto first = u"\"" + one + u"\"";
  const auto both = first + u",\"" + two + u"\"";
  const auto count = [](const Value& found) {
    return listOf(found, u"HostComputeEndpoints").items.size();
  };
  Value found;
  CHECK(makeLoadBalancer(document(first, u"\"Flags\":1,"), &found) == kOk);
  const auto id = idOf(found);
  CHECK(numberOf(found, u"Flags") == 1 && count(found) == 1);
  CHECK((numberOf(listOf(found, u"PortMappings").items.at(0), u"Flags") & 8) != 0);
  CHECK(loadBalancers.list() == std::vector{id} && loadBalancers.get(id) == kOk);
  CHECK(makeLoadBalancer(document(first, u"")) == kPortExists);
  // The whole document, without an envelope.
  const auto named = u"\"ID\":\"" + id + u"\",";
  CHECK(loadBalancers.change(id, document(both, named), &found) == kOk && count(found) == 2);
  CHECK(loadBalancers.change(id, document(first, named), &found) == kOk && count(found) == 1);
  const auto envelope = [&](const std::u16string& type) {
    return request(u"Endpoint", type, u"{\"EndpointId\":\"" + two + u"\"}");
  };
  CHECK(loadBalancers.change(id, envelope(u"Add"), &found) == kOk && count(found) == 2);
  CHECK(loadBalancers.change(id, envelope(u"Remove"), &found) == kOk && count(found) == 1);
  // An older service has no modify: delete, and create with the same id in the document.
  CHECK(
      contains(control(u"{\"Configure\":{\"HnsVersion\":\"15.3\"}}"), u"\"HnsVersion\":\"15.3\""));
  CHECK(loadBalancers.change(id, document(both, named)) == 0x80004001);
  for (const auto& backends : {both, first}) {
    CHECK(loadBalancers.drop(id) == kOk);
    CHECK(makeLoadBalancer(document(backends, named), &found) == kOk && idOf(found) == id);
  }
  CHECK(loadBalancers.drop(id) == kOk && loadBalancers.drop(id) == kNotFound);
  CHECK(makeLoadBalancer(document(u"\"5f0b1190-63be-4e0c-b974-bd0f55675a42\"", u"")) == 0x803B0002);
  CHECK(nothingOpen());
}

// TestCreateDeleteRoute, TestGetRouteById, TestAddRoute, TestListRoutes,
// TestRouteAddRemoveEndpoint.
void routing() {
  reset();
  const auto network = overlay();
  const auto one = endpointOf(network);
  const auto two = endpointOf(network);
  const auto document = [&](const std::u16string& backends, const std::u16string& more) {
    return u"{" + more + u"\"HostComputeEndpoints\":[" + backends +
           u"],\"Setting\":[{\"DestinationPrefix\":\"169.254.169.254/24\",\"NextHop\":"
           u"\"127.10.0.33\",\"NeedEncap\":false}],\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";
  };
  const auto first = u"\"" + one + u"\"";
  const auto both = first + u",\"" + two + u"\"";
  Value found;
  CHECK(makeRoute(document(first, u""), &found) == kOk);
  const auto id = idOf(found);
  CHECK(listOf(found, u"Routes").items.size() == 1);
  CHECK(routes.list() == std::vector{id} && routes.get(id) == kOk);
  std::size_t expected = 2;
  for (const auto& backends : {both, first}) {
    CHECK(routes.drop(id) == kOk);
    CHECK(makeRoute(document(backends, u"\"ID\":\"" + id + u"\","), &found) == kOk);
    CHECK(idOf(found) == id);
    CHECK(listOf(found, u"HostComputeEndpoints").items.size() == expected--);
  }
  CHECK(routes.drop(id) == kOk && routes.drop(id) == kNotFound && routes.list().empty());
  // The second endpoint is never deleted: it goes with its network.
  CHECK(endpoints.drop(one) == kOk && networks.drop(network) == kOk && endpoints.list().empty());
  CHECK(nothingOpen());
}

}  // namespace

int main() {
  networksByNameAndId();
  networkPolicies();
  endpointsOfNetworks();
  namespacesAndEndpoints();
  endpointPolicies();
  publishedPorts();
  balancing();
  routing();
  return summary();
}
