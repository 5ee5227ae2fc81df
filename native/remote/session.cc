#include "session.h"

#include <algorithm>
#include <utility>

namespace hc::remote {
namespace {

// Each costs a thread. A call that hangs in the host keeps one.
constexpr std::size_t kMostChannels = 256;
// As much as the inbox of a program keeps (core/inbox.h).
constexpr std::size_t kMostUnreadBytes = std::size_t{256} << 20;

}  // namespace

bool ClientSession::enter(const std::shared_ptr<Channel>& channel) {
  std::lock_guard lock(mutex_);
  return !over_ && channels_.size() < kMostChannels && channels_.insert(channel).second;
}

void ClientSession::leave(const std::shared_ptr<Channel>& channel) {
  std::lock_guard lock(mutex_);
  channels_.erase(channel);
}

void ClientSession::notify(std::uint64_t listener, std::uint32_t type, HResult status,
                           const char16_t* data, std::uint64_t operation) {
  auto message = std::make_unique<Frame>();
  message->put(listener);
  message->put(type);
  message->put(status);
  message->putText(data);
  message->put(operation);
  std::lock_guard lock(mutex_);
  if (over_) return;
  unreadBytes_ += sizeof(Frame) + message->size();
  if (unreadBytes_ > kMostUnreadBytes) {
    unread_.clear();
    shut();
    return;
  }
  unread_.push_back(std::move(message));
  changed_.notify_one();
}

void ClientSession::sendNotifications(Channel& channel) {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return over_ || !unread_.empty(); });
    if (over_) return;
    const auto message = std::move(unread_.front());
    unread_.pop_front();
    lock.unlock();
    const bool sent = channel.send(*message);
    lock.lock();
    unreadBytes_ -= sizeof(Frame) + message->size();
    if (sent) continue;
    shut();
    return;
  }
}

// With the lock held. The connection that lasts as long as the client breaks, and the session ends.
void ClientSession::shut() {
  over_ = true;
  changed_.notify_all();
  for (const auto& channel : channels_) channel->shut();
}

void ClientSession::disconnect() {
  std::lock_guard lock(mutex_);
  shut();
}

std::vector<std::pair<std::uint64_t, const OpenKind*>> ClientSession::end() {
  std::unique_lock lock(mutex_);
  shut();
  unread_.clear();
  const auto open = std::exchange(open_, {});
  lock.unlock();
  std::vector<std::pair<std::uint64_t, const OpenKind*>> left(open.begin(), open.end());
  std::sort(left.begin(), left.end(),
            [](const auto& a, const auto& b) { return a.second->order < b.second->order; });
  return left;
}

}  // namespace hc::remote
