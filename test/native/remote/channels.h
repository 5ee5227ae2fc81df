// The connections alone, with both ends in this process.
#pragma once

#include <string>

namespace hc::test {

// The path of a socket that no other process has.
std::string ownPath(const char* name);

void channels();

}  // namespace hc::test
