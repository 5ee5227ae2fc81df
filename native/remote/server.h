// Serves clients in other processes, which come through hostcompute-remote. A client that hangs, or
// sends half a message, keeps its own threads and nothing else.
#pragma once

#include <memory>
#include <string>

#include "listener.h"
#include "service.h"

namespace hc::remote {

class Server {
 public:
  // The name is the path of a socket, or that of a pipe on Windows, in UTF-8. It is served from now
  // on, until the process ends. Null: *why has what is wrong with the name.
  static std::shared_ptr<Server> open(const std::string& name, std::shared_ptr<Service> service,
                                      std::string* why);
  explicit Server(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}

 private:
  class Connections;

  const std::shared_ptr<Listener> listener_;
};

}  // namespace hc::remote
