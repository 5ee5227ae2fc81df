// Who is at the other end of a connection, as the system proves it: nothing of it comes from a
// message.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hc::remote {

struct Peer {
  std::string user;                 // a SID; elsewhere "uid:1000"
  std::vector<std::string> groups;  // that grant: no deny-only ones; elsewhere "gid:1000"
  bool elevated = false;            // an administrator whom UAC does not hold back; elsewhere root
  std::uint32_t integrity = 0;      // the level's number, 0x2000 for medium; elsewhere 0
  bool appContainer = false;        // has the user's SID, but is a program in a sandbox
  bool restricted = false;          // so has a program with a restricted token
  std::uint32_t processId = 0;      // not proven: for an audit line
  std::string logon;                // the logon session, as "0x3e7"; elsewhere empty
};

}  // namespace hc::remote
