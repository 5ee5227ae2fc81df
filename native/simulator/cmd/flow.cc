// if and for.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "../guest/programs.h"
#include "../guest/shell.h"
#include "builtins.h"
#include "expansion.h"
#include "interpreter.h"
#include "reader.h"
#include "redirections.h"

namespace hc::simulator::cmd {
namespace {

std::optional<std::int64_t> integer(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  const auto number = numberOf(negative ? text.substr(1) : text);
  constexpr std::uint64_t kMost = 0xFFFFFFFF;
  if (!number || *number > kMost) return std::nullopt;
  const auto value = static_cast<std::int64_t>(*number);
  return negative ? -value : value;
}

// A number as wcstol() of Windows reads it with base 0: octal after a 0, hexadecimal after 0x, 32
// bits, and where there are more the largest. Nothing where there is no number; `whole` where
// nothing follows it.
struct Long {
  std::int32_t value = 0;
  bool whole = false;
};

Long longAt(const std::string& text) {
  const std::size_t digits = text.find_first_not_of("+-", text.find_first_not_of(" \t\r\n\v\f"));
  const std::string_view rest =
      digits == std::string::npos ? std::string_view() : std::string_view(text).substr(digits);
  const bool hexadecimal = rest.substr(0, 2) == "0x" || rest.substr(0, 2) == "0X";
  const int base = hexadecimal ? 16 : rest.substr(0, 1) == "0" ? 8 : 10;
  char* end = nullptr;
  const long long value = std::strtoll(text.c_str(), &end, base);
  const auto bounded = std::clamp<long long>(value, INT32_MIN, INT32_MAX);
  return {static_cast<std::int32_t>(bounded),
          end != text.c_str() && end == text.c_str() + text.size()};
}

bool exists(Interpreter& shell, std::string_view operand) {
  const std::string name = withoutAllQuotes(operand);
  if (isNullDevice(name)) return true;
  if (hasWildcards(name)) return !match(shell, name).entries.empty();
  const auto found = shell.guest.files().find(shell.pathOf(name));
  const bool wantsFolder = !name.empty() && (name.back() == '\\' || name.back() == '/');
  return found && (found->folder || !wantsFolder);
}

// Numbers where both are, else texts.
bool compare(const Condition& condition, std::string left, std::string right) {
  if (condition.ignoreCase) {
    left = lowerCase(left);
    right = lowerCase(right);
  }
  if (condition.operation == "==") return left == right;
  const Long a = longAt(left), b = longAt(right);
  const int order = a.whole && b.whole ? (a.value < b.value   ? -1
                                          : a.value > b.value ? 1
                                                              : 0)
                                       : left.compare(right);
  const std::string& operation = condition.operation;
  return operation == "equ"   ? order == 0
         : operation == "neq" ? order != 0
         : operation == "lss" ? order < 0
         : operation == "leq" ? order <= 0
         : operation == "gtr" ? order > 0
                              : order >= 0;
}

// The items of a set; with wildcards the files or folders of that name.
std::uint32_t runItems(Interpreter& shell, const Node& node, const std::string& set) {
  const bool folders = node.loop.kind == Loop::Kind::Folders;
  std::uint32_t code = 0;
  const auto pass = [&](std::string value) {
    shell.bind(node.loop.variable, std::move(value));
    code = runBody(shell, node);
    shell.unbind(1);
  };
  Reader reader(set);
  for (;;) {
    while (!reader.ended() && (isDelimiter(reader.here()) || reader.here() == '\n')) reader.step();
    if (reader.ended() || shell.stopped()) break;
    std::string item = reader.word(false);
    // What a word ends at and a set does not.
    if (item.empty()) {
      item = std::string(1, reader.here());
      reader.step();
    }
    if (!hasWildcards(item)) {
      pass(std::move(item));
      continue;
    }
    const std::string_view pattern = withoutQuotes(item);
    const std::size_t slash = pattern.find_last_of("\\/:");
    const std::string_view before =
        pattern.substr(0, slash == std::string_view::npos ? 0 : slash + 1);
    for (const FileEntry& entry : match(shell, pattern).entries) {
      if (shell.stopped()) break;
      if (entry.folder == folders) pass(std::string(before) + entry.name);
    }
  }
  return code;
}

// (START,STEP,END)
std::uint32_t runNumbers(Interpreter& shell, const Node& node, const std::string& set) {
  std::int64_t numbers[3] = {0, 0, 0};
  Reader reader(set);
  for (std::int64_t& number : numbers) {
    reader.skipDelimiters();
    number = longAt(reader.word(false)).value;
  }
  const auto [start, step, end] = numbers;
  std::uint32_t code = 0;
  for (std::int64_t i = start; (step >= 0 ? i <= end : i >= end) && !shell.stopped(); i += step) {
    shell.bind(node.loop.variable, std::to_string(i));
    code = runBody(shell, node);
    shell.unbind(1);
  }
  return code;
}

// The same set in a folder and in all folders below it.
std::uint32_t runTree(Interpreter& shell, const Node& node, const std::string& set) {
  const std::string_view given = withoutQuotes(node.loop.options);
  std::vector<std::string> folders{shell.pathOf(given.empty() ? "." : given)};
  std::uint32_t code = 0;
  Reader reader(set);
  std::vector<std::string> items;
  for (reader.skipDelimiters(); !reader.ended(); reader.skipDelimiters()) {
    items.push_back(reader.word(false));
    if (items.back().empty()) break;
  }
  while (!folders.empty() && !shell.stopped()) {
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    const std::string prefix = folder.back() == '\\' ? folder : folder + '\\';
    const auto pass = [&](const std::string& name) {
      if (shell.stopped()) return;
      shell.bind(node.loop.variable, prefix + name);
      code = runBody(shell, node);
      shell.unbind(1);
    };
    for (const std::string& item : items) {
      if (!hasWildcards(item)) {
        pass(std::string(withoutQuotes(item)));
        continue;
      }
      for (const FileEntry& entry : match(shell, prefix + std::string(withoutQuotes(item))).entries)
        if (!entry.folder) pass(entry.name);
    }
    const auto entries = shell.guest.files().list(folder);
    for (auto at = entries.rbegin(); at != entries.rend(); ++at)
      if (at->folder) folders.push_back(prefix + at->name);
  }
  return code;
}

}  // namespace

bool holds(Interpreter& shell, const Condition& condition) {
  const std::string left = shell.substitute(condition.left);
  bool holding = false;
  switch (condition.kind) {
    case Condition::Kind::Exist:
      holding = exists(shell, left);
      break;
    case Condition::Kind::ErrorLevel:
      holding = static_cast<std::int32_t>(shell.errorLevel) >= integer(left).value_or(0);
      break;
    case Condition::Kind::Defined:
      holding = shell.variable(left).has_value();
      break;
    case Condition::Kind::Extensions:
      holding = integer(left).value_or(0) <= 2;
      break;
    case Condition::Kind::Compare:
      holding = compare(condition, left, shell.substitute(condition.right));
      break;
  }
  return holding != condition.negated;
}

// At the command line cmd shows what it runs in a loop, unless that is quiet or echo is off.
std::uint32_t runBody(Interpreter& shell, const Node& node) {
  if (shell.echo && !node.quiet)
    shell.print("\r\n" + shell.guest.directory + '>' + shell.substitute(trim(node.text)) + "\r\n");
  return shell.run(*node.body);
}

std::uint32_t runLoop(Interpreter& shell, const Node& node) {
  if (node.loop.kind == Loop::Kind::Lines) return runLines(shell, node);
  const std::string set = shell.substitute(node.loop.set);
  if (node.loop.kind == Loop::Kind::Numbers) return runNumbers(shell, node, set);
  if (node.loop.kind == Loop::Kind::Tree) return runTree(shell, node, set);
  return runItems(shell, node, set);
}

}  // namespace hc::simulator::cmd
