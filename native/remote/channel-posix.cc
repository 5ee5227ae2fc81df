#if !defined(_WIN32)
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "channel.h"

namespace hc::remote {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kStep = std::size_t{1} << 20;

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

// False: the path is too long for a socket.
bool fill(sockaddr_un* address, const std::string& path) {
  *address = {};
  address->sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address->sun_path) return false;
  path.copy(address->sun_path, path.size());
  return true;
}

const sockaddr* plain(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

bool isSocket(const std::string& path) {
  struct stat found = {};
  return lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode);
}

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

// When the wait for something ends; none for a wait without an end.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds limit)
      : none_(limit.count() == 0), at_(Clock::now() + limit) {}

  // False: it has passed.
  bool wait(int socket, short events) const {
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(at_ - Clock::now()).count();
      pollfd polled{socket, events, 0};
      const int ready =
          poll(&polled, 1, none_ ? -1 : static_cast<int>(std::max<long long>(left, 0)));
      if (ready > 0) return true;
      if (ready == 0 || errno != EINTR) return false;
    }
  }

 private:
  const bool none_;
  const Clock::time_point at_;
};

// Each read may bring descriptors, which would leak if they were not collected at once. More than
// are taken end it: they would use up those of this process.
bool receiveBytes(int socket, char* bytes, std::size_t size, const Deadline& deadline,
                  std::size_t mostDescriptors, std::vector<int>* descriptors) {
  while (size > 0) {
    if (!deadline.wait(socket, POLLIN)) return false;
    Control control = {};
    iovec part{bytes, size};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    const ssize_t moved = recvmsg(socket, &message, kReceiveFlags | MSG_DONTWAIT);
    if (moved < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) continue;
    if (moved <= 0) return false;
    detach(&message, descriptors);
    if (descriptors->size() > mostDescriptors) return false;
    bytes += moved;
    size -= static_cast<std::size_t>(moved);
  }
  return true;
}

int descriptorOf(void* stream) { return static_cast<int>(reinterpret_cast<std::intptr_t>(stream)); }

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

struct Channel::Connection {
  explicit Connection(int socket) : socket(socket) {}
  ~Connection() { close(socket); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const int socket;
};

Channel::Channel(std::unique_ptr<Connection> connection, bool serves)
    : connection_(std::move(connection)), serves_(serves) {}
Channel::~Channel() = default;

std::unique_ptr<Channel> Channel::connect(const std::string& name) {
  sockaddr_un address;
  if (!fill(&address, name)) return nullptr;
  const int made = makeSocket();
  if (made < 0) return nullptr;
  auto connection = std::make_unique<Connection>(made);
  int connected = 0;
  do {
    connected = ::connect(made, plain(address), sizeof address);
  } while (connected != 0 && errno == EINTR);
  return connected == 0 ? std::make_unique<Channel>(std::move(connection), false) : nullptr;
}

// shutdown, not close: a thread inside a read or write returns, and the number is not given out
// again.
void Channel::shut() { shutdown(connection_->socket, SHUT_RDWR); }

// Descriptors go with the first byte; the kernel duplicates them into the other process.
bool Channel::send(const Frame& frame) {
  if (frame.bytes_.size() > Limits{}.mostBytes || frame.streams_.size() > kMostStreams)
    return false;
  if (!frame.streams_.empty() && !serves_) return false;
  std::vector<int> descriptors;
  for (void* stream : frame.streams_) descriptors.push_back(descriptorOf(stream));
  Header header{static_cast<std::uint32_t>(frame.bytes_.size()),
                static_cast<std::uint32_t>(descriptors.size())};
  Control control = {};
  std::array<iovec, 2> parts{iovec{&header, sizeof header},
                             iovec{const_cast<char*>(frame.bytes_.data()), frame.bytes_.size()}};
  msghdr message = {};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  attach(&message, &control, descriptors);
  const int flags = serves_ ? kSendFlags | MSG_DONTWAIT : kSendFlags;
  while (parts[0].iov_len + parts[1].iov_len > 0) {
    const ssize_t moved = sendmsg(connection_->socket, &message, flags);
    if (moved < 0 && errno == EINTR) continue;
    if (moved < 0 && serves_ && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!Deadline(kSendLimit).wait(connection_->socket, POLLOUT)) return false;
      continue;
    }
    if (moved <= 0) return false;
    message.msg_control = nullptr;  // gone with the first bytes
    message.msg_controllen = 0;
    advance(parts, static_cast<std::size_t>(moved));
  }
  return true;
}

