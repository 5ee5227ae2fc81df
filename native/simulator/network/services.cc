// Guest network services, the ports reserved for them, and the notifications of both services.
#include <utility>

#include "choices.h"
#include "store.h"

namespace hc::simulator::network {
namespace {

constexpr Name kStates[] = {u"None",         u"Created",  u"Bootstrapping",
                            u"Synchronized", u"Paused",   u"Desynchronized",
                            u"Rehydrating",  u"Degraded", u"Destroyed"};
constexpr std::uint32_t kShared = 2;
constexpr std::uint32_t kBoth = PortUsage::kBoth;
// Where ranges come from: below the ports that Windows gives to programs.
constexpr std::uint32_t kFirstRange = 30000;
constexpr std::uint32_t kLastRange = 49151;

GuidData guidOf(const std::u16string& id) {
  std::uint8_t digits[32];
  std::size_t count = 0;
  for (const char16_t c : id)
    if (c != u'-' && count < 32)
      digits[count++] = static_cast<std::uint8_t>(c <= u'9' ? c - u'0' : c - u'a' + 10);
  const auto take = [&](std::size_t from, std::size_t length) {
    std::uint32_t number = 0;
    for (std::size_t i = from; i < from + length; ++i) number = number << 4 | digits[i];
    return number;
  };
  GuidData guid{take(0, 8),
                static_cast<std::uint16_t>(take(8, 4)),
                static_cast<std::uint16_t>(take(12, 4)),
                {}};
  for (std::size_t i = 0; i < 8; ++i)
    guid.data4[i] = static_cast<std::uint8_t>(take(16 + 2 * i, 2));
  return guid;
}

}  // namespace

Outcome Store::createService(std::u16string id, Value document) {
  GuestService service;
  service.id = id;
  service.site = site_;
  service.document = std::move(document);
  services_.add(std::move(service));
  auto source = std::make_shared<NotificationSource>();
  source->name = u"networks/" + id;
  guests_.emplace(id, std::move(source));
  notify(NetworkNotification::GuestNetworkServiceCreate, id);
  return {};
}

Outcome Store::modifyService(GuestService& service, const Value& request) {
  const std::u16string resource = textOf(request, u"ResourceType");
  if (!resource.empty() && !sameName(resource, u"State")) return kRequestUnsupported;
  const auto state = choiceOf(objectOf(request, u"Settings"), u"State", kStates);
  if (!state) return kInvalidArgument;
  service.state = kStates[*state];
  Value data = network::object();
  set(data, u"State", text(service.state));
  set(data, u"Interfaces", array());
  notifyGuest(service.id, std::move(data));
  return {};
}

Outcome Store::reservePort(HandleNumber service, std::uint32_t protocol, std::uint32_t access,
                           std::uint16_t port, HandleNumber* reservation) {
  std::u16string id;
  if (const Outcome found = resolve(Family::Service, service, &id); !found.ok()) return found;
  if (protocol == 0 || protocol > kBoth || access == 0 || access > kShared || port == 0)
    return kInvalidArgument;
  if (reservedPorts_.clashes(port, protocol, access == kShared)) return kPortExists;
  return reserve(id, service, protocol, access, port, port, reservation);
}

Outcome Store::reservePorts(HandleNumber service, std::uint16_t count, PortRangeData* range,
                            HandleNumber* reservation) {
  std::u16string id;
  if (const Outcome found = resolve(Family::Service, service, &id); !found.ok()) return found;
  if (count == 0) return kInvalidArgument;
  const auto first = reservedPorts_.find(count, kFirstRange, kLastRange);
  if (!first) return kPortExists;
  const auto start = static_cast<std::uint16_t>(*first);
  const auto end = static_cast<std::uint16_t>(*first + count - 1);
  *range = {start, end};
  return reserve(id, service, kBoth, 1, start, end, reservation);
}

Outcome Store::reserve(const std::u16string& id, HandleNumber service, std::uint32_t protocol,
                       std::uint32_t access, std::uint16_t start, std::uint16_t end,
                       HandleNumber* reservation) {
  lastHandle_ += 16;
  Reservation made;
  made.owner = service;
  made.entry.owningPartitionId = made.entry.targetPartitionId = guidOf(id);
  made.entry.protocol = protocol;
  made.entry.sharingFlags = access;
  made.entry.startingPort = start;
  made.entry.endingPort = end;
  reservations_.emplace(lastHandle_, made);
  reservedPorts_.add(start, end, protocol, access == kShared);
  InFlight::instance().change(HandleKind::Network, 1);
  *reservation = lastHandle_;
  return {};
}

Outcome Store::releasePorts(HandleNumber reservation) {
  const auto at = reservations_.find(reservation);
  if (at == reservations_.end()) return kInvalidHandle;
  const PortRangeEntry& entry = at->second.entry;
  reservedPorts_.remove(entry.startingPort, entry.endingPort, entry.protocol,
                        entry.sharingFlags == kShared);
  reservations_.erase(at);
  InFlight::instance().change(HandleKind::Network, -1);
  return {};
}

std::vector<PortRangeEntry> Store::reservations() {
  std::vector<PortRangeEntry> entries;
  for (const auto& [number, each] : reservations_) entries.push_back(each.entry);
  return entries;
}

void Store::post(const std::shared_ptr<NotificationSource>& source, std::uint32_t type,
                 std::u16string data) {
  NotificationMessage message(Notification::None, kOk, std::move(data));
  message.rawType = type;
  queue_->post(Delivery(source, std::move(message)));
}

void Store::notify(NetworkNotification type, const std::u16string& id) {
  Value data = network::object();
  set(data, u"ID", text(id));
  set(data, u"Flags", number(0));
  post(source_, static_cast<std::uint32_t>(type), print(data));
}

void Store::notifyGuest(const std::u16string& id, Value state) {
  Value data = network::object();
  set(data, u"ID", text(id));
  set(data, u"Flags", number(0));
  set(data, u"Data", std::move(state));
  post(guests_.at(id),
       static_cast<std::uint32_t>(NetworkNotification::GuestNetworkServiceStateChanged),
       print(data));
}

Outcome Store::listen(HandleNumber owner, std::shared_ptr<NotificationSource> source,
                      NotificationCallback callback, void* context, HandleNumber* registration) {
  if (callback == nullptr) return kInvalidArgument;
  auto made = std::make_shared<Registration>(callback, context);
  queue_->subscribe(source, made);
  lastHandle_ += 16;
  registrations_.emplace(lastHandle_, Registered{std::move(source), std::move(made), owner});
  InFlight::instance().change(HandleKind::Registration, 1);
  *registration = lastHandle_;
  return {};
}

Outcome Store::subscribe(NotificationCallback callback, void* context, HandleNumber* registration) {
  return listen(0, source_, callback, context, registration);
}

Outcome Store::subscribeGuest(HandleNumber service, NotificationCallback callback, void* context,
                              HandleNumber* registration) {
  std::u16string id;
  if (const Outcome found = resolve(Family::Service, service, &id); !found.ok()) return found;
  return listen(service, guests_.at(id), callback, context, registration);
}

Outcome Store::unsubscribe(HandleNumber registration, const char* function) {
  std::shared_ptr<Registration> dropped;
  {
    std::lock_guard lock(mutex_);
    const auto at = registrations_.find(registration);
    if (at == registrations_.end()) return kInvalidHandle;
    queue_->unsubscribe(*at->second.source, at->second.registration.get());
    dropped = std::move(at->second.registration);
    registrations_.erase(at);
    InFlight::instance().change(HandleKind::Registration, -1);
  }
  dropped->stop(function);
  return {};
}

void Store::unsubscribeAll(HandleNumber service, const char* function) {
  std::vector<HandleNumber> all;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [number, entry] : registrations_)
      if (entry.owner == service) all.push_back(number);
  }
  for (const HandleNumber registration : all) unsubscribe(registration, function);
}

