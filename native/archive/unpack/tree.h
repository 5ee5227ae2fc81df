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

// How Windows is to open a file, and what it has in the end. Elsewhere it says nothing.
struct Placement {
  enum Use : std::uint32_t { kBackup = 1, kSetInfo = 2 };
  std::uint32_t access = 0, share = 0, disposition = 0, options = 0;  // of NtCreateFile
  std::uint32_t uses = 0;
  std::uint32_t attributes = 0;  // 0: left alone
  std::int64_t creation = 0, lastAccess = 0, lastWrite = 0, change = 0;
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
  // After the last of it.
  virtual Outcome finish() { return 0; }
};

using FolderPointer = std::shared_ptr<Folder>;

// By its path, which is absolute, as UTF-8.
Outcome openRoot(const std::string& path, FolderPointer& folder);
Outcome openFolder(const Folder& parent, const std::string& name, FolderPointer& folder);
Outcome makeFolder(const Folder& parent, const std::string& name, FolderPointer& folder);
// Nothing is there before, unless bytes are to be added to it.
Outcome createFile(const Folder& parent, const std::string& name, bool append,
                   std::unique_ptr<NewFile>& file);

// The same with a placement. `backup` is applied to the folder before anything is in it.
Outcome makePlacedFolder(const Folder& parent, const std::string& name, const Placement& placement,
                         Bytes backup, FolderPointer& folder);
Outcome createPlacedFile(const Folder& parent, const std::string& name, const Placement& placement,
                         std::unique_ptr<NewFile>& file);

// Whether it is one name, of nothing but the folder it is looked up in.
bool isOneName(const std::string& name);

}  // namespace hc::archive
