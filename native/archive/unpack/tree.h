// Folders and files below them, opened by one name each: nothing is reached through a link.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace hc::archive {

// 0, or what the system says: an errno, or a status of Windows below 0.
using Outcome = std::int32_t;

struct Bytes {
  const std::uint8_t* data;
  std::size_t size;
};

// A folder that is open; on any thread.
class Folder {
 public:
  virtual ~Folder() = default;
};

// A file that is being written, on one thread at a time. Closed when it goes.
class NewFile {
 public:
  virtual ~NewFile() = default;
  virtual Outcome write(const Bytes* pieces, std::size_t count) = 0;
};

using FolderPointer = std::shared_ptr<Folder>;

// By its path, which is absolute, as UTF-8.
Outcome openRoot(const std::string& path, FolderPointer& folder);
Outcome openFolder(const Folder& parent, const std::string& name, FolderPointer& folder);
Outcome makeFolder(const Folder& parent, const std::string& name, FolderPointer& folder);
// Nothing is there before, unless bytes are to be added to it.
Outcome createFile(const Folder& parent, const std::string& name, bool append,
                   std::unique_ptr<NewFile>& file);

// Whether it is one name, of nothing but the folder it is looked up in.
bool isOneName(const std::string& name);

}  // namespace hc::archive
