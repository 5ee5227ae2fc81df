#include "remote-client.h"

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
// After windows.h, which it needs.
#include <objbase.h>
#endif

#include <utility>

#include "../base/returned-texts.h"
#include "../base/threads.h"

namespace hc::simulator {
namespace {

using remote::Purpose;

std::string complaintOf(const remote::Greeting& greeting) {
  const auto words = [](const remote::Version& version) {
    return std::to_string(version.major) + '.' + std::to_string(version.minor) + " (functions " +
           std::to_string(version.list) + ')';
  };
  switch (greeting.answer) {
    case remote::Answer::OtherVersion:
      return "is served by another version of this package: it speaks protocol " +
             words(greeting.version) + ", this one " + words({});
    case remote::Answer::TooMany:
      return "serves as many clients as it may";
    case remote::Answer::Refused:
      return "does not serve this user";
    case remote::Answer::None:
      return "does not answer: the process that serves it hangs, or is not a remote simulator";
    default:
      return "has no remote simulator: no process serves it";
  }
}

}  // namespace

RemoteHost& RemoteHost::instance() {
  static RemoteHost& host = *new RemoteHost;
  return host;
}

// A new connection, which says what it is for and whose it is. Null: no process listens there, or
// it does not take the connection, as *greeting says.
std::unique_ptr<Channel> RemoteHost::enter(Purpose purpose, remote::Greeting* greeting) {
  auto channel = Channel::connect(path_);
  if (!channel) return nullptr;
  Frame hello;
  remote::Hello{{}, purpose, session_}.put(hello);
  Frame answer;
  if (!channel->send(hello) || !channel->receive(&answer, remote::kHelloLimits)) {
    greeting->answer = remote::Answer::None;
    return nullptr;
  }
  *greeting = remote::Greeting::take(answer);
  if (!remote::speaksOurs(greeting->version)) greeting->answer = remote::Answer::OtherVersion;
  return greeting->answer == remote::Answer::Welcome ? std::move(channel) : nullptr;
}

std::optional<std::string> RemoteHost::connect(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (!path_.empty()) {
    if (path_ == path && !lost_) return std::nullopt;
    return lost_ ? "cannot be connected to: this process had another host, which has ended"
                 : "cannot be connected to: this process has the host at " + path_;
  }
  path_ = path;
  remote::Greeting greeting;
  auto life = enter(Purpose::Life, &greeting);
  if (life) session_ = greeting.session;
  std::shared_ptr<Channel> notifications =
      life ? enter(Purpose::Notifications, &greeting) : nullptr;
  if (!notifications) {
    path_.clear();
    return complaintOf(greeting);
  }
  life_ = std::move(life);
  notifications_ = notifications;
  startThread([this, notifications] { listen(*notifications); });
  return std::nullopt;
}

// A process that nobody will have, and its handle.
void RemoteHost::terminate(HcsProcess* process) {
  char16_t* result = nullptr;
  call<functions::vmcompute::HcsTerminateProcess>(process, &result);
  CoTaskMemFree(result);
  call<functions::vmcompute::HcsCloseProcess>(process);
}

// On the thread of a call. The default name is for clients that only load the library.
bool RemoteHost::connected() {
  {
    std::lock_guard lock(mutex_);
    if (!path_.empty()) return !lost_;
  }
  return !connect(remote::defaultName());
}

bool RemoteHost::lost() {
  std::lock_guard lock(mutex_);
  return lost_;
}

// One channel for each call that is under way: the host answers them in its own order.
HResult RemoteHost::exchange(const Frame& request, Frame* answer) {
  if (!connected()) return kServerUnavailable;
  if (request.size() > remote::kMostRequestBytes) return kNotEnoughMemory;
  std::unique_lock lock(mutex_);
  std::unique_ptr<Channel> channel;
  if (!idle_.empty()) {
    channel = std::move(idle_.back());
    idle_.pop_back();
  }
  lock.unlock();
  remote::Greeting greeting;
  if (!channel) channel = enter(Purpose::Calls, &greeting);
  if (!channel) return kServerUnavailable;
  const bool answered = channel->send(request) && channel->receive(answer);
  lock.lock();
  if (!answered) {
    // Also when the host has ended this connection alone: it closes what this process has open,
    // and the thread of the notifications notifies every registration.
    lost_ = true;
    life_.reset();
    notifications_->shut();
    return kCallFailed;
  }
  idle_.push_back(std::move(channel));
  return kOk;
}

// On a thread of its own, for as long as the host lives. The host does not wait for it: what is not
// read is queued there.
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
  }
  notifyLoss();
}

// The process of the host has ended, or has disconnected this one. Once, on the thread that
// listens: notifies every registration.
void RemoteHost::notifyLoss() {
  {
    std::lock_guard lock(mutex_);
    lost_ = true;
    idle_.clear();
  }
  for (const auto& listener : listeners_.all()) {
    if (!listener->enter()) continue;
    listener->call(static_cast<std::uint32_t>(Notification::ServiceDisconnect), kServerUnavailable,
                   nullptr);
    listener->leave();
  }
}

}  // namespace hc::simulator
