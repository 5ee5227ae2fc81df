#include "stream-set.h"

#if defined(__linux__)

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hc::sockets {

StreamSet::StreamSet() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

StreamSet::~StreamSet() {
  closeAll();
  if (epoll_ >= 0) ::close(epoll_);
}

StreamSet::State& StreamSet::stateOf(int stream) {
  static State absent;
  absent = State::Absent;
  const bool inside = stream >= 0 && static_cast<std::size_t>(stream) < states_.size();
  return inside ? states_[static_cast<std::size_t>(stream)] : absent;
}

int StreamSet::add(int stream) {
  int on = 1;
  if (stream < 0) return -EBADF;
  if (ioctl(stream, FIONBIO, &on) != 0) return -errno;
  const auto place = static_cast<std::size_t>(stream);
  if (states_.size() <= place) states_.resize(place + 1, State::Absent);
  states_[place] = State::Idle;
  return 0;
}

// Taken out of the set first: another descriptor of the same stream would keep it there.
void StreamSet::close(int stream) {
  State& state = stateOf(stream);
  if (state == State::Absent) return;
  if (state == State::Registered) epoll_ctl(epoll_, EPOLL_CTL_DEL, stream, nullptr);
  state = State::Absent;
  ::close(stream);
}

void StreamSet::closeAll() {
  for (std::size_t place = 0; place < states_.size(); ++place) close(static_cast<int>(place));
}

std::int64_t StreamSet::read(int stream, void* into, std::size_t size) {
  if (stateOf(stream) == State::Absent) return -EBADF;
  ssize_t count = 0;
  do {
    count = ::read(stream, into, size);
  } while (count < 0 && errno == EINTR);
  return count < 0 ? -errno : count;
}

std::int64_t StreamSet::write(int stream, const void* bytes, std::size_t size) {
  if (stateOf(stream) == State::Absent) return -EBADF;
  ssize_t count = 0;
  do {
    count = ::write(stream, bytes, size);
  } while (count < 0 && errno == EINTR);
  return count < 0 ? -errno : count;
}

int StreamSet::await(int stream, bool writable) {
  State& state = stateOf(stream);
  if (state == State::Absent) return -EBADF;
  epoll_event event{};
  event.events = (writable ? EPOLLOUT : EPOLLIN) | EPOLLONESHOT;
  event.data.fd = stream;
  const int operation = state == State::Registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (epoll_ctl(epoll_, operation, stream, &event) != 0) return -errno;
  state = State::Registered;
  return 0;
}

std::size_t StreamSet::takeReady(std::int32_t* streams, std::size_t most) {
  constexpr std::size_t kMost = 64;
  epoll_event events[kMost];
  const int count = epoll_wait(epoll_, events, static_cast<int>(std::min(most, kMost)), 0);
  for (int i = 0; i < count; ++i) streams[i] = events[i].data.fd;
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

}  // namespace hc::sockets

#endif
