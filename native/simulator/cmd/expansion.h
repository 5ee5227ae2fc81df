// Variables in texts. Each takes time in proportion to the text and to what it becomes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hc::simulator::cmd {

using Lookup = std::function<std::optional<std::string>(const std::string& name)>;

// %NAME%, %NAME:~START,COUNT% and %NAME:OLD=NEW%, with the mark for the percent sign. What is
// unknown stays as it is written. Nothing: the text grows too long.
std::optional<std::string> expand(std::string_view text, char mark, const Lookup& lookup);

// The variables of `for`, %X and %~MODIFIERSX; a modifier works on the path in that directory.
std::string expandLoop(std::string_view text,
                       const std::vector<std::pair<char, std::string>>& variables,
                       const std::string& directory);

// Without those around it; without any.
std::string_view withoutQuotes(std::string_view text);
std::string withoutAllQuotes(std::string_view text);

}  // namespace hc::simulator::cmd
