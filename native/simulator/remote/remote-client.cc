#include "remote-client.h"

#include <utility>

#include "../base/platform.h"
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
      return "does not answer: it is not open to this user, or the process that serves it hangs, "
             "or "
             "is not of this package";
    default:
      return "is served by no process of this package";
  }
}

}  // namespace

RemoteHost& RemoteHost::instance() {
  static RemoteHost& host = *new RemoteHost;
  return host;
}

// A new channel, which says what it is for and whose it is. Null: no process listens there, or it
// does not take the channel, as *greeting says.
std::unique_ptr<Channel> RemoteHost::enter(const Connection& connection, Purpose purpose,
                                           remote::Greeting* greeting) {
  auto channel = Channel::connect(connection.path);
  if (!channel) return nullptr;
  Frame hello;
  remote::Hello{{}, purpose, connection.session}.put(hello);
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
  if (current_ && !current_->lost) {
    if (current_->path != path)
      return "cannot be connected to: this process has the host at " + current_->path;
    ++users_;
    return std::nullopt;
  }
  const auto made = std::make_shared<Connection>();
  made->path = path;
  remote::Greeting greeting;
  made->life = enter(*made, Purpose::Life, &greeting);
  if (made->life) made->session = greeting.session;
  if (made->life) made->mostRequestBytes = greeting.mostRequestBytes;
  if (made->life) made->notifications = enter(*made, Purpose::Notifications, &greeting);
  if (!made->notifications) return complaintOf(greeting);
  made->number = connections_++ % (kNoConnection - 1) + 1;
  current_ = made;
  users_ = 1;
  open_.clear();
  startThread([this, made] { listen(made, *made->notifications); });
  return std::nullopt;
}

void RemoteHost::leave() {
  std::lock_guard lock(mutex_);
  if (users_ > 0 && --users_ == 0 && open_.empty()) end(*current_);
}

// With the lock held. Its thread notices it.
void RemoteHost::end(Connection& connection) {
  connection.lost = true;
  connection.life.reset();
  connection.idle.clear();
  connection.notifications->shut();
}

bool RemoteHost::toServer(const Connection& connection, void*& handle) {
  const std::uint64_t number = remote::numberOf(handle);
  const std::uint64_t its = number >> kHandleBits;
  if (its != 0 && its != connection.number) return false;
  // What never was a handle of this library is none of the server's either.
  constexpr std::uint64_t kNone = 1;
  const std::uint64_t servers = number & ((1ull << kHandleBits) - 1);
  handle = remote::pointerOf<void*>(its == 0 && number != 0 ? kNone : servers);
  return true;
}

void RemoteHost::opened(const RemoteFunction& function, const Connection& connection,
                        void*& handle) {
  handle = ours(connection, handle);
  if (function.borrows) return;
  std::lock_guard lock(mutex_);
  if (&connection == current_.get()) open_.insert(remote::numberOf(handle));
}

void RemoteHost::closed(std::uint64_t handle) {
  std::lock_guard lock(mutex_);
  if (open_.erase(handle) != 0 && open_.empty() && users_ == 0) end(*current_);
}

HResult RemoteHost::close(const RemoteFunction& function, void* handle) {
  const std::uint64_t number = remote::numberOf(handle);
  const auto listeners = listeners_.ofOwner(number);
  for (const auto& listener : listeners) listener->expectOutside(function.name);
  const HResult status = exchange(function, Signature<Release<shape::Handle<void>>>{}, handle);
  if (failed(status) && !lost(number)) return status;
  // Once more: one may have been registered since.
  for (const auto& listener : listeners_.ofOwner(number)) listener->stop(function.name);
  listeners_.removeOwner(number);
  closed(number);
  return kOk;
}

HResult RemoteHost::subscribe(const RemoteFunction& function, void* handle,
                              NotificationCallback callback, void* context,
                              HcsRegistration** registration) {
  using OnHandle = Signature<In<shape::Handle<void>>, In<hc::Callback::Shape>,
                             In<hc::Context::Shape>, Out<shape::Handle<void>>>;
  return subscribe(function, remote::numberOf(handle), callback, context, registration,
                   [&](void* listener, void** opened) {
                     return exchange(function, OnHandle{}, handle, callback, listener, opened);
                   });
}

HResult RemoteHost::subscribe(const RemoteFunction& function, NotificationCallback callback,
                              void* context, HcsRegistration** registration) {
  using OnService =
      Signature<In<hc::Callback::Shape>, In<hc::Context::Shape>, Out<shape::Handle<void>>>;
  return subscribe(function, 0, callback, context, registration,
                   [&](void* listener, void** opened) {
                     return exchange(function, OnService{}, callback, listener, opened);
                   });
}

