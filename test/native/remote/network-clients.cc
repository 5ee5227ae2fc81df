// Clients of the network service in processes of their own, as CNI plugins are, one for each call:
// what one has made the next one finds, by either route, and one that is killed leaves its objects
// and no handle.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "../support/network-client.h"
#include "server-process.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

void connect(const Server& server) {
  CHECK(control(u"{\"Connect\":{\"Path\":\"" + server.path() + u"\"}}") == u"{}");
}

// In a process that begins anew, as the library has a host for as long as its process lives. It
// ends without closing anything.
pid_t begin(const std::function<void()>& work) {
  std::fflush(stdout);
  const pid_t client = fork();
  if (client != 0) return client;
  work();
  std::fflush(stderr);
  std::_Exit(failures.load() == 0 ? 0 : 1);
}

void inClient(const Server& server, const std::function<void()>& work) {
  const pid_t client = begin([&] {
    connect(server);
    work();
  });
  int status = 0;
  CHECK(waitpid(client, &status, 0) == client && status == 0);
}

template <class Opaque>
Value queried(HResult (*query)(Opaque*, const char16_t*, char16_t**, char16_t**), Opaque* handle) {
  char16_t* text = nullptr;
  char16_t* record = nullptr;
  CHECK(settled(query(handle, kSecond, &text, &record), record) == kOk);
  return parsed(take(text));
}

// The calls of an ADD of the plugin nat, in its order.
void add(const std::u16string& spaceId) {
  char16_t* record = nullptr;
  CHECK(networks.list(u"{\"Name\":\"nat\"}").empty());
  HcnNetwork* network = nullptr;
  CHECK(
      settled(HcnCreateNetwork(&kNoId, networkDocument(u"nat", u"NAT").c_str(), &network, &record),
              record) == kOk);
  const GuidData networkId = guid(idOf(queried(HcnQueryNetworkProperties, network)));
  CHECK(HcnCloseNetwork(network) == kOk);
  CHECK(endpoints.list(u"{\"Name\":\"pod_nat\"}").empty());
  CHECK(settled(HcnOpenNetwork(&networkId, &network, &record), record) == kOk);
  HcnEndpoint* endpoint = nullptr;
  const auto document =
      u"{\"Name\":\"pod_nat\",\"Policies\":[{\"Type\":\"PortMapping\",\"Settings\":{\"Protocol\":6,"
      u"\"InternalPort\":80,\"ExternalPort\":8888}}],\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";
  CHECK(settled(HcnCreateEndpoint(network, &kNoId, document, &endpoint, &record), record) == kOk);
  const Value made = queried(HcnQueryEndpointProperties, endpoint);
  CHECK(textOf(listOf(made, u"IpConfigurations").items.at(0), u"IpAddress") == u"192.168.100.2");
  CHECK(HcnCloseEndpoint(endpoint) == kOk && HcnCloseNetwork(network) == kOk);
  HcnNamespace* space = nullptr;
  const GuidData named = guid(spaceId);
  CHECK(settled(HcnOpenNamespace(&named, &space, &record), record) == kOk);
  const auto change = request(u"Endpoint", u"Add", u"{\"EndpointId\":\"" + idOf(made) + u"\"}");
  CHECK(settled(HcnModifyNamespace(space, change.c_str(), &record), record) == kOk);
  const Value within = queried(HcnQueryNamespaceProperties, space);
  const Value& resource = listOf(within, u"Resources").items.at(0);
  CHECK(textOf(objectOf(resource, u"Data"), u"Id") == upperCase(idOf(made)));
  CHECK(HcnCloseNamespace(space) == kOk);
}

// What another process finds, and takes down by the first schema's route, as a shim does.
void remove(const std::u16string& spaceId) {
  const auto networkId = networks.list(u"{\"Name\":\"nat\"}");
  const auto endpoint = endpoints.list(u"{\"Name\":\"pod_nat\"}");
  CHECK(networkId.size() == 1 && endpoint.size() == 1);
  Value found;
  CHECK(endpoints.get(endpoint[0], &found) == kOk);
  CHECK(textOf(found, u"HostComputeNamespace") == spaceId);
  CHECK(textOf(found, u"HostComputeNetwork") == networkId[0]);
  // The port and the address are taken for this process too.
  CHECK(makeNetwork(networkDocument(u"nat", u"NAT")) == 0x803B0010);
  const auto mapped =
      u"\"Policies\":[{\"Type\":\"PortMapping\",\"Settings\":{\"Protocol\":6,\"InternalPort\":80,"
      u"\"ExternalPort\":8888}}],";
  CHECK(makeEndpoint(networkId[0], endpointDocument(mapped)) == 0x803B0013);
  CHECK(contains(lastRecord, u"\"ErrorCode\":2151350291"));
  const auto path = u"/namespaces/" + upperCase(spaceId);
  output(u"POST", path + u"/removeresource",
         u"{\"Type\":\"Endpoint\",\"Data\":{\"Id\":\"" + endpoint[0] + u"\"}}");
  output(u"DELETE", path);
  output(u"DELETE", u"/endpoints/" + endpoint[0]);
  CHECK(namespaces.list().empty() && endpoints.list().empty());
}

