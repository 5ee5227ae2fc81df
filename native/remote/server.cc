#include "server.h"

#include <array>
#include <memory>
#include <mutex>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "channel.h"
#include "handshake.h"
#include "listeners.h"
#include "session.h"
#include "values.h"

namespace hc::remote {
namespace {

constexpr Limits kRequestLimits{kMostRequestBytes, std::chrono::milliseconds{0},
                                std::chrono::milliseconds{30'000}};
// Of the connection that lasts as long as the client: nothing is sent over it.
constexpr Limits kLifeLimits{0, std::chrono::milliseconds{0}, kHandshakeLimit};
constexpr std::size_t kMostSessions = 256;

// Whose host it is. A process serves one.
Served& served = *new Served;

template <class Function>
typename Function::Pointer hostFunction() {
  return reinterpret_cast<typename Function::Pointer>(served.functions[kIndexOf<Function>]);
}

HResult closeHandle(HcsSystem* handle) {
  return hostFunction<functions::vmcompute::HcsCloseComputeSystem>()(handle);
}
HResult closeHandle(HcsProcess* handle) {
  return hostFunction<functions::vmcompute::HcsCloseProcess>()(handle);
}

// The client's own number of a listener.
struct Listened {
  std::shared_ptr<ClientSession> session;
  std::uint64_t number;
};

// Never destroyed: threads outlive static objects.
Listeners<Listened>& listeners = *new Listeners<Listened>;

void HC_CALL onNotification(std::uint32_t type, void* context, HResult status,
                            const char16_t* data) {
  if (const auto listener = listeners.find(numberOf(context)))
    listener->session->notify(listener->number, type, status, data);
}

// The client is gone, and with it what it had open.
void end(ClientSession& session) {
  const auto [systems, processes] = session.end();
  for (HcsProcess* process : processes) {
    closeHandle(process);
    listeners.removeOwner(numberOf(process));
  }
  for (HcsSystem* system : systems) {
    closeHandle(system);
    listeners.removeOwner(numberOf(system));
  }
}

// One call of a client on its way through the host, on the thread of its connection.
template <class Function, class... Parameters>
class ServedCall {
 public:
  explicit ServedCall(const std::shared_ptr<ClientSession>& session) : session_(session) {}

  // False: the request makes no sense.
  template <std::size_t... I>
  bool run(Frame& request, Frame& answer, std::index_sequence<I...>) {
    const bool wanted[] = {takeArgument<Parameters>(request, std::get<I>(slots_))...};
    if (request.bad()) return false;
    listen();
    const HResult status = std::apply(
        hostFunction<Function>(),
        std::tuple_cat(argumentsOf(argument<Parameters>(std::get<I>(slots_), wanted[I]))...));
    (settle(Parameters{}, std::get<I>(slots_), status), ...);
    answer.put(status);
    (putResult<Parameters>(answer, std::get<I>(slots_), served.freeText), ...);
    return true;
  }

 private:
  template <class Parameter>
  static typename Parameter::Abi argument(typename Parameter::Slot& slot, bool wanted) {
    return wanted ? Parameter::pass(slot) : typename Parameter::Abi{};
  }

  // The client's context is the number of its listener; the host gets the number of ours.
  void listen() {
    if constexpr ((kIsOneOf<Parameters, Context> || ...)) {
      auto& [owner, callback, context, registration] = slots_;
      listener_ = listeners.add(numberOf(owner), {session_, numberOf(context)});
      callback = onNotification;
      context = pointerOf<void*>(listener_);
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
    listeners.removeOwner(numberOf(handle));
  }
  void settle(Release<System>, HcsSystem* handle, HResult status) { letGo(handle, status); }
  void settle(Release<Process>, HcsProcess* handle, HResult status) { letGo(handle, status); }
  void settle(Out<Registration>, HcsRegistration* registration, HResult) {
    if (registration != nullptr) {
      listeners.registered(listener_, numberOf(registration));
    } else {
      listeners.remove(listener_);
    }
  }
  void settle(Release<Registration>, HcsRegistration* registration, HResult status) {
    if (failed(status)) return;
    if (const auto listener = listeners.numberOf(numberOf(registration)))
      listeners.remove(*listener);
  }

  const std::shared_ptr<ClientSession>& session_;
  typename Function::Slots slots_;
  std::uint64_t listener_ = 0;
};

using Serve = bool (*)(const std::shared_ptr<ClientSession>&, Frame& request, Frame& answer);

template <class Function, class... Parameters>
Serve serveOf(std::tuple<Parameters...>) {
  return [](const std::shared_ptr<ClientSession>& session, Frame& request, Frame& answer) {
    return ServedCall<Function, Parameters...>(session).run(
        request, answer, std::index_sequence_for<Parameters...>{});
  };
}

template <class... Functions>
std::array<Serve, sizeof...(Functions)> table(List<Functions...>) {
  return {serveOf<Functions>(Functions::kParameters)...};
}

// A connection of a client has one call under way at a time.
void serveCalls(const std::shared_ptr<ClientSession>& session, Channel& channel) {
  static const auto& functions = *new auto(table(FunctionList{}));
  for (;;) {
    Frame request;
    Frame answer;
    Limits limits = kRequestLimits;
    limits.budget = &session->requestBytes;
    const bool received = channel.receive(&request, limits);
    const auto function = request.take<std::uint32_t>();
    const bool answered = received && !request.bad() && function < functions.size() &&
                          functions[function](session, request, answer);
    session->requestBytes += static_cast<std::int64_t>(request.size());
    if (!answered || !channel.send(answer)) return;
  }
}

// The clients that live, by number.
class Clients {
 public:
  // Null: there are too many.
  std::shared_ptr<ClientSession> add(const Session& session) {
    std::lock_guard lock(mutex_);
    if (sessions_.size() >= kMostSessions) return nullptr;
    return sessions_.emplace(session.number, std::make_shared<ClientSession>(session))
        .first->second;
  }
  std::shared_ptr<ClientSession> find(const Session& session) {
    std::lock_guard lock(mutex_);
    const auto found = sessions_.find(session.number);
    if (found == sessions_.end() || !found->second->knows(session.secret)) return nullptr;
    return found->second;
  }
  void remove(std::uint64_t number) {
    std::lock_guard lock(mutex_);
    sessions_.erase(number);
  }
  std::uint64_t next() {
    std::lock_guard lock(mutex_);
    return ++last_;
  }

 private:
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<ClientSession>> sessions_;
};
Clients& clients = *new Clients;

bool greet(Channel& channel, Answer answer, const Session& session = {}) {
  Greeting greeting;
  greeting.answer = answer;
  greeting.session = session;
  Frame frame;
  greeting.put(frame);
  return channel.send(frame) && answer == Answer::Welcome;
}

// Lasts as long as the client, which sends nothing more over it.
void serveLife(const std::shared_ptr<Channel>& channel) {
  const Session id{clients.next(), newSecret()};
  const auto session = clients.add(id);
  if (!session) {
    greet(*channel, Answer::TooMany);
    return;
  }
  session->enter(channel);
  Frame nothing;
  if (greet(*channel, Answer::Welcome, id)) channel->receive(&nothing, kLifeLimits);
  clients.remove(id.number);
  end(*session);
  session->leave(channel);  // a call that hangs in the host keeps the session
}

void serveClient(const std::shared_ptr<Channel>& channel) {
  Frame frame;
  if (!channel->receive(&frame, kHelloLimits)) return;
  const Hello hello = Hello::take(frame);
  if (frame.bad() || !speaksOurs(hello.version)) {
    greet(*channel, Answer::OtherVersion);
    return;
  }
  if (hello.purpose == Purpose::Life) {
    serveLife(channel);
    return;
  }
  const auto session = clients.find(hello.session);
  if (!session || !session->enter(channel)) {
    greet(*channel, session ? Answer::TooMany : Answer::NoSession);
    return;
  }
  if (greet(*channel, Answer::Welcome)) {
    if (hello.purpose == Purpose::Notifications) session->sendNotifications(*channel);
    if (hello.purpose == Purpose::Calls) serveCalls(session, *channel);
  }
  session->leave(channel);
}

}  // namespace

std::optional<std::string> serve(const std::string& name, const Served& host) {
  static std::mutex& serving = *new std::mutex;
  static std::string& servedAt = *new std::string;
  std::lock_guard lock(serving);
  if (!servedAt.empty()) return "cannot be served: this host is already at " + servedAt;
  std::string why;
  std::shared_ptr<Listener> listener = Listener::open(name, &why);
  if (!listener) return why;
  served = host;
  servedAt = name;
  host.startThread([listener] {
    while (auto channel = listener->accept()) {
      std::shared_ptr<Channel> come(std::move(channel));
      // A client that finds no thread is disconnected.
      served.startThread([come] { serveClient(come); });
    }
  });
  return std::nullopt;
}

}  // namespace hc::remote
