// Who may connect, and who is at the other end. What needs users of its own is shown by a test that
// runs as root.
#include "peers.h"

#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "../support/check.h"
#include "channels.h"
#include "remote/listener.h"

namespace hc::test {
namespace {

using remote::Access;
using remote::Channel;
using remote::Frame;
using remote::Listener;

constexpr uid_t kUser = 54321;
constexpr gid_t kGroup = 54322;
constexpr gid_t kSecondGroup = 54323;

// Another process, of the user above: whether what it does there succeeds.
class OtherUser {
 public:
  explicit OtherUser(const std::function<bool()>& body) : process_(fork()) {
    if (process_ != 0) return;
    const std::array<gid_t, 1> groups{kSecondGroup};
    const bool changed =
        setgroups(groups.size(), groups.data()) == 0 && setgid(kGroup) == 0 && setuid(kUser) == 0;
    std::_Exit(changed && body() ? 0 : 1);
  }
  bool succeeds() const {
    int status = 0;
    return waitpid(process_, &status, 0) == process_ && status == 0;
  }

 private:
  const pid_t process_;
};

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

mode_t modeOf(const std::string& path) {
  struct stat found = {};
  return lstat(path.c_str(), &found) == 0 ? found.st_mode & 0777 : 0;
}

// What a client writes first: everything that it would like to be.
Frame& claim(Frame& frame) {
  frame.putText(u"uid:0 gid:0 S-1-5-18");
  for (int i = 0; i < 8; ++i) frame.put(std::uint32_t{0});
  return frame;
}

void ownUser() {
  const std::string path = ownPath("peer");
  std::string why;
  const auto listener = Listener::open(path, {}, &why);
  CHECK(modeOf(path) == 0600);
  const auto client = Channel::connect(path);
  const auto server = listener->accept();
  Frame said;
  Frame come;
  CHECK(client->send(claim(said)) && server->receive(&come));
  const auto peer = server->peer();
  CHECK(peer && peer->user == "uid:" + std::to_string(geteuid()));
  CHECK(peer && peer->elevated == (geteuid() == 0) && peer->processId == std::uint32_t(getpid()));
  CHECK(peer && !peer->groups.empty() &&
        peer->groups.front() == "gid:" + std::to_string(getegid()));
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
  CHECK(getgroups(static_cast<int>(groups.size()), groups.data()) ==
        static_cast<int>(groups.size()));
  for (const gid_t group : groups) CHECK(peer && has(peer->groups, "gid:" + std::to_string(group)));
  unlink(path.c_str());
}

// Those of the list get in, by their own number or by that of any of their groups; others are
// disconnected before anything is read from them.
void others() {
  const std::string path = ownPath("others");
  const auto enters = [&](const std::string& who) {
    std::string why;
    const auto listener = Listener::open(path, Access{{"uid:1", who}}, &why);
    CHECK(modeOf(path) == 0666);
    const OtherUser client([&] {
      const auto channel = Channel::connect(path);
      Frame said;
      Frame answer;
      return channel && channel->send(claim(said)) && channel->receive(&answer);
    });
    std::optional<remote::Peer> first;
    std::thread server([&] {
      const auto come = listener->accept();
      Frame hello;
      if (come->receive(&hello)) first = come->peer();
      come->send(Frame());
    });
    const bool entered = client.succeeds();
    if (!entered) {  // then it is this process that the server is waiting for
      Frame said;
      CHECK(Channel::connect(path)->send(said));
    }
    server.join();
    CHECK(first && first->user == "uid:" + std::to_string(entered ? kUser : geteuid()));
    CHECK(first && first->elevated == !entered);
    const std::vector<std::string> groups{"gid:" + std::to_string(kGroup),
                                          "gid:" + std::to_string(kSecondGroup)};
    CHECK(!entered || (first && first->groups == groups));
    unlink(path.c_str());
    return entered;
  };
  CHECK(enters("uid:" + std::to_string(kUser)));
  CHECK(enters("gid:" + std::to_string(kGroup)));
  CHECK(enters("gid:" + std::to_string(kSecondGroup)));
  CHECK(!enters("uid:2"));
}

// The superuser of the machine is trusted, and nobody else who took the name.
void servers() {
  const std::string path = ownPath("server");
  std::string why;
  {
    const auto listener = Listener::open(path, Access{{"uid:" + std::to_string(kUser)}}, &why);
    CHECK(OtherUser([&] { return Channel::connect(path) != nullptr; }).succeeds());
    unlink(path.c_str());
  }
  std::array<int, 2> ready;
  std::array<int, 2> over;
  CHECK(pipe(ready.data()) == 0 && pipe(over.data()) == 0);
  const OtherUser other([&] {
    std::string reason;
    const auto listener = Listener::open(path, Access{{"uid:0"}}, &reason);
    char byte = 0;
    close(over[1]);
    const bool written = write(ready[1], "x", 1) == 1;
    const bool ended = read(over[0], &byte, 1) == 0;
    unlink(path.c_str());
    return listener && written && ended;
  });
  char byte = 0;
  CHECK(read(ready[0], &byte, 1) == 1);
  CHECK(!Channel::connect(path));
  // It is there all the same, and is not replaced.
  CHECK(!Listener::open(path, {}, &why) && why == "is served by another process");
  close(over[1]);
  CHECK(other.succeeds());
  for (const int end : {ready[0], ready[1], over[0]}) close(end);
}

void refusals() {
  const std::string path = ownPath("refused");
  for (const char* who : {"", "uid:", "uid:-1", "uid:1x", "uid:01", "gid:12345678901", "S-1-5-18",
                          "root", "uid:0 "}) {
    std::string why;
    CHECK(!Listener::open(path, Access{{"uid:0", who}}, &why));
    CHECK(why == "cannot be opened to " + std::string(who) +
                     ": must be a user or a group, such as uid:1000 or gid:1000");
  }
  std::string folder = ownPath("folder") + "-XXXXXX";
  CHECK(mkdtemp(folder.data()) != nullptr && chmod(folder.c_str(), 0777) == 0);
  std::string why;
  CHECK(!Listener::open(folder + "/s", Access{{"uid:0"}}, &why));
  CHECK(why == "must be in a folder that no other user can write to");
  CHECK(Listener::open(folder + "/s", {}, &why));
  unlink((folder + "/s").c_str());
  rmdir(folder.c_str());
}

}  // namespace

void peers() {
  ownUser();
  refusals();
  if (geteuid() != 0) return;
  others();
  servers();
}

}  // namespace hc::test
