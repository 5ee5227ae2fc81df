// cmd.exe of the guests of Windows.
#pragma once

#include <string_view>

namespace hc::simulator::cmd {

constexpr std::string_view kVersion = "Microsoft Windows [Version 10.0.20348.2227]";

}  // namespace hc::simulator::cmd
