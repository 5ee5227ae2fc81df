#include "channels.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#include "../support/check.h"
#include "remote/listener.h"

namespace hc::test {

std::string ownPath(const char* name) {
  return "/tmp/hostcompute-" + std::string(name) + "-" + std::to_string(getpid());
}

namespace {

// What a frame claims takes no memory before it has come.
void claims() {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "/tmp/hostcompute-claims-%d", getpid());
  const int listening = socket(AF_UNIX, SOCK_STREAM, 0);
  CHECK(bind(listening, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  CHECK(listen(listening, 1) == 0);
  std::thread sender([listening] {
    const int end = accept(listening, nullptr, nullptr);
    const std::uint32_t header[] = {1u << 30, 0};
    std::string sent(reinterpret_cast<const char*>(header), sizeof header);
    sent.append(3u << 20, 'x');
    for (std::size_t at = 0; at < sent.size();) {
      const ssize_t moved = write(end, sent.data() + at, sent.size() - at);
      if (moved <= 0) break;
      at += static_cast<std::size_t>(moved);
    }
    close(end);
  });
  const auto resident = [] {
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
#if defined(__APPLE__)
    return usage.ru_maxrss >> 10;
#else
    return usage.ru_maxrss;
#endif
  };
  const auto before = resident();
  remote::Frame frame;
  const auto channel = remote::Channel::connect(address.sun_path);
  CHECK(channel && !channel->receive(&frame));
  sender.join();
  close(listening);
  unlink(address.sun_path);
  CHECK(resident() - before < 256 * 1024);  // in KiB
}

// A client that sends descriptors with each byte of a request does not use up those of the server.
void descriptors() {
  const std::string path = ownPath("descriptors");
  std::string why;
  const auto listener = remote::Listener::open(path, {}, &why);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int client = socket(AF_UNIX, SOCK_STREAM, 0);
  CHECK(connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  const auto channel = listener->accept();
  const std::uint32_t header[] = {1024, 0};
  CHECK(write(client, header, sizeof header) == sizeof header);
  const int sent = open("/dev/null", O_RDONLY);
  for (int i = 0; i < 64; ++i) {
    char byte = 'x';
    iovec part{&byte, 1};
    alignas(cmsghdr) char beside[CMSG_SPACE(sizeof sent)] = {};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = beside;
    message.msg_controllen = sizeof beside;
    cmsghdr* control = CMSG_FIRSTHDR(&message);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(sizeof sent);
    std::memcpy(CMSG_DATA(control), &sent, sizeof sent);
    CHECK(sendmsg(client, &message, 0) == 1);
  }
  close(sent);
  close(client);
  const int before = dup(0);
  close(before);
  remote::Frame frame;
  CHECK(!channel->receive(&frame));
  const int after = dup(0);
  close(after);
  CHECK(after - before < 8);
  unlink(path.c_str());
}

// Of those that begin at once where a killed process has left its socket, one listens.
void oneListens() {
  const std::string path = ownPath("one");
  for (int round = 0; round < 40; ++round) {
    std::string why;
    remote::Listener::open(path, {}, &why).reset();  // the file stays
    std::atomic<int> waiting{4};
    std::array<std::unique_ptr<remote::Listener>, 4> listeners;
    std::array<std::string, 4> reasons;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      threads.emplace_back([&, i] {
        waiting.fetch_sub(1);
        while (waiting.load() > 0) std::this_thread::yield();
        listeners[i] = remote::Listener::open(path, {}, &reasons[i]);
      });
    }
    for (auto& thread : threads) thread.join();
    int count = 0;
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      if (listeners[i])
        ++count;
      else
        CHECK(reasons[i] == "is served by another process");
    }
    CHECK(count == 1 && remote::Channel::connect(path));
  }
  unlink(path.c_str());
  CHECK(access((path + ".lock").c_str(), F_OK) != 0);
}

// Clients have working directories of their own.
void absolutePath() {
  std::string why;
  CHECK(!remote::Listener::open("relative.sock", {}, &why));
  CHECK(why == "must be an absolute path: a client may have another working directory");
}

}  // namespace

void channels() {
  absolutePath();
  claims();
  descriptors();
  oneListens();
}

}  // namespace hc::test
