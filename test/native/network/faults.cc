// Rules about the network service, on both routes: which calls they meet, what happens just before
// a call, the shape of what a client gets; and a restart of the service.
#include "../support/network-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kGone = 0x803B0002;
constexpr HResult kStopped = 0x80070426;
constexpr HResult kReserved = 0x803B002F;
constexpr HResult kUnsupported = 0x803B0015;

void inject(const std::u16string& function, const std::u16string& members) {
  control(u"{\"Inject\":{\"Function\":\"" + function + u"\"," + members + u"}}");
}

std::u16string record(const std::u16string& text, std::uint32_t code) {
  return u"{\"Success\":false,\"Error\":\"" + text + u" \",\"ErrorCode\":" +
         simulator::json::decimalText(code) + u"}";
}

std::u16string network() {
  Value made;
  CHECK(makeNetwork(natDocument(), &made) == kOk);
  return idOf(made);
}

std::u16string endpointOf(const std::u16string& network) {
  Value made;
  CHECK(makeEndpoint(network, endpointDocument(), &made) == kOk);
  return idOf(made);
}

// By the id of the object, in either case; the second call is not met.
void byObject() {
  reset();
  const auto on = network();
  const auto one = endpointOf(on);
  const auto two = endpointOf(on);
  inject(u"computenetwork.HcnOpenEndpoint",
         u"\"Object\":\"" + upperCase(two) + u"\",\"Status\":\"0x80070022\"");
  CHECK(endpoints.get(one) == kOk && endpoints.get(two) == 0x80070022);
  CHECK(lastRecord == record(u"The wrong diskette is in the drive. Insert %2 (Volume Serial "
                             u"Number: %3) into drive %1.",
                             0x80070022));
  CHECK(endpoints.get(two) == kOk);
  // A close is one of a handle, which is of an object.
  inject(u"HcnCloseEndpoint", u"\"Object\":\"" + one + u"\",\"Status\":\"0x80070006\"");
  HcnEndpoint* handle = nullptr;
  char16_t* text = nullptr;
  const GuidData named = guid(one);
  CHECK(settled(HcnOpenEndpoint(&named, &handle, &text), text) == kOk);
  CHECK(HcnCloseEndpoint(handle) == kBadHandle && HcnCloseEndpoint(handle) == kOk);
  CHECK(nothingOpen());
}

// HNSCall by its method and path. A failure is an answer, but for a POST, and but for a service
// that is not there.
void byRequest() {
  reset();
  const auto on = network();
  const auto one = upperCase(endpointOf(on));
  const auto two = upperCase(endpointOf(on));
  Value envelope;
  inject(u"vmcompute.HNSCall", u"\"Request\":\"get /endpoints/*\",\"Status\":\"0x803B0017\"");
  CHECK(output(u"GET", u"/endpoints").items.size() == 2);
  CHECK(hns(u"GET", u"/endpoints/" + one + u"/", {}, &envelope) == kOk);
  CHECK(numberOf(envelope, u"ErrorCode") == 0x803B0017);
  output(u"GET", u"/endpoints/" + one);
  inject(u"HNSCall", u"\"Request\":\"POST /networks\",\"Status\":\"0x803B0006\"");
  CHECK(hns(u"POST", u"/networks/", u"{\"Name\":\"n\",\"Type\":\"Transparent\"}", &envelope) ==
        0x803B0006);
  CHECK(envelope.items.empty() && output(u"GET", u"/networks").items.size() == 1);
  inject(u"HNSCall", u"\"Object\":\"" + two + u"\",\"Status\":\"0x80070426\"");
  output(u"GET", u"/endpoints/" + one);
  CHECK(hns(u"GET", u"/endpoints/" + two, {}, &envelope) == kStopped && envelope.items.empty());
  // An answer to the letter.
  inject(u"HNSCall", u"\"Properties\":\"{\\\"Success\\\":true,\\\"Output\\\":[1,2,3]}\"");
  CHECK(output(u"GET", u"/endpoints").items.size() == 3);
  // What would do nothing is refused.
  const std::u16string refused[] = {
      u"\"Function\":\"HNSCall\",\"Result\":\"\"",
      u"\"Function\":\"HNSCall\",\"System\":\"a\"",
      u"\"Function\":\"HcnOpenNetwork\",\"Request\":\"GET /networks\"",
      u"\"Function\":\"HcnEnumerateNetworks\",\"Object\":\"a\"",
      u"\"Function\":\"HcnEnumerateNetworks\",\"Before\":\"deleted\"",
      u"\"Function\":\"HcnOpenNetwork\",\"Before\":\"left-behind\"",
      u"\"Function\":\"HcsStartComputeSystem\",\"Before\":\"deleted\"",
      u"\"Function\":\"HcsStartComputeSystem\",\"Object\":\"a\"",
  };
  for (const auto& rule : refused)
    CHECK(contains(control(u"{\"Inject\":{" + rule + u"}}", false), u"\"Error\""));
}

