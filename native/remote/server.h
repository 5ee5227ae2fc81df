// Serves clients in other processes, which come through hostcompute-remote. A client that hangs, or
// sends half a message, keeps its own threads and nothing else.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service.h"

namespace hc::remote {

class Server {
 public:
  // The name is the path of a socket, or that of a pipe on Windows, in UTF-8. `users` may connect
  // besides the user of this process (listener.h). It is served from now on. Null: *why has what is
  // wrong with the name.
  static std::shared_ptr<Server> open(const std::string& name,
                                      const std::vector<std::string>& users,
                                      std::shared_ptr<Service> service, std::string* why);
  class Connections;
  explicit Server(std::shared_ptr<Connections> connections)
      : connections_(std::move(connections)) {}

  // Nobody is served any more, and each client is disconnected.
  void close();

 private:
  const std::shared_ptr<Connections> connections_;
};

}  // namespace hc::remote
