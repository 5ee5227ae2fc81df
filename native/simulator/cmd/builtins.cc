#include "builtins.h"

#include <algorithm>

#include "../guest/programs.h"
#include "../guest/shell.h"
#include "cmd.h"
#include "expansion.h"
#include "reader.h"

namespace hc::simulator::cmd {
namespace {

std::uint32_t printed(Interpreter& shell, std::string_view text) {
  return shell.print(text) ? 0 : 1;
}

std::uint32_t printText(Interpreter& shell, std::string_view text) {
  const bool plain = text.empty() || isBlank(text[0]);
  const std::string word = lowerCase(trim(text));
  if (plain && word.empty())
    return printed(shell, shell.echo ? "ECHO is on.\r\n" : "ECHO is off.\r\n");
  if (plain && (word == "on" || word == "off")) {
    shell.echo = word == "on";
    return 0;
  }
  return printed(shell, std::string(text.substr(1)) + "\r\n");
}

// NAME=PROMPT: the value is a line of the input.
std::uint32_t ask(Interpreter& shell, std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return shell.printError(kWrongSyntax);
  shell.print(withoutQuotes(text.substr(equals + 1)));
  std::string line;
  if (!shell.guest.readLine(&line)) return 1;
  if (!line.empty()) shell.guest.environment[std::string(text.substr(0, equals))] = line;
  return 0;
}

std::uint32_t setVariable(Interpreter& shell, std::string_view text) {
  text = trim(text);
  const std::string option = lowerCase(text.substr(0, 2));
  if (option == "/p") return ask(shell, trim(text.substr(2)));
  // Sums are not known here.
  if (option == "/a") return shell.printError(kWrongSyntax);
  if (!text.empty() && text.front() == '"') {
    text.remove_prefix(1);
    text = text.substr(0, text.rfind('"'));
  }
  Environment& environment = shell.guest.environment;
  const std::size_t equals = text.find('=');
  if (equals == 0) return shell.printError(kWrongSyntax);
  if (!text.empty() && equals != std::string_view::npos) {
    const std::string name(text.substr(0, equals));
    environment.erase(name);
    if (equals + 1 != text.size()) environment[name] = text.substr(equals + 1);
    return 0;
  }
  const std::string start = lowerCase(text);
  std::string list;
  for (const auto& [name, value] : environment)
    if (lowerCase(name).compare(0, start.size(), start) == 0) list += name + '=' + value + "\r\n";
  if (list.empty())
    return shell.printError("Environment variable " + std::string(text) + " not defined\r\n");
  return printed(shell, list);
}

std::uint32_t exitShell(Interpreter& shell, std::string_view text) {
  text = trim(text);
  if (lowerCase(text.substr(0, 2)) == "/b") text = trim(text.substr(2));
  const bool negative = !text.empty() && text[0] == '-';
  const auto number = numberOf(negative ? text.substr(1) : text);
  const auto code = static_cast<std::uint32_t>(number.value_or(shell.errorLevel));
  shell.ended = negative ? 0 - code : code;
  return *shell.ended;
}

std::uint32_t printVersion(Interpreter& shell, std::string_view) {
  return printed(shell, "\r\n" + std::string(kVersion) + "\r\n");
}

// The variables are replaced once more, and what is left is run.
std::uint32_t call(Interpreter& shell, std::string_view text) {
  text = trim(text);
  if (!text.empty() && text[0] == ':') {
    const std::string label(text.substr(1));
    return shell.printError("The system cannot find the batch label specified - " + label + "\r\n");
  }
  return shell.runText(text);
}

std::uint32_t pause(Interpreter& shell, std::string_view) {
  shell.print("Press any key to continue . . . ");
  char key = 0;
  shell.guest.read(&key, 1);
  return printed(shell, "\r\n");
}

std::uint32_t doNothing(Interpreter&, std::string_view) { return 0; }

// Those without an effect here have none outside of a batch file, or only on the screen.
constexpr Builtin kBuiltins[] = {{"echo", printText, false},
                                 {"set", setVariable, false},
                                 {"exit", exitShell},
                                 {"ver", printVersion},
                                 {"call", call, false},
                                 {"pause", pause, false},
                                 {"rem", doNothing, false},
                                 {"cls", doNothing, false},
                                 {"title", doNothing, false},
                                 {"color", doNothing, false},
                                 {"setlocal", doNothing, false},
                                 {"endlocal", doNothing, false},
                                 {"dir", listFolder},
                                 {"chdir", changeFolder},
                                 {"cd", changeFolder},
                                 {"pushd", pushFolder},
                                 {"popd", popFolder, false},
                                 {"mkdir", makeFolders},
                                 {"md", makeFolders},
                                 {"rmdir", removeFolders, false},
                                 {"rd", removeFolders, false},
                                 {"erase", deleteFiles},
                                 {"del", deleteFiles},
                                 {"copy", copyFiles},
                                 {"move", moveFiles},
                                 {"rename", renameFile},
                                 {"ren", renameFile},
                                 {"type", typeFiles}};

}  // namespace

const Builtin* findBuiltin(std::string_view command) {
  constexpr std::string_view kEnds = " \t./\\,;=:(+[\"<>|&";
  constexpr std::size_t kLongest = 8;
  const std::string lower = lowerCase(command.substr(0, kLongest + 1));
  for (const Builtin& builtin : kBuiltins) {
    const std::size_t size = builtin.name.size();
    if (lower.compare(0, size, builtin.name) != 0) continue;
    if (lower.size() == size || kEnds.find(lower[size]) != std::string_view::npos) return &builtin;
  }
  return nullptr;
}

Arguments::Arguments(std::string_view text) {
  Reader reader(text);
  for (reader.skipDelimiters(); !reader.ended(); reader.skipDelimiters()) {
    std::string raw;
    const bool isSwitch = reader.here() == '/';
    do {
      if (reader.here() == '"') {
        reader.keepQuoted(&raw);
      } else {
        raw.push_back(reader.here());
        reader.step();
      }
    } while (!reader.ended() && !isDelimiter(reader.here()) && !(isSwitch && reader.here() == '/'));
    if (isSwitch) {
      switches.push_back(lowerCase(raw));
      continue;
    }
    raw.erase(std::remove(raw.begin(), raw.end(), '"'), raw.end());
    words.push_back(std::move(raw));
  }
}

bool Arguments::has(std::string_view name) const {
  return std::find(switches.begin(), switches.end(), name) != switches.end();
}

}  // namespace hc::simulator::cmd
