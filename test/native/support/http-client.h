// A client of the ports that the simulated host publishes on loopback. It blocks.
#pragma once

#include <optional>
#include <string>

#include "check.h"

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <winsock2.h>
// After winsock2.h, which it needs.
#include <ws2tcpip.h>
#else
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace hc::test {

class Connection {
 public:
  explicit Connection(int port, bool v6 = false) {
    const auto made = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    union {
      sockaddr any;
      sockaddr_in v4;
      sockaddr_in6 v6;
    } address{};
    if (v6) {
      address.v6.sin6_family = AF_INET6;
      address.v6.sin6_addr.s6_addr[15] = 1;
      address.v6.sin6_port = htons(static_cast<std::uint16_t>(port));
    } else {
      address.v4.sin_family = AF_INET;
      address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      address.v4.sin_port = htons(static_cast<std::uint16_t>(port));
    }
    connected_ = ::connect(made, &address.any, v6 ? sizeof address.v6 : sizeof address.v4) == 0;
    socket_ = made;
  }
  ~Connection() {
#if defined(_WIN32)
    closesocket(socket_);
#else
    ::close(socket_);
#endif
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool connected() const { return connected_; }
  // False: the other end has closed.
  bool send(const std::string& text) {
#if defined(MSG_NOSIGNAL)
    constexpr int kFlags = MSG_NOSIGNAL;
#else
    constexpr int kFlags = 0;
#endif
    for (std::size_t done = 0; done < text.size();) {
      const auto count = ::send(socket_, &text[done], static_cast<int>(text.size() - done), kFlags);
      if (count <= 0) return false;
      done += static_cast<std::size_t>(count);
    }
    return true;
  }
  // Until the other end closes.
  std::string read() {
    std::string all;
    char block[4096];
    for (;;) {
      const auto count = ::recv(socket_, block, sizeof block, 0);
      if (count <= 0) return all;
      all.append(block, static_cast<std::size_t>(count));
    }
  }

 private:
#if defined(_WIN32)
  SOCKET socket_;
#else
  int socket_;
#endif
  bool connected_ = false;
};

inline bool refused(int port, bool v6 = false) { return !Connection(port, v6).connected(); }

// The text of the answer; null when there is none.
inline std::optional<std::string> fetch(int port, bool v6 = false,
                                        const std::string& method = "GET") {
  Connection connection(port, v6);
  if (!connection.connected() || !connection.send(method + " / HTTP/1.1\r\nHost: x\r\n\r\n"))
    return std::nullopt;
  const std::string answer = connection.read();
  const std::size_t head = answer.find("\r\n\r\n");
  if (!CHECK(answer.compare(0, 17, "HTTP/1.1 200 OK\r\n") == 0) || head == std::string::npos)
    return std::nullopt;
  return answer.substr(head + 4);
}

}  // namespace hc::test
