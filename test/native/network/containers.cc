// Compute systems on networks: in namespaces, with endpoints of their own, as adapters of machines.
#include "../support/network-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kNotFound = 0x80070490;
constexpr HResult kEndpointNotFound = 0x803B0002;
constexpr HResult kAttached = 0x803B0014;
constexpr HResult kListsContainers = 0x803B0015;
constexpr HResult kNotAttached = 0x803B0034;
constexpr char16_t kUnknown[] = u"5f0b1190-63be-4e0c-b974-bd0f55675a42";

std::u16string network() {
  Value made;
  CHECK(makeNetwork(natDocument(), &made) == kOk);
  return idOf(made);
}
std::u16string endpointOn(const std::u16string& network) {
  Value made;
  CHECK(makeEndpoint(network, endpointDocument(), &made) == kOk);
  return idOf(made);
}
std::u16string spaceWith(const std::u16string& endpoint) {
  Value made;
  CHECK(makeNamespace(kSecond, &made) == kOk);
  CHECK(namespaces.change(idOf(made), request(u"Endpoint", u"Add",
                                              u"{\"EndpointId\":\"" + endpoint + u"\"}")) == kOk);
  return idOf(made);
}

std::u16string in(const std::u16string& networking) {
  return std::u16string(u"{\"SchemaVersion\":{\"Major\":2,\"Minor\":1},\"Container\":{") +
         kStorage + u",\"Networking\":{" + networking + u"}}}";
}
std::u16string inSpace(const std::u16string& id) { return in(u"\"Namespace\":\"" + id + u"\""); }
std::u16string sharing(const std::u16string& id) {
  return in(u"\"NetworkSharedContainerName\":\"" + id + u"\"");
}
std::u16string listing(const std::u16string& id, const std::u16string& endpoint,
                       const std::u16string& more = {}) {
  return container1(id, u",\"EndpointList\":[\"" + endpoint + u"\"]" + more);
}

Value firstOf(const std::u16string& kind, const std::u16string& id) {
  return output(u"GET", u"/" + kind + u"/" + id);
}
std::vector<std::u16string> usersOf(const std::u16string& endpoint) {
  std::vector<std::u16string> users;
  const Value found = firstOf(u"endpoints", endpoint);
  for (const Value& each : listOf(found, u"SharedContainers").items) users.push_back(each.text);
  return users;
}
std::uint64_t stateOf(const std::u16string& endpoint) {
  return numberOf(firstOf(u"endpoints", endpoint), u"State");
}
std::uint64_t compartmentOf(const std::u16string& space) {
  return numberOf(firstOf(u"namespaces", space), u"CompartmentId");
}
std::size_t containersOf(const std::u16string& space) {
  Value found;
  CHECK(namespaces.get(space, &found) == kOk);
  std::size_t count = 0;
  for (const Value& each : listOf(found, u"Resources").items)
    count += textOf(each, u"Type") == u"Container" ? 1 : 0;
  CHECK(listOf(firstOf(u"namespaces", space), u"Containers").items.size() == count);
  return count;
}
using Users = std::vector<std::u16string>;

HResult modify(HcsSystem* system, const std::u16string& text) {
  return call(HcsModifyComputeSystem, system, text.c_str());
}
void terminate(HcsSystem* system) {
  CHECK(call(HcsTerminateComputeSystem, system, u"") == kPending);
}

// The namespace lists its containers while they are there, and has a compartment while one runs.
void namespaceOfContainers() {
  reset();
  const auto endpoint = endpointOn(network());
  const auto space = spaceWith(endpoint);
  CHECK(refusal(u"a", inSpace(kUnknown)) == kNotFound);
  HcsSystem* first = create(u"a", inSpace(upperCase(space)));
  CHECK(containersOf(space) == 1 && compartmentOf(space) == 0);
  CHECK(usersOf(endpoint) == Users{u"a"} && stateOf(endpoint) == 2);
  CHECK(namespaces.drop(space) == kListsContainers);
  CHECK(call(HcsStartComputeSystem, first, u"") == kPending);
  const auto compartment = compartmentOf(space);
  CHECK(compartment > 1);
  HcsSystem* second = running(u"b", inSpace(space));
  CHECK(containersOf(space) == 2 && compartmentOf(space) == compartment);
  CHECK((usersOf(endpoint) == Users{u"a", u"b"}) && stateOf(endpoint) == 3);
  terminate(first);
  CHECK(containersOf(space) == 1 && compartmentOf(space) == compartment);
  CHECK(call(HcsShutdownComputeSystem, second, u"") == kPending);
  CHECK(containersOf(space) == 0 && compartmentOf(space) == 0);
  CHECK(usersOf(endpoint).empty());
  // One that was never started, and ends with its handle.
  HcsSystem* third = create(u"c", inSpace(space));
  CHECK(containersOf(space) == 1);
  terminate(third);
  const auto remove = request(u"Endpoint", u"Remove", u"{\"EndpointId\":\"" + endpoint + u"\"}");
  CHECK(namespaces.change(space, remove) == kOk && namespaces.drop(space) == kOk);
  CHECK(stateOf(endpoint) == 4);
}

