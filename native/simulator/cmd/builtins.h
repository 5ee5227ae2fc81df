// The commands that cmd has itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter.h"

namespace hc::simulator::cmd {

struct Builtin {
  std::string_view name;
  std::uint32_t (*run)(Interpreter& shell, std::string_view text);
  bool setsErrorLevel = true;  // to 0 as well, when it succeeds
};

// By the begin of a command, whose name ends in more ways than by a blank: "cd..", "dir/b".
const Builtin* findBuiltin(std::string_view command);

// What follows the name: words, of which quotes are off, and switches in small letters.
struct Arguments {
  explicit Arguments(std::string_view text);
  bool has(std::string_view name) const;
  std::vector<std::string> words;
  std::vector<std::string> switches;
};

// Files.
std::uint32_t listFolder(Interpreter& shell, std::string_view text);
std::uint32_t changeFolder(Interpreter& shell, std::string_view text);
std::uint32_t pushFolder(Interpreter& shell, std::string_view text);
std::uint32_t popFolder(Interpreter& shell, std::string_view text);
std::uint32_t makeFolders(Interpreter& shell, std::string_view text);
std::uint32_t removeFolders(Interpreter& shell, std::string_view text);
std::uint32_t deleteFiles(Interpreter& shell, std::string_view text);
std::uint32_t copyFiles(Interpreter& shell, std::string_view text);
std::uint32_t moveFiles(Interpreter& shell, std::string_view text);
std::uint32_t renameFile(Interpreter& shell, std::string_view text);
std::uint32_t typeFiles(Interpreter& shell, std::string_view text);

// What cmd says, with the end of the line.
std::string_view textOf(FileResult result);
constexpr std::string_view kWrongSyntax = "The syntax of the command is incorrect.\r\n";

// * and ? in the name, which letters of either case match.
bool hasWildcards(std::string_view text);
struct Matches {
  std::string folder;
  std::vector<FileEntry> entries;  // of the folder; one at most without a wildcard
  std::string pathOf(const FileEntry& entry) const;
};
Matches match(Interpreter& shell, std::string_view pattern);

}  // namespace hc::simulator::cmd
