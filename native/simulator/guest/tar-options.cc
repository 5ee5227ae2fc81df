#include "tar-options.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace hc::simulator {
namespace {

// Letters behind one dash, of which some take the rest or the next word.
std::string readLetters(const std::vector<std::string>& words, std::size_t* at,
                        const std::string& letters, TarOptions* options) {
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const char letter = letters[i];
    if (letter == 'c' || letter == 'x' || letter == 't') {
      options->mode = letter;
    } else if (letter == 'n') {
      options->recursive = false;
    } else if (letter == 'f' || letter == 'C') {
      std::string value = letters.substr(i + 1);
      if (value.empty() && *at + 1 >= words.size())
        return std::string("Option requires an argument -- '") + letter + '\'';
      if (value.empty()) value = words[++*at];
      if (letter == 'f')
        options->file = std::move(value);
      else
        options->folder = std::move(value);
      return {};
    } else if (std::string_view("pmo").find(letter) == std::string_view::npos) {
      return std::string("Option -") + letter + " is not supported";
    }
  }
  return {};
}

}  // namespace

std::string readTarOptions(const std::vector<std::string>& words, TarOptions* options) {
  std::size_t at = 1;
  for (; at < words.size() && !words[at].empty(); ++at) {
    const std::string& word = words[at];
    if (word == "--") {
      ++at;
      break;
    }
    if (word == "--no-recursion" || word == "--norecurse") {
      options->recursive = false;
      continue;
    }
    const bool dashed = word[0] == '-' && word.size() > 1;
    // The first word may have its letters without one.
    if (!dashed && at != 1) break;
    const std::string wrong = readLetters(words, &at, word.substr(dashed ? 1 : 0), options);
    if (!wrong.empty()) return wrong;
  }
  const auto first = static_cast<std::ptrdiff_t>(std::min(at, words.size()));
  options->names.assign(words.begin() + first, words.end());
  return {};
}

}  // namespace hc::simulator
