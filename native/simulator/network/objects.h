// What the network service keeps. Guarded by the lock of the store.
#pragma once

#include <cstdint>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "../base/in-flight.h"
#include "addresses.h"
#include "document.h"

namespace hc::simulator::network {

enum class Family : std::uint8_t { Network, Namespace, Endpoint, LoadBalancer, Route, Service };

// In the order of their numbers.
constexpr Name kNetworkTypes[] = {u"NAT",      u"ICS",        u"Transparent",   u"L2Bridge",
                                  u"L2Tunnel", u"Overlay",    u"Private",       u"Internal",
                                  u"Mirrored", u"Infiniband", u"ConstrainedICS"};
enum class NetworkType : std::uint8_t {
  Nat,
  Ics,
  Transparent,
  L2Bridge,
  L2Tunnel,
  Overlay,
  Private,
  Internal,
  Mirrored,
  Infiniband,
  ConstrainedIcs
};
constexpr Name kNamespaceTypes[] = {u"Host", u"HostDefault", u"Guest", u"GuestDefault"};

// Ids in the order in which they came, each found and taken out at once however many there are.
class Ids {
 public:
  Ids() = default;
  Ids(Ids&&) = default;
  Ids& operator=(Ids&&) = default;

  // False: it is there already.
  bool add(std::u16string id) {
    if (has(id)) return false;
    inOrder_.push_back(std::move(id));
    byId_.emplace(inOrder_.back(), std::prev(inOrder_.end()));
    return true;
  }
  bool has(const std::u16string& id) const { return byId_.count(id) != 0; }
  // False: it is not there.
  bool remove(const std::u16string& id) {
    const auto at = byId_.find(id);
    if (at == byId_.end()) return false;
    inOrder_.erase(at->second);
    byId_.erase(at);
    return true;
  }
  void clear() {
    byId_.clear();
    inOrder_.clear();
  }
  bool empty() const { return inOrder_.empty(); }
  std::size_t size() const { return inOrder_.size(); }
  auto begin() const { return inOrder_.begin(); }
  auto end() const { return inOrder_.end(); }

 private:
  std::list<std::u16string> inOrder_;
  std::unordered_map<std::u16string, std::list<std::u16string>::iterator> byId_;
};

// What all have. The document is of the second schema, with what the service has added; "ID" and
// what changes by itself are written when it is read.
struct Object {
  std::u16string id;
  Value document;
  CallSite site;
};

struct Subnet {
  std::u16string id;
  Prefix prefix;
  std::optional<Address> gateway;
  bool reservesGateway = true;
  std::uint64_t next = 0;  // the number of the address that is tried first
};

struct Network : Object {
  NetworkType type = NetworkType::Nat;
  std::vector<Subnet> subnets;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> macs;  // ranges, both ends in them
  std::size_t macRange = 0;                                   // where the next comes from
  std::uint64_t nextMac = 0;
  std::unordered_set<std::u16string> taken;  // addresses and MAC addresses of its endpoints
  Ids endpoints;
};

// As the first schema numbers it.
enum class EndpointState : std::uint8_t {
  Created = 1,
  Attached = 2,
  AttachedSharing = 3,
  Detached = 4
};

struct Endpoint : Object {
  std::u16string network;
  std::u16string space;  // the namespace that it is in; empty: none
  std::vector<std::u16string> addresses;
  std::u16string mac;
  std::vector<std::u16string> ports;  // "6/8888" of its mappings
  EndpointState state = EndpointState::Created;
  // What it is attached to by itself: "Host", a machine, a container and those that share its
  // network.
  std::vector<std::u16string> attachedTo;
  std::uint64_t queries = 0;  // of its statistics
};

// What a compute system has of the service. The compute service keeps it with the system, and hands
// it to the store when the system is created, starts and ends.
struct Attachment {
  std::u16string system;                  // its id
  std::u16string space;                   // the namespace that it is in; empty: none
  std::vector<std::u16string> endpoints;  // its own, as its document names them
  std::uint64_t starts = 0;               // of the service, when it was attached
};

struct Namespace : Object {
  std::uint8_t type = 0;
  std::uint64_t number = 0;
  std::uint64_t compartment = 0;  // 0 until it has one
  bool opened = false;            // the compartment was made for its containers, and ends with them
  Ids endpoints;
  Ids containers;
};

// A load balancer, a route, or a policy list: a document that names endpoints, which are written
// into it when it is read.
struct Referrer : Object {
  Ids endpoints;
};

struct GuestService : Object {
  std::u16string state = u"Created";
};

// Objects of a kind by id, and in the order of their creation.
template <class T>
class Table {
 public:
  T* find(const std::u16string& id) {
    const auto at = byId_.find(id);
    return at == byId_.end() ? nullptr : at->second->second.get();
  }
  T& add(T object) {
    const auto at = inOrder_.emplace(++last_, std::make_unique<T>(std::move(object))).first;
    byId_.emplace(at->second->id, at);
    return *at->second;
  }
  void erase(const std::u16string& id) {
    const auto at = byId_.find(id);
    if (at == byId_.end()) return;
    inOrder_.erase(at->second);
    byId_.erase(at);
  }
  void clear() {
    inOrder_.clear();
    byId_.clear();
  }
  std::size_t size() const { return inOrder_.size(); }
  template <class Visitor>
  void each(const Visitor& visit) {
    for (auto& [order, object] : inOrder_) visit(*object);
  }

 private:
  using InOrder = std::map<std::uint64_t, std::unique_ptr<T>>;
  InOrder inOrder_;
  std::unordered_map<std::u16string, typename InOrder::iterator> byId_;
  std::uint64_t last_ = 0;
};

}  // namespace hc::simulator::network