bool Channel::receive(Frame* frame, const Limits& limits) {
  std::vector<int> descriptors;
  const auto receiveInto = [&](char* bytes, std::size_t size, const Deadline& deadline) {
    return receiveBytes(connection_->socket, bytes, size, deadline, serves_ ? 0 : kMostStreams,
                        &descriptors);
  };
  const auto receiveFrame = [&] {
    Header header;
    std::array<char, sizeof header> bytes;
    if (!receiveInto(bytes.data(), 1, Deadline(limits.first))) return false;
    const Deadline rest(limits.rest);
    if (!receiveInto(bytes.data() + 1, bytes.size() - 1, rest)) return false;
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.bytes > limits.mostBytes || header.streams > (serves_ ? 0 : kMostStreams))
      return false;
    // What the other side claims takes no memory before it has come.
    for (std::size_t here = 0; here < header.bytes;) {
      const std::size_t next = std::min<std::size_t>(header.bytes - here, kStep);
      if (!limits.take(next)) return false;
      frame->bytes_.resize(here + next);
      if (!receiveInto(frame->bytes_.data() + here, next, rest)) return false;
      here += next;
    }
    // Fewer came when this process has no descriptors left.
    return descriptors.size() <= header.streams;
  };
  const bool received = receiveFrame();
  for (const int descriptor : descriptors)
    frame->streams_.push_back(reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
  return received;
}

// The file beside a socket that is locked while one process looks whether the socket is used, and
// replaces it: of two that begin at once one would remove the socket of the other. False: it cannot
// be made, as errno says.
class PlaceLock {
 public:
  explicit PlaceLock(const std::string& name) : path_(name + ".lock") {
    do {
      if (file_ >= 0) close(file_);  // what was locked had been removed by then
      file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    } while (file_ >= 0 && !lock());
  }
  ~PlaceLock() {
    if (file_ < 0) return;
    unlink(path_.c_str());
    close(file_);
  }
  PlaceLock(const PlaceLock&) = delete;
  PlaceLock& operator=(const PlaceLock&) = delete;

  explicit operator bool() const { return file_ >= 0; }

 private:
  // False: it is not the file of this name any more.
  bool lock() const {
    while (flock(file_, LOCK_EX) != 0 && errno == EINTR) {
    }
    struct stat locked = {};
    return fstat(file_, &locked) != 0 || locked.st_nlink != 0;
  }

  const std::string path_;
  int file_ = -1;
};

struct Listener::Place {
  explicit Place(int socket) : socket(socket) {}
  ~Place() { close(socket); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  const int socket;
};

Listener::Listener(std::unique_ptr<Place> place) : place_(std::move(place)) {}
Listener::~Listener() = default;

// Only the owner may connect: the socket file gets mode 0600 before clients are accepted.
std::unique_ptr<Listener> Listener::open(const std::string& name, std::string* why) {
  sockaddr_un address;
  if (!fill(&address, name)) {
    *why = "has more characters than the path of a socket may have, or none";
    return nullptr;
  }
  if (name.front() != '/') {
    *why = "must be an absolute path: a client may have another working directory";
    return nullptr;
  }
  const auto fail = [why] {
    *why = std::string("cannot be served: ") + std::strerror(errno);
    return nullptr;
  };
  const PlaceLock lock(name);
  if (!lock) return fail();
  if (isSocket(name)) {
    if (Channel::connect(name)) {
      *why = "is served by another process";
      return nullptr;
    }
    unlink(name.c_str());  // left by a process that was killed
  }
  const int made = makeSocket();
  if (made < 0) return fail();
  auto place = std::make_unique<Place>(made);
  if (bind(made, plain(address), sizeof address) != 0 || chmod(name.c_str(), 0600) != 0 ||
      listen(made, SOMAXCONN) != 0)
    return fail();
  return std::make_unique<Listener>(std::move(place));
}

std::unique_ptr<Channel> Listener::accept() {
  for (;;) {
#if defined(SOCK_CLOEXEC)
    const int come = accept4(place_->socket, nullptr, nullptr, SOCK_CLOEXEC);
#else
    const int come = ::accept(place_->socket, nullptr, nullptr);
#endif
    if (come >= 0) {
      fcntl(come, F_SETFD, FD_CLOEXEC);
      return std::make_unique<Channel>(std::make_unique<Channel::Connection>(come), true);
    }
    // Out of descriptors: those that wait get in when others have gone.
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return nullptr;
    }
  }
}

}  // namespace hc::remote
#endif