// Another client deletes it between the enumeration and the opening.
void goneInBetween() {
  reset();
  const auto on = network();
  const auto one = endpointOf(on);
  const auto two = endpointOf(on);
  inject(u"HcnOpenEndpoint", u"\"Object\":\"" + one + u"\",\"Before\":\"deleted\"");
  std::size_t found = 0;
  for (const auto& id : endpoints.list()) {
    const HResult status = endpoints.get(id);
    CHECK(status == (id == one ? kGone : kOk));
    if (status == kOk) ++found;
  }
  CHECK(found == 1 && endpoints.list() == std::vector{two});  // it stays gone
  // While a handle is open.
  inject(u"HcnModifyEndpoint", u"\"Before\":\"deleted\"");
  HcnEndpoint* handle = nullptr;
  char16_t* text = nullptr;
  const GuidData named = guid(two);
  CHECK(settled(HcnOpenEndpoint(&named, &handle, &text), text) == kOk);
  const auto change = request(u"Policy", u"Update", policies(u""));
  CHECK(settled(HcnModifyEndpoint(handle, change.c_str(), &text), text) == kGone);
  CHECK(HcnCloseEndpoint(handle) == kOk);
  inject(u"HcnDeleteNetwork", u"\"Before\":\"deleted\"");
  CHECK(networks.drop(on) == 0x803B0001);
  CHECK(lastRecord == record(u"The network was not found.", 0x803B0001));
  CHECK(networks.list().empty());
  // A namespace, with all that is in it.
  Value space;
  const auto again = network();
  const auto within = endpointOf(again);
  CHECK(makeNamespace(kSecond, &space) == kOk);
  const auto id = idOf(space);
  const auto settings = u"{\"EndpointId\":\"" + within + u"\"}";
  CHECK(namespaces.change(id, request(u"Endpoint", u"Add", settings)) == kOk);
  Value envelope;
  inject(u"HNSCall", u"\"Request\":\"GET /namespaces/*\",\"Before\":\"deleted\"");
  CHECK(hns(u"GET", u"/namespaces/" + id, {}, &envelope) == kOk);
  CHECK(contains(textOf(envelope, u"Error"), u"Element not found."));
  CHECK(namespaces.list().empty() && endpoints.get(within, &space) == kOk);
  CHECK(textOf(space, u"HostComputeNamespace") == simulator::network::kZeroGuid);
  CHECK(nothingOpen());
}

// An endpoint that a crash has left behind holds the address, until somebody deletes it.
void addressLeftBehind() {
  reset();
  const auto on = network();
  const auto pinned = endpointDocument(
      u"\"IpConfigurations\":[{\"IpAddress\":\"192.168.100.77\",\"PrefixLength\":24}],");
  inject(u"HcnCreateEndpoint", u"\"Before\":\"left-behind\"");
  CHECK(makeEndpoint(on, pinned) == kReserved);
  CHECK(lastRecord == record(u"The IP address provided is invalid or reserved.", kReserved));
  CHECK(makeEndpoint(on, pinned) == kReserved);
  const auto stale = endpoints.list(u"{\"VirtualNetwork\":\"" + on + u"\"}");
  CHECK(stale.size() == 1 && endpoints.drop(stale[0]) == kOk);
  CHECK(makeEndpoint(on, pinned) == kOk);
  // By the other route.
  Value envelope;
  const auto first = u"{\"VirtualNetwork\":\"" + on + u"\",\"IPAddress\":\"192.168.100.78\"}";
  inject(u"HNSCall", u"\"Request\":\"POST /endpoints\",\"Before\":\"left-behind\"");
  CHECK(hns(u"POST", u"/endpoints/", first, &envelope) == kReserved);
  CHECK(output(u"GET", u"/endpoints").items.size() == 2);
  // Without an address there is only one more endpoint.
  inject(u"HcnCreateEndpoint", u"\"Before\":\"left-behind\"");
  CHECK(makeEndpoint(on, endpointDocument()) == kOk && endpoints.list().size() == 4);
  CHECK(nothingOpen());
}

