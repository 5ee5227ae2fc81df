// The network service: what its functions and HNSCall do. One lock guards all of it: a call holds
// it from its begin to its end (enter), and what is below runs with it held, unless it says
// otherwise.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "../../abi/hcn.h"
#include "../base/in-flight.h"
#include "../base/outcome.h"
#include "../faults/fault-rules.h"
#include "../faults/seeded-random.h"
#include "../notifications/notification-queue.h"
#include "features.h"
#include "objects.h"
#include "policies.h"
#include "port-usage.h"

namespace hc::simulator::network {

using HandleNumber = std::uint64_t;

class Store {
 public:
  // Never destroyed: threads may be inside it when the process ends.
  static Store& instance();

  // Without the lock: a call of a client. It ends with E_ABORT when there was a Reset meanwhile.
  Outcome enter(std::uint64_t epoch, CallSite site, const std::function<Outcome()>& body);

  // The functions of a family, by handle or by id.
  Outcome enumerate(Family family, const char16_t* query);
  Outcome create(Family family, HandleNumber owner, const GuidData* id, const char16_t* settings,
                 HandleNumber* handle);
  Outcome open(Family family, const GuidData* id, HandleNumber* handle);
  Outcome modify(Family family, HandleNumber handle, const char16_t* settings);
  Outcome query(Family family, HandleNumber handle, const char16_t* query);
  Outcome remove(Family family, const GuidData* id);
  Outcome close(Family family, HandleNumber handle);
  Outcome statistics(HandleNumber endpoint);
  Outcome addresses(HandleNumber endpoint);
  Outcome call(Name method, Name path, const char16_t* object);  // HNSCall

  Outcome subscribe(NotificationCallback callback, void* context, HandleNumber* registration);
  Outcome subscribeGuest(HandleNumber service, NotificationCallback callback, void* context,
                         HandleNumber* registration);
  // Without the lock: they wait for a callback that runs. The second is for all of a service.
  Outcome unsubscribe(HandleNumber registration, const char* function);
  void unsubscribeAll(HandleNumber service, const char* function);

  Outcome reservePort(HandleNumber service, std::uint32_t protocol, std::uint32_t access,
                      std::uint16_t port, HandleNumber* reservation);
  Outcome reservePorts(HandleNumber service, std::uint16_t count, PortRangeData* range,
                       HandleNumber* reservation);
  Outcome releasePorts(HandleNumber reservation);
  std::vector<PortRangeEntry> reservations();

  // For rules: what is done just before a call, on an object by its id or a handle, before a create
  // of an endpoint, and before HNSCall.
  void provoke(Before before, Family family, const std::u16string& id);
  void provoke(Before before, Family family, HandleNumber handle);
  void provokeCreate(Before before, HandleNumber network, const char16_t* settings);
  void provokeCall(Before before, Name method, Name path, const char16_t* object);

  // Without the lock: for the compute service, which may hold its own. A system takes its place on
  // the network, all of it or nothing, when it is created; has it checked when it starts; and gives
  // it up when it ends. An endpoint may also come and go while it lives.
  struct Joining {
    bool shares = false;        // the network of another container
    bool takesUnknown = false;  // leaves out what does not exist
  };
  HResult join(Attachment& wanted, Joining how);
  HResult start(const Attachment& joined, bool takesUnknown);
  void leave(const Attachment& joined);
  HResult plug(const std::u16string& system, const std::u16string& endpoint);
  HResult unplug(const std::u16string& system, const std::u16string& endpoint);

  // Without the lock. The id of what a handle is of, for rules and the trace; empty when it is
  // unknown.
  std::u16string idOf(HandleNumber handle);
  // Without the lock: for the control.
  void setVersion(Version version);
  Version version();
  // What it returns may still be running: the caller stops it, without any lock.
  std::vector<std::shared_ptr<Registration>> reset();
  // The service restarts, under containers that run: every registration is notified of the loss,
  // every handle is stale, and endpoints and what refers to them are gone. Networks stay, and
  // namespaces with the containers in them.
  void restart();
  struct Counts {
    std::size_t networks, endpoints, namespaces, loadBalancers, routes, services;
  };
  Counts counts();

