#include "remote-client.h"

#include <cstdlib>
#include <utility>

#include "../base/threads.h"

namespace hc::simulator {
namespace {

using remote::Purpose;

// As many as the host has threads for notifications; it waits for one when there are more.
constexpr int kNotificationChannels = 2;

// Where clients that do not connect by themselves find the host.
constexpr const char* kVariable = "HOSTCOMPUTE_SIMULATOR_SOCKET";

}  // namespace

RemoteHost& RemoteHost::instance() {
  static RemoteHost& host = *new RemoteHost;
  return host;
}

// A new connection, which says what it is for and whose it is.
std::unique_ptr<Channel> RemoteHost::enter(Purpose purpose) {
  auto channel = Channel::connect(path_);
  if (!channel) return nullptr;
  Frame hello;
  hello.put(remote::kProtocol);
  hello.put(purpose);
  hello.put(number_);
  return channel->send(hello) ? std::move(channel) : nullptr;
}

std::optional<std::string> RemoteHost::connect(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (!path_.empty()) {
    if (path_ == path && !lost_) return std::nullopt;
    return lost_ ? "cannot be connected to: this process had another host, which has ended"
                 : "cannot be connected to: this process has the host at " + path_;
  }
  path_ = path;
  auto life = enter(Purpose::Life);
  Frame greeting;
  const bool greeted = life && life->receive(&greeting);
  number_ = greeting.take<std::uint64_t>();
  std::vector<std::shared_ptr<Channel>> channels;
  for (int i = 0; greeted && i < kNotificationChannels; ++i)
    if (std::shared_ptr<Channel> channel = enter(Purpose::Notifications))
      channels.push_back(std::move(channel));
  if (channels.size() != kNotificationChannels) {
    path_.clear();
    return life && !greeted ? "is served by another version of this package"
                            : "has no remote simulator: no process serves it";
  }
  life_ = std::move(life);
  for (const auto& channel : channels) startThread([this, channel] { listen(*channel); });
  return std::nullopt;
}

// On the thread of a call. The environment variable is for clients that only load the library.
bool RemoteHost::connected() {
  {
    std::lock_guard lock(mutex_);
    if (!path_.empty()) return !lost_;
  }
  const char* path = std::getenv(kVariable);
  return path != nullptr && !connect(path);
}

bool RemoteHost::lost() {
  std::lock_guard lock(mutex_);
  return lost_;
}

// One channel for each call that is under way: the host answers them in its own order.
HResult RemoteHost::exchange(const Frame& request, Frame* answer) {
  if (!connected()) return kServerUnavailable;
  std::unique_lock lock(mutex_);
  std::unique_ptr<Channel> channel;
  if (!idle_.empty()) {
    channel = std::move(idle_.back());
    idle_.pop_back();
  }
  lock.unlock();
  if (!channel) channel = enter(Purpose::Calls);
  if (!channel) return kServerUnavailable;
  const bool answered = channel->send(request) && channel->receive(answer);
  lock.lock();
  if (!answered) {
    lost_ = true;
    return kCallFailed;
  }
  idle_.push_back(std::move(channel));
  return kOk;
}

// On a thread of its own, for as long as the host lives. The empty frame acknowledges, after the
// callback has returned: the host waits for it, as HCS waits for callbacks.
void RemoteHost::listen(Channel& channel) {
  for (;;) {
    Frame message;
    if (!channel.receive(&message)) break;
    const auto number = message.take<std::uint64_t>();
    const auto type = message.take<std::uint32_t>();
    const auto status = message.take<HResult>();
    const auto data = message.takeText();
    const auto listener = listeners_.find(number);
    if (listener && (*listener)->enter()) {
      (*listener)->call(type, status, data ? &*data : nullptr);
      (*listener)->leave();
    }
    if (!channel.send(Frame())) break;
  }
  notifyLoss();
}

// The process of the host has ended. The first of the listening threads notifies every
// registration.
void RemoteHost::notifyLoss() {
  {
    std::lock_guard lock(mutex_);
    lost_ = true;
    idle_.clear();
    if (std::exchange(lossNotified_, true)) return;
  }
  for (const auto& listener : listeners_.all()) {
    if (!listener->enter()) continue;
    listener->call(static_cast<std::uint32_t>(Notification::ServiceDisconnect), kServerUnavailable,
                   nullptr);
    listener->leave();
  }
}

}  // namespace hc::simulator
