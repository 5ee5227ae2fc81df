// Runs what the parser has read, on the thread of the program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../guest/guest.h"
#include "syntax.h"

namespace hc::simulator::cmd {

class Interpreter {
 public:
  explicit Interpreter(Guest& owner) : guest(owner) {}

  Guest& guest;
  // Not every command that succeeds sets it; whether the last command failed is what run() gives.
  std::uint32_t errorLevel = 0;
  std::optional<std::uint32_t> ended;  // by `exit`
  bool echo = true;
  bool delayed = false;  // !NAME! is replaced as well
  std::vector<std::string> pushed;

  // A line with its variables. Gives the code of its last command.
  std::uint32_t runText(std::string_view text);
  std::uint32_t run(const Node& node);

  // Variables of `for`, and of the environment where that is done late.
  std::string substitute(std::string_view text) const;
  std::string pathOf(std::string_view path) const;
  // What the value of a variable is, if it has one.
  std::optional<std::string> variable(const std::string& name) const;
  // While the body of a loop runs.
  void bind(char variable, std::string value);
  void unbind(std::size_t count);

  bool stopped() const { return ended.has_value() || guest.over(); }
  bool print(std::string_view text) { return guest.write(Target::Output, text); }
  std::uint32_t printError(std::string_view text, std::uint32_t code = 1);
  // Runs it in a shell of its own, as cmd does with the sides of a pipe: what it changes is lost.
  std::uint32_t runApart(const Node& node, Routes routes);

 private:
  std::uint32_t runParts(const Node& node);
  std::uint32_t runPipe(const Node& node);
  std::uint32_t runCommand(std::string_view text);
  std::uint32_t runProgram(std::string_view text);

  std::vector<std::pair<char, std::string>> bound_;
};

// if and for
bool holds(Interpreter& shell, const Condition& condition);
std::uint32_t runLoop(Interpreter& shell, const Node& node);
std::uint32_t runLines(Interpreter& shell, const Node& node);
std::uint32_t runBody(Interpreter& shell, const Node& node);

}  // namespace hc::simulator::cmd
