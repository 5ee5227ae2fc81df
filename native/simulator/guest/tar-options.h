// What the program tar is asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace hc::simulator {

struct TarOptions {
  char mode = '\0';  // c, x or t
  bool recursive = true;
  std::optional<std::string> file;
  std::string folder;  // empty: where it was started
  std::vector<std::string> names;
};

// The first word is that of the program. Empty: they are right; else what is wrong with them.
std::string readTarOptions(const std::vector<std::string>& words, TarOptions* options);

}  // namespace hc::simulator
