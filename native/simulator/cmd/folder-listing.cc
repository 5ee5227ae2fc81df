// dir, and what a name with wildcards stands for.
#include <algorithm>

#include "../base/utf8.h"
#include "builtins.h"
#include "expansion.h"

namespace hc::simulator::cmd {
namespace {

constexpr std::size_t kLongestPath = 260;
constexpr std::string_view kFreeBytes = "21,474,836,480";

// Both in small letters. Goes back to the last star only.
bool fits(std::string_view name, std::string_view pattern) {
  std::size_t n = 0, p = 0, star = std::string_view::npos, from = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && (pattern[p] == '*' || pattern[p] == '?')) ++p;
  return p == pattern.size();
}

std::string grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

// 11/29/2026  09:17 PM
std::string dateOf(Time time) {
  const std::string text = toUtf8(Clock::dateTime(time));  // 2026-11-29T21:17:...
  const int hour = std::stoi(text.substr(11, 2));
  const std::string twelve = std::to_string(hour % 12 == 0 ? 12 : hour % 12);
  return text.substr(5, 2) + '/' + text.substr(8, 2) + '/' + text.substr(0, 4) + "  " +
         (twelve.size() < 2 ? "0" : "") + twelve + text.substr(13, 3) + (hour < 12 ? " AM" : " PM");
}

class Listing {
 public:
  Listing(Interpreter& shell, const Arguments& arguments)
      : shell_(shell),
        bare_(arguments.has("/b")),
        deep_(arguments.has("/s")),
        foldersOnly_(arguments.has("/ad") || arguments.has("/a:d")),
        filesOnly_(arguments.has("/a-d") || arguments.has("/a:-d")) {}

  // False: nothing was found.
  bool list(const std::string& word) {
    const auto found = shell_.guest.files().find(shell_.pathOf(word));
    const bool folder = found && found->folder;
    const std::string pattern = folder ? word + "\\*" : word;
    const Matches first = match(shell_, pattern);
    if (!bare_) {
      shell_.print(
          " Volume in drive C has no label.\r\n Volume Serial Number is 5AFE-C0DE\r\n\r\n");
    }
    const std::size_t slash = pattern.find_last_of("\\/:");
    const std::string name = slash == std::string::npos ? pattern : pattern.substr(slash + 1);
    std::vector<std::string> folders{first.folder};
    while (!folders.empty() && !shell_.stopped()) {
      const std::string at = std::move(folders.back());
      folders.pop_back();
      const std::string prefix = at.back() == '\\' ? at : at + '\\';
      listFolder(at, match(shell_, prefix + name), folder);
      if (!deep_) break;
      const auto entries = shell_.guest.files().list(at);
      for (auto each = entries.rbegin(); each != entries.rend(); ++each)
        if (each->folder) folders.push_back(prefix + each->name);
    }
    if (!bare_ && any_) {
      const std::string folderCount = padded(std::to_string(folders_), 16);
      shell_.print(folderCount + " Dir(s)  " + std::string(kFreeBytes) + " bytes free\r\n");
    }
    return any_;
  }

 private:
  void listFolder(const std::string& folder, const Matches& matches, bool whole) {
    std::string text;
    std::size_t files = 0, bytes = 0;
    // A folder of a folder has itself and the one it is in.
    if (whole && !bare_ && !filesOnly_ && folder.size() > 3)
      for (const char* name : {".", ".."}) text += line({name, true, 0, Clock::now()});
    for (const FileEntry& entry : matches.entries) {
      if (entry.folder ? filesOnly_ : foldersOnly_) continue;
      if (bare_) {
        text += (deep_ ? matches.pathOf(entry) : entry.name) + "\r\n";
      } else {
        text += line(entry);
      }
      if (entry.folder) continue;
      ++files;
      bytes += entry.size;
    }
    if (text.empty() && !(whole && !bare_ && !deep_)) return;
    any_ = true;
    if (!bare_) {
      text.insert(0, " Directory of " + folder + "\r\n\r\n");
      text += padded(std::to_string(files), 16) + " File(s) " + padded(grouped(bytes), 14) +
              " bytes\r\n" + (deep_ ? "\r\n" : "");
    }
    shell_.print(text);
  }

  std::string line(const FileEntry& entry) {
    if (entry.folder) ++folders_;
    return dateOf(entry.modified) + (entry.folder ? "    <DIR>          " : " ") +
           (entry.folder ? "" : padded(grouped(entry.size), 17) + ' ') + entry.name + "\r\n";
  }

  Interpreter& shell_;
  const bool bare_, deep_, foldersOnly_, filesOnly_;
  bool any_ = false;
  std::size_t folders_ = 0;
};

}  // namespace

bool hasWildcards(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

std::string Matches::pathOf(const FileEntry& entry) const {
  return (folder.empty() || folder.back() == '\\' ? folder : folder + '\\') + entry.name;
}

// "*.*" is all names, those without a point as well.
Matches match(Interpreter& shell, std::string_view pattern) {
  Matches matches;
  const std::size_t slash = pattern.find_last_of("\\/:");
  const std::size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
  const std::string_view before = pattern.substr(0, begin);
  matches.folder = shell.pathOf(before.empty() ? std::string_view(".") : before);
  std::string name = lowerCase(pattern.substr(begin));
  if (pattern.size() > kLongestPath) return matches;
  if (!hasWildcards(name)) {
    const std::string path = shell.pathOf(pattern);
    matches.folder = path.substr(0, std::max<std::size_t>(path.rfind('\\'), 2));
    if (matches.folder.size() == 2) matches.folder += '\\';
    if (auto found = shell.guest.files().find(path); found && !found->name.empty())
      matches.entries.push_back(std::move(*found));
    return matches;
  }
  if (name == "*.*") name = "*";
  for (FileEntry& entry : shell.guest.files().list(matches.folder))
    if (fits(lowerCase(entry.name), name)) matches.entries.push_back(std::move(entry));
  return matches;
}

std::uint32_t listFolder(Interpreter& shell, std::string_view text) {
  Arguments arguments(text);
  for (const std::string& each : arguments.switches) {
    const char letter = each.size() > 1 ? each[1] : ' ';
    if (std::string_view("abnoqst-w4x").find(letter) != std::string_view::npos) continue;
    return shell.printError("Invalid switch - \"" + each.substr(1) + "\".\r\n");
  }
  if (arguments.words.empty()) arguments.words.emplace_back(".");
  std::uint32_t code = 0;
  for (const std::string& word : arguments.words)
    if (!Listing(shell, arguments).list(word)) code = shell.printError("File Not Found\r\n");
  return code;
}

}  // namespace hc::simulator::cmd
