// Serves the simulated host of this process to others, whose library is hostcompute-remote. What a
// client leaves open when it ends is closed for it, as Windows does.
#pragma once

#include <optional>
#include <string>

namespace hc::simulator {

// The path of a socket, in UTF-8. Null: it is served from now on, until the process ends; else what
// is wrong with the path.
std::optional<std::string> serve(const std::string& path);

}  // namespace hc::simulator
