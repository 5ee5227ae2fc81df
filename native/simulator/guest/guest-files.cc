#include "guest-files.h"

#include <algorithm>
#include <utility>

#include "launch.h"
#include "programs.h"

namespace hc::simulator {
namespace {

constexpr std::size_t kLongestPath = 260;
constexpr std::size_t kMostBytes = 64 * 1024 * 1024;
constexpr std::size_t kMostEntries = 100'000;

struct File {
  std::string_view path;
  std::string_view text;
};

constexpr File kWindowsFiles[] = {
    {"C:\\License.txt", "This is a simulated container. Nothing in it is licensed by anyone.\r\n"},
    {"C:\\Windows\\System32\\drivers\\etc\\hosts",
     "# The hosts file of a simulated container.\r\n127.0.0.1       localhost\r\n"
     "::1             localhost\r\n"}};
constexpr File kLinuxFiles[] = {
    {"/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost\n"},
    {"/etc/os-release", "NAME=\"Simulated Linux\"\nID=simulated\nVERSION_ID=1\n"},
    {"/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"}};
constexpr std::string_view kGivenFolders[] = {"C:\\Program Files", "C:\\Program Files (x86)",
                                              "C:\\ProgramData", "C:\\Users\\Public",
                                              "C:\\Windows\\System32\\WindowsPowerShell\\v1.0"};

std::string_view folderPart(std::string_view path) {
  const std::size_t slash = path.find_last_of("\\/");
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

FileEntry entryOf(std::string_view name, bool folder, std::size_t size, Time modified) {
  return {std::string(name), folder, size, modified};
}

}  // namespace

std::string GuestFiles::key(std::string_view name) const {
  return linux_ ? std::string(name) : lowerCase(name);
}

// False: no path of this guest.
bool GuestFiles::split(std::string_view path, std::vector<std::string_view>* names) const {
  if (!linux_) {
    if (path.size() < 2 || (path[0] | 0x20) != 'c' || path[1] != ':') return false;
    path.remove_prefix(2);
  } else if (path.empty() || path[0] != '/') {
    return false;
  }
  while (!path.empty()) {
    const std::size_t end = std::min(path.find_first_of(linux_ ? "/" : "\\/"), path.size());
    if (end != 0) names->push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return true;
}

// With the lock held, at the first use: most systems never look at a file.
void GuestFiles::fill() {
  if (std::exchange(filled_, true)) return;
  root_.modified = Clock::now();
  const auto addFile = [&](std::string_view path, std::string_view text) {
    Node* file = add(addFolders(folderPart(path)), path.substr(folderPart(path).size() + 1), false);
    file->text = text;
    size_ += text.size();
  };
  if (linux_) {
    for (const File& file : kLinuxFiles) addFile(file.path, file.text);
    return;
  }
  for (const File& file : kWindowsFiles) addFile(file.path, file.text);
  for (const std::string_view folder : kGivenFolders) addFolders(folder);
  for (const std::string& path : programPaths()) addFile(path, {});
}

// With the lock held. Null: there is none.
GuestFiles::Node* GuestFiles::at(std::string_view path) {
  std::vector<std::string_view> names;
  if (path.size() > kLongestPath || !split(path, &names)) return nullptr;
  fill();
  Node* node = &root_;
  for (const std::string_view name : names) {
    const auto child = node->children.find(key(name));
    if (child == node->children.end()) return nullptr;
    node = child->second.get();
  }
  return node;
}

// With the lock held: the folder that the path is in, and the last name of it.
GuestFiles::Node* GuestFiles::folderOf(std::string_view path, std::string* name) {
  std::vector<std::string_view> names;
  if (!split(path, &names) || names.empty()) return nullptr;
  *name = names.back();
  Node* folder = at(path.substr(0, static_cast<std::size_t>(names.back().data() - path.data())));
  return folder != nullptr && folder->folder ? folder : nullptr;
}

GuestFiles::Node* GuestFiles::add(Node* folder, std::string_view name, bool isFolder) {
  auto node = std::make_unique<Node>();
  node->name = name;
  node->folder = isFolder;
  node->modified = Clock::now();
  ++count_;
  Node* const added = node.get();
  folder->children[key(name)] = std::move(node);
  return added;
}

// With the lock held. Null: a file is in the way, or there are too many.
GuestFiles::Node* GuestFiles::addFolders(std::string_view path) {
  std::vector<std::string_view> names;
  if (!split(path, &names)) return nullptr;
  Node* node = &root_;
  for (const std::string_view name : names) {
    const auto child = node->children.find(key(name));
    if (child == node->children.end()) {
      if (count_ >= kMostEntries) return nullptr;
      node = add(node, name, true);
    } else {
      node = child->second.get();
    }
    if (!node->folder) return nullptr;
  }
  return node;
}

std::optional<FileEntry> GuestFiles::find(std::string_view path) {
  std::lock_guard lock(mutex_);
  const Node* node = at(path);
  if (node == nullptr) return std::nullopt;
  return entryOf(node->name, node->folder, node->text.size(), node->modified);
}

std::optional<std::string> GuestFiles::read(std::string_view path) {
  std::lock_guard lock(mutex_);
  const Node* node = at(path);
  if (node == nullptr || node->folder) return std::nullopt;
  return node->text;
}

std::vector<FileEntry> GuestFiles::list(std::string_view folder) {
  std::lock_guard lock(mutex_);
  std::vector<FileEntry> entries;
  const Node* node = at(folder);
  if (node == nullptr) return entries;
  for (const auto& [name, child] : node->children)
    entries.push_back(entryOf(child->name, child->folder, child->text.size(), child->modified));
  return entries;
}

FileResult GuestFiles::write(std::string_view path, std::string_view text, bool append) {
  std::lock_guard lock(mutex_);
  if (path.size() > kLongestPath) return FileResult::TooLong;
  Node* node = at(path);
  if (node == nullptr) {
    std::string name;
    Node* folder = folderOf(path, &name);
    if (folder == nullptr) return FileResult::NoFolder;
    if (count_ >= kMostEntries) return FileResult::Full;
    node = add(folder, name, false);
  }
  if (node->folder) return FileResult::IsFolder;
  if (!append) {
    size_ -= node->text.size();
    node->text.clear();
  }
  if (text.size() > kMostBytes - size_) return FileResult::Full;
  node->text += text;
  size_ += text.size();
  node->modified = Clock::now();
  return FileResult::Done;
}

FileResult GuestFiles::makeFolder(std::string_view path) {
  std::lock_guard lock(mutex_);
  if (path.size() > kLongestPath) return FileResult::TooLong;
  std::vector<std::string_view> names;
  if (!split(path, &names)) return FileResult::NoFolder;
  if (at(path) != nullptr) return FileResult::Exists;
  if (addFolders(path) != nullptr) return FileResult::Done;
  return count_ >= kMostEntries ? FileResult::Full : FileResult::NoFolder;
}

FileResult GuestFiles::rename(std::string_view from, std::string_view to) {
  std::lock_guard lock(mutex_);
  if (to.size() > kLongestPath) return FileResult::TooLong;
  std::string oldName, newName;
  Node* const node = at(from);
  Node* const oldFolder = folderOf(from, &oldName);
  if (node == nullptr || oldFolder == nullptr) return FileResult::NotFound;
  Node* const newFolder = folderOf(to, &newName);
  if (newFolder == nullptr) return FileResult::NoFolder;
  const Node* const there = at(to);
  if (there != nullptr && there != node) return FileResult::Exists;
  // A folder does not go into itself, nor beyond the longest path.
  if (node->folder && newFolder != oldFolder) return FileResult::IsFolder;
  auto moved = std::move(oldFolder->children[key(oldName)]);
  oldFolder->children.erase(key(oldName));
  moved->name = newName;
  newFolder->children[key(newName)] = std::move(moved);
  return FileResult::Done;
}

// Folders are no deeper than the longest path allows.
void GuestFiles::forget(const Node& node) {
  size_ -= node.text.size();
  --count_;
  for (const auto& [name, child] : node.children) forget(*child);
}

FileResult GuestFiles::remove(std::string_view path, bool all) {
  std::lock_guard lock(mutex_);
  std::string name;
  const Node* const node = at(path);
  Node* const folder = folderOf(path, &name);
  if (node == nullptr || folder == nullptr) return FileResult::NotFound;
  if (!node->children.empty() && !all) return FileResult::NotEmpty;
  forget(*node);
  folder->children.erase(key(name));
  return FileResult::Done;
}

std::string absolutePath(std::string_view directory, std::string_view path) {
  if (directory.size() < 2) directory = "C:\\";
  if (path.substr(0, 4) == "\\\\?\\") path.remove_prefix(4);
  const auto slash = [](char c) { return c == '\\' || c == '/'; };
  const bool drive = path.size() > 1 && path[1] == ':';
  std::string drivePart(drive ? path.substr(0, 2) : directory.substr(0, 2));
  if (drive) path.remove_prefix(2);
  const bool whole = !path.empty() && slash(path[0]);
  const bool sameDrive = (drivePart[0] | 0x20) == (directory[0] | 0x20);
  std::string text(!whole && sameDrive ? directory.substr(2) : std::string_view());
  text.append("\\").append(path);
  std::string result = std::move(drivePart);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\\/", begin), text.size());
    const std::string_view name = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      if (const std::size_t last = result.rfind('\\'); last != std::string::npos)
        result.resize(last);
    } else {
      result.append("\\").append(name);
    }
  }
  return result.size() == 2 ? result + '\\' : result;
}

}  // namespace hc::simulator
