// Unix sockets.
#pragma once
#if !defined(_WIN32)
#include <sys/socket.h>
#include <sys/un.h>

#include <memory>
#include <string>

#include "../connection.h"

namespace hc::remote {

// Negative: errno says why.
int makeSocket();

// False: the path is too long for a socket.
bool fill(sockaddr_un* address, const std::string& path);

inline const sockaddr* plain(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// Closes the socket. The end of a server takes no descriptors.
std::unique_ptr<Connection> connectionOf(int socket, bool serves);

// Negative: nobody listens there.
int connectSocket(const std::string& path);

// The process at the other end: at that of a server the one that connected, at that of a client the
// one that listens, each as it was then. Null: the system does not say.
std::optional<Peer> peerOf(int socket);

}  // namespace hc::remote
#endif
