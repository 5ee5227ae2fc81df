// A client of a served host, as long as it lives: what it has open, its connections, and the
// notifications that it has not read. Any thread; its lock is never held while the host or a
// connection is waited for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "../abi/functions.h"
#include "channel.h"
#include "handshake.h"

namespace hc::remote {

class ClientSession {
 public:
  explicit ClientSession(Session session) : session_(session) {}

  std::uint64_t number() const { return session_.number; }
  bool knows(const Secret& secret) const { return secret == session_.secret; }

  // False: the client is gone, and nobody will close the handle.
  bool opened(HcsSystem* handle) { return opened(&open_.systems, handle); }
  bool opened(HcsProcess* handle) { return opened(&open_.processes, handle); }
  void closed(HcsSystem* handle) { closed(&open_.systems, handle); }
  void closed(HcsProcess* handle) { closed(&open_.processes, handle); }
  // Any other handle, by its number and by what closes it.
  using Close = void (*)(std::uint64_t handle);
  bool opened(std::uint64_t handle, Close close) {
    std::lock_guard lock(mutex_);
    if (!over_) open_.others.emplace(handle, close);
    return !over_;
  }
  void closed(std::uint64_t handle) {
    std::lock_guard lock(mutex_);
    open_.others.erase(handle);
  }

  // How many bytes its requests may take that are under way.
  std::atomic<std::int64_t> requestBytes{std::int64_t{2} * kMostRequestBytes};

  // A connection, which is shut when the client is gone. False: there are too many.
  bool enter(const std::shared_ptr<Channel>& channel);
  void leave(const std::shared_ptr<Channel>& channel);

  // On a thread of the host, which does not wait: the notification is queued. A client that leaves
  // too much unread is disconnected.
  void notify(std::uint64_t listener, std::uint32_t type, HResult status, const char16_t* data);
  // On the thread of the connection, until the client is gone: sends what is queued.
  void sendNotifications(Channel& channel);

  // Any thread: its connections end.
  void disconnect();

  struct Open {
    std::unordered_set<HcsSystem*> systems;
    std::unordered_set<HcsProcess*> processes;
    std::unordered_map<std::uint64_t, Close> others;
  };
  // The client is gone: what it has left open.
  Open end();

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
  void shut();

  const Session session_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  Open open_;
  std::unordered_set<std::shared_ptr<Channel>> channels_;
  std::deque<std::unique_ptr<Frame>> unread_;
  std::size_t unreadBytes_ = 0;
};

}  // namespace hc::remote
