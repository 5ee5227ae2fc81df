#include "reader.h"

#include <algorithm>

#include "../guest/launch.h"

namespace hc::simulator::cmd {

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool isDelimiter(char c) { return isBlank(c) || c == ',' || c == ';' || c == '='; }
bool isSpecial(char c) { return c == '&' || c == '|' || c == '<' || c == '>' || c == '\n'; }

void Reader::skipBlanks() {
  while (!ended() && isBlank(here())) step();
}

void Reader::skipDelimiters() {
  while (!ended() && isDelimiter(here())) step();
}

void Reader::keep(std::string* text) {
  if (here() == '^') {
    step();
    if (here() == '\r') step();
    if (here() == '\n' && !ended()) step();
  }
  if (ended()) return;
  text->push_back(here());
  step();
}

void Reader::keepQuoted(std::string* text) {
  do {
    text->push_back(here());
    step();
  } while (!ended() && here() != '"' && here() != '\n');
  if (here() != '"') return;
  text->push_back('"');
  step();
}

std::string Reader::word(bool inBlock) {
  std::string text;
  int opened = 0;
  while (!ended() && !isDelimiter(here()) && !isSpecial(here())) {
    if (here() == '"') {
      keepQuoted(&text);
      continue;
    }
    if (inBlock && here() == ')' && opened-- == 0) break;
    if (here() == '(') ++opened;
    keep(&text);
  }
  return text;
}

bool Reader::hasWord(std::string_view word) const {
  const std::string_view left = rest();
  if (left.size() < word.size() || lowerCase(left.substr(0, word.size())) != word) return false;
  if (left.size() == word.size()) return true;
  const char next = left[word.size()];
  return isDelimiter(next) || isSpecial(next) || next == '(' || next == ')' || next == '"';
}

bool Reader::takeWord(std::string_view word) {
  if (!hasWord(word)) return false;
  step(word.size());
  return true;
}

std::string Reader::unexpected() const {
  const std::string_view left = rest();
  if (left.empty() || left[0] == '\n') return {};
  if (left.substr(0, 2) == "&&" || left.substr(0, 2) == "||") return std::string(left.substr(0, 2));
  if (isSpecial(left[0]) || left[0] == '(' || left[0] == ')') return std::string(1, left[0]);
  Reader copy = *this;
  constexpr std::size_t kLongest = 100;
  return copy.word(true).substr(0, kLongest);
}

}  // namespace hc::simulator::cmd
