#if !defined(_WIN32)
#include "connection-posix.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "../channel.h"

namespace hc::remote {
namespace {

#if defined(MSG_NOSIGNAL)
constexpr int kSendFlags = MSG_NOSIGNAL;
#else
constexpr int kSendFlags = 0;
#endif
#if defined(MSG_CMSG_CLOEXEC)
constexpr int kReceiveFlags = MSG_CMSG_CLOEXEC;
#else
constexpr int kReceiveFlags = 0;
#endif
// From the beginning where the system can: a process that another thread starts meanwhile would
// inherit the connection, and keep it open when this one has ended.
#if defined(SOCK_CLOEXEC)
constexpr int kSocketFlags = SOCK_CLOEXEC;
#else
constexpr int kSocketFlags = 0;
#endif

union Control {
  cmsghdr alignment;
  char bytes[CMSG_SPACE(sizeof(int) * kMostStreams)];
};

void attach(msghdr* message, Control* control, const std::vector<int>& descriptors) {
  if (descriptors.empty()) return;
  message->msg_control = control->bytes;
  message->msg_controllen = CMSG_SPACE(sizeof(int) * descriptors.size());
  cmsghdr* header = CMSG_FIRSTHDR(message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int) * descriptors.size());
  std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof(int) * descriptors.size());
}

void detach(msghdr* message, std::vector<int>* descriptors) {
  for (cmsghdr* header = CMSG_FIRSTHDR(message); header != nullptr;
       header = CMSG_NXTHDR(message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
      // Zero reads as no stream: it comes to a process that has closed its standard input.
      if (descriptor == 0) {
        descriptor = fcntl(0, F_DUPFD_CLOEXEC, 3);
        close(0);
      }
      fcntl(descriptor, F_SETFD, FD_CLOEXEC);
      descriptors->push_back(descriptor);
    }
  }
}

void advance(std::array<iovec, 2>& parts, std::size_t count) {
  for (iovec& part : parts) {
    const std::size_t here = std::min(count, part.iov_len);
    part.iov_base = static_cast<char*>(part.iov_base) + here;
    part.iov_len -= here;
    count -= here;
  }
}

// False: the deadline has passed.
bool wait(int socket, short events, const Deadline& deadline) {
  for (;;) {
    pollfd polled{socket, events, 0};
    const int ready = poll(&polled, 1, deadline.left());
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

bool wouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK; }

int descriptorOf(void* stream) { return static_cast<int>(reinterpret_cast<std::intptr_t>(stream)); }

class SocketConnection final : public Connection {
 public:
  SocketConnection(int socket, bool serves)
      : socket_(socket), mostDescriptors_(serves ? 0 : kMostStreams) {}
  ~SocketConnection() override {
    for (const int descriptor : descriptors_) close(descriptor);
    close(socket_);
  }

  // Descriptors go with the first byte; the kernel duplicates them into the other process.
  bool write(const Header& header, const std::string& bytes, const std::vector<void*>& streams,
             const Deadline& deadline) override {
    std::vector<int> descriptors;
    for (void* stream : streams) descriptors.push_back(descriptorOf(stream));
    Control control = {};
    std::array<iovec, 2> parts{iovec{const_cast<Header*>(&header), sizeof header},
                               iovec{const_cast<char*>(bytes.data()), bytes.size()}};
    msghdr message = {};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    attach(&message, &control, descriptors);
    while (parts[0].iov_len + parts[1].iov_len > 0) {
      const ssize_t moved = sendmsg(socket_, &message, kSendFlags | MSG_DONTWAIT);
      if (moved < 0 && errno == EINTR) continue;
      if (moved < 0 && wouldBlock() && wait(socket_, POLLOUT, deadline)) continue;
      if (moved <= 0) return false;
      message.msg_control = nullptr;  // gone with the first bytes
      message.msg_controllen = 0;
      advance(parts, static_cast<std::size_t>(moved));
    }
    return true;
  }

  // Each read may bring descriptors, which would leak if they were not collected at once. More than
  // are taken end it: they would use up those of this process.
  bool read(char* bytes, std::size_t size, const Deadline& deadline) override {
    while (size > 0) {
      if (!wait(socket_, POLLIN, deadline)) return false;
      Control control = {};
      iovec part{bytes, size};
      msghdr message = {};
      message.msg_iov = &part;
      message.msg_iovlen = 1;
      message.msg_control = control.bytes;
      message.msg_controllen = sizeof control.bytes;
      const ssize_t moved = recvmsg(socket_, &message, kReceiveFlags | MSG_DONTWAIT);
      if (moved < 0 && (errno == EINTR || wouldBlock())) continue;
      if (moved <= 0) return false;
      detach(&message, &descriptors_);
      if (descriptors_.size() > mostDescriptors_) return false;
      bytes += moved;
      size -= static_cast<std::size_t>(moved);
    }
    return true;
  }

  bool takeStreams(std::uint32_t count, const Deadline& /*deadline*/,
                   std::vector<void*>* streams) override {
    if (descriptors_.size() > count) return false;
    for (const int descriptor : descriptors_)
      streams->push_back(reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
    descriptors_.clear();
    return true;
  }

  // shutdown, not close: a thread inside a read or write returns, and the number is not given out
  // again.
  void shut() override { shutdown(socket_, SHUT_RDWR); }

  std::optional<Peer> peer() override { return peerOf(socket_); }

 private:
  const int socket_;
  const std::size_t mostDescriptors_;
  std::vector<int> descriptors_;  // that came and were not taken
};

}  // namespace

std::string defaultName() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  if (auto named = variable(kNameVariable); !named.empty()) return named;
  if (const auto folder = variable("XDG_RUNTIME_DIR"); !folder.empty())
    return folder + "/hostcompute-simulator.sock";
  return "/tmp/hostcompute-simulator-" + std::to_string(getuid()) + ".sock";
}

void closeStream(void* stream) { close(descriptorOf(stream)); }

int makeSocket() {
  const int made = socket(AF_UNIX, SOCK_STREAM | kSocketFlags, 0);
  if (made < 0) return made;
  fcntl(made, F_SETFD, FD_CLOEXEC);
#if defined(SO_NOSIGPIPE)
  const int on = 1;
  setsockopt(made, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  return made;
}

bool fill(sockaddr_un* address, const std::string& path) {
  *address = {};
  address->sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address->sun_path) return false;
  path.copy(address->sun_path, path.size());
  return true;
}

std::unique_ptr<Connection> connectionOf(int socket, bool serves) {
  return std::make_unique<SocketConnection>(socket, serves);
}

int connectSocket(const std::string& path) {
  sockaddr_un address;
  if (!fill(&address, path)) return -1;
  const int made = makeSocket();
  if (made < 0) return made;
  int connected = 0;
  do {
    connected = connect(made, plain(address), sizeof address);
  } while (connected != 0 && errno == EINTR);
  if (connected == 0) return made;
  close(made);
  return -1;
}

// Whoever else could make a socket of that name would lie to us.
std::unique_ptr<Connection> connectTo(const std::string& name) {
  const int connected = connectSocket(name);
  if (connected < 0) return nullptr;
  auto connection = connectionOf(connected, false);
  const auto server = peerOf(connected);
  const bool trusted =
      server && (server->elevated || server->user == "uid:" + std::to_string(geteuid()));
  return trusted ? std::move(connection) : nullptr;
}

}  // namespace hc::remote
#endif
