#if !defined(_WIN32)
#include "remote-wire.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "../../abi/hcs.h"

namespace hc::simulator {
namespace {

constexpr std::uint32_t kMostBytes = 1u << 30;
constexpr std::size_t kStep = std::size_t{1} << 20;
constexpr std::uint32_t kMostDescriptors = 3;

struct Header {
  std::uint32_t bytes = 0;
  std::uint32_t descriptors = 0;
};

enum class StreamKind : std::uint8_t { None, Invalid, Descriptor };

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

int makeSocket() {
  const int made = socket(AF_UNIX, SOCK_STREAM, 0);
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
  char bytes[CMSG_SPACE(sizeof(int) * kMostDescriptors)];
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

}  // namespace

Frame::~Frame() {
  for (const int descriptor : descriptors_)
    if (descriptor >= 0) close(descriptor);
}

void Frame::putText(const char16_t* text) {
  put(text != nullptr);
  if (text == nullptr) return;
  const std::u16string_view whole(text);
  put(static_cast<std::uint32_t>(whole.size()));
  bytes_.append(reinterpret_cast<const char*>(whole.data()), whole.size() * sizeof(char16_t));
}

void Frame::putStream(void* stream) {
  if (stream == nullptr) {
    put(StreamKind::None);
  } else if (stream == kInvalidStream) {
    put(StreamKind::Invalid);
  } else {
    put(StreamKind::Descriptor);
    descriptors_.push_back(static_cast<int>(reinterpret_cast<std::intptr_t>(stream)));
  }
}

const char* Frame::next(std::size_t size) {
  if (bad_ || bytes_.size() - at_ < size) {
    bad_ = true;
    return nullptr;
  }
  const char* here = bytes_.data() + at_;
  at_ += size;
  return here;
}

std::optional<std::u16string> Frame::takeText() {
  if (take<std::uint8_t>() == 0) return std::nullopt;
  const auto length = take<std::uint32_t>();
  const char* bytes = next(std::size_t{length} * sizeof(char16_t));
  if (bytes == nullptr) return std::nullopt;
  std::u16string text(length, u'\0');
  if (length != 0) std::memcpy(text.data(), bytes, text.size() * sizeof(char16_t));
  return text;
}

void* Frame::takeStream() {
  switch (take<StreamKind>()) {
    case StreamKind::None:
      return nullptr;
    case StreamKind::Invalid:
      return kInvalidStream;
    case StreamKind::Descriptor:
      break;
  }
  if (taken_ >= descriptors_.size()) {
    bad_ = true;
    return nullptr;
  }
  const int descriptor = std::exchange(descriptors_[taken_++], -1);
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor));
}

std::unique_ptr<Channel> Channel::connect(const std::string& path) {
  sockaddr_un address;
  if (!fill(&address, path)) return nullptr;
  const int made = makeSocket();
  if (made < 0) return nullptr;
  auto channel = std::make_unique<Channel>(made);
  int connected = 0;
  do {
    connected = ::connect(made, plain(address), sizeof address);
  } while (connected != 0 && errno == EINTR);
  return connected == 0 ? std::move(channel) : nullptr;
}

Channel::~Channel() { close(socket_); }

// shutdown, not close: a thread inside a read or write returns, and the number is not given out
// again.
void Channel::shut() { shutdown(socket_, SHUT_RDWR); }

// Descriptors go with the first byte; the kernel duplicates them into the other process.
bool Channel::send(const Frame& frame) {
  if (frame.bytes_.size() > kMostBytes || frame.descriptors_.size() > kMostDescriptors)
    return false;
  Header header{static_cast<std::uint32_t>(frame.bytes_.size()),
                static_cast<std::uint32_t>(frame.descriptors_.size())};
  Control control = {};
  std::array<iovec, 2> parts{iovec{&header, sizeof header},
                             iovec{const_cast<char*>(frame.bytes_.data()), frame.bytes_.size()}};
  msghdr message = {};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  attach(&message, &control, frame.descriptors_);
  while (parts[0].iov_len + parts[1].iov_len > 0) {
    const ssize_t moved = sendmsg(socket_, &message, kSendFlags);
    if (moved < 0 && errno == EINTR) continue;
    if (moved <= 0) return false;
    message.msg_control = nullptr;  // gone with the first bytes
    message.msg_controllen = 0;
    advance(parts, static_cast<std::size_t>(moved));
  }
  return true;
}

// Each read may bring descriptors, which would leak if they were not collected at once.
bool Channel::receiveBytes(char* bytes, std::size_t size, std::vector<int>* descriptors) {
  while (size > 0) {
    Control control = {};
    iovec part{bytes, size};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    const ssize_t moved = recvmsg(socket_, &message, kReceiveFlags);
    if (moved < 0 && errno == EINTR) continue;
    if (moved <= 0) return false;
    detach(&message, descriptors);
    bytes += moved;
    size -= static_cast<std::size_t>(moved);
  }
  return true;
}

bool Channel::receive(Frame* frame) {
  Header header;
  std::array<char, sizeof header> bytes;
  if (!receiveBytes(bytes.data(), bytes.size(), &frame->descriptors_)) return false;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.bytes > kMostBytes || header.descriptors > kMostDescriptors) return false;
  // What the other side claims takes no memory before it has come.
  for (std::size_t here = 0; here < header.bytes;) {
    const std::size_t next = std::min<std::size_t>(header.bytes - here, kStep);
    frame->bytes_.resize(here + next);
    if (!receiveBytes(frame->bytes_.data() + here, next, &frame->descriptors_)) return false;
    here += next;
  }
  return frame->descriptors_.size() == header.descriptors;
}

// Only the owner may connect: the socket file gets mode 0600 before clients are accepted.
std::unique_ptr<ListeningSocket> ListeningSocket::open(const std::string& path, std::string* why) {
  sockaddr_un address;
  if (!fill(&address, path)) {
    *why = "has more characters than the path of a socket may have, or none";
    return nullptr;
  }
  if (isSocket(path)) {
    if (Channel::connect(path)) {
      *why = "is served by another process";
      return nullptr;
    }
    unlink(path.c_str());  // left by a process that was killed
  }
  const int made = makeSocket();
  if (made >= 0) {
    std::unique_ptr<ListeningSocket> listening(new ListeningSocket(made));
    if (bind(made, plain(address), sizeof address) == 0 && chmod(path.c_str(), 0600) == 0 &&
        listen(made, SOMAXCONN) == 0)
      return listening;
  }
  *why = std::string("cannot be served: ") + std::strerror(errno);
  return nullptr;
}

ListeningSocket::~ListeningSocket() { close(socket_); }

std::unique_ptr<Channel> ListeningSocket::accept() {
  for (;;) {
    const int come = ::accept(socket_, nullptr, nullptr);
    if (come >= 0) {
      fcntl(come, F_SETFD, FD_CLOEXEC);
      return std::make_unique<Channel>(come);
    }
    // Out of descriptors: those that wait get in when others have gone.
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return nullptr;
    }
  }
}

}  // namespace hc::simulator
#endif
