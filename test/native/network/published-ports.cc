// The ports that endpoints publish: listened on while a program of a container that has the
// endpoint listens behind them, and no longer.
#if defined(_WIN32)
#include "../support/http-client.h"  // before windows.h
#endif
#include "../support/guest-client.h"
#include "../support/http-client.h"
#include "../support/network-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kPortExists = 0x803B0013;

std::u16string mapping(const char16_t* external, const std::u16string& more = {}) {
  return std::u16string(
             u"{\"Type\":\"PortMapping\",\"Settings\":{\"Protocol\":6,"
             u"\"InternalPort\":8888,\"ExternalPort\":") +
         external + more + u"}}";
}
std::u16string publishing(const std::u16string& policies) {
  return endpointDocument(u"\"Policies\":[" + policies + u"],");
}

// Where an external port is listened on; 0: it is not.
int hostPort(std::uint64_t external) {
  const Value state = parsed(control(u"{\"State\":{}}"));
  for (const Value& each : listOf(state, u"PublishedPorts").items)
    if (numberOf(each, u"ExternalPort") == external)
      return static_cast<int>(numberOf(each, u"HostPort"));
  return 0;
}
std::size_t open() {
  const Value state = parsed(control(u"{\"State\":{}}"));
  std::size_t count = 0;
  for (const Value& each : listOf(state, u"PublishedPorts").items)
    count += numberOf(each, u"HostPort") != 0 ? 1 : 0;
  const auto awaited = u"{\"Await\":{\"PublishedPorts\":" + simulator::json::decimalText(count) +
                       u",\"TimeoutMs\":0}}";
  CHECK(control(awaited) == u"{\"Reached\":true}");
  return count;
}

// A network, an endpoint that publishes port 80, and a container in a namespace with it.
struct Published {
  explicit Published(const std::u16string& policies = mapping(u"80")) {
    Value made;
    CHECK(makeNetwork(natDocument(), &made) == kOk);
    network = idOf(made);
    CHECK(makeEndpoint(network, publishing(policies), &made) == kOk);
    endpoint = idOf(made);
    CHECK(makeNamespace(kSecond, &made) == kOk);
    space = idOf(made);
    CHECK(add() == kOk);
  }
  std::u16string change(const char16_t* how) const {
    return request(u"Endpoint", how, u"{\"EndpointId\":\"" + endpoint + u"\"}");
  }
  HResult add() const { return namespaces.change(space, change(u"Add")); }
  HResult take() const { return namespaces.change(space, change(u"Remove")); }
  HcsSystem* container(const std::u16string& id) const {
    return running(id,
                   std::u16string(u"{\"SchemaVersion\":{\"Major\":2,\"Minor\":1},\"Container\":{") +
                       kStorage + u",\"Networking\":{\"Namespace\":\"" + space + u"\"}}}");
  }
  std::u16string network, endpoint, space;
};

// Listens when it is there.
struct Server : Running {
  explicit Server(HcsSystem* system, const std::string& text = "hello",
                  const std::string& port = "8888")
      : Running(system, commandLine("sim-http " + port + " " + text)) {
    CHECK(status == kOk);
    CHECK(output.readUntil("\n") == "Listening on port " + port + "\r\n");
  }
  void kill() {
    CHECK(call(HcsTerminateProcess, process) == kOk);
    CHECK(log.wait(1));
  }
};

void answers() {
  reset();
  const Published net;
  HcsSystem* system = net.container(u"a");
  CHECK(open() == 0);
  Server server(system, "hello from a container");
  const int port = hostPort(80);
  CHECK(port != 0 && open() == 1);
  CHECK(fetch(port) == "hello from a container" && fetch(port, false, "POST") == fetch(port));
  CHECK(fetch(port, false, "HEAD") == "");
  // Many at once, and some that say nothing.
  std::vector<std::thread> clients;
  std::atomic<int> good{0};
  const Connection silent(port), second(port);
  for (int i = 0; i < 20; ++i)
    clients.emplace_back([&] { good += fetch(port) == "hello from a container" ? 1 : 0; });
  for (auto& each : clients) each.join();
  CHECK(good == 20);
  // A second program cannot have the port; another system can.
  const Finished other = finish(system, "sim-http 8888 other");
  CHECK(other.code == 1 && other.error == "sim-http: port 8888 is in use\r\n");
  CHECK(finish(system, "sim-http 0").code == 2 && finish(system, "sim-http").code == 2);
  server.kill();
  CHECK(refused(port) && open() == 0);
  Server again(system);
  CHECK(hostPort(80) == port && fetch(port) == "hello");
  reset();
  CHECK(refused(port));
  nothingLeft();
}

