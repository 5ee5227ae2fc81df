// powershell.exe of Windows guests.
#include "shell.h"

#include "command-line.h"

namespace hc::simulator {

std::uint32_t runPowerShell(Guest&, const Command&) { return 0; }

}  // namespace hc::simulator
