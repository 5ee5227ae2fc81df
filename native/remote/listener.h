// Where clients connect to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "channel.h"

namespace hc::remote {

// Who may connect besides the user whose process it is, and besides the system itself: SIDs of
// users and groups; elsewhere "uid:1000" and "gid:1000".
struct Access {
  std::vector<std::string> users;
};

class Listener {
 public:
  struct Place;

  // Replaces the socket of a process that has ended. Null: *why has the reason.
  static std::unique_ptr<Listener> open(const std::string& name, const Access& access,
                                        std::string* why);
  explicit Listener(std::unique_ptr<Place> place);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Waits for a client, on the one thread that accepts. Null: nobody can come any more.
  std::unique_ptr<Channel> accept();
  // Any thread: nobody can come any more.
  void shut();

 private:
  const std::unique_ptr<Place> place_;
};

}  // namespace hc::remote
