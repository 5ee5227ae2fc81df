// Guest network services with the ports that are reserved for them, and the notifications of the
// network service, in the order of what happened.
#include "../support/network-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kPortTaken = 0x803B0013;
constexpr HResult kNotFound = 0x80070490;
constexpr std::uint32_t kTcp = 1;
constexpr std::uint32_t kUdp = 2;
constexpr std::uint32_t kBoth = 3;
constexpr std::uint32_t kExclusive = 1;
constexpr std::uint32_t kShared = 2;
constexpr char16_t kMachine[] = u"0f2b19d6-2f0e-4a3a-9d53-7c1c3e0a9b11";

HcnGuestNetworkService* makeService(const std::u16string& id = kMachine) {
  HcnGuestNetworkService* service = nullptr;
  char16_t* record = nullptr;
  const GuidData named = guid(id);
  const auto document =
      u"{\"VirtualMachineId\":\"" + id +
      u"\",\"MirrorHostNetworking\":true,\"SchemaVersion\":{\"Major\":2,\"Minor\":16}}";
  CHECK(settled(HcnCreateGuestNetworkService(&named, document.c_str(), &service, &record),
                record) == kOk);
  return service;
}

HResult setState(HcnGuestNetworkService* service, const std::u16string& state) {
  char16_t* record = nullptr;
  const auto document = request(u"State", u"Update", u"{\"State\":\"" + state + u"\"}");
  return settled(HcnModifyGuestNetworkService(service, document.c_str(), &record), record);
}

HResult drop(const std::u16string& id = kMachine) {
  char16_t* record = nullptr;
  const GuidData named = guid(id);
  return settled(HcnDeleteGuestNetworkService(&named, &record), record);
}

struct Entries {
  std::uint32_t count = 0;
  PortRangeEntry* all = nullptr;
  Entries() { CHECK(HcnEnumerateGuestNetworkPortReservations(&count, &all) == kOk); }
  ~Entries() { HcnFreeGuestNetworkPortReservations(all); }
  Entries(const Entries&) = delete;
  Entries& operator=(const Entries&) = delete;
};

// The order in which WSL goes about it: created, watched, bootstrapping, synchronized, and back.
void lifecycle() {
  reset();
  Log log;
  HcnGuestNetworkService* const service = makeService();
  HcsRegistration* registration = nullptr;
  CHECK(HcnRegisterGuestNetworkServiceCallback(service, Log::onNotification, &log, &registration) ==
        kOk);
  for (const auto* state : {u"Bootstrapping", u"Synchronized"})
    CHECK(setState(service, state) == kOk);
  CHECK(setState(service, u"Nonsense") == kBadArgument);
  CHECK(log.wait(2));
  const auto events = log.events();
  CHECK(events.size() == 2 && events[0].type == 0x11 && events[0].status == kOk);
  const Value data = parsed(events[1].data);
  CHECK(idOf(data) == kMachine);
  CHECK(textOf(objectOf(data, u"Data"), u"State") == u"Synchronized");
  CHECK(member(objectOf(data, u"Data"), u"Interfaces") != nullptr);
  char16_t* properties = nullptr;
  char16_t* record = nullptr;
  CHECK(settled(HcnQueryGuestNetworkServiceProperties(service, kSecond, &properties, &record),
                record) == kOk);
  const Value found = parsed(take(properties));
  CHECK(textOf(found, u"State") == u"Synchronized" && idOf(found) == kMachine);
  char16_t* list = nullptr;
  CHECK(settled(HcnEnumerateGuestNetworkServices(u"", &list, &record), record) == kOk);
  CHECK(contains(take(list), kMachine));
  CHECK(HcnUnregisterGuestNetworkServiceCallback(registration) == kOk);
  CHECK(HcnUnregisterGuestNetworkServiceCallback(registration) == kBadHandle);
  CHECK(drop() == kOk && drop() == kNotFound);
  CHECK(setState(service, u"Paused") == kNotFound);
  CHECK(HcnCloseGuestNetworkService(service) == kOk);
  CHECK(HcnCloseGuestNetworkService(service) == kBadHandle);
  // No record is asked for, as WSL does not.
  HcnGuestNetworkService* const again = makeService();
  CHECK(HcnModifyGuestNetworkService(
            again, request(u"State", u"Update", u"{\"State\":\"Paused\"}").c_str(), nullptr) ==
        kOk);
  CHECK(drop() == kOk && HcnCloseGuestNetworkService(again) == kOk);
  CHECK(nothingOpen());
}

