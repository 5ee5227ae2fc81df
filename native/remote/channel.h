// A connection between a process that serves a host and a client of it, on one machine: a Unix
// socket, or a named pipe on Windows. Streams are passed as descriptors, or duplicated into the
// client, from the server to the client only.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "frame.h"

namespace hc::remote {

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
  // The connection itself, in the words of the system.
  struct Connection;

  // The end of a server sends streams, and that of a client takes them.
  Channel(std::unique_ptr<Connection> connection, bool serves);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Null: no process listens there. Waits for a server whose connections are all taken, for
  // seconds.
  static std::unique_ptr<Channel> connect(const std::string& name);

  // False: the other end is gone, too slow, or sends what is no frame.
  bool send(const Frame& frame);
  bool receive(Frame* frame, const Limits& limits = {});
  // Any thread: from now on both fail, also those under way.
  void shut();

 private:
  const std::unique_ptr<Connection> connection_;
  const bool serves_;
};

// Where clients connect to. Only the user whose process it is may.
class Listener {
 public:
  struct Place;

  // Replaces the socket of a process that has ended. Null: *why has the reason.
  static std::unique_ptr<Listener> open(const std::string& name, std::string* why);
  explicit Listener(std::unique_ptr<Place> place);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Waits for a client, on the one thread that accepts. Null: nobody can come any more.
  std::unique_ptr<Channel> accept();

 private:
  const std::unique_ptr<Place> place_;
};

// Where a host is served that names no place: what the environment variable
// HOSTCOMPUTE_SIMULATOR_SOCKET says, else a name that belongs to the user.
std::string defaultName();

// A stream that nobody has taken.
void closeStream(void* stream);

// How long a server's end waits for a client that does not read.
constexpr std::chrono::seconds kSendLimit{60};

constexpr const char* kNameVariable = "HOSTCOMPUTE_SIMULATOR_SOCKET";

// What precedes the bytes of each frame.
struct Header {
  std::uint32_t bytes = 0;
  std::uint32_t streams = 0;
};

}  // namespace hc::remote
