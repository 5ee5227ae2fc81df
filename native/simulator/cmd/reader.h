// The characters of a line and the words that they make.
#pragma once

#include <string>
#include <string_view>

namespace hc::simulator::cmd {

// Blanks, and what cmd takes for them between words.
bool isBlank(char c);
bool isDelimiter(char c);
bool isSpecial(char c);  // ends a word outside of quotes: & | < > and the end of the line

class Reader {
 public:
  explicit Reader(std::string_view line) : line_(line) {}

  bool ended() const { return at_ == line_.size(); }
  char here() const { return ended() ? '\n' : line_[at_]; }
  char after() const { return at_ + 1 < line_.size() ? line_[at_ + 1] : '\n'; }
  void step(std::size_t count = 1) { at_ += count; }
  std::string_view rest() const { return line_.substr(at_); }

  void skipBlanks();
  void skipDelimiters();
  // One character with what a caret does to it, and whether it is plain: no caret or quote made it
  // a part of the text.
  void keep(std::string* text);
  // In quotes up to their end, which is that of the line at the latest.
  void keepQuoted(std::string* text);
  // Up to a delimiter or a special character. In parentheses the closing one ends it too, but for
  // those that were opened in it.
  std::string word(bool inBlock);
  // Takes the word if it stands here, in letters of either case.
  bool takeWord(std::string_view word);
  bool hasWord(std::string_view word) const;
  // What stands here, as cmd names what it did not expect.
  std::string unexpected() const;

 private:
  const std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace hc::simulator::cmd
