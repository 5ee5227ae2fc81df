#include "remote-server.h"

#if defined(_WIN32)

std::optional<std::string> hc::simulator::serve(const std::string& /*path*/) {
  return "cannot be served on Windows: serving the simulated host is for Linux and macOS";
}

#else

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "../base/returned-texts.h"
#include "../base/threads.h"
#include "remote-listeners.h"
#include "remote-values.h"
#include "remote-wire.h"

// The functions of the host itself, which this process has linked (simulator/exports).
#define HC_FUNCTION(library, function, completion, ...)                  \
  namespace hc::simulator::exports::library {                            \
  std::remove_pointer_t<functions::library::function::Pointer> function; \
  }
#include "../../abi/functions.def"
#undef HC_FUNCTION

namespace hc::simulator {
namespace {

using remote::Purpose;

template <class Function>
constexpr typename Function::Pointer kHost = nullptr;
#define HC_FUNCTION(library, function, completion, ...)                                 \
  template <>                                                                           \
  constexpr functions::library::function::Pointer kHost<functions::library::function> = \
      exports::library::function;
#include "../../abi/functions.def"
#undef HC_FUNCTION

// A client: what it has open, and the channels that carry its notifications. Calls of the client
// use it on threads of their own, notifications on delivery threads; its lock is never held while
// either the host or a socket is waited for.
class Session {
 public:
  // False: the client is gone, and nobody will close the handle.
  bool opened(HcsSystem* handle) { return opened(&systems_, handle); }
  bool opened(HcsProcess* handle) { return opened(&processes_, handle); }
  void closed(HcsSystem* handle) { closed(&systems_, handle); }
  void closed(HcsProcess* handle) { closed(&processes_, handle); }

  void addNotificationChannel(std::shared_ptr<Channel> channel);
  // On a delivery thread. Waits until the client has acknowledged it, or is gone: HCS waits for
  // callbacks likewise, so that a slow client slows the host.
  void notify(std::uint64_t listener, std::uint32_t type, HResult status, const char16_t* data);
  // On the thread of its connection: the client is gone. Closes what it has open.
  void end();

 private:
  template <class Opaque>
  bool opened(std::unordered_set<Opaque*>* handles, Opaque* handle) {
    std::lock_guard lock(mutex_);
    if (!over_) handles->insert(handle);
    return !over_;
  }
  template <class Opaque>
  void closed(std::unordered_set<Opaque*>* handles, Opaque* handle) {
    std::lock_guard lock(mutex_);
    handles->erase(handle);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::unordered_set<HcsSystem*> systems_;
  std::unordered_set<HcsProcess*> processes_;
  std::vector<std::shared_ptr<Channel> > notificationChannels_;
  std::vector<std::shared_ptr<Channel> >
      idle_;  // those of them that no notification is under way on
};

// The client's own number of a listener.
struct Listener {
  std::shared_ptr<Session> session;
  std::uint64_t number;
};

// Never destroyed: threads outlive static objects.
remote::Listeners<Listener>& listeners = *new remote::Listeners<Listener>;

void HC_CALL onNotification(std::uint32_t type, void* context, HResult status,
                            const char16_t* data) {
  if (const auto listener = listeners.find(remote::numberOf(context)))
    listener->session->notify(listener->number, type, status, data);
}

void Session::addNotificationChannel(std::shared_ptr<Channel> channel) {
  std::lock_guard lock(mutex_);
  if (over_) return;
  notificationChannels_.push_back(channel);
  idle_.push_back(std::move(channel));
  changed_.notify_one();
}

void Session::notify(std::uint64_t listener, std::uint32_t type, HResult status,
                     const char16_t* data) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return over_ || !idle_.empty(); });
  if (over_) return;
  const std::shared_ptr<Channel> channel = std::move(idle_.back());
  idle_.pop_back();
  lock.unlock();
  Frame message;
  message.put(listener);
  message.put(type);
  message.put(status);
  message.putText(data);
  Frame acknowledgement;
  if (!channel->send(message) || !channel->receive(&acknowledgement)) return;
  lock.lock();
  idle_.push_back(channel);
  changed_.notify_one();
}

void Session::end() {
  std::unique_lock lock(mutex_);
  over_ = true;
  changed_.notify_all();
  for (const auto& channel : notificationChannels_) channel->shut();
  const auto systems = std::move(systems_);
  const auto processes = std::move(processes_);
  lock.unlock();
  for (HcsProcess* process : processes) {
    exports::vmcompute::HcsCloseProcess(process);
    listeners.removeOwner(remote::numberOf(process));
  }
  for (HcsSystem* system : systems) {
    exports::vmcompute::HcsCloseComputeSystem(system);
    listeners.removeOwner(remote::numberOf(system));
  }
}

HResult closeHandle(HcsSystem* handle) { return exports::vmcompute::HcsCloseComputeSystem(handle); }
HResult closeHandle(HcsProcess* handle) { return exports::vmcompute::HcsCloseProcess(handle); }

// One call of a client on its way through the host, on the thread of its connection.
template <class Function, class... Parameters>
class ServedCall {
 public:
  explicit ServedCall(const std::shared_ptr<Session>& session) : session_(session) {}

  // False: the request makes no sense.
  template <std::size_t... I>
  bool run(Frame& request, Frame& answer, std::index_sequence<I...>) {
    const bool wanted[] = {remote::takeArgument<Parameters>(request, std::get<I>(slots_))...};
    if (request.bad()) return false;
    listen();
    const HResult status = std::apply(
        kHost<Function>,
        std::tuple_cat(argumentsOf(argument<Parameters>(std::get<I>(slots_), wanted[I]))...));
    (settle(Parameters{}, std::get<I>(slots_), status), ...);
    answer.put(status);
    (remote::putResult<Parameters>(answer, std::get<I>(slots_), CoTaskMemFree), ...);
    return true;
  }

