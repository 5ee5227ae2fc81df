// TCP on loopback. No socket here ever blocks; who has to wait does so for several at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace hc::simulator {

class Socket {
 public:
  // Listens on 127.0.0.1, or on ::1; port 0 is any that is free. Null: it cannot be had.
  static std::unique_ptr<Socket> listen(bool v6, std::uint16_t port);
  // Another of a connected socket of a client, which keeps its own. Null: it is none.
  using Handle = std::uintptr_t;
  static std::unique_ptr<Socket> duplicate(Handle handle);
  // Nobody can connect any more when it returns, also while a thread waits for the socket.
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  std::uint16_t port() const { return port_; }
  // Null: nobody has connected.
  std::unique_ptr<Socket> accept() const;
  // How much was moved: 0 at the end, or when the connection is broken. Null: one has to wait.
  std::optional<std::size_t> read(char* data, std::size_t size) const;
  std::optional<std::size_t> write(const char* data, std::size_t size) const;
  void endWriting() const;

  Handle handle() const { return handle_; }

 private:
  explicit Socket(Handle handle) : handle_(handle) {}

  const Handle handle_;
  bool listens_ = false;
  std::uint16_t port_ = 0;
};

// What the one thread that has sockets waits with.
class SocketWait {
 public:
  // Null when the system has no more handles.
  static std::unique_ptr<SocketWait> make();
  ~SocketWait();
  SocketWait(const SocketWait&) = delete;
  SocketWait& operator=(const SocketWait&) = delete;

  // Before the first wait for the socket. Any thread.
  void watch(const Socket& socket) const;
  // Any thread: ends the wait, or the next one.
  void raise() const;
  // Whoever waits tries all its sockets when it returns: one is ready, or it was raised, or the
  // time is over. A socket may be closed meanwhile.
  struct Interest {
    Socket::Handle socket;
    bool writes;
  };
  void wait(const std::vector<Interest>& interests, std::chrono::milliseconds time) const;

 private:
  SocketWait() = default;
  std::uintptr_t ends_[2] = {};  // of a pipe; or an event, and nothing
};

}  // namespace hc::simulator
