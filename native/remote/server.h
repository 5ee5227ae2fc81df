// Serves a host of this process to others, which call it through hostcompute-remote. What a client
// leaves open when it ends is closed for it, as Windows does; a client that hangs, or sends half a
// message, keeps its own threads and nothing else.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "../abi/functions.h"

namespace hc::remote {

struct Served {
  const Slot* functions = nullptr;  // in the order of the list
  FreeText freeText = nullptr;      // frees what they return
  // False when the system has no more.
  bool (*startThread)(std::function<void()> body) = nullptr;
};

// The name is the path of a socket, or that of a pipe on Windows, in UTF-8. Null: it is served from
// now on, until the process ends; else what is wrong with the name.
std::optional<std::string> serve(const std::string& name, const Served& host);

}  // namespace hc::remote