void deadContainer() {
  reset();
  Value space;
  CHECK(makeNamespace(kSecond, &space) == kOk);
  const auto id = idOf(space);
  inject(u"HcnDeleteNamespace", u"\"Before\":\"left-behind\"");
  CHECK(namespaces.drop(id) == kUnsupported && namespaces.drop(id) == kUnsupported);
  CHECK(namespaces.get(id, &space) == kOk);
  const Value& resources = listOf(space, u"Resources");
  CHECK(resources.items.size() == 1 && textOf(resources.items[0], u"Type") == u"Container");
  const auto container = textOf(objectOf(resources.items[0], u"Data"), u"Id");
  const auto remove = request(u"Container", u"Remove", u"{\"ContainerId\":\"" + container + u"\"}");
  CHECK(namespaces.change(id, remove) == kOk && namespaces.drop(id) == kOk);
  const auto path = u"/namespaces/" + idOf(output(u"POST", u"/namespaces/", u"{}"));
  inject(u"HNSCall", u"\"Request\":\"DELETE /namespaces/*\",\"Before\":\"left-behind\"");
  Value envelope;
  CHECK(hns(u"DELETE", path, {}, &envelope) == kOk);
  CHECK(numberOf(envelope, u"ErrorCode") == kUnsupported);
}

// A call that is refused has done nothing, and gives nothing but its record.
void refusals() {
  reset();
  inject(u"HcnCreateNetwork", u"\"Status\":\"0x803B0006\"");
  CHECK(makeNetwork(natDocument()) == 0x803B0006 && networks.list().empty());
  inject(u"HcnEnumerateNetworks", u"\"Status\":\"0x80070426\",\"Count\":0");
  char16_t* found = nullptr;
  char16_t* text = nullptr;
  CHECK(settled(HcnEnumerateNetworks(kSecond, &found, &text), text) == kStopped);
  CHECK(found == nullptr && lastRecord == record(u"The service has not been started.", kStopped));
  control(u"{\"Clear\":{}}");
  CHECK(networks.list().empty() && nothingOpen());
}

// Networks and namespaces stay, with dead containers; endpoints are gone, and addresses free.
void restart() {
  reset();
  Log log;
  HcsRegistration* registration = nullptr;
  CHECK(HcnRegisterServiceCallback(Log::onNotification, &log, &registration) == kOk);
  const auto on = network();
  const auto pinned = endpointDocument(
      u"\"IpConfigurations\":[{\"IpAddress\":\"192.168.100.77\",\"PrefixLength\":24}],");
  Value made;
  CHECK(makeEndpoint(on, pinned, &made) == kOk);
  const auto endpoint = idOf(made);
  CHECK(makeNamespace(kSecond, &made) == kOk);
  const auto id = idOf(made);
  const auto settings = u"{\"EndpointId\":\"" + endpoint + u"\"}";
  CHECK(namespaces.change(id, request(u"Endpoint", u"Add", settings)) == kOk);
  CHECK(namespaces.change(id, request(u"Container", u"Add", u"{\"ContainerId\":\"c\"}")) == kOk);
  HcnNetwork* open = nullptr;
  char16_t* text = nullptr;
  const GuidData named = guid(on);
  CHECK(settled(HcnOpenNetwork(&named, &open, &text), text) == kOk);
  control(u"{\"RestartNetworks\":{}}");
  char16_t* properties = nullptr;
  CHECK(settled(HcnQueryNetworkProperties(open, kSecond, &properties, &text), text) == 0x800706EF);
  CHECK(HcnCloseNetwork(open) == kOk);
  CHECK(log.wait(4));
  CHECK(log.types() == (std::vector<std::uint32_t>{0x1, 0x2, 0x5, 0x01000000}));
  CHECK(networks.get(on) == kOk && endpoints.get(endpoint) == kGone);
  CHECK(namespaces.get(id, &made) == kOk);
  const Value& resources = listOf(made, u"Resources");
  CHECK(resources.items.size() == 1 && textOf(resources.items[0], u"Type") == u"Container");
  CHECK(namespaces.drop(id) == kUnsupported);
  CHECK(makeEndpoint(on, pinned) == kOk);
  CHECK(HcnUnregisterServiceCallback(registration) == kOk);
  CHECK(nothingOpen());
}

}  // namespace

int main() {
  byObject();
  byRequest();
  goneInBetween();
  addressLeftBehind();
  deadContainer();
  refusals();
  restart();
  return summary();
}
