// The shell of Linux guests, and the small programs that it has built in.
#include "shell.h"

namespace hc::simulator {

std::vector<std::string> splitWords(std::string_view line) { return {std::string(line)}; }

std::uint32_t runSh(Guest&, const Command&) { return 0; }

}  // namespace hc::simulator