std::vector<std::shared_ptr<Registration>> Store::reset() {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Registration>> dropped;
  for (auto& [number, entry] : registrations_) dropped.push_back(std::move(entry.registration));
  registrations_.clear();
  queue_->close();
  queue_ = std::make_shared<NotificationQueue>(InFlight::instance());
  source_ = std::make_shared<NotificationSource>();
  source_->name = u"networks";
  clearObjects();
  handles_.clear();
  reservations_.clear();
  reservedPorts_.clear();
  networks_.clear();
  namespaces_.clear();
  accelerated_ = array();
  random_ = SeededRandom(1);
  version_ = Version();
  lastNumber_ = lastMacs_ = lastSubnet_ = 0;
  nextPort_ = 0;
  PublishedPorts::instance().choose({});
  return dropped;
}

// All but networks and namespaces, which the service reads from its store on the disk when it
// comes back.
void Store::clearObjects() {
  PublishedPorts::instance().clear();
  endpoints_.clear();
  loadBalancers_.clear();
  routes_.clear();
  services_.clear();
  guests_.clear();
  lists_.clear();
  ports_.clear();
  namespaces_.each([](Namespace& space) { space.endpoints.clear(); });
  networks_.each([](Network& network) {
    network.taken.clear();
    network.endpoints.clear();
  });
}

void Store::restart() {
  std::lock_guard lock(mutex_);
  ++starts_;
  clearObjects();
  for (auto& [number, handle] : handles_) handle.stale = true;
  std::map<HandleNumber, const Registered*> all;  // in the order in which they were made
  for (const auto& [number, entry] : registrations_) all.emplace(number, &entry);
  for (const auto& [number, entry] : all) {
    Delivery delivery(entry->source, NotificationMessage(Notification::ServiceDisconnect,
                                                         kServerUnavailable, std::nullopt));
    delivery.only = entry->registration;
    queue_->post(std::move(delivery));
  }
}

}  // namespace hc::simulator::network
