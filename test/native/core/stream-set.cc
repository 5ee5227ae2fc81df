// Streams in one set: who has something is ready once, and what is closed is closed.
#include "sockets/stream-set.h"

#include "../support/check.h"

#if defined(__linux__)

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using hc::sockets::StreamSet;

struct Pair {
  Pair() { CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0); }
  int ends[2] = {-1, -1};
};

bool isReady(const StreamSet& set) {
  pollfd wait{set.descriptor(), POLLIN, 0};
  return poll(&wait, 1, 0) == 1;
}

bool isOpen(int descriptor) { return fcntl(descriptor, F_GETFD) >= 0; }

void readsWhatThereIs() {
  StreamSet set;
  Pair pair;
  char room[16];
  CHECK(set.add(pair.ends[0]) == 0);
  CHECK(set.read(pair.ends[0], room, sizeof room) == -EAGAIN);
  CHECK(::write(pair.ends[1], "some", 4) == 4);
  CHECK(set.read(pair.ends[0], room, sizeof room) == 4);
  CHECK(std::string(room, 4) == "some");
  CHECK(set.write(pair.ends[0], "back", 4) == 4);
  CHECK(::read(pair.ends[1], room, sizeof room) == 4);
  ::close(pair.ends[1]);
  CHECK(set.read(pair.ends[0], room, sizeof room) == 0);
  CHECK(set.write(pair.ends[0], "late", 4) == -EPIPE);
}

void isReadyOnceForEachWait() {
  StreamSet set;
  Pair pair;
  std::int32_t ready[4];
  CHECK(set.add(pair.ends[0]) == 0);
  CHECK(::write(pair.ends[1], "x", 1) == 1);
  CHECK(!isReady(set));  // nobody waits
  for (int i = 0; i < 2; ++i) {
    CHECK(set.await(pair.ends[0], false) == 0);
    CHECK(isReady(set));
    CHECK(set.takeReady(ready, 4) == 1);
    CHECK(ready[0] == pair.ends[0]);
    CHECK(!isReady(set));  // although it could still be read
  }
  CHECK(set.await(pair.ends[0], true) == 0);
  CHECK(set.takeReady(ready, 4) == 1);
  ::close(pair.ends[1]);
}

void deliversAsManyAsFit() {
  StreamSet set;
  std::vector<Pair> pairs(5);
  std::int32_t ready[2];
  for (const Pair& pair : pairs) {
    CHECK(set.add(pair.ends[0]) == 0);
    CHECK(set.await(pair.ends[0], true) == 0);
  }
  CHECK(set.takeReady(ready, 2) == 2);
  CHECK(set.takeReady(ready, 2) == 2);
  CHECK(set.takeReady(ready, 2) == 1);
  CHECK(set.takeReady(ready, 2) == 0);
  for (const Pair& pair : pairs) ::close(pair.ends[1]);
}

// Another descriptor of the same end does not keep it in the set.
void forgetsWhatIsClosed() {
  StreamSet set;
  Pair pair;
  std::int32_t ready[4];
  const int copy = dup(pair.ends[0]);
  CHECK(set.add(pair.ends[0]) == 0);
  CHECK(set.await(pair.ends[0], false) == 0);
  set.close(pair.ends[0]);
  CHECK(!isOpen(pair.ends[0]));
  CHECK(::write(pair.ends[1], "x", 1) == 1);
  CHECK(set.takeReady(ready, 4) == 0);
  CHECK(set.await(pair.ends[0], false) == -EBADF);
  ::close(copy);
  ::close(pair.ends[1]);
}

void leavesWhatItDoesNotHave() {
  StreamSet set;
  Pair pair;
  char room[1];
  set.close(pair.ends[0]);
  CHECK(isOpen(pair.ends[0]));
  CHECK(set.read(pair.ends[0], room, 1) == -EBADF);
  CHECK(set.write(-1, room, 1) == -EBADF);
  CHECK(set.add(-1) == -EBADF);
  ::close(pair.ends[0]);
  ::close(pair.ends[1]);
}

void closesAllAtItsEnd() {
  Pair pair;
  {
    StreamSet set;
    CHECK(set.add(pair.ends[0]) == 0);
    CHECK(set.add(pair.ends[1]) == 0);
    CHECK(set.await(pair.ends[1], true) == 0);
  }
  CHECK(!isOpen(pair.ends[0]));
  CHECK(!isOpen(pair.ends[1]));
}

}  // namespace

int main() {
  signal(SIGPIPE, SIG_IGN);
  readsWhatThereIs();
  isReadyOnceForEachWait();
  deliversAsManyAsFit();
  forgetsWhatIsClosed();
  leavesWhatItDoesNotHave();
  closesAllAtItsEnd();
  return hc::test::summary();
}

#else

int main() { return 0; }

#endif
