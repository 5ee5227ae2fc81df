// Pipes of Linux and macOS. The guest's ends do not block: a wait is a poll together with the wake.
#if !defined(_WIN32)
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "pipes.h"

namespace hc::simulator {
namespace {

int descriptor(NativeHandle handle) { return static_cast<int>(handle); }
int descriptor(void* client) { return static_cast<int>(reinterpret_cast<std::intptr_t>(client)); }
void* handleOf(int descriptor) {
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor));
}

std::array<std::uint64_t, 2> identityOf(int descriptor) {
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) return {};
  return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino)};
}

// Null is "no stream" in the interface of the host, and 0 to 2 belong to the process.
constexpr int kFirstDescriptor = 3;

bool moveUp(int* end) {
  if (*end >= kFirstDescriptor) return true;
  const int moved = fcntl(*end, F_DUPFD_CLOEXEC, kFirstDescriptor);
  close(*end);
  *end = moved;
  return moved >= 0;
}

bool settle(int ends[2]) {
  const bool first = moveUp(&ends[0]);
  const bool second = moveUp(&ends[1]);
  if (first && second) return true;
  if (first) close(ends[0]);
  if (second) close(ends[1]);
  return false;
}

bool makePipe(int ends[2]) {
#if defined(__linux__)
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
#else
  if (pipe(ends) != 0) return false;
  for (int i = 0; i < 2; ++i) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
#endif
  return settle(ends);
}

// A pair of sockets, as Node's own child processes have: it holds three times what a pipe does, so
// that the two ends wait for each other less.
bool makeChannel(int ends[2]) {
#if defined(__linux__)
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  return settle(ends);
#else
  return makePipe(ends);
#endif
}

void stopBlocking(int end) { fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK); }

// Done: the end is ready, if only to say that it has ended.
IoStatus await(int end, short events, const Wake& wake, TimedWait& wait) {
  if (wait.late()) return IoStatus::Late;
  pollfd polled[2] = {{end, events, 0}, {descriptor(wake.handle()), POLLIN, 0}};
  wait.begin();
  int ready = 0;
  do {
    ready = poll(polled, 2, -1);
  } while (ready < 0 && errno == EINTR);
  wait.end();
  return ready > 0 && polled[1].revents == 0 ? IoStatus::Done : IoStatus::Woken;
}

bool again(ssize_t moved) { return moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK); }

}  // namespace

// Both ends are non-blocking: raising must never wait, as it happens under the lock of the streams.
std::unique_ptr<Wake> Wake::make() {
  int ends[2];
  if (!makePipe(ends)) return nullptr;
  stopBlocking(ends[0]);
  stopBlocking(ends[1]);
  std::unique_ptr<Wake> wake(new Wake);
  wake->handles_ = {ends[0], ends[1]};
  return wake;
}

Wake::~Wake() {
  for (const NativeHandle handle : handles_) close(descriptor(handle));
}

// A full pipe is as good as one byte more.
void Wake::raise() const {
  const char byte = 0;
  while (::write(descriptor(handles_[1]), &byte, 1) < 0 && errno == EINTR) {
  }
}

void Wake::lower() const {
  char bytes[64];
  while (::read(descriptor(handles_[0]), bytes, sizeof bytes) > 0) {
  }
}

// The copy is looked at, not the number: the client may close that at any moment.
bool duplicate(const ClientEnd& end, void** copy) {
  *copy = nullptr;
  const int made = fcntl(descriptor(end.handle), F_DUPFD_CLOEXEC, kFirstDescriptor);
  if (made < 0) return errno == EBADF;
  if (identityOf(made) == end.identity) {
    *copy = handleOf(made);
  } else {
    close(made);
  }
  return true;
}

std::unique_ptr<PipeEnd> PipeEnd::open(Direction direction, ClientEnd* client) {
  int ends[2];
  if (!makeChannel(ends)) return nullptr;
  const bool toGuest = direction == Direction::ToGuest;
  std::unique_ptr<PipeEnd> end(new PipeEnd);
  end->handle_ = ends[toGuest ? 0 : 1];
  stopBlocking(descriptor(end->handle_));
  const int other = ends[toGuest ? 1 : 0];
  *client = {handleOf(other), identityOf(other)};
  return end;
}

PipeEnd::~PipeEnd() { close(descriptor(handle_)); }

// On the thread of the program, without a lock: the end cannot be closed meanwhile, as it is marked
// busy. A signal (EINTR) is no result.
IoResult PipeEnd::read(char* data, std::size_t size, const Wake& wake, TimedWait& wait) {
  for (;;) {
    const ssize_t moved = ::read(descriptor(handle_), data, size);
    if (moved > 0) return {IoStatus::Done, static_cast<std::size_t>(moved)};
    if (moved < 0 && errno == EINTR) continue;
    if (!again(moved)) return {IoStatus::Ended, 0};
    const IoStatus ready = await(descriptor(handle_), POLLIN, wake, wait);
    if (ready != IoStatus::Done) return {ready, 0};
  }
}

// As read. A client that has closed its end is EPIPE here: prepareWriter() blocks the signal.
IoResult PipeEnd::write(const char* data, std::size_t size, const Wake& wake, TimedWait& wait) {
  for (;;) {
    const ssize_t moved = ::write(descriptor(handle_), data, size);
    if (moved > 0) return {IoStatus::Done, static_cast<std::size_t>(moved)};
    if (moved < 0 && errno == EINTR) continue;
    if (!again(moved)) return {IoStatus::Ended, 0};
    const IoStatus ready = await(descriptor(handle_), POLLOUT, wake, wait);
    if (ready != IoStatus::Done) return {ready, 0};
  }
}

void closeClientEnd(void* client) { close(descriptor(client)); }

void prepareWriter() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace hc::simulator
#endif