 private:
  struct Handle {
    Family family;
    std::u16string id;
    bool stale = false;
  };
  struct Registered {
    std::shared_ptr<NotificationSource> source;
    std::shared_ptr<Registration> registration;
    HandleNumber owner = 0;  // the service of a guest; 0: the service itself
  };
  struct Reservation {
    PortRangeEntry entry{};
    HandleNumber owner = 0;
  };

  Store();
  std::u16string newId();
  bool knows(Feature feature) const { return supports(version_, feature); }
  HandleNumber addHandle(Family family, std::u16string id);
  Outcome resolve(Family family, HandleNumber handle, std::u16string* id);
  Object* object(Family family, const std::u16string& id);
  static HResult notFound(Family family);
  void each(Family family, const std::function<void(Object&)>& visit);

  // By id, and for both routes. A document is of the second schema, unless it says otherwise.
  Outcome createObject(Family family, const std::u16string& network, std::u16string id,
                       Value document);
  Outcome createNetwork(std::u16string id, Value document);
  Outcome createEndpoint(const std::u16string& network, std::u16string id, Value document);
  Outcome createNamespace(std::u16string id, Value document);
  Outcome createReferrer(Table<Referrer>& table, std::u16string id, Value document);
  Outcome createService(std::u16string id, Value document);
  Outcome modifyObject(Family family, const std::u16string& id, const Value& request);
  Outcome modifyNetwork(Network& network, const Value& request);
  Outcome modifyEndpoint(Endpoint& endpoint, const Value& request);
  Outcome modifyNamespace(Namespace& space, const Value& request);
  Outcome modifyReferrer(Referrer& referrer, const Value& request);
  Outcome modifyService(GuestService& service, const Value& request);
  Outcome removeObject(Family family, const std::u16string& id);
  void removeNetwork(Network& network);
  void removeEndpoint(Endpoint& endpoint);
  Outcome removeNamespace(Namespace& space);

  Outcome changeSubnets(Network& network, RequestType change, const Value& subnets);
  Outcome changeIpSubnets(Network& network, RequestType change, const Value& settings);
  Outcome readSubnets(Network& network);
  Outcome addSubnet(Network& network, Value& subnet);
  void chooseSubnet(Network& network);
  Outcome readMacs(Network& network);
  Outcome placeEndpoint(Network& network, Endpoint& endpoint);
  Outcome pinAddresses(Network& network, Endpoint& endpoint, Value& configurations);
  Outcome chooseAddresses(Network& network, Endpoint& endpoint, Value& configurations);
  Outcome chooseMac(Network& network, Endpoint& endpoint);
  std::uint64_t chooseFreePort(std::uint64_t protocol,
                               const std::function<bool(const std::u16string&)>& isTaken);
  Outcome readMappings(const Network& network, Value& policies, const Endpoint* owner,
                       std::vector<std::u16string>* ports);
  Outcome checkFrontends(Table<Referrer>& table, const Value& document,
                         const std::u16string& except);
  Outcome checkBalancer(const Value& document) const;
  Outcome readReferences(Value& document, Ids* endpoints);
  Outcome checkPolicies(const Value& policies, bool network);
  Outcome reserve(const std::u16string& id, HandleNumber service, std::uint32_t protocol,
                  std::uint32_t access, std::uint16_t start, std::uint16_t end,
                  HandleNumber* reservation);
  Outcome listen(HandleNumber owner, std::shared_ptr<NotificationSource> source,
                 NotificationCallback callback, void* context, HandleNumber* registration);
  void clearObjects();
  void leaveEndpointBehind(const std::u16string& network, Value document);
  bool addContainer(Namespace& space, Name container);  // false: it is in it
  Outcome addToNamespace(Namespace& space, const std::u16string& endpoint);
  Outcome takeFromNamespace(Namespace& space, const std::u16string& endpoint);
  void openCompartment(Namespace& space);
  bool takeContainer(Namespace& space, const std::u16string& container);
  Endpoint* endpointNamed(Name name);
  Namespace* namespaceNamed(Name name);
  std::vector<std::u16string> usersOf(const Endpoint& endpoint);
  void publish(const Endpoint& endpoint);
  void publishAll(const Namespace& space);
  Outcome attachTo(Endpoint& endpoint, const std::u16string& user, bool shared);
  Outcome detachFrom(Endpoint& endpoint, const std::u16string& user);
  void notify(NetworkNotification type, const std::u16string& id);
  void notifyGuest(const std::u16string& id, Value state);
  void post(const std::shared_ptr<NotificationSource>& source, std::uint32_t type,
            std::u16string data);

