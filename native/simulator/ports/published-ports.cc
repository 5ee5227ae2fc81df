#include "published-ports.h"

#include <algorithm>
#include <utility>

#include "../base/in-flight.h"

namespace hc::simulator {
namespace {

bool meet(const std::vector<std::u16string>& one, const std::vector<std::u16string>& other) {
  return std::any_of(one.begin(), one.end(), [&](const std::u16string& each) {
    return std::find(other.begin(), other.end(), each) != other.end();
  });
}

bool equal(const PortMapping& one, const PortMapping& other) {
  return one.external == other.external && one.internal == other.internal && one.udp == other.udp &&
         one.v6 == other.v6;
}

void count(std::int64_t by) {
  InFlight& inFlight = InFlight::instance();
  inFlight.change(inFlight.publishedPorts, by);
}

}  // namespace

PublishedPorts& PublishedPorts::instance() {
  static PublishedPorts& ports = *new PublishedPorts;
  return ports;
}

std::uint16_t PublishedPorts::hostPort(std::uint16_t external) const {
  const auto at = choice_.given.find(external);
  if (at != choice_.given.end()) return at->second;
  return choice_.same ? external : 0;
}

void PublishedPorts::close(PublishedPort& port) {
  if (port.program == nullptr) return;
  auto& all = port.program->published_;
  all.erase(std::remove(all.begin(), all.end(), &port), all.end());
  port.program = nullptr;
  if (port.socket) count(-1);
  port.socket.reset();
}

// Where any will do it is the one of before, if that is still free: clients find a program again
// that was started anew.
void PublishedPorts::open(PublishedPort& port, GuestPort& program) {
  const PortMapping& mapping = port.mapping;
  const std::uint16_t wanted = hostPort(mapping.external);
  if (wanted == 0 && port.last != 0) port.socket = Socket::listen(mapping.v6, port.last);
  if (!port.socket) port.socket = Socket::listen(mapping.v6, wanted);
  port.program = &program;
  program.published_.push_back(&port);
  if (!port.socket) return;
  port.last = port.socket->port();
  program.wake_->watch(*port.socket);
  program.wake_->raise();  // it waits for the others only
  count(1);
}

void PublishedPorts::settle(PublishedPort& port) {
  const auto at = std::find_if(programs_.begin(), programs_.end(), [&](const GuestPort* each) {
    return each->number_ == port.mapping.internal && meet(each->systems_, port.systems);
  });
  GuestPort* const program = port.mapping.udp || at == programs_.end() ? nullptr : *at;
  if (port.program == program) return;
  close(port);
  if (program != nullptr) open(port, *program);
}

void PublishedPorts::settleAll() {
  for (auto& [endpoint, ports] : published_)
    for (PublishedPort& port : ports) settle(port);
}

// What stays the same stays open.
void PublishedPorts::publish(const std::u16string& endpoint,
                             const std::vector<PortMapping>& mappings,
                             const std::vector<std::u16string>& systems) {
  std::lock_guard lock(mutex_);
  const auto at = published_.find(endpoint);
  if (at == published_.end() && (mappings.empty() || systems.empty())) return;
  auto& ports = at != published_.end() ? at->second : published_[endpoint];
  for (auto port = ports.begin(); port != ports.end();) {
    const bool stays = std::any_of(mappings.begin(), mappings.end(), [&](const PortMapping& each) {
      return equal(each, port->mapping);
    });
    if (!stays || systems.empty()) close(*port);
    port = stays && !systems.empty() ? std::next(port) : ports.erase(port);
  }
  for (const PortMapping& mapping : mappings) {
    if (systems.empty()) break;
    auto port = std::find_if(ports.begin(), ports.end(), [&](const PublishedPort& each) {
      return equal(each.mapping, mapping);
    });
    if (port == ports.end()) {
      port = ports.emplace(ports.end());
      port->mapping = mapping;
    }
    port->systems = systems;
    settle(*port);
  }
  if (ports.empty()) published_.erase(endpoint);
}

void PublishedPorts::clear() {
  std::lock_guard lock(mutex_);
  for (auto& [endpoint, ports] : published_)
    for (PublishedPort& port : ports) close(port);
  published_.clear();
}

bool PublishedPorts::available(const PortMapping& mapping) {
  std::lock_guard lock(mutex_);
  const std::uint16_t wanted = hostPort(mapping.external);
  return mapping.udp || wanted == 0 || Socket::listen(mapping.v6, wanted) != nullptr;
}

void PublishedPorts::choose(PortChoice choice) {
  std::lock_guard lock(mutex_);
  choice_ = std::move(choice);
}

PortChoice PublishedPorts::choice() {
  std::lock_guard lock(mutex_);
  return choice_;
}

std::shared_ptr<GuestPort> PublishedPorts::listen(std::vector<std::u16string> systems,
                                                  std::uint16_t number, bool* taken) {
  auto wake = SocketWait::make();
  *taken = false;
  if (!wake) return nullptr;
  const auto port = std::make_shared<GuestPort>(*this, std::move(systems), number, std::move(wake));
  std::lock_guard lock(mutex_);
  *taken = std::any_of(programs_.begin(), programs_.end(), [&](const GuestPort* each) {
    return each->number_ == number && each->systems_.front() == port->systems_.front();
  });
  if (*taken) return nullptr;
  programs_.push_back(port.get());
  settleAll();
  return port;
}

std::vector<PublishedPorts::Report> PublishedPorts::all() {
  std::vector<Report> reports;
  std::lock_guard lock(mutex_);
  for (const auto& [endpoint, ports] : published_)
    for (const PublishedPort& port : ports)
      reports.push_back({endpoint, port.mapping, port.systems,
                         port.socket ? port.socket->port() : std::uint16_t{0}});
  return reports;
}

GuestPort::GuestPort(PublishedPorts& ports, std::vector<std::u16string> systems,
                     std::uint16_t number, std::unique_ptr<SocketWait> wake)
    : ports_(ports), systems_(std::move(systems)), number_(number), wake_(std::move(wake)) {}

void GuestPort::stop() {
  {
    std::lock_guard lock(ports_.mutex_);
    ports_.programs_.remove(this);
    const auto published = published_;
    for (PublishedPort* const port : published) {
      PublishedPorts::close(*port);
      ports_.settle(*port);  // another program may listen there
    }
  }
  wake_->raise();
}

std::unique_ptr<Socket> GuestPort::accept() {
  std::lock_guard lock(ports_.mutex_);
  for (const PublishedPort* port : published_) {
    if (!port->socket) continue;
    auto socket = port->socket->accept();
    if (!socket) continue;
    wake_->watch(*socket);
    return socket;
  }
  return nullptr;
}

void GuestPort::wait(std::vector<SocketWait::Interest> connections,
                     std::chrono::milliseconds time) {
  {
    std::lock_guard lock(ports_.mutex_);
    for (const PublishedPort* port : published_)
      if (port->socket) connections.push_back({port->socket->handle(), false});
  }
  wake_->wait(connections, time);
}

}  // namespace hc::simulator