// A create that fails, at once or later, leaves nothing on the network; nor does a crash.
void failedCreates() {
  reset();
  const auto space = spaceWith(endpointOn(network()));
  control(
      u"{\"Inject\":{\"Function\":\"vmcompute.HcsCreateComputeSystem\","
      u"\"CompletionStatus\":\"0xC0370106\"}}");
  HcsSystem* failed = create(u"a", inSpace(space));
  quiet();
  CHECK(containersOf(space) == 0 && HcsCloseComputeSystem(failed) == kOk);
  control(u"{\"Configure\":{\"Completion\":\"now\"}}");
  control(u"{\"Clear\":{}}");
  control(
      u"{\"Inject\":{\"Function\":\"vmcompute.HcsCreateComputeSystem\","
      u"\"CompletionStatus\":\"0xC0370106\"}}");
  CHECK(refusal(u"a", inSpace(space)) == 0xC0370106 && containersOf(space) == 0);
  HcsSystem* lives = create(u"a", inSpace(space));
  CHECK(call(HcsStartComputeSystem, lives, u"") == kOk && containersOf(space) == 1);
  CHECK(refusal(u"a", inSpace(space)) == kSystemExists && containersOf(space) == 1);
  control(u"{\"Exit\":{\"System\":\"a\"}}");
  CHECK(containersOf(space) == 0);
}

// Endpoints of their own: one system each, but for those that share its network.
void endpointsOfContainers() {
  reset();
  const auto net = network();
  const auto endpoint = endpointOn(net);
  const auto other = endpointOn(net);
  CHECK(refusal(u"a", listing(u"a", kUnknown)) == kEndpointNotFound);
  CHECK(refusal(u"a", listing(u"a", u"web")) == kEndpointNotFound);
  HcsSystem* first = running(u"a", listing(u"a", endpoint));
  CHECK(usersOf(endpoint) == Users{u"a"} && stateOf(endpoint) == 2);
  CHECK(refusal(u"b", listing(u"b", endpoint)) == kAttached);
  CHECK(refusal(u"b", in(u"\"NetworkAdapters\":[\"" + endpoint + u"\"]")) == kAttached);
  CHECK(refusal(u"b", sharing(u"nobody")) == kSystemNotFound);
  HcsSystem* second = running(u"b", sharing(u"a"));
  HcsSystem* third = running(u"c", container1(u"c", u",\"NetworkSharedContainerName\":\"a\""));
  CHECK((usersOf(endpoint) == Users{u"a", u"b", u"c"}) && stateOf(endpoint) == 3);
  terminate(first);
  CHECK((usersOf(endpoint) == Users{u"b", u"c"}));
  terminate(second);
  terminate(third);
  CHECK(usersOf(endpoint).empty() && stateOf(endpoint) == 4);
  // The request of schema 1, also for a container that Hyper-V isolates.
  for (const auto* more : {u"", u",\"HvPartition\":true"}) {
    HcsSystem* system = running(u"d", listing(u"d", endpoint, more));
    const auto ask = [&](const char16_t* how, const std::u16string& id) {
      return modify(system, std::u16string(u"{\"ResourceType\":\"Network\",\"RequestType\":\"") +
                                how + u"\",\"Settings\":\"" + id + u"\"}");
    };
    CHECK(ask(u"Add", kUnknown) == kEndpointNotFound && ask(u"Add", endpoint) == kAttached);
    CHECK(ask(u"Add", upperCase(other)) == kOk && usersOf(other) == Users{u"d"});
    CHECK(test::ask(HcsGetComputeSystemProperties, system,
                    u"{\"PropertyTypes\":[\"Statistics\"]}") == kOk);
    CHECK(contains(payload, upperCase(other)));
    CHECK(ask(u"Remove", other) == kOk && usersOf(other).empty());
    CHECK(ask(u"Remove", other) == kNotAttached && ask(u"Remove", kUnknown) == kEndpointNotFound);
    CHECK(ask(u"Add", other) == kOk);
    terminate(system);
    CHECK(usersOf(other).empty() && usersOf(endpoint).empty());
  }
}