void plugin(const Server& server) {
  std::u16string space;
  // The runtime makes the namespace, without a type, before it calls the plugin.
  inClient(server, [] { CHECK(makeNamespace(kSecond) == kOk); });
  int ends[2];
  CHECK(pipe(ends) == 0);
  inClient(server, [&] {
    const auto all = namespaces.list();
    CHECK(all.size() == 1 && all[0].size() == 36);
    if (!all.empty()) CHECK(write(ends[1], all[0].data(), 72) == 72);
  });
  space.resize(36);
  CHECK(read(ends[0], space.data(), 72) == 72);
  close(ends[0]);
  close(ends[1]);
  inClient(server, [&] { add(space); });
  inClient(server, [&] { remove(space); });
}

// Its handle and its callback end with it, its endpoint does not; a second process sees both.
void killed(const Server& server) {
  int ends[2];
  CHECK(pipe(ends) == 0);
  const pid_t client = begin([&] {
    connect(server);
    Value made;
    CHECK(makeNetwork(networkDocument(u"left", u"NAT"), &made) == kOk);
    CHECK(makeEndpoint(idOf(made), endpointDocument()) == kOk);
    HcnNetwork* open = nullptr;
    char16_t* record = nullptr;
    const GuidData named = guid(idOf(made));
    CHECK(settled(HcnOpenNetwork(&named, &open, &record), record) == kOk);
    static Log log;
    HcsRegistration* registration = nullptr;
    CHECK(HcnRegisterServiceCallback(Log::onNotification, &log, &registration) == kOk);
    const char good = failures.load() == 0 ? 1 : 0;
    CHECK(write(ends[1], &good, 1) == 1);
    pause();
  });
  char good = 0;
  CHECK(read(ends[0], &good, 1) == 1 && good == 1);
  inClient(server, [] { CHECK(contains(control(u"{\"State\":{}}"), u"\"Network\":1")); });
  kill(client, SIGKILL);
  CHECK(waitpid(client, nullptr, 0) == client);
  inClient(server, [] {
    CHECK(control(u"{\"Await\":{\"Handles\":{\"Network\":0,\"Registration\":0},\"TimeoutMs\":10000}"
                  u"}") == u"{\"Reached\":true}");
    const auto left = networks.list(u"{\"Name\":\"left\"}");
    CHECK(left.size() == 1 && endpoints.list().size() == 1);
    CHECK(networks.drop(left.at(0)) == kOk && endpoints.list().empty());
  });
  close(ends[0]);
  close(ends[1]);
}

// Ranges and entries of ports go over the connection too, and events come over it in order.
void services(const Server& server) {
  inClient(server, [] {
    Log log;
    HcsRegistration* registration = nullptr;
    CHECK(HcnRegisterServiceCallback(Log::onNotification, &log, &registration) == kOk);
    HcnGuestNetworkService* service = nullptr;
    char16_t* record = nullptr;
    const GuidData named = guid(u"0f2b19d6-2f0e-4a3a-9d53-7c1c3e0a9b11");
    CHECK(settled(HcnCreateGuestNetworkService(&named, kSecond, &service, &record), record) == kOk);
    PortRangeData range{};
    HcnPortReservation* reservation = nullptr;
    CHECK(HcnReserveGuestNetworkServicePortRange(service, 8, &range, &reservation) == kOk);
    CHECK(range.endingPort - range.startingPort == 7);
    std::uint32_t count = 0;
    PortRangeEntry* entries = nullptr;
    CHECK(HcnEnumerateGuestNetworkPortReservations(&count, &entries) == kOk && count == 1);
    CHECK(entries[0].startingPort == range.startingPort);
    CHECK(entries[0].endingPort == range.endingPort);
    CHECK(entries[0].owningPartitionId.data1 == named.data1);
    HcnFreeGuestNetworkPortReservations(entries);
    CHECK(HcnReleaseGuestNetworkServicePortReservationHandle(reservation) == kOk);
    CHECK(HcnEnumerateGuestNetworkPortReservations(&count, &entries) == kOk && count == 0);
    CHECK(settled(HcnDeleteGuestNetworkService(&named, &record), record) == kOk);
    CHECK(HcnCloseGuestNetworkService(service) == kOk);
    CHECK(log.wait(2) && log.types() == (std::vector<std::uint32_t>{0x7, 0x8}));
    control(u"{\"RestartNetworks\":{}}");
    CHECK(log.wait(3) && log.types().back() == 0x01000000);
    CHECK(HcnUnregisterServiceCallback(registration) == kOk);
    CHECK(nothingOpen());
  });
}

}  // namespace

int main() {
  const Server server;
  plugin(server);
  killed(server);
  services(server);
  return summary();
}
