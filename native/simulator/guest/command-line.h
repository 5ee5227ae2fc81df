// How a program of a Windows guest takes its command line apart: as the C runtime does since 2008.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hc::simulator {

// The first is the name of the program, for which backslashes mean nothing.
std::vector<std::string> splitCommandLine(std::string_view line);

// A line that splits into these arguments.
std::string joinCommandLine(const std::vector<std::string>& arguments);

// What follows the name of the program, without the blanks between.
std::string_view afterProgram(std::string_view line);

}  // namespace hc::simulator
