// Texts of the host are UTF-16; guests write bytes, which are UTF-8 in both kinds of guest.
#pragma once

#include <string>
#include <string_view>

namespace hc::simulator {

// What is malformed becomes U+FFFD.
std::string toUtf8(std::u16string_view text);
std::u16string toUtf16(std::string_view text);

}  // namespace hc::simulator
