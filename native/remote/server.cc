#include "server.h"

#include <list>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "channel.h"
#include "handshake.h"
#include "listener.h"
#include "session.h"

namespace hc::remote {
namespace {

constexpr Limits kRequestLimits{kMostRequestBytes, std::chrono::milliseconds{0},
                                std::chrono::milliseconds{30'000}};
// Of the connection that lasts as long as the client: nothing is sent over it.
constexpr Limits kLifeLimits{0, std::chrono::milliseconds{0}, kHandshakeLimit};
constexpr std::size_t kMostSessions = 256;

}  // namespace

// The clients that live, by number.
class Clients {
 public:
  // Null: there are too many, or no more are served.
  std::shared_ptr<ClientSession> add(const Session& session) {
    std::lock_guard lock(mutex_);
    if (closed_ || sessions_.size() >= kMostSessions) return nullptr;
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
  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& [number, session] : sessions_) session->disconnect();
  }

 private:
  std::mutex mutex_;
  bool closed_ = false;
  std::uint64_t last_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<ClientSession>> sessions_;
};

// The connections that have not said yet whose they are, oldest first. What says nothing ends when
// too many have come after it: it takes no thread and no descriptor from others.
class Strangers {
 public:
  void add(const std::shared_ptr<Channel>& channel) {
    std::shared_ptr<Channel> oldest;
    {
      std::lock_guard lock(mutex_);
      channels_.push_back(channel);
      if (channels_.size() <= kMost) return;
      oldest = channels_.front();
      channels_.pop_front();
    }
    oldest->shut();
  }
  void remove(const std::shared_ptr<Channel>& channel) {
    std::lock_guard lock(mutex_);
    channels_.remove(channel);
  }

 private:
  static constexpr std::size_t kMost = 512;
  std::mutex mutex_;
  std::list<std::shared_ptr<Channel>> channels_;
};

namespace {

bool greet(Channel& channel, Answer answer, const Session& session = {},
           std::uint32_t mostRequestBytes = kMostRequestBytes) {
  Greeting greeting;
  greeting.answer = answer;
  greeting.session = session;
  greeting.mostRequestBytes = mostRequestBytes;
  Frame frame;
  greeting.put(frame);
  return channel.send(frame) && answer == Answer::Welcome;
}

}  // namespace

// All but close() is on the threads of connections, which hold it.
class Server::Connections : public std::enable_shared_from_this<Server::Connections> {
 public:
  Connections(std::unique_ptr<Listener> listener, std::shared_ptr<Service> service)
      : listener_(std::move(listener)), service_(std::move(service)) {}

  void close() {
    listener_->shut();
    clients_.close();
  }
  void accept() {
    while (auto channel = listener_->accept()) {
      std::shared_ptr<Channel> accepted(std::move(channel));
      strangers_.add(accepted);
      // A client that finds no thread is disconnected.
      if (!service_->startThread([self = shared_from_this(), accepted] { self->serve(accepted); }))
        strangers_.remove(accepted);
    }
  }

 private:
  void serve(const std::shared_ptr<Channel>& channel);
  void serveLife(const std::shared_ptr<Channel>& channel);
  void serveCalls(const std::shared_ptr<ClientSession>& session, Channel& channel);

  const std::unique_ptr<Listener> listener_;
  const std::shared_ptr<Service> service_;
  Clients clients_;
  Strangers strangers_;
};

void Server::Connections::serve(const std::shared_ptr<Channel>& channel) {
  Frame frame;
  const bool received = channel->receive(&frame, kHelloLimits);
  strangers_.remove(channel);
  if (!received) return;
  const Hello hello = Hello::take(frame);
  if (frame.bad() || !speaksOurs(hello.version)) {
    greet(*channel, Answer::OtherVersion);
    return;
  }
  if (hello.purpose == Purpose::Life) {
    serveLife(channel);
    return;
  }
  const auto session = clients_.find(hello.session);
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

// Lasts as long as the client, which sends nothing more over it.
void Server::Connections::serveLife(const std::shared_ptr<Channel>& channel) {
  const Session id{clients_.next(), newSecret()};
  const auto session = clients_.add(id);
  if (!session) {
    greet(*channel, Answer::TooMany);
    return;
  }
  session->enter(channel);
  Frame nothing;
  const auto peer = channel->peer();
  if (!peer || !service_->begin(session, *peer)) {
    greet(*channel, Answer::Refused);
  } else if (greet(*channel, Answer::Welcome, id, service_->mostRequestBytes())) {
    channel->receive(&nothing, kLifeLimits);
    session->disconnect();
  }
  clients_.remove(id.number);
  service_->end(session);
  session->leave(channel);  // a call that hangs in the host keeps the session
}

// A connection of a client has one call under way at a time.
void Server::Connections::serveCalls(const std::shared_ptr<ClientSession>& session,
                                     Channel& channel) {
  for (;;) {
    Frame request;
    Frame answer;
    Limits limits = kRequestLimits;
    limits.mostBytes = service_->mostRequestBytes();
    limits.budget = &session->requestBytes;
    const bool received = channel.receive(&request, limits);
    const bool answered = received && service_->answer(session, request, answer);
    session->requestBytes += static_cast<std::int64_t>(request.size());
    if (!answered || !channel.send(answer)) return;
  }
}

std::shared_ptr<Server> Server::open(const std::string& name, const std::vector<std::string>& users,
                                     std::shared_ptr<Service> service, std::string* why) {
  auto listener = Listener::open(name, {users}, why);
  if (!listener) return nullptr;
  const auto connections = std::make_shared<Connections>(std::move(listener), service);
  if (service->startThread([connections] { connections->accept(); }))
    return std::make_shared<Server>(connections);
  *why = "cannot be served: this process gets no more threads";
  return nullptr;
}

void Server::close() { connections_->close(); }

}  // namespace hc::remote
