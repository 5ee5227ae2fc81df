// HNSCall and the first schema: the rows of Microsoft's tests that use them, and what the two
// routes see of each other.
#include "../support/network-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr char16_t kNetwork[] =
    u"{\"Name\":\"GoTestNat\",\"Type\":\"NAT\",\"MacPools\":[{\"StartMacAddress\":"
    u"\"00-15-5D-52-C0-00\",\"EndMacAddress\":\"00-15-5D-52-CF-FF\"}],\"Subnets\":[{"
    u"\"AddressPrefix\":\"192.168.100.0/24\",\"GatewayAddress\":\"192.168.100.1\"}]}";

std::u16string endpointOn(const std::u16string& network) {
  return u"{\"Name\":\"GoTestNatEndpoint\",\"VirtualNetwork\":\"" + network + u"\"}";
}

// TestNetwork, TestNetworkGetAll, TestEndpoint, TestEndpointGetAll, TestEndpointStatsAll.
void oldRoute() {
  reset();
  const auto network = idOf(output(u"POST", u"/networks/", kNetwork));
  CHECK(network == upperCase(network) && network.size() == 36);
  CHECK(output(u"GET", u"/networks").items.size() == 1);
  const auto endpoint = idOf(output(u"POST", u"/endpoints/", endpointOn(network)));
  const auto path = u"/endpoints/" + endpoint;
  const Value first = output(u"GET", path);
  CHECK(textOf(first, u"IPAddress") == u"192.168.100.2");
  CHECK(textOf(first, u"GatewayAddress") == u"192.168.100.1");
  CHECK(textOf(first, u"VirtualNetworkName") == u"GoTestNat");
  const std::u16string host = u"{\"SystemType\":\"Host\",\"CompartmentId\":1}";
  output(u"POST", path + u"/attach", host);
  CHECK(numberOf(output(u"GET", path), u"State") == 2);
  Value envelope;
  CHECK(hns(u"POST", path + u"/attach", host, &envelope) == 0x803B0014);
  output(u"POST", path + u"/detach", u"{\"SystemType\":\"Host\"}");
  std::uint64_t last = 0;
  for (int i = 0; i < 3; ++i) {
    for (const Value& each : output(u"GET", u"/endpoints/").items) {
      const Value stats = output(u"GET", u"/endpointstats/" + idOf(each));
      CHECK(numberOf(stats, u"BytesReceived") > last || i == 0);
      last = numberOf(stats, u"BytesReceived");
    }
  }
  output(u"DELETE", u"/networks/" + network);  // with its endpoint
  CHECK(output(u"GET", u"/endpoints/").items.empty());
  CHECK(hns(u"DELETE", path, {}, &envelope) == kOk);
  CHECK(textOf(envelope, u"Error") == u"The endpoint was not found. ");
  CHECK(numberOf(envelope, u"ErrorCode") == 0x803B0002);
  CHECK(hns(u"GET", u"/namespaces/" + network, {}, &envelope) == kOk);
  CHECK(contains(textOf(envelope, u"Error"), u"Element not found."));
}

// A POST that conflicts fails by its status.
void conflicts() {
  reset();
  Value envelope;
  const auto network = idOf(output(u"POST", u"/networks/", kNetwork));
  CHECK(hns(u"POST", u"/networks/", kNetwork, &envelope) == 0x803B0010);
  const auto mapped =
      u"{\"VirtualNetworkName\":\"gotestnat\",\"Policies\":[{\"Type\":\"NAT\","
      u"\"Protocol\":\"TCP\",\"InternalPort\":80,\"ExternalPort\":8888}]}";
  const Value first = output(u"POST", u"/endpoints/", mapped);
  const Value& policy = listOf(first, u"Policies").items.at(0);
  CHECK(textOf(policy, u"Type") == u"NAT" && textOf(policy, u"Protocol") == u"TCP");
  CHECK(hns(u"POST", u"/endpoints/", mapped, &envelope) == 0x803B0013);
  // The other route sees it in its own schema.
  Value second;
  CHECK(endpoints.get(simulator::network::lowerCase(idOf(first)), &second) == kOk);
  CHECK(hasPolicy(second, u"PortMapping"));
  CHECK(hns(u"GET", u"/nothing", {}, &envelope) == kOk);
  CHECK(numberOf(envelope, u"ErrorCode") == 0x803B0015);
  CHECK(hns(u"POST", u"/networks/", u"{", &envelope) == 0x803B001B);
}