// Each thing that a port needs closes it when it goes, and opens it when it comes back.
void comesAndGoes() {
  reset();
  const Published net;
  HcsSystem* system = net.container(u"a");
  Server server(system);
  const auto isOpen = [&] {
    const int port = hostPort(80);
    return port != 0 && fetch(port) == "hello";
  };
  CHECK(isOpen());
  int port = hostPort(80);
  CHECK(net.take() == kOk && refused(port) && !isOpen());
  CHECK(net.add() == kOk && isOpen());
  const auto policy = [&](const char16_t* how, const std::u16string& all) {
    return endpoints.change(net.endpoint, request(u"Policy", how, policies(all)));
  };
  port = hostPort(80);
  CHECK(policy(u"Add", mapping(u"81")) == kOk && open() == 2 && fetch(hostPort(81)) == "hello");
  CHECK(hostPort(80) == port);
  CHECK(policy(u"Remove", mapping(u"80")) == kOk && refused(port) && open() == 1);
  CHECK(policy(u"Update", mapping(u"80")) == kOk && open() == 1 && isOpen());
  // A container that shares the network has it too.
  HcsSystem* sharing = running(
      u"b", std::u16string(u"{\"SchemaVersion\":{\"Major\":2,\"Minor\":1},\"Container\":{") +
                kStorage + u",\"Networking\":{\"NetworkSharedContainerName\":\"a\"}}}");
  Server behind(sharing, "behind");
  CHECK(isOpen());
  port = hostPort(80);
  CHECK(call(HcsTerminateComputeSystem, system, u"") == kPending);
  CHECK(fetch(hostPort(80)) == "behind");
  CHECK(endpoints.drop(net.endpoint) == kOk && refused(port) && open() == 0);
  CHECK(call(HcsTerminateComputeSystem, sharing, u"") == kPending);
}

// Of endpoints without a namespace, of machines, of the first schema; and what ends it all.
void otherWays() {
  reset();
  Value made;
  CHECK(makeNetwork(natDocument(), &made) == kOk);
  const auto network = idOf(made);
  const auto old = idOf(output(u"POST", u"/endpoints/",
                               u"{\"VirtualNetwork\":\"" + network +
                                   u"\",\"Policies\":[{\"Type\":\"NAT\",\"Protocol\":\"TCP\","
                                   u"\"InternalPort\":8888,\"ExternalPort\":80}]}"));
  HcsSystem* first = running(u"a", container1(u"a", u",\"EndpointList\":[\"" + old + u"\"]"));
  Server one(first, "one");
  CHECK(fetch(hostPort(80)) == "one");
  CHECK(makeEndpoint(network, publishing(mapping(u"443", u",\"VIP\":\"::1\"")), &made) == kOk);
  HcsSystem* vm = running(u"vm", machine());
  const auto nic =
      u"{\"ResourcePath\":\"VirtualMachine/Devices/NetworkAdapters/nic\",\"RequestType\":"
      u"\"Add\",\"Settings\":{\"EndpointId\":\"" +
      idOf(made) + u"\"}}";
  Server inside(running(u"in", hostedIn(u"vm")), "inside");
  CHECK(open() == 1);
  CHECK(call(HcsModifyComputeSystem, vm, nic.c_str()) == kOk);
  const int six = hostPort(443);
  CHECK(fetch(six, true) == "inside" && refused(six));
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Address\":\"::1\""));
  // UDP is kept, and not listened on.
  CHECK(makeEndpoint(network,
                     publishing(u"{\"Type\":\"PortMapping\",\"Settings\":{\"Protocol\":17,"
                                u"\"InternalPort\":8888,\"ExternalPort\":53}}"),
                     &made) == kOk);
  const auto more = u"{\"ResourceType\":\"Network\",\"RequestType\":\"Add\",\"Settings\":\"" +
                    idOf(made) + u"\"}";
  CHECK(call(HcsModifyComputeSystem, first, more.c_str()) == kOk);
  CHECK(open() == 2 && contains(control(u"{\"State\":{}}"), u"\"Protocol\":\"UDP\""));
  const int port = hostPort(80);
  control(u"{\"Exit\":{\"System\":\"vm\"}}");
  CHECK(refused(six, true) && open() == 1);
  control(u"{\"RestartNetworks\":{}}");
  CHECK(refused(port) && open() == 0);
  CHECK(stateOf(first) == u"Running");
}

