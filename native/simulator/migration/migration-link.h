// The connection between the two hosts of a live migration: lines of text, in order. It has a
// descriptor of its own of the client's socket, so that the client may close that.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "../ports/sockets.h"

namespace hc::simulator {

class MigrationLink : public std::enable_shared_from_this<MigrationLink> {
 public:
  // Null: the handle is no connected socket.
  static std::shared_ptr<MigrationLink> open(Socket::Handle socket);
  MigrationLink(std::unique_ptr<Socket> socket, std::unique_ptr<SocketWait> wait)
      : socket_(std::move(socket)), wait_(std::move(wait)) {}

  // Any thread, under any lock. A line fits into the memory of a connection; one that does not is
  // taken for a loss. False: it is lost.
  bool send(const std::string& line);
  // Once. Each line is given on a thread of its own, and null as the last: the connection is lost,
  // or closed. False: there are no more threads.
  bool listen(std::function<void(const std::string* line)> heard);
  // Any thread, under any lock: nothing is sent any more, and the other side sees the end.
  void close();

 private:
  void run(const std::function<void(const std::string* line)>& heard);
  bool receive(std::string* pending) const;

  const std::unique_ptr<Socket> socket_;
  const std::unique_ptr<SocketWait> wait_;
  std::atomic<bool> closed_{false};
};

}  // namespace hc::simulator
