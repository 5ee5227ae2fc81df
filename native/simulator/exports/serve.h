// Serves the simulated host of this process to others.
#pragma once

#include <optional>
#include <string>

namespace hc::simulator {

// As hc::remote::serve(). An empty name becomes the default one.
std::optional<std::string> serve(std::string* name);

}  // namespace hc::simulator
