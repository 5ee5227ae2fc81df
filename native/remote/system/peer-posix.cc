#if !defined(_WIN32)
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/ucred.h>
#endif

#include <cerrno>
#include <utility>

#include "connection-posix.h"

namespace hc::remote {
namespace {

Peer peerOf(uid_t user, gid_t group, const std::vector<gid_t>& groups, pid_t process) {
  Peer peer;
  peer.user = "uid:" + std::to_string(user);
  peer.elevated = user == 0;
  peer.processId = static_cast<std::uint32_t>(process);
  peer.groups.push_back("gid:" + std::to_string(group));
  for (const gid_t each : groups)
    if (each != group) peer.groups.push_back("gid:" + std::to_string(each));
  return peer;
}

}  // namespace

#if defined(__linux__)
namespace {

// The kernel says it for every user who has no number in this namespace of users: who it is, is not
// known.
constexpr uid_t kOverflow = 65534;

// Groups grant only: where the kernel does not say, there are none but the primary one.
std::vector<gid_t> groupsOf(int socket) {
  std::vector<gid_t> groups;
#if defined(SO_PEERGROUPS)
  for (;;) {
    auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    const int result = getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
    if (result != 0 && errno != ERANGE) return {};
    groups.resize(size / sizeof(gid_t));
    if (result == 0) return groups;
  }
#else
  static_cast<void>(socket);
  return groups;
#endif
}

}  // namespace

std::optional<Peer> peerOf(int socket) {
  ucred found = {};
  socklen_t size = sizeof found;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &found, &size) != 0) return std::nullopt;
  if (found.uid == static_cast<uid_t>(-1)) return std::nullopt;
  if (found.uid == kOverflow && geteuid() != kOverflow) return std::nullopt;
  return peerOf(found.uid, found.gid, groupsOf(socket), found.pid);
}

#else
std::optional<Peer> peerOf(int socket) {
  uid_t user = 0;
  gid_t group = 0;
  if (getpeereid(socket, &user, &group) != 0) return std::nullopt;
  std::vector<gid_t> groups;
  pid_t process = 0;
#if defined(LOCAL_PEERCRED)
  xucred found = {};
  socklen_t size = sizeof found;
  if (getsockopt(socket, SOL_LOCAL, LOCAL_PEERCRED, &found, &size) != 0 ||
      found.cr_version != XUCRED_VERSION || found.cr_uid != user)
    return std::nullopt;
  groups.assign(found.cr_groups, found.cr_groups + found.cr_ngroups);
#endif
#if defined(LOCAL_PEERPID)
  socklen_t idSize = sizeof process;
  if (getsockopt(socket, SOL_LOCAL, LOCAL_PEERPID, &process, &idSize) != 0) process = 0;
#endif
  return peerOf(user, group, groups, process);
}
#endif

}  // namespace hc::remote
#endif