// `ask` passes our number of the listener to the server.
template <class Ask>
HResult RemoteHost::subscribe(const RemoteFunction& function, std::uint64_t owner,
                              NotificationCallback callback, void* context,
                              HcsRegistration** registration, Ask ask) {
  const auto made = std::make_shared<Registration>(callback, context);
  const std::uint64_t listener = listeners_.add(owner, made);
  void* opened = nullptr;
  const HResult status =
      ask(remote::pointerOf<void*>(listener), registration != nullptr ? &opened : nullptr);
  if (registration != nullptr) *registration = static_cast<HcsRegistration*>(opened);
  if (opened != nullptr) {
    listeners_.registered(listener, remote::numberOf(opened));
  } else {
    // The host may have been lost meanwhile, and this one be notified of it.
    made->stop(function.name);
    listeners_.remove(listener);
  }
  return status;
}

HResult RemoteHost::unsubscribe(const RemoteFunction& function, HcsRegistration* registration) {
  const auto number = listeners_.numberOf(remote::numberOf(registration));
  const auto listener = number ? listeners_.find(*number) : std::nullopt;
  if (listener) (*listener)->expectOutside(function.name);
  const HResult status =
      exchange(function, Signature<Release<shape::Handle<void>>>{}, registration);
  if (!listener || (failed(status) && !lost(remote::numberOf(registration)))) return status;
  (*listener)->stop(function.name);
  listeners_.remove(*number);
  // That of the service is a handle by itself.
  if (function.index == kIndexOf<functions::computenetwork::HcnUnregisterServiceCallback>)
    closed(remote::numberOf(registration));
  return kOk;
}

// A process that nobody will have, and its handle.
void RemoteHost::terminate(HcsProcess* process) {
  char16_t* result = nullptr;
  call<functions::vmcompute::HcsTerminateProcess>(process, &result);
  freeTexts(textMemoryOf(Library::vmcompute))(result);
  close(kRemoteFunction<functions::vmcompute::HcsCloseProcess>, process);
}

// On the thread of a call. The default name is for clients that only load the library. Null: no
// process serves there.
std::shared_ptr<RemoteHost::Connection> RemoteHost::connected() {
  for (int tries = 0; tries < 2; ++tries) {
    {
      std::lock_guard lock(mutex_);
      if (current_) return current_->lost ? nullptr : current_;
    }
    if (connect(remote::defaultName())) return nullptr;
  }
  return nullptr;
}

bool RemoteHost::lost(std::uint64_t handle) {
  std::lock_guard lock(mutex_);
  const std::uint64_t its = handle >> kHandleBits;
  return its != 0 && (!current_ || current_->lost || its != current_->number);
}

// One channel for each call that is under way: the host answers them in its own order.
HResult RemoteHost::exchange(Connection& connection, const Frame& request, Frame* answer) {
  if (request.size() > connection.mostRequestBytes) return kNotEnoughMemory;
  std::unique_lock lock(mutex_);
  std::unique_ptr<Channel> channel;
  if (!connection.idle.empty()) {
    channel = std::move(connection.idle.back());
    connection.idle.pop_back();
  }
  lock.unlock();
  remote::Greeting greeting;
  if (!channel) channel = enter(connection, Purpose::Calls, &greeting);
  if (!channel) return kServerUnavailable;
  const bool answered = channel->send(request) && channel->receive(answer);
  lock.lock();
  if (!answered) {
    // Also when the host has ended this channel alone: it closes what this process has open, and
    // the thread of the notifications notifies every registration.
    end(connection);
    return kCallFailed;
  }
  if (!connection.lost) connection.idle.push_back(std::move(channel));
  return kOk;
}

// On a thread of its own, for as long as the connection lasts. The host does not wait for it: what
// is not read is queued there.
void RemoteHost::listen(const std::shared_ptr<Connection>& connection, Channel& channel) {
  for (;;) {
    Frame message;
    if (!channel.receive(&message)) break;
    const auto number = message.take<std::uint64_t>();
    const auto type = message.take<std::uint32_t>();
    const auto status = message.take<HResult>();
    const auto data = message.takeText();
    auto* operation = remote::pointerOf<HcsOperation*>(message.take<std::uint64_t>());
    if (message.bad()) break;
    if (operation != nullptr) {
      operation = ours(*connection, operation);
      operations_.end(operation);
    }
    const auto listener = listeners_.find(number);
    if (listener && (*listener)->enter()) {
      (*listener)->callWith(type, status, data ? &*data : nullptr, operation);
      (*listener)->leave();
    }
  }
  notifyLoss(*connection);
}

// The process of the host has ended, or has disconnected this one. Once, on the thread that
// listens: notifies every registration.
void RemoteHost::notifyLoss(Connection& connection) {
  {
    std::lock_guard lock(mutex_);
    connection.lost = true;
    connection.idle.clear();
    connection.life.reset();
  }
  const auto isOfIt = [&](std::uint64_t handle) {
    return handle >> kHandleBits == connection.number;
  };
  for (const auto& listener : listeners_.ofOwners(isOfIt)) {
    if (listener->ofOperation() || !listener->enter()) continue;
    listener->call(static_cast<std::uint32_t>(Notification::ServiceDisconnect), kServerUnavailable,
                   nullptr);
    listener->leave();
  }
  for (const auto& lost : operations_.lose(isOfIt)) complete(lost);
}

}  // namespace hc::simulator