void ports() {
  reset();
  HcnGuestNetworkService* const service = makeService();
  const auto reserve = [&](std::uint32_t protocol, std::uint32_t access, std::uint16_t port,
                           HcnPortReservation** made) {
    return HcnReserveGuestNetworkServicePort(service, protocol, access, port, made);
  };
  HcnPortReservation* tcp = nullptr;
  HcnPortReservation* udp = nullptr;
  HcnPortReservation* other = nullptr;
  CHECK(reserve(kTcp, kExclusive, 8080, &tcp) == kOk);
  CHECK(reserve(kUdp, kExclusive, 8080, &udp) == kOk);
  CHECK(reserve(kBoth, kExclusive, 8080, &other) == kPortTaken && other == nullptr);
  CHECK(reserve(kTcp, kShared, 8080, &other) == kPortTaken);
  for (const std::uint32_t wrong : {0u, 4u}) {
    CHECK(reserve(wrong, kExclusive, 1, &other) == kBadArgument);
    CHECK(reserve(kTcp, wrong, 1, &other) == kBadArgument);
  }
  CHECK(reserve(kTcp, kExclusive, 0, &other) == kBadArgument);
  // mDNS: as many as like share it, and nobody has it alone.
  HcnPortReservation* shared[2] = {};
  for (auto& each : shared) CHECK(reserve(kUdp, kShared, 5353, &each) == kOk);
  CHECK(reserve(kUdp, kExclusive, 5353, &other) == kPortTaken);
  {
    const Entries entries;
    CHECK(entries.count == 4);
    const PortRangeEntry& first = entries.all[0];
    CHECK(first.startingPort == 8080 && first.endingPort == 8080 && first.protocol == kTcp);
    CHECK(first.owningPartitionId.data1 == 0x0f2b19d6 && first.sharingFlags == kExclusive);
  }
  CHECK(HcnReleaseGuestNetworkServicePortReservationHandle(tcp) == kOk);
  CHECK(HcnReleaseGuestNetworkServicePortReservationHandle(tcp) == kBadHandle);
  CHECK(reserve(kTcp, kExclusive, 8080, &tcp) == kOk);
  for (HcnPortReservation* each : {tcp, udp, shared[0], shared[1]})
    CHECK(HcnReleaseGuestNetworkServicePortReservationHandle(each) == kOk);
  CHECK(Entries().count == 0 && Entries().all == nullptr);
  CHECK(drop() == kOk && HcnCloseGuestNetworkService(service) == kOk);
  CHECK(reserve(kTcp, kExclusive, 1, &tcp) == kBadHandle);
  CHECK(nothingOpen());
}

// Ranges lie side by side, come again when they are free, and leave out what is taken.
void portRanges() {
  reset();
  HcnGuestNetworkService* const service = makeService();
  const auto reserve = [&](std::uint16_t count, PortRangeData* range, HcnPortReservation** made) {
    return HcnReserveGuestNetworkServicePortRange(service, count, range, made);
  };
  PortRangeData one{};
  PortRangeData two{};
  HcnPortReservation* first = nullptr;
  HcnPortReservation* second = nullptr;
  CHECK(reserve(100, &one, &first) == kOk && one.endingPort - one.startingPort == 99);
  CHECK(reserve(10, &two, &second) == kOk && two.startingPort > one.endingPort);
  HcnPortReservation* within = nullptr;
  CHECK(HcnReserveGuestNetworkServicePort(service, kTcp, kExclusive, two.startingPort, &within) ==
        kPortTaken);
  CHECK(HcnReleaseGuestNetworkServicePortReservationHandle(first) == kOk);
  PortRangeData again{};
  CHECK(reserve(100, &again, &first) == kOk && again.startingPort == one.startingPort);
  HcnPortReservation* none = nullptr;
  CHECK(reserve(0, &again, &none) == kBadArgument && reserve(60000, &again, &none) == kPortTaken);
  CHECK(none == nullptr && Entries().count == 2);
  for (HcnPortReservation* each : {first, second})
    CHECK(HcnReleaseGuestNetworkServicePortReservationHandle(each) == kOk);
  CHECK(drop() == kOk && HcnCloseGuestNetworkService(service) == kOk);
  CHECK(nothingOpen());
}

// What the service tells, in order, to each that listens: before a network is made and deleted, and
// after; of namespaces and of guest network services.
void notifications() {
  reset();
  Log one;
  Log two;
  HcsRegistration* registrations[2] = {};
  CHECK(HcnRegisterServiceCallback(Log::onNotification, &one, &registrations[0]) == kOk);
  CHECK(HcnRegisterServiceCallback(Log::onNotification, &two, &registrations[1]) == kOk);
  CHECK(HcnRegisterServiceCallback(nullptr, nullptr, &registrations[1]) == kBadArgument);
  CHECK(registrations[1] == nullptr);
  Value made;
  CHECK(makeNetwork(natDocument(), &made) == kOk);
  const auto network = idOf(made);
  CHECK(makeEndpoint(network, endpointDocument()) == kOk);  // nobody is told of endpoints
  CHECK(makeNetwork(natDocument()) == 0x803B0010);          // nor of what fails
  CHECK(makeNamespace(kSecond, &made) == kOk);
  const auto space = idOf(made);
  HcnGuestNetworkService* const service = makeService();
  CHECK(setState(service, u"Synchronized") == kOk);
  CHECK(drop() == kOk && HcnCloseGuestNetworkService(service) == kOk);
  output(u"DELETE", u"/namespaces/" + space);  // by the other route
  CHECK(networks.drop(network) == kOk);
  const std::vector<std::uint32_t> all{0x1, 0x2, 0x5, 0x7, 0x8, 0x6, 0x3, 0x4};
  for (Log* log : {&one, &two}) {
    CHECK(log->wait(all.size()) && log->types() == all);
    const std::u16string ids[] = {network,  network, space,   kMachine,
                                  kMachine, space,   network, network};
    std::size_t at = 0;
    for (const auto& event : log->events()) CHECK(idOf(parsed(event.data)) == ids[at++]);
  }
  CHECK(HcnUnregisterServiceCallback(registrations[0]) == kOk);
  CHECK(makeNetwork(natDocument()) == kOk);
  CHECK(two.wait(all.size() + 2) && one.types() == all);
  control(u"{\"Reset\":{}}");
  CHECK(HcnUnregisterServiceCallback(registrations[0]) == kBadHandle);
  CHECK(nothingOpen());
}

}  // namespace

int main() {
  lifecycle();
  ports();
  portRanges();
  notifications();
  return summary();
}
