// A connection between a process that serves a host and a client of it, on one machine: a Unix
// socket, or a named pipe on Windows. Streams are passed as descriptors, or duplicated into the
// client, from the server to the client only.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "frame.h"
#include "peer.h"

namespace hc::remote {

class Connection;

// Of the process that serves.
constexpr std::uint32_t kMostStreams = 3;

// Of the bytes of a request. The largest documents of real hosts have less than 1 MiB.
constexpr std::uint32_t kMostRequestBytes = 64u << 20;

// What one end takes from the other.
struct Limits {
  std::uint32_t mostBytes = 1u << 30;  // of a frame
  // For the first byte of a frame, and for the rest of it from then on; zero: without an end.
  std::chrono::milliseconds first{0};
  std::chrono::milliseconds rest{0};
  // How many bytes all frames of a client may still take; those of the frame are taken off.
  std::atomic<std::int64_t>* budget = nullptr;

  // Whether so many bytes more are within the budget.
  bool take(std::size_t bytes) const {
    const auto wanted = static_cast<std::int64_t>(bytes);
    if (budget == nullptr || budget->fetch_sub(wanted) >= wanted) return true;
    budget->fetch_add(wanted);
    return false;
  }
};

// One end of a connection. One thread sends and one receives at a time.
class Channel {
 public:
  // The end of a server sends streams, and that of a client takes them.
  Channel(std::unique_ptr<Connection> connection, bool serves);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Null: no process listens there that this one may trust: one of the same user or of the
  // administrator of the machine. Waits for a server whose connections are all taken, for seconds.
  static std::unique_ptr<Channel> connect(const std::string& name);

  // False: the other end is gone, too slow, or sends what is no frame.
  bool send(const Frame& frame);
  bool receive(Frame* frame, const Limits& limits = {});
  // Who the client is: at the end of a server, on the thread that receives, once the first frame
  // has come. Null: the system does not prove it, and the connection must be closed.
  std::optional<Peer> peer();
  // Any thread: from now on both fail, also those under way.
  void shut();

 private:
  const std::unique_ptr<Connection> connection_;
  const bool serves_;
};

// Where a host is served that names no place: what the environment variable
// HOSTCOMPUTE_SIMULATOR_SOCKET says, else a name that belongs to the user.
std::string defaultName();

// A stream that nobody has taken.
void closeStream(void* stream);

// How long a server's end waits for a client that does not read a frame.
constexpr std::chrono::seconds kSendLimit{60};

constexpr const char* kNameVariable = "HOSTCOMPUTE_SIMULATOR_SOCKET";

}  // namespace hc::remote