// TestV1Network, TestV1Endpoint: documents of the first schema given to HcnCreate….
void oldDocuments() {
  reset();
  Value network;
  CHECK(makeNetwork(kNetwork, &network) == kOk);
  CHECK(listOf(network, u"Ipams").items.size() == 1);
  Value endpoint;
  CHECK(makeEndpoint(idOf(network), endpointOn(idOf(network)), &endpoint) == kOk);
  CHECK(textOf(endpoint, u"HostComputeNetwork") == idOf(network));
  // A query without a version is answered in the first schema.
  HcnEndpoint* handle = nullptr;
  char16_t* record = nullptr;
  const GuidData named = guid(idOf(endpoint));
  CHECK(settled(HcnOpenEndpoint(&named, &handle, &record), record) == kOk);
  for (const char16_t* query : {static_cast<const char16_t*>(nullptr), u"", u"{}"}) {
    char16_t* properties = nullptr;
    char16_t* second = nullptr;
    CHECK(settled(HcnQueryEndpointProperties(handle, query, &properties, &second), second) == kOk);
    CHECK(textOf(parsed(take(properties)), u"IPAddress") == u"192.168.100.2");
  }
  CHECK(HcnCloseEndpoint(handle) == kOk && HcnCloseEndpoint(handle) == kBadHandle);
  CHECK(endpoints.drop(idOf(endpoint)) == kOk && networks.drop(idOf(network)) == kOk);
}

// A namespace of the one route, filled and deleted by the other.
void namespaceByBoth() {
  reset();
  Value space;
  CHECK(makeNamespace(kSecond, &space) == kOk);
  const auto network = idOf(output(u"POST", u"/networks/", kNetwork));
  const auto endpoint = idOf(output(u"POST", u"/endpoints/", endpointOn(network)));
  const auto path = u"/namespaces/" + upperCase(idOf(space));
  const auto resource = u"{\"Type\":\"Endpoint\",\"Data\":{\"Id\":\"" + endpoint + u"\"}}";
  const Value added = output(u"POST", path + u"/addresource", resource);
  CHECK(listOf(added, u"ResourceList").items.size() == 1);
  CHECK(namespaces.get(idOf(space), &space) == kOk);
  CHECK(listOf(space, u"Resources").items.size() == 1);
  output(u"POST", path + u"/removeresource", resource);
  output(u"DELETE", path);
  CHECK(namespaces.get(idOf(space)) == 0x80070490);
  const Value made = output(u"POST", u"/namespaces/", u"{\"IsDefault\":true}");
  CHECK(simulator::network::isTrue(made, u"IsDefault") && numberOf(made, u"CompartmentId") == 1);
}

// TestSupportedFeatures and the other 16, TestAccelnetNnvManagementMacAddresses; policy lists.
void globalsAndLists() {
  reset();
  CHECK(numberOf(output(u"GET", u"/globals/version"), u"Major") == 15);
  control(u"{\"Configure\":{\"HnsVersion\":\"9.2\"}}");
  CHECK(numberOf(output(u"GET", u"/globals/version"), u"Minor") == 2);
  CHECK(!contains(control(u"{\"Configure\":{\"HnsVersion\":\"9\"}}", false), u"\"9.2\""));
  control(u"{\"Configure\":{\"HnsVersion\":\"15.4\"}}");
  const auto count = [](const Value& list) { return listOf(list, u"MacAddressList").items.size(); };
  CHECK(count(output(u"POST", u"/accelnet/",
                     u"{\"MacAddressList\":[{\"MacAddress\":\"00-15-5D-0A-B7-C6\"},"
                     u"{\"MacAddress\":\"00-15-5D-38-01-00\"}]}")) == 2);
  CHECK(count(output(u"GET", u"/accelnet/")) == 2);
  CHECK(count(output(u"DELETE", u"/accelnet/")) == 0);
  const auto network = idOf(output(u"POST", u"/networks/", kNetwork));
  const auto endpoint = idOf(output(u"POST", u"/endpoints/", endpointOn(network)));
  const Value list = output(u"POST", u"/policylists/",
                            u"{\"References\":[\"/endpoints/" + endpoint +
                                u"\"],\"Policies\":[{\"Type\":\"ELB\",\"ExternalPort\":80}]}");
  CHECK(output(u"GET", u"/policylists/").items.size() == 1);
  CHECK(idOf(output(u"GET", u"/policylists/" + idOf(list))) == idOf(list));
  output(u"DELETE", u"/policylists/" + idOf(list));
  CHECK(output(u"GET", u"/policylists").items.empty());
}

}  // namespace

int main() {
  oldRoute();
  conflicts();
  oldDocuments();
  namespaceByBoth();
  globalsAndLists();
  return summary();
}
