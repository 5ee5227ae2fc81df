// The ports that endpoints publish, and the programs of guests that listen behind them. A port is
// listened on while there are both: a mapping of an endpoint for a system, and a program in that
// system which listens on the port that it leads to.
//
// Any thread, under any lock but that of InFlight: what ends a system or a process closes its ports
// before anyone is notified of that.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sockets.h"

namespace hc::simulator {

struct PortMapping {
  std::uint16_t external = 0;
  std::uint16_t internal = 0;
  bool udp = false;  // is kept, and not listened on
  bool v6 = false;
};

// On which port of this machine an external port is listened on.
struct PortChoice {
  bool same = false;                             // else any that is free
  std::map<std::uint16_t, std::uint16_t> given;  // for these; 0 is any that is free
};

class PublishedPorts;
struct PublishedPort;

// A port of a guest that a program listens on.
class GuestPort {
 public:
  GuestPort(PublishedPorts& ports, std::vector<std::u16string> systems, std::uint16_t number,
            std::unique_ptr<SocketWait> wake);
  ~GuestPort() { stop(); }
  GuestPort(const GuestPort&) = delete;
  GuestPort& operator=(const GuestPort&) = delete;

  // Any thread: nobody can connect any more, and the program is woken.
  void stop();

  // The thread of the program. Null: nobody has connected.
  std::unique_ptr<Socket> accept();
  // Until someone connects, or one of the connections has something, or it has been stopped, or the
  // time is over.
  void wait(std::vector<SocketWait::Interest> connections, std::chrono::milliseconds time);

 private:
  friend class PublishedPorts;

  PublishedPorts& ports_;
  const std::vector<std::u16string> systems_;  // the one it runs in, and the one that hosts that
  const std::uint16_t number_;
  const std::unique_ptr<SocketWait> wake_;
  std::vector<PublishedPort*> published_;  // guarded by the lock of the ports
};

// A mapping of an endpoint that is attached.
struct PublishedPort {
  PortMapping mapping;
  std::vector<std::u16string> systems;
  GuestPort* program = nullptr;
  std::unique_ptr<Socket> socket;  // null too when the port could not be had
  std::uint16_t last = 0;          // where it was listened on before
};

class PublishedPorts {
 public:
  // Never destroyed: threads may be inside it when the process ends.
  static PublishedPorts& instance();

  // What an endpoint publishes from now on, and for whom.
  void publish(const std::u16string& endpoint, const std::vector<PortMapping>& mappings,
               const std::vector<std::u16string>& systems);
  void clear();
  // Whether the port of this machine can be had now.
  bool available(const PortMapping& mapping);

  // For ports that are opened from then on.
  void choose(PortChoice choice);
  PortChoice choice();

  // A program listens on a port in these systems. Null: another one does already in the first of
  // them, or the system has no more handles.
  std::shared_ptr<GuestPort> listen(std::vector<std::u16string> systems, std::uint16_t port,
                                    bool* taken);

  struct Report {
    std::u16string endpoint;
    PortMapping mapping;
    std::vector<std::u16string> systems;
    std::uint16_t hostPort;  // 0: it is not listened on
  };
  std::vector<Report> all();

 private:
  friend class GuestPort;

  // With the lock held.
  std::uint16_t hostPort(std::uint16_t external) const;
  void settle(PublishedPort& port);
  void open(PublishedPort& port, GuestPort& program);
  static void close(PublishedPort& port);
  void settleAll();

  std::mutex mutex_;
  PortChoice choice_;
  std::map<std::u16string, std::list<PublishedPort>> published_;  // by endpoint
  std::list<GuestPort*> programs_;
};

}  // namespace hc::simulator
