// The files of one guest: a tree in memory that its programs share. It begins with the few files
// that the simulator brings, and has no other of the image or of the host.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../base/clock.h"

namespace hc::simulator {

enum class FileResult : std::uint8_t {
  Done,
  NotFound,
  NoFolder,  // on the way to it
  IsFolder,
  Exists,
  NotEmpty,
  TooLong,
  Full,
};

struct FileEntry {
  std::string name;
  bool folder = false;
  std::size_t size = 0;
  Time modified;
};

// All paths are whole: C:\a\b, of which Windows ignores the case, or /a/b. Any thread.
class GuestFiles {
 public:
  explicit GuestFiles(bool linuxGuest) : linux_(linuxGuest) {}

  std::optional<FileEntry> find(std::string_view path);
  // Nothing: there is no such file, or it is a folder.
  std::optional<std::string> read(std::string_view path);
  // What is in a folder, by name.
  std::vector<FileEntry> list(std::string_view folder);
  FileResult write(std::string_view path, std::string_view text, bool append);
  // With all folders on the way.
  FileResult makeFolder(std::string_view path);
  FileResult rename(std::string_view from, std::string_view to);
  // A file or a folder; one that is not empty goes only with all that is in it.
  FileResult remove(std::string_view path, bool all);

 private:
  struct Node {
    std::string name;
    bool folder = true;
    std::string text;
    Time modified;
    std::map<std::string, std::unique_ptr<Node>> children;  // by the name as it is compared
  };

  std::string key(std::string_view name) const;
  bool split(std::string_view path, std::vector<std::string_view>* names) const;
  void fill();
  Node* at(std::string_view path);
  Node* folderOf(std::string_view path, std::string* name);
  Node* add(Node* folder, std::string_view name, bool isFolder);
  Node* addFolders(std::string_view path);
  void forget(const Node& node);

  const bool linux_;
  std::mutex mutex_;
  bool filled_ = false;
  Node root_;
  std::size_t size_ = 0;  // of all texts
  std::size_t count_ = 0;
};

// What a path of Windows means in that directory, without "." and "..".
std::string absolutePath(std::string_view directory, std::string_view path);

}  // namespace hc::simulator
