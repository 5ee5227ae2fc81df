// What a server does for its clients: whom it serves, and what it answers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "channel.h"
#include "frame.h"
#include "peer.h"

namespace hc::remote {

class ClientSession;

// Never destroyed while a thread of a connection may be inside.
class Service {
 public:
  virtual ~Service() = default;
  // On the thread of the connection that lasts as long as the client. False: it is not served, and
  // end() is called all the same.
  virtual bool begin(const std::shared_ptr<ClientSession>& session, const Peer& peer) = 0;
  // On the thread of a connection, which has one request at a time. False: the request makes no
  // sense, and the connection ends.
  virtual bool answer(const std::shared_ptr<ClientSession>& session, Frame& request,
                      Frame& answer) = 0;
  // The client has gone. Calls of it may still be under way.
  virtual void end(const std::shared_ptr<ClientSession>& session) = 0;
  // How long a request may be; the connection of a longer one ends.
  virtual std::uint32_t mostRequestBytes() const { return kMostRequestBytes; }
  // False when the system has no more threads.
  virtual bool startThread(std::function<void()> body) = 0;
};

}  // namespace hc::remote
