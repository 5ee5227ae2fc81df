// Sockets of Windows. All that one thread has signal one event, so that there is no limit to their
// number; it then tries them all.
#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <winsock2.h>
// After winsock2.h, which it needs.
#include <ws2tcpip.h>

#include <algorithm>

#include "sockets.h"

namespace hc::simulator {
namespace {

constexpr long kEvents = FD_ACCEPT | FD_READ | FD_WRITE | FD_CLOSE;

// Once for the process, and never undone: threads may use sockets when it ends.
bool started() {
  static const bool good = [] {
    WSADATA data;
    return WSAStartup(MAKEWORD(2, 2), &data) == 0;
  }();
  return good;
}

SOCKET native(Socket::Handle handle) { return static_cast<SOCKET>(handle); }
WSAEVENT eventOf(std::uintptr_t handle) { return reinterpret_cast<WSAEVENT>(handle); }

bool stopBlocking(SOCKET socket) {
  u_long on = 1;
  return ioctlsocket(socket, FIONBIO, &on) == 0;
}

std::optional<std::size_t> moved(int count) {
  if (count != SOCKET_ERROR) return static_cast<std::size_t>(count);
  if (WSAGetLastError() == WSAEWOULDBLOCK) return std::nullopt;
  return 0;
}

int most(std::size_t size) {
  constexpr std::size_t kMost = 1 << 30;
  return static_cast<int>(std::min(size, kMost));
}

union Address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

}  // namespace

std::unique_ptr<Socket> Socket::listen(bool v6, std::uint16_t port) {
  if (!started()) return nullptr;
  const SOCKET made = WSASocketW(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0, nullptr, 0,
                                 WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (made == INVALID_SOCKET) return nullptr;
  std::unique_ptr<Socket> socket(new Socket(static_cast<Handle>(made)));
  Address address{};
  int size = v6 ? sizeof address.v6 : sizeof address.v4;
  if (v6) {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_addr.s6_addr[15] = 1;
    address.v6.sin6_port = htons(port);
  } else {
    address.v4.sin_family = AF_INET;
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.v4.sin_port = htons(port);
  }
  const BOOL on = TRUE;
  setsockopt(made, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&on), sizeof on);
  if (!stopBlocking(made) || bind(made, &address.any, size) != 0 ||
      ::listen(made, SOMAXCONN) != 0 || getsockname(made, &address.any, &size) != 0)
    return nullptr;
  socket->listens_ = true;
  socket->port_ = ntohs(v6 ? address.v6.sin6_port : address.v4.sin_port);
  return socket;
}

std::unique_ptr<Socket> Socket::duplicate(Handle handle) {
  WSAPROTOCOL_INFOW information;
  sockaddr_storage address;
  int size = sizeof address;
  if (!started() ||
      getpeername(native(handle), reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      WSADuplicateSocketW(native(handle), GetCurrentProcessId(), &information) != 0)
    return nullptr;
  const SOCKET made = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO,
                                 &information, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (made == INVALID_SOCKET) return nullptr;
  std::unique_ptr<Socket> socket(new Socket(static_cast<Handle>(made)));
  return stopBlocking(made) ? std::move(socket) : nullptr;
}

Socket::~Socket() { closesocket(native(handle_)); }

std::unique_ptr<Socket> Socket::accept() const {
  const SOCKET made = ::accept(native(handle_), nullptr, nullptr);
  if (made == INVALID_SOCKET) return nullptr;
  std::unique_ptr<Socket> socket(new Socket(static_cast<Handle>(made)));
  return stopBlocking(made) || WSAGetLastError() == WSAEINVAL ? std::move(socket) : nullptr;
}

std::optional<std::size_t> Socket::read(char* data, std::size_t size) const {
  return moved(recv(native(handle_), data, most(size), 0));
}

std::optional<std::size_t> Socket::write(const char* data, std::size_t size) const {
  return moved(send(native(handle_), data, most(size), 0));
}

void Socket::endWriting() const { shutdown(native(handle_), SD_SEND); }

std::unique_ptr<SocketWait> SocketWait::make() {
  const WSAEVENT event = started() ? WSACreateEvent() : WSA_INVALID_EVENT;
  if (event == WSA_INVALID_EVENT) return nullptr;
  std::unique_ptr<SocketWait> wait(new SocketWait);
  wait->ends_[0] = reinterpret_cast<std::uintptr_t>(event);
  return wait;
}

SocketWait::~SocketWait() { WSACloseEvent(eventOf(ends_[0])); }

void SocketWait::watch(const Socket& socket) const {
  WSAEventSelect(native(socket.handle()), eventOf(ends_[0]), kEvents);
}

void SocketWait::raise() const { WSASetEvent(eventOf(ends_[0])); }

// Reset before the sockets are tried: what comes while they are sets it again.
void SocketWait::wait(const std::vector<Interest>& /*interests*/,
                      std::chrono::milliseconds time) const {
  const WSAEVENT event = eventOf(ends_[0]);
  WSAWaitForMultipleEvents(1, &event, FALSE, static_cast<DWORD>(time.count()), FALSE);
  WSAResetEvent(event);
}

}  // namespace hc::simulator
#endif
