#include "command-line.h"

namespace hc::simulator {
namespace {

bool blank(char c) { return c == ' ' || c == '\t'; }

std::size_t skipBlanks(std::string_view line, std::size_t at) {
  while (at < line.size() && blank(line[at])) ++at;
  return at;
}

std::size_t programEnd(std::string_view line, std::string* name) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < line.size() && (quoted || !blank(line[at])); ++at) {
    if (line[at] == '"') {
      quoted = !quoted;
    } else if (name != nullptr) {
      name->push_back(line[at]);
    }
  }
  return at;
}

// Backslashes are plain unless a quote follows: then each pair is one, and an odd one makes the
// quote plain.
std::size_t argumentEnd(std::string_view line, std::size_t at, std::string* argument) {
  bool quoted = false;
  while (at < line.size() && (quoted || !blank(line[at]))) {
    std::size_t slashes = 0;
    while (at < line.size() && line[at] == '\\') ++slashes, ++at;
    const bool quote = at < line.size() && line[at] == '"';
    argument->append(quote ? slashes / 2 : slashes, '\\');
    if (!quote) {
      if (at < line.size() && (quoted || !blank(line[at]))) argument->push_back(line[at++]);
      continue;
    }
    ++at;
    if (slashes % 2 != 0) {
      argument->push_back('"');
    } else if (quoted && at < line.size() && line[at] == '"') {
      argument->push_back('"');
      ++at;
    } else {
      quoted = !quoted;
    }
  }
  return at;
}

std::string quote(const std::string& argument) {
  if (!argument.empty() && argument.find_first_of(" \t\"") == std::string::npos) return argument;
  std::string quoted = "\"";
  std::size_t slashes = 0;
  for (const char c : argument) {
    if (c == '\\') {
      ++slashes;
      continue;
    }
    quoted.append(c == '"' ? 2 * slashes + 1 : slashes, '\\').push_back(c);
    slashes = 0;
  }
  return quoted.append(2 * slashes, '\\') + '"';
}

}  // namespace

std::vector<std::string> splitCommandLine(std::string_view line) {
  std::vector<std::string> arguments(1);
  std::size_t at = skipBlanks(line, programEnd(line, &arguments[0]));
  while (at < line.size()) {
    std::string argument;
    at = skipBlanks(line, argumentEnd(line, at, &argument));
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

std::string joinCommandLine(const std::vector<std::string>& arguments) {
  std::string line;
  for (const std::string& argument : arguments) {
    if (!line.empty()) line.push_back(' ');
    line += quote(argument);
  }
  return line;
}

std::string_view afterProgram(std::string_view line) {
  return line.substr(skipBlanks(line, programEnd(line, nullptr)));
}

}  // namespace hc::simulator
