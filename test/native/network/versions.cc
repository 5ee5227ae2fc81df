// What each version of HNS refuses, and that 15.4 takes all of it.
#include "../../../native/simulator/network/features.h"
#include "../support/network-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)
using simulator::network::Feature;
using simulator::network::supports;

constexpr HResult kPolicyType = 0x803B000E;
constexpr HResult kPolicy = 0x803B000D;
constexpr HResult kUnsupported = 0x803B0015;

void useVersion(const std::u16string& version) {
  control(u"{\"Configure\":{\"HnsVersion\":\"" + version + u"\"}}");
}

// The table of Microsoft's own client: what it says of the versions at the edges of its ranges.
static_assert(!supports({7, 1}, Feature::AclLists) && supports({7, 2}, Feature::AclLists));
static_assert(!supports({9, 1}, Feature::SecondSchema) && supports({9, 2}, Feature::SecondSchema));
static_assert(!supports({9, 2}, Feature::DirectServerReturn));
static_assert(supports({9, 3}, Feature::DirectServerReturn));
static_assert(!supports({10, 0}, Feature::DirectServerReturn));
static_assert(!supports({10, 1}, Feature::DirectServerReturn));
static_assert(supports({10, 2}, Feature::DirectServerReturn));
static_assert(supports({9, 9}, Feature::Slash32Prefixes));
static_assert(!supports({10, 3}, Feature::Slash32Prefixes));
static_assert(!supports({11, 9}, Feature::DualStack) && supports({11, 10}, Feature::DualStack));
static_assert(supports({9, 5}, Feature::L4Proxy) && !supports({10, 4}, Feature::L4Proxy));
static_assert(supports({12, 1}, Feature::L4Proxy) && !supports({13, 0}, Feature::L4Proxy));
static_assert(supports({13, 1}, Feature::L4Proxy) && supports({15, 4}, Feature::L4Proxy));
static_assert(!supports({15, 3}, Feature::ModifyLoadBalancer));

struct Scene {
  std::u16string network;
  std::u16string endpoint;
};

// Made while everything is known.
Scene makeScene() {
  reset();
  Value made;
  CHECK(makeNetwork(overlayDocument(), &made) == kOk);
  Scene scene{idOf(made), {}};
  CHECK(makeEndpoint(scene.network, endpointDocument(), &made) == kOk);
  scene.endpoint = idOf(made);
  return scene;
}

std::u16string policy(const std::u16string& type, const std::u16string& settings = u"{}") {
  return u"{\"Type\":\"" + type + u"\",\"Settings\":" + settings + u"}";
}

std::u16string balancer(const Scene& scene, const std::u16string& more,
                        const std::u16string& mapping = {}) {
  return u"{" + more + u"\"HostComputeEndpoints\":[\"" + scene.endpoint +
         u"\"],\"FrontendVIPs\":[\"1.1.1.2\"],\"PortMappings\":[{\"Protocol\":6,\"InternalPort\":"
         u"80,\"ExternalPort\":80" +
         mapping + u"}],\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";
}

// Each thing that a version may not know: what it comes to.
struct Results {
  HResult remoteSubnet, setPolicy, nestedSet, networkAcl, vxlanPort, l4Proxy, wfpProxy, tierAcl,
      aclList, protocol252, directReturn, affinity, slash32, hostPort, modify;
};

HResult ofNetwork(const Scene& scene, const std::u16string& one) {
  const HResult status = networks.change(scene.network, request(u"Policy", u"Add", policies(one)));
  return status;
}

HResult ofEndpoint(const Scene& scene, const std::u16string& one) {
  return endpoints.change(scene.endpoint, request(u"Policy", u"Add", policies(one)));
}

HResult ofBalancer(const std::u16string& document) {
  Value made;
  const HResult status = makeLoadBalancer(document, &made);
  if (status == kOk) CHECK(loadBalancers.drop(idOf(made)) == kOk);
  return status;
}

HResult modified(const Scene& scene) {
  Value made;
  CHECK(makeLoadBalancer(balancer(scene, u""), &made) == kOk);
  const HResult status = loadBalancers.change(idOf(made), balancer(scene, u""));
  CHECK(loadBalancers.drop(idOf(made)) == kOk);
  return status;
}

HResult withoutHostPort() {
  Value made;
  const HResult status =
      makeNetwork(networkDocument(u"other", u"Overlay", u"\"Flags\":1024,"), &made);
  if (status == kOk) CHECK(networks.drop(idOf(made)) == kOk);
  return status;
}