// A port of this machine that the control names.
void chosenPorts() {
  reset();
  CHECK(contains(control(u"{\"Configure\":{}}"), u"\"PublishedPorts\":\"any\""));
  for (const auto* bad : {u"1", u"\"80\"", u"{\"0\":1}", u"{\"80\":70000}", u"{\"x\":1}"})
    control(std::u16string(u"{\"Configure\":{\"PublishedPorts\":") + bad + u"}}", false);
  int taken = 0;
  {
    const Published net;
    Server server(net.container(u"a"));
    taken = hostPort(80);
    const auto number = simulator::json::decimalText(static_cast<std::uint64_t>(taken));
    // It is in use: by this endpoint, for any other program of the machine.
    control(u"{\"Configure\":{\"PublishedPorts\":\"same\"}}");
    CHECK(makeEndpoint(net.network, publishing(mapping(number.c_str()))) == kPortExists);
    control(u"{\"Configure\":{\"PublishedPorts\":{\"81\":" + number + u"}}}");
    CHECK(makeEndpoint(net.network, publishing(mapping(u"81"))) == kPortExists);
    CHECK(makeEndpoint(net.network, publishing(mapping(u"82"))) == kOk);
    server.kill();
    CHECK(makeEndpoint(net.network, publishing(mapping(u"81"))) == kOk);
  }
  reset();
  const auto number = simulator::json::decimalText(static_cast<std::uint64_t>(taken));
  control(u"{\"Configure\":{\"PublishedPorts\":{\"80\":" + number + u",\"81\":0}}}");
  const Published net(mapping(u"80") + u"," + mapping(u"81"));
  HcsSystem* system = net.container(u"a");
  const Server server(system);
  CHECK(hostPort(80) == taken && hostPort(81) != 0 && open() == 2);
}

// A client that hangs, sends too much, or goes, holds up nobody.
void badClients() {
  reset();
  const Published net;
  HcsSystem* system = net.container(u"a");
  Server server(system, std::string(4000, 'x'));
  const int port = hostPort(80);
  std::vector<std::unique_ptr<Connection>> idle;
  for (int i = 0; i < 100; ++i) {
    idle.push_back(std::make_unique<Connection>(port));
    CHECK(idle.back()->connected());
  }
  CHECK(fetch(port) == std::string(4000, 'x'));
  CHECK(idle.front()->read().empty());  // it has been closed for those that came later
  Connection endless(port);
  const std::string block(64 * 1024, 'a');
  for (int i = 0; i < 1000 && endless.send(block); ++i) {
  }
  CHECK(endless.read().empty());
  { Connection(port).send("GET / HTTP/1.1\r\n\r\n"); }
  Connection rude(port);
  rude.send("GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");
  CHECK(fetch(port) == std::string(4000, 'x'));
  // Connections that are open end with the program.
  Connection open(port);
  CHECK(fetch(port).has_value());
  server.kill();
  CHECK(open.read().empty() && refused(port));
}

// Programs come and go while endpoints do, on different threads.
void allAtOnce() {
  reset();
  const Published net;
  HcsSystem* system = net.container(u"a");
  std::atomic<bool> done{false};
  std::thread network([&] {
    for (int i = 0; i < 60; ++i) {
      net.take();
      net.add();
      control(u"{\"State\":{}}");
    }
    done = true;
  });
  std::thread client([&] {
    while (!done)
      if (const int port = hostPort(80); port != 0) Connection(port).send("GET / HTTP/1.1\r\n\r\n");
  });
  while (!done) {
    Running running(system, commandLine("sim-http 8888 hello"));
    if (running.process != nullptr) call(HcsTerminateProcess, running.process);
  }
  network.join();
  client.join();
  CHECK(net.take() == kOk && net.add() == kOk);
  const Server server(system);
  CHECK(fetch(hostPort(80)) == "hello");
  control(u"{\"Configure\":{\"Clock\":\"virtual\"}}");
  control(u"{\"Drain\":{}}");  // a program that listens waits
  reset();
  nothingLeft();
}

}  // namespace

int main() {
#if defined(_WIN32)
  WSADATA data;
  WSAStartup(MAKEWORD(2, 2), &data);
#endif
  answers();
  comesAndGoes();
  otherWays();
  chosenPorts();
  badClients();
  allAtOnce();
  return summary();
}