  bool matches(Family family, Object& object, const Value& filter);
  bool matches(Family family, Object& object, Name key, const Value& wanted);
  // How an object is read: the document that a query gets.
  Value describe(Family family, Object& object);
  Value describeFirst(Family family, Object& object);  // in the first schema
  Value networkToFirst(const Network& network);
  Value endpointToFirst(const Endpoint& endpoint);
  Value namespaceToFirst(const Namespace& space);
  Value statisticsOf(Endpoint& endpoint);
  // What a document of the first schema says, in the second.
  Outcome readFirst(Family family, Value* document);

  // Of HNSCall.
  Outcome routeCall(Name method, const std::vector<Name>& path, Value body);
  Outcome updateEndpoint(Endpoint& endpoint, Value body);
  Outcome routeObjects(Family family, Name method, const std::vector<Name>& path, Value body);
  std::u16string networkOf(const Value& endpoint);  // by id or name, as HNSCall names it
  Outcome routeAction(Family family, Name action, const std::u16string& id, const Value& body);
  Outcome attach(Endpoint& endpoint, const Value& body, bool attached);
  Outcome routeLists(Name method, const std::vector<Name>& path, Value body);

  std::mutex mutex_;
  std::uint64_t starts_ = 0;  // of the service
  CallSite site_;             // of the call that is under way
  SeededRandom random_{1};
  Version version_;
  Table<Network> networks_;
  Table<Endpoint> endpoints_;
  Table<Namespace> namespaces_;
  Table<Referrer> loadBalancers_;
  Table<Referrer> routes_;
  Table<GuestService> services_;
  Table<Referrer> lists_;                     // policy lists of the first schema
  Value accelerated_ = array();               // MAC addresses of accelerated networking
  std::unordered_set<std::u16string> ports_;  // "6/8888": published by endpoints that live
  std::unordered_map<HandleNumber, Handle> handles_;
  std::unordered_map<HandleNumber, Registered> registrations_;
  std::map<HandleNumber, Reservation> reservations_;
  PortUsage reservedPorts_;
  HandleNumber lastHandle_ = HandleNumber{1} << 40;  // no number of the compute service's handles
  std::uint64_t lastNumber_ = 0;                     // of namespaces and their compartments
  std::uint32_t lastMacs_ = 0;                       // blocks of MAC addresses
  std::uint32_t lastSubnet_ = 0;
  std::uint64_t nextPort_ = 0;  // where the search for a free one begins
  std::shared_ptr<NotificationQueue> queue_ =
      std::make_shared<NotificationQueue>(InFlight::instance());
  std::shared_ptr<NotificationSource> source_ = std::make_shared<NotificationSource>();
  std::unordered_map<std::u16string, std::shared_ptr<NotificationSource>> guests_;  // by service
};

// The error record of a failed call, in the shape of the host: null of one that succeeded.
std::u16string errorRecord(HResult status);
// Whether the service is there to answer a call of HNSCall with an error record: not when the
// failure is the loss of it.
bool answers(HResult failure);
// Of HNSCall: the parts of a path, and the family that the first of them names.
std::vector<Name> partsOf(Name path);
std::optional<Family> familyOf(Name part);

}  // namespace hc::simulator::network
