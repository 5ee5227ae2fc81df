#if defined(_WIN32)

#include <algorithm>
#include <utility>
#include <vector>

#include "../../files/file.h"
#include "../../files/status.h"
#include "tree.h"

namespace hc::archive {

namespace {

constexpr std::uint32_t kRead = 0x80000000, kWrite = 0x40000000;  // GENERIC_READ, GENERIC_WRITE
constexpr std::uint32_t kAppend = 4 | 0x100000;                   // FILE_APPEND_DATA, SYNCHRONIZE
constexpr std::uint32_t kShareRead = 1;
constexpr std::uint32_t kOpen = 1, kCreate = 2, kOpenIf = 3;  // FILE_OPEN, ...
constexpr std::uint32_t kDirectory = 1, kItself = 0x200000;   // FILE_DIRECTORY_FILE, ...
constexpr files::Opening kOldFolder{kRead, 7, kOpen, kDirectory | kItself};
constexpr files::Opening kNewFolder{kRead | kWrite, 7, kCreate, kDirectory};
constexpr files::Opening kNewFile{kRead | kWrite, kShareRead, kCreate, 0};
constexpr files::Opening kAppended{kAppend, 7, kOpenIf, 0};

std::u16string utf16Of(const std::string& text) {
  const int size = static_cast<int>(text.size());
  std::u16string wide(text.size(), u'\0');
  const int length = MultiByteToWideChar(CP_UTF8, 0, text.data(), size,
                                         reinterpret_cast<wchar_t*>(wide.data()), size);
  wide.resize(static_cast<std::size_t>(std::max(length, 0)));
  return wide;
}

class WindowsFolder : public Folder {
 public:
  explicit WindowsFolder(files::File file) : file(std::move(file)) {}
  const files::File file;
};

// What is collected for one call: most files whole.
constexpr std::size_t kMostCollected = 1024 * 1024;

files::BasicInfo infoOf(const Placement& placement) {
  // A time of 0 would be left alone.
  const auto time = [](std::int64_t value) { return value == 0 ? 1 : value; };
  return {time(placement.creation), time(placement.lastAccess), time(placement.lastWrite),
          time(placement.change), placement.attributes};
}

files::Opening openingOf(const Placement& placement) {
  return {placement.access, placement.share, placement.disposition, placement.options};
}

class WindowsFile : public NewFile {
 public:
  WindowsFile(files::File file, const Placement& placement)
      : file_(std::move(file)), placement_(placement) {}

  Outcome write(const Bytes* pieces, std::size_t count) override {
    std::size_t size = 0;
    for (std::size_t i = 0; i < count; ++i) size += pieces[i].size;
    if (count == 1 || size > kMostCollected) {
      for (std::size_t i = 0; i < count; ++i) {
        if (const Outcome failed = put(pieces[i])) return failed;
      }
      return 0;
    }
    thread_local std::vector<std::uint8_t> collected;
    collected.clear();
    for (std::size_t i = 0; i < count; ++i) {
      collected.insert(collected.end(), pieces[i].data, pieces[i].data + pieces[i].size);
    }
    return put({collected.data(), collected.size()});
  }

  // After its content, which would change its times.
  Outcome finish() override {
    if (isBackup()) file_.endBackup();
    if ((placement_.uses & Placement::kSetInfo) == 0) return 0;
    const files::Status result = file_.setInfo(infoOf(placement_));
    return result < 0 ? result : 0;
  }

 private:
  bool isBackup() const { return (placement_.uses & Placement::kBackup) != 0; }

  Outcome put(Bytes bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size);
    const files::Status result =
        isBackup() ? file_.writeBackup(bytes.data, size, true) : file_.write(bytes.data, size);
    return result < 0 ? result : 0;
  }

  files::File file_;
  const Placement placement_;
};

Outcome opened(files::Status result, files::File file, FolderPointer& folder) {
  if (result < 0) return result;
  folder = std::make_shared<WindowsFolder>(std::move(file));
  return 0;
}

const files::File& fileOf(const Folder& folder) {
  return static_cast<const WindowsFolder&>(folder).file;
}

}  // namespace

Outcome openRoot(const std::string& path, FolderPointer& folder) {
  files::File file;
  const files::Status result = files::openRoot(utf16Of(path), file);
  return opened(result, std::move(file), folder);
}

Outcome openFolder(const Folder& parent, const std::string& name, FolderPointer& folder) {
  files::File file;
  const files::Status result = files::open(fileOf(parent), utf16Of(name), kOldFolder, file);
  return opened(result, std::move(file), folder);
}

Outcome makeFolder(const Folder& parent, const std::string& name, FolderPointer& folder) {
  files::File file;
  const files::Status result = files::open(fileOf(parent), utf16Of(name), kNewFolder, file);
  return opened(result, std::move(file), folder);
}

Outcome createFile(const Folder& parent, const std::string& name, bool append,
                   std::unique_ptr<NewFile>& made) {
  files::File file;
  const files::Opening& opening = append ? kAppended : kNewFile;
  const files::Status result = files::open(fileOf(parent), utf16Of(name), opening, file);
  if (result < 0) return result;
  made = std::make_unique<WindowsFile>(std::move(file), Placement{});
  return 0;
}

Outcome createPlacedFile(const Folder& parent, const std::string& name, const Placement& placement,
                         std::unique_ptr<NewFile>& made) {
  files::File file;
  const files::Status result =
      files::open(fileOf(parent), utf16Of(name), openingOf(placement), file);
  if (result < 0) return result;
  made = std::make_unique<WindowsFile>(std::move(file), placement);
  return 0;
}

Outcome makePlacedFolder(const Folder& parent, const std::string& name, const Placement& placement,
                         Bytes backup, FolderPointer& folder) {
  std::unique_ptr<NewFile> made;
  if (const Outcome failed = createPlacedFile(parent, name, placement, made)) return failed;
  if (backup.size > 0) {
    if (const Outcome failed = made->write(&backup, 1)) return failed;
  }
  if (const Outcome failed = made->finish()) return failed;
  // Its handle lets nobody else write to it.
  made.reset();
  return openFolder(parent, name, folder);
}

bool isOneName(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string("/\\:\0", 4)) == std::string::npos;
}

}  // namespace hc::archive

#endif
