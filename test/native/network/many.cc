// Thousands of endpoints on one network: what each costs does not grow with how many there are.
// test-network-many COUNT ... measures other counts, and only prints.
#include <algorithm>
#include <ctime>

#include "../support/network-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

// Of the processor, so that other programs do not count.
double microseconds() {
  return static_cast<double>(std::clock()) * 1e6 / static_cast<double>(CLOCKS_PER_SEC);
}

constexpr const char* kPhases[] = {"create", "add", "balance", "query", "find", "list",
                                   "close",  "old", "delete",  "drop",  "ports"};
struct Costs {
  double of[std::size(kPhases)] = {};  // each of one endpoint
};

const std::u16string kNetwork =
    u"{\"Name\":\"big\",\"Type\":\"NAT\",\"MacPool\":{\"Ranges\":[{\"StartMacAddress\":"
    u"\"00-15-5D-50-00-00\",\"EndMacAddress\":\"00-15-5D-5F-FF-FF\"}]},\"Ipams\":[{\"Subnets\":[{"
    u"\"IpAddressPrefix\":\"10.0.0.0/8\",\"Routes\":[{\"NextHop\":\"10.0.0.1\","
    u"\"DestinationPrefix\":\"0.0.0.0/0\"}]}]}],\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";

void reservePorts(const std::u16string& id, std::size_t count) {
  const GuidData named = guid(id);
  HcnGuestNetworkService* service = nullptr;
  char16_t* record = nullptr;
  CHECK(settled(HcnCreateGuestNetworkService(&named, kSecond, &service, &record), record) == kOk);
  std::vector<HcnPortReservation*> all;
  bool good = true;
  for (std::size_t i = 0; i < std::min<std::size_t>(count, 10'000); ++i) {
    PortRangeData range{};
    all.push_back(nullptr);
    good &= HcnReserveGuestNetworkServicePortRange(service, 1, &range, &all.back()) == kOk;
  }
  for (HcnPortReservation* each : all)
    good &= HcnReleaseGuestNetworkServicePortReservationHandle(each) == kOk;
  CHECK(good && HcnCloseGuestNetworkService(service) == kOk);
}

Costs measure(std::size_t count) {
  reset();
  Costs costs;
  Value made;
  CHECK(makeNetwork(kNetwork, &made) == kOk);
  const auto id = idOf(made);
  char16_t* record = nullptr;
  HcnNetwork* network = nullptr;
  const GuidData networkId = guid(id);
  CHECK(settled(HcnOpenNetwork(&networkId, &network, &record), record) == kOk);
  CHECK(makeNamespace(kSecond, &made) == kOk);
  HcnNamespace* space = nullptr;
  const GuidData spaceId = guid(idOf(made));
  CHECK(settled(HcnOpenNamespace(&spaceId, &space, &record), record) == kOk);
  std::vector<HcnEndpoint*> handles(count);
  std::vector<std::u16string> ids;
  const std::u16string ofNetwork = u"{\"VirtualNetwork\":\"" + id + u"\"}";
  const std::u16string document = endpointDocument();
  bool good = true;
  std::size_t phase = 0;
  const auto take = [&](auto&& work) {
    const double begun = microseconds();
    work();
    costs.of[phase++] = (microseconds() - begun) / static_cast<double>(count);
  };
  take([&] {
    for (auto& each : handles)
      good &= HcnCreateEndpoint(network, &kNoId, document.c_str(), &each, &record) == kOk;
  });
  ids = endpoints.list(ofNetwork);
  CHECK(ids.size() == count);
  take([&] {
    for (const auto& each : ids) {
      const auto change = request(u"Endpoint", u"Add", u"{\"EndpointId\":\"" + each + u"\"}");
      good &= HcnModifyNamespace(space, change.c_str(), &record) == kOk;
    }
  });
  take([&] {
    std::u16string all;
    for (const auto& each : ids) all += (all.empty() ? u"\"" : u",\"") + each + u"\"";
    good &= makeLoadBalancer(u"{\"HostComputeEndpoints\":[" + all +
                             u"],\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}") == kOk;
  });
  take([&] {
    for (HcnEndpoint* each : handles) {
      char16_t* properties = nullptr;
      good &= HcnQueryEndpointProperties(each, kSecond, &properties, &record) == kOk;
      CoTaskMemFree(properties);
    }
  });
  take([&] { good &= endpoints.list(u"{\"Name\":\"absent\"}").empty(); });
  take([&] { good &= endpoints.list(ofNetwork).size() == count; });
  take([&] {
    for (HcnEndpoint* each : handles) good &= HcnCloseEndpoint(each) == kOk;
  });
  take([&] { good &= output(u"GET", u"/endpoints/").items.size() == count; });
  // Out of their namespace and the load balancer too; the rest goes with the network.
  take([&] {
    for (std::size_t i = 0; i < count / 2; ++i) {
      const GuidData each = guid(ids[i]);
      good &= HcnDeleteEndpoint(&each, &record) == kOk;
    }
  });
  CHECK(HcnCloseNetwork(network) == kOk && HcnCloseNamespace(space) == kOk);
  take([&] { good &= networks.drop(id) == kOk; });
  take([&] { reservePorts(id, count); });
  CHECK(good && endpoints.list().empty() && nothingOpen());
  return costs;
}

void print(std::size_t count, const Costs& costs) {
  std::printf("%zu endpoints, microseconds each:", count);
  for (std::size_t i = 0; i < std::size(kPhases); ++i)
    std::printf(" %s %.1f", kPhases[i], costs.of[i]);
  std::printf("\n");
}

Costs best(std::size_t count, int rounds) {
  Costs costs = measure(count);
  for (int round = 1; round < rounds; ++round) {
    const Costs again = measure(count);
    for (std::size_t i = 0; i < std::size(kPhases); ++i)
      costs.of[i] = std::min(costs.of[i], again.of[i]);
  }
  print(count, costs);
  return costs;
}

}  // namespace

int main(int count, char** arguments) {
  for (int i = 1; i < count; ++i) best(std::strtoul(arguments[i], nullptr, 10), 3);
  if (count > 1) return summary();
  // Fifty times as many. Memory that is not in a cache any more costs some; a search through all of
  // them costs fifty times as much.
  const Costs few = best(200, 5);
  const Costs many = best(10'000, 1);
  for (std::size_t i = 0; i < std::size(kPhases); ++i) {
    if (CHECK(many.of[i] < 12 * few.of[i] + 2)) continue;
    std::fprintf(stderr, "%s: %.1f us of %.1f us\n", kPhases[i], many.of[i], few.of[i]);
  }
  return summary();
}
