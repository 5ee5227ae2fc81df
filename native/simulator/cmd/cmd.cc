#include "cmd.h"

#include "../base/status-codes.h"
#include "../guest/command-line.h"
#include "../guest/programs.h"
#include "../guest/shell.h"
#include "interpreter.h"

namespace hc::simulator {
namespace {

// Lines that wait for a closing parenthesis are read again with each line more: not without end.
constexpr std::size_t kLongestBlock = 8191;

struct Options {
  bool once = false;     // /c
  bool command = false;  // /c or /k
  bool strip = false;    // /s
  bool delayed = false;  // /v
  bool quiet = false;    // /q
  std::string_view line;
};

Options readOptions(std::string_view line) {
  Options options;
  std::string_view rest = trim(afterProgram(line));
  while (rest.size() > 1 && rest[0] == '/' && !options.command) {
    const char letter = static_cast<char>(rest[1] | 0x20);
    options.once = letter == 'c' || letter == 'r';
    options.command = options.once || letter == 'k';
    options.strip = options.strip || letter == 's';
    options.quiet = options.quiet || letter == 'q';
    rest.remove_prefix(2);
    // Others may have a value: /v:on
    std::size_t value = 0;
    if (!options.command)
      while (value < rest.size() && rest[value] != ' ' && rest[value] != '/') ++value;
    if (letter == 'v') options.delayed = lowerCase(rest.substr(0, value)) != ":off";
    rest = trim(rest.substr(value));
  }
  options.line = rest;
  return options;
}

// The outer quotes go, unless they are the only ones and are around the name of a program.
std::string unquote(std::string_view line, bool strip) {
  const std::size_t last = line.rfind('"');
  if (line.empty() || line[0] != '"' || last == 0) return std::string(line);
  const std::string_view inner = line.substr(1, last - 1);
  const bool two = inner.find('"') == std::string_view::npos;
  if (!strip && two && findProgram(inner, false) != nullptr) return std::string(line);
  return std::string(inner).append(line.substr(last + 1));
}

// Reads lines until `exit` or the end of the input. Ctrl-C ends the command that runs or the line
// that is typed, not the shell.
std::uint32_t interact(cmd::Interpreter& shell) {
  Guest& guest = shell.guest;
  std::string line, block;
  std::uint32_t code = 0;
  while (!shell.ended) {
    if (guest.launch.console)
      shell.print(block.empty() ? "\r\n" + guest.directory + '>' : std::string("More? "));
    const bool read = guest.readLine(&line);
    if (guest.interrupted()) {
      guest.resume();
      block.clear();
      continue;
    }
    if (!read) break;
    block += line;
    if (cmd::parse(block).unended && block.size() < kLongestBlock) {
      block += '\n';
      continue;
    }
    code = shell.runText(block);
    block.clear();
    if (!guest.interrupted()) continue;
    guest.resume();
    code = shell.errorLevel = kControlExitCode;
  }
  return shell.ended.value_or(code);
}

}  // namespace

std::uint32_t runCmd(Guest& guest, const Command& command) {
  const Routes before = guest.routes;
  guest.routes = {guest.routeOf(command.output), guest.routeOf(command.error), before.input};
  cmd::Interpreter shell(guest);
  const Options options = readOptions(command.line);
  shell.delayed = options.delayed;
  shell.echo = !options.quiet;
  std::uint32_t code = 0;
  if (options.command) code = shell.runText(unquote(options.line, options.strip));
  if (!options.once && !shell.ended) {
    if (guest.launch.console && !options.command)
      shell.print(std::string(cmd::kVersion) +
                  "\r\n(c) Microsoft Corporation. All rights reserved.\r\n");
    code = interact(shell);
  }
  guest.routes = before;
  return shell.ended.value_or(code);
}

}  // namespace hc::simulator
