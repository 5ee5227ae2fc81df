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
#include <utility>
#include <vector>

#include "../abi/functions.h"
#include "channel.h"
#include "handshake.h"

namespace hc::remote {

// A kind of handle that a client can have open: what closes one, and after which others.
struct OpenKind {
  void (*close)(std::uint64_t handle);
  unsigned order;
};

class ClientSession {
 public:
  explicit ClientSession(Session session) : session_(session) {}

  std::uint64_t number() const { return session_.number; }
  bool knows(const Secret& secret) const { return secret == session_.secret; }

  // False: the client is gone, and nobody will close the handle.
  bool opened(std::uint64_t handle, const OpenKind* kind) {
    std::lock_guard lock(mutex_);
    if (!over_) open_.emplace(handle, kind);
    return !over_;
  }
  void closed(std::uint64_t handle) {
    std::lock_guard lock(mutex_);
    open_.erase(handle);
  }

  // How many bytes its requests may take that are under way.
  std::atomic<std::int64_t> requestBytes{std::int64_t{2} * kMostRequestBytes};

  // A connection, which is shut when the client is gone. False: there are too many.
  bool enter(const std::shared_ptr<Channel>& channel);
  void leave(const std::shared_ptr<Channel>& channel);

  // On a thread of the host, which does not wait: the notification is queued. A client that leaves
  // too much unread is disconnected. With an operation it is a completion.
  void notify(std::uint64_t listener, std::uint32_t type, HResult status, const char16_t* data,
              std::uint64_t operation = 0);
  // On the thread of the connection, until the client is gone: sends what is queued.
  void sendNotifications(Channel& channel);

  // Any thread: its connections end.
  void disconnect();

  // The client is gone: what it has left open, in the order in which it is to be closed.
  std::vector<std::pair<std::uint64_t, const OpenKind*>> end();

 private:
  void shut();

  const Session session_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::unordered_map<std::uint64_t, const OpenKind*> open_;
  std::unordered_set<std::shared_ptr<Channel>> channels_;
  std::deque<std::unique_ptr<Frame>> unread_;
  std::size_t unreadBytes_ = 0;
};

}  // namespace hc::remote
