// for /f: the lines of files, of a text or of what a command prints, taken apart into tokens.
#include <algorithm>

#include "../guest/programs.h"
#include "builtins.h"
#include "expansion.h"
#include "interpreter.h"
#include "reader.h"
#include "redirections.h"

namespace hc::simulator::cmd {
namespace {

constexpr std::size_t kMostTokens = 31;

struct Options {
  std::string delimiters = " \t";
  char comment = ';';
  std::size_t skip = 0;
  std::vector<std::size_t> tokens{1};  // from 1
  bool rest = false;                   // one variable more has what is left
  bool otherQuotes = false;            // usebackq
};

// 1,3-5,* : false when it makes no sense.
bool readTokens(std::string_view text, Options* options) {
  options->tokens.clear();
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (!item.empty() && item.back() == '*') {
      options->rest = true;
      item.remove_suffix(1);
      if (item.empty()) continue;
    }
    const std::size_t dash = std::min(item.find('-'), item.size());
    const auto first = numberOf(item.substr(0, dash));
    const auto last = dash == item.size() ? first : numberOf(item.substr(dash + 1));
    if (!first || !last || *first == 0 || *last > kMostTokens) return false;
    for (std::uint64_t i = *first; i <= *last; ++i)
      options->tokens.push_back(static_cast<std::size_t>(i));
  }
  std::sort(options->tokens.begin(), options->tokens.end());
  options->tokens.erase(std::unique(options->tokens.begin(), options->tokens.end()),
                        options->tokens.end());
  return true;
}

std::optional<Options> readOptions(std::string_view text) {
  Options options;
  text = withoutQuotes(text);
  const auto takes = [&](std::string_view name) {
    if (lowerCase(text.substr(0, name.size())) != name) return false;
    text.remove_prefix(name.size());
    return true;
  };
  const auto word = [&] {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view value = text.substr(0, end);
    text.remove_prefix(end);
    return value;
  };
  while (!text.empty()) {
    if (text[0] == ' ') {
      text.remove_prefix(1);
    } else if (takes("usebackq")) {
      options.otherQuotes = true;
    } else if (takes("eol=")) {
      options.comment = text.empty() ? '\0' : text[0];
      text.remove_prefix(std::min<std::size_t>(1, text.size()));
    } else if (takes("skip=")) {
      const auto count = numberOf(word());
      if (!count) return std::nullopt;
      options.skip = static_cast<std::size_t>(*count);
    } else if (takes("tokens=")) {
      if (!readTokens(word(), &options)) return std::nullopt;
    } else if (takes("delims=")) {
      // A blank is one of them only as the last of the options.
      const std::size_t end = text.find(' ');
      const bool last = end == std::string_view::npos || end + 1 == text.size();
      options.delimiters = last ? text : text.substr(0, end);
      text.remove_prefix(options.delimiters.size());
    } else {
      return std::nullopt;
    }
  }
  return options;
}

std::string outputOf(Interpreter& shell, std::string_view command) {
  TextSink sink;
  const Parsed parsed = parse(command);
  if (!parsed.error.empty()) shell.printError(parsed.error + "\r\n");
  if (!parsed.tree) return {};
  Routes routes = shell.guest.routes;
  routes.output = Route{Target::Output, &sink};
  shell.runApart(*parsed.tree, routes);
  return std::move(sink.text);
}

// The lines that the set stands for, or nothing when it names a file that is not there.
std::optional<std::string> textOfSet(Interpreter& shell, const Options& options,
                                     std::string_view set) {
  while (!set.empty() && isBlank(set.front())) set.remove_prefix(1);
  while (!set.empty() && isBlank(set.back())) set.remove_suffix(1);
  const char text = options.otherQuotes ? '\'' : '"';
  const char command = options.otherQuotes ? '`' : '\'';
  const bool paired = set.size() > 1 && set.front() == set.back();
  const std::string_view inner = paired ? set.substr(1, set.size() - 2) : set;
  if (paired && set[0] == text) return std::string(inner);
  if (paired && set[0] == command) return outputOf(shell, inner);
  std::string lines;
  Reader reader(set);
  for (reader.skipDelimiters(); !reader.ended(); reader.skipDelimiters()) {
    const std::string name = reader.word(false);
    const auto file = shell.guest.files().read(shell.pathOf(withoutQuotes(name)));
    if (file) {
      lines += *file;
      if (!lines.empty() && lines.back() != '\n') lines += '\n';
      continue;
    }
    shell.printError("The system cannot find the file " + name + ".\r\n");
    return std::nullopt;
  }
  return lines;
}

// Binds the variables of one line; false: it has no token.
bool bindLine(Interpreter& shell, const Options& options, char variable, std::string_view line,
              std::size_t* bound) {
  const auto skip = [&] {
    line.remove_prefix(std::min(line.find_first_not_of(options.delimiters), line.size()));
  };
  skip();
  if (line.empty() || line[0] == options.comment) return false;
  *bound = 0;
  std::size_t number = 1;
  for (const std::size_t wanted : options.tokens) {
    std::string_view token;
    for (; number <= wanted; ++number) {
      token = line.substr(0, std::min(line.find_first_of(options.delimiters), line.size()));
      line.remove_prefix(token.size());
      skip();
    }
    shell.bind(static_cast<char>(variable + (*bound)++), std::string(token));
  }
  if (options.rest) shell.bind(static_cast<char>(variable + (*bound)++), std::string(line));
  return true;
}

}  // namespace

std::uint32_t runLines(Interpreter& shell, const Node& node) {
  const auto options = readOptions(node.loop.options);
  if (!options) {
    const std::string shown(withoutQuotes(node.loop.options));
    return shell.errorLevel = shell.printError(shown + " was unexpected at this time.\r\n", 255);
  }
  const auto text = textOfSet(shell, *options, shell.substitute(node.loop.set));
  if (!text) return shell.errorLevel = 1;
  std::uint32_t code = 0;
  std::size_t skip = options->skip;
  std::string_view left = *text;
  while (!left.empty() && !shell.stopped()) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    std::string_view line = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (skip != 0) {
      --skip;
      continue;
    }
    std::size_t bound = 0;
    if (!bindLine(shell, *options, node.loop.variable, line, &bound)) continue;
    code = runBody(shell, node);
    shell.unbind(bound);
  }
  return code;
}

}  // namespace hc::simulator::cmd
