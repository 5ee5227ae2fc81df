#include "interpreter.h"

#include <algorithm>

#include "../guest/command-line.h"
#include "../guest/programs.h"
#include "../guest/shell.h"
#include "builtins.h"
#include "expansion.h"
#include "reader.h"
#include "redirections.h"

namespace hc::simulator::cmd {
namespace {

constexpr std::uint32_t kSyntaxError = 255;
constexpr std::uint32_t kNotRecognized = 9009;

}  // namespace

std::uint32_t Interpreter::printError(std::string_view text, std::uint32_t code) {
  guest.write(Target::Error, text);
  return code;
}

std::optional<std::string> Interpreter::variable(const std::string& name) const {
  if (const auto at = guest.environment.find(name); at != guest.environment.end())
    return at->second;
  const std::string lower = lowerCase(name);
  if (lower == "cd") return guest.directory;
  if (lower == "errorlevel") return std::to_string(static_cast<std::int32_t>(errorLevel));
  return std::nullopt;
}

std::string Interpreter::pathOf(std::string_view path) const {
  return absolutePath(guest.directory, path);
}

void Interpreter::bind(char name, std::string value) {
  bound_.emplace_back(name, std::move(value));
}

void Interpreter::unbind(std::size_t count) { bound_.resize(bound_.size() - count); }

std::string Interpreter::substitute(std::string_view text) const {
  std::string result =
      bound_.empty() ? std::string(text) : expandLoop(text, bound_, guest.directory);
  if (!delayed) return result;
  auto expanded = expand(result, '!', [this](const std::string& name) { return variable(name); });
  return expanded ? std::move(*expanded) : result;
}

std::uint32_t Interpreter::runText(std::string_view text) {
  const Nesting nesting(guest);
  if (nesting.tooDeep()) return printError(std::string(kTooDeep) + "\r\n");
  const auto expanded =
      expand(text, '%', [this](const std::string& name) { return variable(name); });
  if (!expanded) return errorLevel = printError("The input line is too long.\r\n");
  const Parsed parsed = parse(*expanded);
  if (!parsed.error.empty()) return errorLevel = printError(parsed.error + "\r\n", kSyntaxError);
  return parsed.tree ? run(*parsed.tree) : 0;
}

std::uint32_t Interpreter::run(const Node& node) {
  const Redirected redirected(*this, node.redirections);
  if (!redirected.good()) return errorLevel = 1;
  switch (node.kind) {
    case Node::Kind::Sequence:
    case Node::Kind::OrElse:
    case Node::Kind::AndThen:
      return runParts(node);
    case Node::Kind::Pipe:
      return runPipe(node);
    case Node::Kind::Command:
      return runCommand(substitute(node.text));
    case Node::Kind::Block:
      return run(*node.body);
    case Node::Kind::If:
      if (holds(*this, node.condition)) return run(*node.body);
      return node.otherwise ? run(*node.otherwise) : 0;
    case Node::Kind::For:
      return runLoop(*this, node);
  }
  return 0;
}

std::uint32_t Interpreter::runParts(const Node& node) {
  std::uint32_t code = 0;
  for (const NodePointer& part : node.parts) {
    code = run(*part);
    if (stopped()) break;
    if (node.kind == Node::Kind::OrElse && code == 0) break;
    if (node.kind == Node::Kind::AndThen && code != 0) break;
  }
  return ended.value_or(code);
}

// One side after the other: the next reads what the one before has written.
std::uint32_t Interpreter::runPipe(const Node& node) {
  std::string text;
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < node.parts.size() && !guest.over(); ++i) {
    TextSink sink;
    std::string_view input = text;
    Routes routes = guest.routes;
    if (i != 0) routes.input = &input;
    if (i + 1 != node.parts.size()) routes.output = Route{Target::Output, &sink};
    code = runApart(*node.parts[i], routes);
    text = std::move(sink.text);
  }
  return errorLevel = code;
}

std::uint32_t Interpreter::runApart(const Node& node, Routes routes) {
  const Routes before = std::exchange(guest.routes, routes);
  Environment environment = guest.environment;
  std::string directory = guest.directory;
  const auto level = errorLevel;
  const std::uint32_t code = run(node);
  guest.routes = before;
  guest.environment = std::move(environment);
  guest.directory = std::move(directory);
  errorLevel = level;
  return std::exchange(ended, std::nullopt).value_or(code);
}

std::uint32_t Interpreter::runCommand(std::string_view text) {
  while (!text.empty() && (isDelimiter(text.front()) || text.front() == '@')) text.remove_prefix(1);
  if (text.empty()) return 0;
  if (const Builtin* builtin = findBuiltin(text)) {
    const std::uint32_t code = builtin->run(*this, text.substr(builtin->name.size()));
    if (code != 0 || builtin->setsErrorLevel) errorLevel = code;
    return code;
  }
  return runProgram(trim(text));
}

std::uint32_t Interpreter::runProgram(std::string_view text) {
  const auto arguments = splitCommandLine(text);
  const std::string& name = arguments[0];
  if (name.size() == 2 && name[1] == ':') {
    if ((name[0] | 0x20) == (guest.directory[0] | 0x20)) return errorLevel = 0;
    return errorLevel = printError("The system cannot find the drive specified.\r\n");
  }
  if (const ProgramEntry* program = findProgram(name, false)) {
    const Nesting nesting(guest);
    if (nesting.tooDeep()) return errorLevel = printError(std::string(kTooDeep) + "\r\n");
    Command started;
    started.arguments = arguments;
    started.line = std::string(text);
    return errorLevel = program->run(guest, started);
  }
  errorLevel = kNotRecognized;
  const std::size_t shown = text.size() - afterProgram(text).size();
  return printError('\'' + std::string(trim(text.substr(0, shown))) +
                    "' is not recognized as an internal or external command,\r\n"
                    "operable program or batch file.\r\n");
}

}  // namespace hc::simulator::cmd
