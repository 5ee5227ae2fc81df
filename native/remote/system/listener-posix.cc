#if !defined(_WIN32)
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "../listener.h"
#include "connection-posix.h"

namespace hc::remote {
namespace {

bool isSocket(const std::string& path) {
  struct stat found = {};
  return lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode);
}

// Whether a process listens there, whoever it belongs to.
bool listens(const std::string& path) {
  const int connected = connectSocket(path);
  if (connected >= 0) close(connected);
  return connected >= 0;
}

// "uid:1000" or "gid:1000".
bool isNamed(const std::string& who) {
  if (who.rfind("uid:", 0) != 0 && who.rfind("gid:", 0) != 0) return false;
  const std::string number = who.substr(4);
  return !number.empty() && number.size() <= 10 &&
         number.find_first_not_of("0123456789") == std::string::npos &&
         (number == "0" || number.front() != '0');
}

// Whoever could replace the socket could keep the clients of this process away from it.
bool isGuarded(const std::string& path) {
  struct stat folder = {};
  if (stat(path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)).c_str(), &folder) != 0)
    return false;
  const bool shared = (folder.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  return (folder.st_uid == 0 || folder.st_uid == geteuid()) &&
         (!shared || (folder.st_mode & S_ISVTX) != 0);
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

}  // namespace

struct Listener::Place {
  Place(int socket, Access access) : socket(socket), access(std::move(access)) {}
  ~Place() {
    for (const int each : {socket, ended[0], ended[1]})
      if (each >= 0) close(each);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // As the pipe of Windows does, before anything is read from the client.
  bool admits(int come) const {
    const auto peer = peerOf(come);
    if (!peer) return false;
    if (peer->elevated || peer->user == "uid:" + std::to_string(geteuid())) return true;
    const auto named = [&](const std::string& who) {
      return who == peer->user ||
             std::find(peer->groups.begin(), peer->groups.end(), who) != peer->groups.end();
    };
    return std::any_of(access.users.begin(), access.users.end(), named);
  }

  // False: nobody can come any more.
  bool waits() const {
    pollfd polled[] = {{socket, POLLIN, 0}, {ended[0], POLLIN, 0}};
    while (poll(polled, 2, -1) < 0 && errno == EINTR) {
    }
    return polled[1].revents == 0;
  }

  const int socket;
  const Access access;
  int ended[2] = {-1, -1};  // a pipe that is written to at the end
};

Listener::Listener(std::unique_ptr<Place> place) : place_(std::move(place)) {}
Listener::~Listener() = default;

// The socket file gets its mode before clients are accepted: without others in the list only the
// owner may connect. Those whom it lets in are looked at once more (admits), as not all systems
// honour the mode.
std::unique_ptr<Listener> Listener::open(const std::string& name, const Access& access,
                                         std::string* why) {
  sockaddr_un address;
  if (!fill(&address, name)) {
    *why = "has more characters than the path of a socket may have, or none";
    return nullptr;
  }
  if (name.front() != '/') {
    *why = "must be an absolute path: a client may have another working directory";
    return nullptr;
  }
  for (const std::string& who : access.users) {
    if (isNamed(who)) continue;
    *why =
        "cannot be opened to " + who + ": must be a user or a group, such as uid:1000 or gid:1000";
    return nullptr;
  }
  if (!access.users.empty() && !isGuarded(name)) {
    *why = "must be in a folder that no other user can write to";
    return nullptr;
  }
  const auto fail = [why] {
    *why = std::string("cannot be served: ") + std::strerror(errno);
    return nullptr;
  };
  const PlaceLock lock(name);
  if (!lock) return fail();
  if (isSocket(name)) {
    if (listens(name)) {
      *why = "is served by another process";
      return nullptr;
    }
    unlink(name.c_str());  // left by a process that was killed
  }
  const int made = makeSocket();
  if (made < 0) return fail();
  auto place = std::make_unique<Place>(made, access);
  if (pipe(place->ended) != 0) return fail();
  for (const int each : {made, place->ended[0], place->ended[1]}) fcntl(each, F_SETFD, FD_CLOEXEC);
  fcntl(made, F_SETFL, fcntl(made, F_GETFL) | O_NONBLOCK);
  const mode_t mode = access.users.empty() ? 0600 : 0666;
  if (bind(made, plain(address), sizeof address) != 0 || chmod(name.c_str(), mode) != 0 ||
      listen(made, SOMAXCONN) != 0)
    return fail();
  return std::make_unique<Listener>(std::move(place));
}

void Listener::shut() {
  if (write(place_->ended[1], "", 1) < 0) {  // cannot be: it is written to once
  }
}

std::unique_ptr<Channel> Listener::accept() {
  while (place_->waits()) {
#if defined(SOCK_CLOEXEC)
    const int come = accept4(place_->socket, nullptr, nullptr, SOCK_CLOEXEC);
#else
    const int come = ::accept(place_->socket, nullptr, nullptr);
#endif
    if (come >= 0) {
      fcntl(come, F_SETFD, FD_CLOEXEC);
      fcntl(come, F_SETFL, fcntl(come, F_GETFL) & ~O_NONBLOCK);  // some systems inherit it
      auto connection = connectionOf(come, true);
      if (!place_->admits(come)) continue;
      return std::make_unique<Channel>(std::move(connection), true);
    }
    // Out of descriptors: those that wait get in when others have gone.
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    } else if (errno != EINTR && errno != ECONNABORTED && errno != EAGAIN) {
      return nullptr;
    }
  }
  return nullptr;
}

}  // namespace hc::remote
#endif
