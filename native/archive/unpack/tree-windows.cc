#if defined(_WIN32)

#include <algorithm>

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

class WindowsFile : public NewFile {
 public:
  explicit WindowsFile(files::File file) : file_(std::move(file)) {}

  Outcome write(const Bytes* pieces, std::size_t count) override {
    for (std::size_t i = 0; i < count; ++i) {
      const Bytes& piece = pieces[i];
      const files::Status result = file_.write(piece.data, static_cast<std::uint32_t>(piece.size));
      if (result < 0) return result;
    }
    return 0;
  }

 private:
  files::File file_;
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
  made = std::make_unique<WindowsFile>(std::move(file));
  return 0;
}

bool isOneName(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string("/\\:\0", 4)) == std::string::npos;
}

}  // namespace hc::archive

#endif
