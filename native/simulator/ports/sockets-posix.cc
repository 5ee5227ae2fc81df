// Sockets of Linux and macOS, waited for with poll().
#if !defined(_WIN32)
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sockets.h"

namespace hc::simulator {
namespace {

#if defined(MSG_NOSIGNAL)
constexpr int kSend = MSG_NOSIGNAL;
#else
constexpr int kSend = 0;  // the threads of programs block SIGPIPE
#endif

int descriptor(std::uintptr_t handle) { return static_cast<int>(handle); }

// Not inherited by programs that the process starts.
bool prepare(int socket) {
  return fcntl(socket, F_SETFD, FD_CLOEXEC) == 0 &&
         fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK) == 0;
}

std::optional<std::size_t> moved(ssize_t count) {
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return std::nullopt;
  return 0;
}

union Address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

}  // namespace

std::unique_ptr<Socket> Socket::listen(bool v6, std::uint16_t port) {
  const int made = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
  if (made < 0) return nullptr;
  std::unique_ptr<Socket> socket(new Socket(static_cast<Handle>(made)));
  Address address{};
  socklen_t size = v6 ? sizeof address.v6 : sizeof address.v4;
  if (v6) {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_addr = IN6ADDR_LOOPBACK_INIT;
    address.v6.sin6_port = htons(port);
  } else {
    address.v4.sin_family = AF_INET;
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.v4.sin_port = htons(port);
  }
  // Connections of before, which the system keeps for a while, do not take the port.
  const int on = 1;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (!prepare(made) || bind(made, &address.any, size) != 0 || ::listen(made, SOMAXCONN) != 0 ||
      getsockname(made, &address.any, &size) != 0)
    return nullptr;
  socket->listens_ = true;
  socket->port_ = ntohs(v6 ? address.v6.sin6_port : address.v4.sin_port);
  return socket;
}

std::unique_ptr<Socket> Socket::duplicate(Handle handle) {
  Address address{};
  socklen_t size = sizeof address;
  if (handle > INT32_MAX || getpeername(descriptor(handle), &address.any, &size) != 0)
    return nullptr;
  const int made = dup(descriptor(handle));
  if (made < 0) return nullptr;
  std::unique_ptr<Socket> socket(new Socket(static_cast<Handle>(made)));
  return prepare(made) ? std::move(socket) : nullptr;
}

// A poll that is under way keeps what it waits for alive: shutting it down ends the listening.
Socket::~Socket() {
  if (listens_) shutdown(descriptor(handle_), SHUT_RDWR);
  close(descriptor(handle_));
}

std::unique_ptr<Socket> Socket::accept() const {
  const int made = ::accept(descriptor(handle_), nullptr, nullptr);
  if (made < 0) return nullptr;
  std::unique_ptr<Socket> socket(new Socket(static_cast<Handle>(made)));
  return prepare(made) ? std::move(socket) : nullptr;
}

std::optional<std::size_t> Socket::read(char* data, std::size_t size) const {
  return moved(recv(descriptor(handle_), data, size, 0));
}

std::optional<std::size_t> Socket::write(const char* data, std::size_t size) const {
  return moved(send(descriptor(handle_), data, size, kSend));
}

void Socket::endWriting() const { shutdown(descriptor(handle_), SHUT_WR); }

std::unique_ptr<SocketWait> SocketWait::make() {
  int ends[2];
  if (pipe(ends) != 0) return nullptr;
  std::unique_ptr<SocketWait> wait(new SocketWait);
  for (int i = 0; i < 2; ++i) wait->ends_[i] = static_cast<std::uintptr_t>(ends[i]);
  return prepare(ends[0]) && prepare(ends[1]) ? std::move(wait) : nullptr;
}

SocketWait::~SocketWait() {
  for (const std::uintptr_t end : ends_) close(descriptor(end));
}

void SocketWait::watch(const Socket& /*socket*/) const {}

// A full pipe is as good as one byte more.
void SocketWait::raise() const {
  const char byte = 0;
  while (::write(descriptor(ends_[1]), &byte, 1) < 0 && errno == EINTR) {
  }
}

void SocketWait::wait(const std::vector<Interest>& interests,
                      std::chrono::milliseconds time) const {
  std::vector<pollfd> polled = {{descriptor(ends_[0]), POLLIN, 0}};
  for (const Interest& each : interests)
    polled.push_back(
        {descriptor(each.socket), static_cast<short>(each.writes ? POLLOUT : POLLIN), 0});
  poll(polled.data(), static_cast<nfds_t>(polled.size()), static_cast<int>(time.count()));
  char bytes[64];
  while (::read(descriptor(ends_[0]), bytes, sizeof bytes) > 0) {
  }
}

}  // namespace hc::simulator
#endif