Results at(const std::u16string& version) {
  const Scene scene = makeScene();
  useVersion(version);
  const auto acl = [](const std::u16string& settings) { return policy(u"ACL", settings); };
  Results results{};
  results.remoteSubnet =
      ofNetwork(scene, policy(u"RemoteSubnetRoute", u"{\"DestinationPrefix\":\"192.168.2.0/24\"}"));
  results.setPolicy = ofNetwork(scene, policy(u"SetPolicy", u"{\"PolicyType\":\"IPSET\"}"));
  results.nestedSet = ofNetwork(scene, policy(u"SetPolicy", u"{\"PolicyType\":\"NESTEDIPSET\"}"));
  results.networkAcl = ofNetwork(scene, policy(u"NetworkACL"));
  results.vxlanPort = ofNetwork(scene, policy(u"VxlanPort", u"{\"Port\":4789}"));
  results.l4Proxy = ofEndpoint(scene, policy(u"L4Proxy", u"{\"Port\":\"80\"}"));
  results.wfpProxy = ofEndpoint(scene, policy(u"L4WFPPROXY"));
  results.tierAcl = ofEndpoint(scene, policy(u"TierAcl"));
  results.aclList = ofEndpoint(scene, acl(u"{\"RemotePorts\":\"80-90\"}"));
  results.protocol252 = ofEndpoint(scene, acl(u"{\"Protocols\":\"6,252\"}"));
  results.directReturn = ofBalancer(balancer(scene, u"\"Flags\":1,"));
  results.affinity = ofBalancer(balancer(scene, u"", u",\"DistributionType\":2"));
  results.slash32 = makeEndpoint(
      scene.network, endpointDocument(u"\"IpConfigurations\":[{\"IpAddress\":\"192.168.100.32\","
                                      u"\"PrefixLength\":32}],"));
  results.hostPort = withoutHostPort();
  results.modify = modified(scene);
  return results;
}

void newest() {
  const Results all = at(u"15.4");
  for (const HResult each :
       {all.remoteSubnet, all.setPolicy, all.nestedSet, all.networkAcl, all.vxlanPort, all.l4Proxy,
        all.wfpProxy, all.tierAcl, all.aclList, all.protocol252, all.directReturn, all.affinity,
        all.slash32, all.hostPort, all.modify})
    CHECK(each == kOk);
}

void version9() {
  const Results all = at(u"9.2");
  CHECK(all.remoteSubnet == kOk && all.aclList == kOk);
  for (const HResult each : {all.setPolicy, all.nestedSet, all.networkAcl, all.vxlanPort,
                             all.l4Proxy, all.wfpProxy, all.tierAcl})
    CHECK(each == kPolicyType);
  CHECK(all.protocol252 == kPolicy);
  CHECK(all.directReturn == kUnsupported && all.affinity == kUnsupported);
  CHECK(all.slash32 == 0x803B0030 && all.hostPort == kUnsupported && all.modify == 0x80004001);
  // Two subnets of different families.
  const auto dual =
      u"{\"Name\":\"dual\",\"Type\":\"NAT\",\"Ipams\":[{\"Subnets\":[{\"IpAddressPrefix\":"
      u"\"10.0.0.0/24\"},{\"IpAddressPrefix\":\"2001:db8::/64\"}]}],\"SchemaVersion\":{\"Major\":2,"
      u"\"Minor\":0}}";
  CHECK(makeNetwork(dual) == kUnsupported);
  useVersion(u"11.10");
  CHECK(makeNetwork(dual) == kOk);
}

void between() {
  // Direct server return was in 9.3, and came again with 10.2.
  CHECK(at(u"9.3").directReturn == kOk && at(u"10.0").directReturn == kUnsupported);
  CHECK(at(u"10.0").slash32 == 0x803B0030 && at(u"10.0").vxlanPort == kPolicyType);
  const Results thirteen = at(u"13.0");
  CHECK(thirteen.setPolicy == kOk && thirteen.nestedSet == kPolicyType);
  CHECK(thirteen.l4Proxy == kPolicyType && thirteen.wfpProxy == kPolicyType);
  CHECK(thirteen.affinity == kOk && thirteen.directReturn == kOk &&
        thirteen.tierAcl == kPolicyType);
  const Results before = at(u"15.3");
  CHECK(before.modify == 0x80004001 && before.hostPort == kOk && before.networkAcl == kOk);
  Value envelope;
  CHECK(hns(u"GET", u"/accelnet/", {}, &envelope) == kOk);
  CHECK(numberOf(envelope, u"ErrorCode") == kUnsupported);
}

// Only the first schema, and the route that came with it.
void first() {
  const Scene made = makeScene();
  useVersion(u"7.1");
  char16_t* text = nullptr;
  char16_t* record = nullptr;
  CHECK(settled(HcnEnumerateNetworks(kSecond, &text, &record), record) == kUnsupported);
  CHECK(makeNetwork(natDocument()) == kUnsupported);
  CHECK(settled(HcnEnumerateNetworks(u"", &text, &record), record) == kOk);
  CHECK(contains(take(text), made.network));
  CHECK(numberOf(output(u"GET", u"/globals/version"), u"Major") == 7);
  const auto network = idOf(output(u"POST", u"/networks/", u"{\"Name\":\"old\",\"Type\":\"NAT\"}"));
  const auto list = [&](const std::u16string& ports) {
    return u"{\"VirtualNetwork\":\"" + network + u"\",\"Policies\":[{\"Type\":\"ACL\",\"Action\":" +
           u"\"Block\",\"Direction\":\"In\",\"RemotePorts\":\"" + ports + u"\"}]}";
  };
  Value envelope;
  CHECK(hns(u"POST", u"/endpoints/", list(u"80,90"), &envelope) == kPolicy);
  output(u"POST", u"/endpoints/", list(u"80"));
  CHECK(nothingOpen());
}

}  // namespace

int main() {
  newest();
  version9();
  between();
  first();
  return summary();
}