void adaptersOfMachines() {
  reset();
  const auto net = network();
  const auto endpoint = endpointOn(net);
  const auto other = endpointOn(net);
  const auto with = [&](const std::u16string& id) {
    return machine(
        u",\"GuestConnection\":{},\"Devices\":{\"NetworkAdapters\":{\"nic\":{"
        u"\"EndpointId\":\"" +
        id + u"\"}}}");
  };
  CHECK(refusal(u"vm", with(kUnknown)) == kEndpointNotFound);
  HcsSystem* system = running(u"vm", with(endpoint));
  CHECK(usersOf(endpoint) == Users{u"vm"});
  const auto ask = [&](const char16_t* how, const std::u16string& nic, const std::u16string& id) {
    return modify(system, u"{\"ResourcePath\":\"VirtualMachine/Devices/NetworkAdapters/" + nic +
                              u"\",\"RequestType\":\"" + how + u"\",\"Settings\":" +
                              (id.empty() ? u"null}" : u"{\"EndpointId\":\"" + id + u"\"}}"));
  };
  CHECK(ask(u"Add", u"two", kUnknown) == kEndpointNotFound);
  CHECK(ask(u"Add", u"two", endpoint) == kAttached);
  CHECK(ask(u"Add", u"{TWO}", other) == kOk && usersOf(other) == Users{u"vm"});
  CHECK(ask(u"Add", u"{two}", endpoint) == 0x800700B7);
  CHECK(ask(u"Update", u"{two}", other) == kOk);
  CHECK(ask(u"Remove", u"{two}", {}) == kOk && usersOf(other).empty());
  CHECK(ask(u"Remove", u"{two}", {}) == kNotFound);
  // One in a namespace, as pods have it, is an adapter all the same.
  const auto third = endpointOn(net);
  spaceWith(third);
  CHECK(ask(u"Add", u"three", third) == kOk && usersOf(third) == Users{u"vm"});
  // Of an adapter whose endpoint is gone there is nothing to detach.
  CHECK(endpoints.drop(endpoint) == kOk && ask(u"Remove", u"nic", {}) == kOk);
  terminate(system);
  CHECK(usersOf(third).empty() && stateOf(third) == 2);
}

// What runs goes on without its network, which does not come back by itself. The namespace lists
// its containers for ever.
void restartUnderContainers() {
  reset();
  const auto net = network();
  const auto endpoint = endpointOn(net);
  const auto space = spaceWith(endpoint);
  const auto own = endpointOn(net);
  HcsSystem* created = create(u"a", listing(u"a", own));
  HcsSystem* system = running(u"b", inSpace(space));
  HcsSystem* vm = running(u"vm", machine());
  const auto nic = [](const std::u16string& id) {
    return u"{\"ResourcePath\":\"VirtualMachine/Devices/NetworkAdapters/nic\","
           u"\"RequestType\":\"Add\",\"Settings\":{\"EndpointId\":\"" +
           id + u"\"}}";
  };
  CHECK(modify(vm, nic(endpoint)) == kOk);
  control(u"{\"RestartNetworks\":{}}");
  CHECK(endpoints.list().empty() && containersOf(space) == 1);
  CHECK(test::stateOf(system) == u"Running");
  Log log;
  listen(created, &log);
  CHECK(call(HcsStartComputeSystem, created, u"") == kPending && log.wait(2));
  CHECK(log.events().back().status == kEndpointNotFound);
  CHECK(modify(vm, nic(endpoint)) == kEndpointNotFound);
  CHECK(usersOf(endpointOn(net)).empty());
  for (HcsSystem* each : {created, system, vm}) terminate(each);
  CHECK(containersOf(space) == 1 && namespaces.drop(space) == kListsContainers);
  const auto remove = request(u"Container", u"Remove", u"{\"ContainerId\":\"b\"}");
  CHECK(namespaces.change(space, remove) == kOk && namespaces.drop(space) == kOk);
}

// Documents of elsewhere, where what they name does not exist.
void unknownNetworks() {
  reset();
  CHECK(contains(control(u"{\"Configure\":{}}"), u"\"UnknownNetworks\":false"));
  control(u"{\"Configure\":{\"UnknownNetworks\":true}}");
  terminate(running(u"a", inSpace(kUnknown)));
  HcsSystem* old = running(u"b", listing(u"b", u"web"));
  CHECK(modify(old,
               u"{\"ResourceType\":\"Network\",\"RequestType\":\"Remove\",\"Settings\":"
               u"\"web\"}") == kOk);
  terminate(running(u"c", sharing(u"nobody")));
}

}  // namespace

int main() {
  namespaceOfContainers();
  failedCreates();
  endpointsOfContainers();
  adaptersOfMachines();
  restartUnderContainers();
  unknownNetworks();
  return summary();
}
