#include "channel.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "connection.h"

namespace hc::remote {
namespace {

constexpr std::size_t kStep = std::size_t{1} << 20;

}  // namespace

Channel::Channel(std::unique_ptr<Connection> connection, bool serves)
    : connection_(std::move(connection)), serves_(serves) {}
Channel::~Channel() = default;

std::unique_ptr<Channel> Channel::connect(const std::string& name) {
  auto connection = connectTo(name);
  return connection ? std::make_unique<Channel>(std::move(connection), false) : nullptr;
}

void Channel::shut() { connection_->shut(); }

std::optional<Peer> Channel::peer() { return connection_->peer(); }

bool Channel::send(const Frame& frame) {
  if (frame.bytes_.size() > Limits{}.mostBytes || frame.streams_.size() > kMostStreams)
    return false;
  if (!frame.streams_.empty() && !serves_) return false;
  const Header header{static_cast<std::uint32_t>(frame.bytes_.size()),
                      static_cast<std::uint32_t>(frame.streams_.size())};
  const std::chrono::milliseconds limit = serves_ ? kSendLimit : std::chrono::seconds{0};
  return connection_->write(header, frame.bytes_, frame.streams_, Deadline(limit));
}

bool Channel::receive(Frame* frame, const Limits& limits) {
  Header header;
  std::array<char, sizeof header> bytes;
  if (!connection_->read(bytes.data(), 1, Deadline(limits.first))) return false;
  const Deadline rest(limits.rest);
  if (!connection_->read(bytes.data() + 1, bytes.size() - 1, rest)) return false;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.bytes > limits.mostBytes || header.streams > (serves_ ? 0 : kMostStreams))
    return false;
  // What the other side claims takes no memory before it has come.
  for (std::size_t here = 0; here < header.bytes;) {
    const std::size_t next = std::min<std::size_t>(header.bytes - here, kStep);
    if (!limits.take(next)) return false;
    frame->bytes_.resize(here + next);
    if (!connection_->read(frame->bytes_.data() + here, next, rest)) return false;
    here += next;
  }
  return connection_->takeStreams(header.streams, rest, &frame->streams_);
}

}  // namespace hc::remote