 private:
  template <class Parameter>
  static typename Parameter::Abi argument(typename Parameter::Slot& slot, bool wanted) {
    return wanted ? Parameter::pass(slot) : typename Parameter::Abi{};
  }

  // The client's context is the number of its listener; the host gets the number of ours.
  void listen() {
    if constexpr ((remote::kIsOneOf<Parameters, Context> || ...)) {
      auto& [owner, callback, context, registration] = slots_;
      listener_ = listeners.add(remote::numberOf(owner), {session_, remote::numberOf(context)});
      callback = onNotification;
      context = remote::pointerOf<void*>(listener_);
    }
  }

  // Keeps account of what the client has open.
  template <class Parameter, class Slot>
  void settle(Parameter, Slot&, HResult) {}
  template <class Opaque>
  void keep(Opaque*& handle) {
    if (handle == nullptr || session_->opened(handle)) return;
    closeHandle(handle);
    handle = nullptr;
  }
  void settle(Out<System>, HcsSystem*& handle, HResult) { keep(handle); }
  void settle(Out<Process>, HcsProcess*& handle, HResult) { keep(handle); }
  template <class Opaque>
  void letGo(Opaque* handle, HResult status) {
    if (failed(status)) return;
    session_->closed(handle);
    listeners.removeOwner(remote::numberOf(handle));
  }
  void settle(Release<System>, HcsSystem* handle, HResult status) { letGo(handle, status); }
  void settle(Release<Process>, HcsProcess* handle, HResult status) { letGo(handle, status); }
  void settle(Out<Registration>, HcsRegistration* registration, HResult) {
    if (registration != nullptr) {
      listeners.registered(listener_, remote::numberOf(registration));
    } else {
      listeners.remove(listener_);
    }
  }
  void settle(Release<Registration>, HcsRegistration* registration, HResult status) {
    if (failed(status)) return;
    if (const auto listener = listeners.numberOf(remote::numberOf(registration)))
      listeners.remove(*listener);
  }

  const std::shared_ptr<Session>& session_;
  typename Function::Slots slots_;
  std::uint64_t listener_ = 0;
};

using Serve = bool (*)(const std::shared_ptr<Session>&, Frame& request, Frame& answer);

template <class Function, class... Parameters>
Serve serveOf(std::tuple<Parameters...>) {
  return [](const std::shared_ptr<Session>& session, Frame& request, Frame& answer) {
    return ServedCall<Function, Parameters...>(session).run(
        request, answer, std::index_sequence_for<Parameters...>{});
  };
}

template <class... Functions>
std::array<Serve, sizeof...(Functions)> table(List<Functions...>) {
  return {serveOf<Functions>(Functions::kParameters)...};
}

// A thread for each connection of a client: it has one call under way at a time.
void serveCalls(const std::shared_ptr<Session>& session, Channel& channel) {
  static const auto& functions = *new auto(table(FunctionList{}));
  for (;;) {
    Frame request;
    Frame answer;
    if (!channel.receive(&request)) return;
    const auto function = request.take<std::uint32_t>();
    if (request.bad() || function >= functions.size()) return;
    if (!functions[function](session, request, answer) || !channel.send(answer)) return;
  }
}

// The clients that live, by number.
class Clients {
 public:
  std::pair<std::uint64_t, std::shared_ptr<Session> > add() {
    std::lock_guard lock(mutex_);
    auto session = std::make_shared<Session>();
    sessions_.emplace(++last_, session);
    return {last_, std::move(session)};
  }
  std::shared_ptr<Session> find(std::uint64_t number) {
    std::lock_guard lock(mutex_);
    const auto found = sessions_.find(number);
    return found != sessions_.end() ? found->second : nullptr;
  }
  void remove(std::uint64_t number) {
    std::lock_guard lock(mutex_);
    sessions_.erase(number);
  }

 private:
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<Session> > sessions_;
};
Clients& clients = *new Clients;

// Lasts as long as the client.
void serveLife(Channel& channel) {
  const auto [number, session] = clients.add();
  Frame greeting;
  greeting.put(number);
  Frame nothing;
  if (channel.send(greeting)) channel.receive(&nothing);
  clients.remove(number);
  session->end();
}

void acceptClient(const std::shared_ptr<Channel>& channel) {
  Frame hello;
  if (!channel->receive(&hello)) return;
  const auto protocol = hello.take<std::uint32_t>();
  const auto purpose = hello.take<Purpose>();
  const auto number = hello.take<std::uint64_t>();
  if (hello.bad() || protocol != remote::kProtocol) return;
  if (purpose == Purpose::Life) {
    serveLife(*channel);
    return;
  }
  const std::shared_ptr<Session> session = clients.find(number);
  if (!session) return;
  if (purpose == Purpose::Notifications) {
    session->addNotificationChannel(channel);
  } else {
    serveCalls(session, *channel);
  }
}

}  // namespace

std::optional<std::string> serve(const std::string& path) {
  static std::mutex& serving = *new std::mutex;
  static std::string& served = *new std::string;
  std::lock_guard lock(serving);
  if (!served.empty()) return "cannot be served: this host is already at " + served;
  std::string why;
  std::shared_ptr<ListeningSocket> listening = ListeningSocket::open(path, &why);
  if (!listening) return why;
  served = path;
  startThread([listening] {
    while (auto channel = listening->accept()) {
      // A client that finds no thread is disconnected.
      std::shared_ptr<Channel> come(std::move(channel));
      tryStartThread([come] { acceptClient(come); });
    }
  });
  return std::nullopt;
}

}  // namespace hc::simulator
#endif
