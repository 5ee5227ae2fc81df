// What a channel needs of the system, which is in system/, and the end of a wait.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "peer.h"

namespace hc::remote {

// When the wait for something ends; never for a limit of zero.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds limit)
      : never_(limit.count() == 0), at_(Clock::now() + limit) {}

  // In milliseconds; -1: without an end.
  int left() const {
    if (never_) return -1;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(at_ - Clock::now());
    return static_cast<int>(std::max<long long>(left.count(), 0));
  }

 private:
  using Clock = std::chrono::steady_clock;

  const bool never_;
  const Clock::time_point at_;
};

// What precedes the bytes of each frame.
struct Header {
  std::uint32_t bytes = 0;
  std::uint32_t streams = 0;
};

// One thread reads and one writes at a time. False: it is broken, or the deadline has passed.
class Connection {
 public:
  Connection() = default;
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A whole frame, with duplicates of the streams.
  virtual bool write(const Header& header, const std::string& bytes,
                     const std::vector<void*>& streams, const Deadline& deadline) = 0;
  virtual bool read(char* bytes, std::size_t size, const Deadline& deadline) = 0;
  // Those that came with the frame. Fewer come when this process has no descriptors left.
  virtual bool takeStreams(std::uint32_t count, const Deadline& deadline,
                           std::vector<void*>* streams) = 0;
  // Any thread.
  virtual void shut() = 0;
  virtual std::optional<Peer> peer() = 0;
};

// Of a client. Null: no process listens there, or one that may not be trusted: it has another user,
// who is not the administrator of the machine.
std::unique_ptr<Connection> connectTo(const std::string& name);

}  // namespace hc::remote
