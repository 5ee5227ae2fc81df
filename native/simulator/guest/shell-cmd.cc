// cmd.exe of Windows guests.
#include "command-line.h"
#include "shell.h"

namespace hc::simulator {
namespace {

constexpr std::string_view kVersion = "Microsoft Windows [Version 10.0.20348.2227]";

std::string variable(Shell& shell, const std::string& name, bool* known) {
  *known = true;
  const Environment& environment = shell.guest.environment;
  if (const auto at = environment.find(name); at != environment.end()) return at->second;
  const std::string lower = lowerCase(name);
  if (lower == "cd") return shell.guest.directory;
  if (lower == "errorlevel") return std::to_string(shell.last);
  *known = false;
  return {};
}

// Before anything else is understood of the line. What is unknown stays as it is written.
std::string expand(Shell& shell, std::string_view line) {
  std::string result;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = line[at] == '%' ? line.find('%', at + 1) : std::string_view::npos;
    bool known = false;
    if (end != std::string_view::npos && end > at + 1) {
      result += variable(shell, std::string(line.substr(at + 1, end - at - 1)), &known);
      if (known) at = end + 1;
    }
    if (!known) result.push_back(line[at++]);
  }
  return result;
}

std::uint32_t echo(Shell& shell, const Step& step, std::string_view text) {
  const bool plain = text.empty() || text[0] == ' ' || text[0] == '\t';
  const std::string word = lowerCase(trim(text));
  if (plain && word.empty()) return shell.print(step, "ECHO is on.\r\n") ? 0 : 1;
  if (plain && (word == "on" || word == "off")) return 0;
  return shell.print(step, std::string(text.substr(1)) + "\r\n") ? 0 : 1;
}

std::uint32_t set(Shell& shell, const Step& step, std::string_view text) {
  text = trim(text);
  if (!text.empty() && text.front() == '"') {
    text.remove_prefix(1);
    text = text.substr(0, text.rfind('"'));
  }
  Environment& environment = shell.guest.environment;
  const std::size_t equals = text.find('=');
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
  if (list.empty()) {
    return shell.printError(step, "Environment variable " + std::string(text) + " not defined\r\n");
  }
  return shell.print(step, list) ? 0 : 1;
}

std::uint32_t type(Shell& shell, const Step& step, std::string_view text) {
  const auto words = splitCommandLine("type " + std::string(trim(text)));
  if (words.size() == 1)
    return shell.printError(step, "The syntax of the command is incorrect.\r\n");
  std::string path = words[1];
  const bool absolute = path.size() > 1 && (path[1] == ':' || path[0] == '\\');
  if (!absolute) {
    const std::string& directory = shell.guest.directory;
    path.insert(0, directory + (directory.back() == '\\' ? "" : "\\"));
  }
  const std::string* file = findFile(path, false);
  if (file == nullptr)
    return shell.printError(step, "The system cannot find the file specified.\r\n");
  return shell.print(step, *file) ? 0 : 1;
}

std::uint32_t changeDirectory(Shell& shell, const Step& step, std::string_view text) {
  text = trim(text);
  if (lowerCase(text.substr(0, 2)) == "/d") text = trim(text.substr(2));
  if (text.empty()) return shell.print(step, shell.guest.directory + "\r\n") ? 0 : 1;
  std::string& directory = shell.guest.directory;
  if (text.size() > 1 && text[1] == ':') {
    directory = text;
  } else if (text[0] == '\\') {
    directory = directory.substr(0, 2) + std::string(text);
  } else if (text == "..") {
    const std::size_t slash = directory.find_last_of('\\', directory.size() - 2);
    directory.resize(slash == std::string::npos || slash < 3 ? 3 : slash);
  } else {
    if (directory.back() != '\\') directory.push_back('\\');
    directory += text;
  }
  return 0;
}

std::uint32_t exitShell(Shell& shell, const Step&, std::string_view text) {
  text = trim(text);
  if (lowerCase(text.substr(0, 2)) == "/b") text = trim(text.substr(2));
  const bool negative = !text.empty() && text[0] == '-';
  const auto number = numberOf(negative ? text.substr(1) : text);
  const auto code = static_cast<std::uint32_t>(number.value_or(shell.last));
  shell.ended = negative ? 0 - code : code;
  return *shell.ended;
}

std::uint32_t version(Shell& shell, const Step& step, std::string_view) {
  return shell.print(step, "\r\n" + std::string(kVersion) + "\r\n") ? 0 : 1;
}

std::uint32_t remark(Shell&, const Step&, std::string_view) { return 0; }

struct Builtin {
  std::string_view name;
  std::uint32_t (*run)(Shell& shell, const Step& step, std::string_view text);
};

constexpr Builtin kBuiltins[] = {{"echo", echo},
                                 {"set", set},
                                 {"type", type},
                                 {"cd", changeDirectory},
                                 {"chdir", changeDirectory},
                                 {"exit", exitShell},
                                 {"ver", version},
                                 {"rem", remark}};

std::uint32_t runStep(Shell& shell, const Step& step) {
  std::string_view text = step.text;
  while (!text.empty() && (text[0] == ' ' || text[0] == '\t' || text[0] == '@'))
    text.remove_prefix(1);
  const std::string lower = lowerCase(text);
  for (const Builtin& builtin : kBuiltins) {
    const std::size_t size = builtin.name.size();
    if (lower.compare(0, size, builtin.name) != 0) continue;
    constexpr std::string_view kEnds = " \t./\\,;=:(+[";
    if (lower.size() == size || kEnds.find(lower[size]) != std::string_view::npos)
      return builtin.run(shell, step, text.substr(size));
  }
  const auto arguments = splitCommandLine(trim(text));
  if (const auto code = shell.runProgram(step, arguments)) return *code;
  return shell.printError(step, '\'' + arguments[0] +
                                    "' is not recognized as an internal or external command,\r\n"
                                    "operable program or batch file.\r\n");
}

struct Options {
  bool once = false;     // /c
  bool command = false;  // /c or /k
  bool strip = false;    // /s
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
    rest.remove_prefix(2);
    // Others may have a value: /v:on
    if (!options.command)
      while (!rest.empty() && rest[0] != ' ' && rest[0] != '/') rest.remove_prefix(1);
    rest = trim(rest);
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

}  // namespace

std::uint32_t runCmd(Guest& guest, const Command& command) {
  Shell shell(guest, command, ShellKind::Cmd, runStep);
  const Options options = readOptions(command.line);
  const auto run = [&](const std::string& line) { shell.runLine(expand(shell, line)); };
  if (options.command) run(unquote(options.line, options.strip));
  if (options.once || shell.ended) return shell.result();
  if (guest.launch.console && !options.command) {
    guest.write(command.output,
                std::string(kVersion) + "\r\n(c) Microsoft Corporation. All rights reserved.\r\n");
  }
  return shell.interact([&] { return "\r\n" + guest.directory + '>'; }, run);
}

}  // namespace hc::simulator
