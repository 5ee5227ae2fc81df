// The commands that change files, and the current folder.
#include <algorithm>

#include "../guest/shell.h"
#include "builtins.h"
#include "expansion.h"
#include "reader.h"
#include "redirections.h"

namespace hc::simulator::cmd {
namespace {

constexpr std::string_view kNoFile = "The system cannot find the file specified.\r\n";
constexpr std::string_view kNoPath = "The system cannot find the path specified.\r\n";

std::uint32_t refused(Interpreter& shell, FileResult result) {
  return shell.printError(textOf(result));
}

// Asks for a key; `yes` is the answer of /q.
bool agreed(Interpreter& shell, const std::string& path, bool yes) {
  if (yes) return true;
  shell.print(path + ", Are you sure (Y/N)? ");
  std::string answer;
  return shell.guest.readLine(&answer) && lowerCase(trim(answer)).substr(0, 1) == "y";
}

std::string counted(std::size_t count, std::string_view what) {
  std::string number = std::to_string(count);
  number.insert(0, number.size() < 9 ? 9 - number.size() : 0, ' ');
  return number + " file(s) " + std::string(what) + ".\r\n";
}

// The last name of a path; a folder as a target takes what comes under its own name.
std::string targetOf(Interpreter& shell, const std::string& path, const std::string& name) {
  const auto found = shell.guest.files().find(path);
  if (!found || !found->folder) return path;
  return (path.back() == '\\' ? path : path + '\\') + name;
}

}  // namespace

std::string_view textOf(FileResult result) {
  switch (result) {
    case FileResult::NotFound:
      return kNoFile;
    case FileResult::NoFolder:
      return kNoPath;
    case FileResult::IsFolder:
      return "Access is denied.\r\n";
    case FileResult::Exists:
      return "A duplicate file name exists, or the file\r\ncannot be found.\r\n";
    case FileResult::NotEmpty:
      return "The directory is not empty.\r\n";
    case FileResult::TooLong:
      return "The filename or extension is too long.\r\n";
    case FileResult::Full:
      return "There is not enough space on the disk.\r\n";
    default:
      return {};
  }
}

std::uint32_t changeFolder(Interpreter& shell, std::string_view text) {
  text = trim(text);
  if (lowerCase(text.substr(0, 2)) == "/d") text = trim(text.substr(2));
  if (text.empty()) return shell.print(shell.guest.directory + "\r\n") ? 0 : 1;
  const std::string path = shell.pathOf(withoutAllQuotes(text));
  const auto found = shell.guest.files().find(path);
  if (!found) return shell.printError(kNoPath);
  if (!found->folder) return shell.printError("The directory name is invalid.\r\n");
  shell.guest.directory = path;
  return 0;
}

std::uint32_t pushFolder(Interpreter& shell, std::string_view text) {
  constexpr std::size_t kMost = 1000;
  if (trim(text).empty()) return 0;
  if (shell.pushed.size() >= kMost) return refused(shell, FileResult::Full);
  std::string before = shell.guest.directory;
  const std::uint32_t code = changeFolder(shell, text);
  if (code == 0) shell.pushed.push_back(std::move(before));
  return code;
}

std::uint32_t popFolder(Interpreter& shell, std::string_view) {
  if (shell.pushed.empty()) return 1;
  shell.guest.directory = std::move(shell.pushed.back());
  shell.pushed.pop_back();
  return 0;
}

std::uint32_t makeFolders(Interpreter& shell, std::string_view text) {
  const Arguments arguments(text);
  if (arguments.words.empty()) return shell.printError(kWrongSyntax);
  std::uint32_t code = 0;
  for (const std::string& word : arguments.words) {
    const FileResult made = shell.guest.files().makeFolder(shell.pathOf(word));
    if (made == FileResult::Exists) {
      code = shell.printError("A subdirectory or file " + word + " already exists.\r\n");
    } else if (made != FileResult::Done) {
      code = refused(shell, made);
    }
  }
  return code;
}

std::uint32_t removeFolders(Interpreter& shell, std::string_view text) {
  const Arguments arguments(text);
  if (arguments.words.empty()) return shell.printError(kWrongSyntax);
  std::uint32_t code = 0;
  for (const std::string& word : arguments.words) {
    const std::string path = shell.pathOf(word);
    const auto found = shell.guest.files().find(path);
    if (!found) {
      code = shell.printError(kNoFile, 2);
    } else if (!found->folder) {
      code = shell.printError("The directory name is invalid.\r\n", 267);
    } else if (const bool all = arguments.has("/s");
               !all || agreed(shell, word, arguments.has("/q"))) {
      const FileResult removed = shell.guest.files().remove(path, all);
      if (removed == FileResult::NotEmpty) code = shell.printError(textOf(removed), 145);
    }
  }
  return code;
}

// Nothing to delete is no failure. A folder stands for the files in it.
std::uint32_t deleteFiles(Interpreter& shell, std::string_view text) {
  const Arguments arguments(text);
  if (arguments.words.empty()) return shell.printError(kWrongSyntax);
  for (const std::string& word : arguments.words) {
    const auto found = shell.guest.files().find(shell.pathOf(word));
    const bool folder = found && found->folder;
    const Matches matches = match(shell, folder ? word + "\\*" : word);
    const bool every = folder || word == "*" || word == "*.*";
    bool any = false;
    for (const FileEntry& entry : matches.entries) any = any || !entry.folder;
    if (!any) {
      shell.printError("Could Not Find " + shell.pathOf(word) + "\r\n");
    } else if (!every || agreed(shell, matches.pathOf({"*", false, 0, {}}), arguments.has("/q"))) {
      for (const FileEntry& entry : matches.entries)
        if (!entry.folder) shell.guest.files().remove(matches.pathOf(entry), false);
    }
  }
  return 0;
}

// SOURCE[+SOURCE...] [TARGET]
std::uint32_t copyFiles(Interpreter& shell, std::string_view text) {
  const Arguments arguments(text);
  if (arguments.words.empty() || arguments.words.size() > 2) return shell.printError(kWrongSyntax);
  const std::string target = shell.pathOf(arguments.words.size() > 1 ? arguments.words[1] : ".");
  const std::string& sources = arguments.words[0];
  const bool joined = sources.find('+') != std::string::npos;
  std::string together;
  std::size_t copied = 0;
  for (std::size_t begin = 0; begin <= sources.size();) {
    const std::size_t end = std::min(sources.find('+', begin), sources.size());
    const std::string source = sources.substr(begin, end - begin);
    begin = end + 1;
    Matches matches;
    if (!isNullDevice(source)) matches = match(shell, source);
    if (isNullDevice(source)) matches.entries.push_back({"nul", false, 0, {}});
    if (matches.entries.empty() && !joined) return shell.printError(kNoFile);
    for (const FileEntry& entry : matches.entries) {
      const std::string path = matches.pathOf(entry);
      if (entry.folder) continue;
      if (joined || hasWildcards(source)) shell.print(entry.name + "\r\n");
      const std::string content = shell.guest.files().read(path).value_or("");
      together += content;
      if (joined) continue;
      const std::string to = targetOf(shell, target, entry.name);
      if (lowerCase(to) == lowerCase(path))
        return shell.printError("The file cannot be copied onto itself.\r\n" +
                                counted(0, "copied"));
      const FileResult written = shell.guest.files().write(to, content, false);
      if (written != FileResult::Done) return refused(shell, written);
      ++copied;
    }
  }
  if (joined) {
    const FileResult written =
        shell.guest.files().write(targetOf(shell, target, sources), together, false);
    if (written != FileResult::Done) return refused(shell, written);
    ++copied;
  }
  shell.print(counted(copied, "copied"));
  return copied != 0 ? 0 : 1;
}

std::uint32_t moveFiles(Interpreter& shell, std::string_view text) {
  const Arguments arguments(text);
  if (arguments.words.size() != 2) return shell.printError(kWrongSyntax);
  const Matches matches = match(shell, arguments.words[0]);
  if (matches.entries.empty()) return shell.printError(kNoFile);
  std::size_t moved = 0;
  for (const FileEntry& entry : matches.entries) {
    const std::string to = targetOf(shell, shell.pathOf(arguments.words[1]), entry.name);
    const std::string from = matches.pathOf(entry);
    const auto there = shell.guest.files().find(to);
    if (there && !there->folder && lowerCase(to) != lowerCase(from))
      shell.guest.files().remove(to, false);
    const FileResult result = shell.guest.files().rename(from, to);
    if (result != FileResult::Done) return refused(shell, result);
    ++moved;
  }
  shell.print(counted(moved, "moved"));
  return 0;
}

std::uint32_t renameFile(Interpreter& shell, std::string_view text) {
  const Arguments arguments(text);
  if (arguments.words.size() != 2 || arguments.words[1].find_first_of("\\/:") != std::string::npos)
    return shell.printError(kWrongSyntax);
  const std::string from = shell.pathOf(arguments.words[0]);
  const std::string to = from.substr(0, from.rfind('\\') + 1) + arguments.words[1];
  const FileResult result = shell.guest.files().rename(from, to);
  return result == FileResult::Done ? 0 : refused(shell, result);
}

std::uint32_t typeFiles(Interpreter& shell, std::string_view text) {
  const Arguments arguments(text);
  if (arguments.words.empty()) return shell.printError(kWrongSyntax);
  std::uint32_t code = 0;
  for (const std::string& word : arguments.words) {
    if (isNullDevice(word)) continue;
    const Matches matches = match(shell, word);
    if (matches.entries.empty()) code = shell.printError(kNoFile);
    for (const FileEntry& entry : matches.entries) {
      const auto content = shell.guest.files().read(matches.pathOf(entry));
      if (!content) {
        if (!hasWildcards(word)) code = shell.printError("Access is denied.\r\n");
        continue;
      }
      const bool several = arguments.words.size() > 1 || hasWildcards(word);
      if (several) shell.printError("\r\n" + entry.name + "\r\n\r\n\r\n");
      if (!shell.print(*content)) return 1;
    }
  }
  return code;
}

}  // namespace hc::simulator::cmd
