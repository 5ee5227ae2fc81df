// Files of Windows as layers need them: each is opened by its place below an open folder, never
// through a reparse point, and with the rights of a backup. Windows only. Every call blocks, so
// none is made on the main thread of JavaScript.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hc::files {

// Not negative: it was done. Negative: an NTSTATUS (0xC...), or the HRESULT of an error of Windows
// (0x8007...); the two have no number in common.
using Status = std::int32_t;

constexpr Status status(std::uint32_t bits) { return static_cast<Status>(bits); }
constexpr Status kNameInvalid = status(0xC0000033);
constexpr Status kNotFound = status(0xC0000034);
constexpr Status kCollision = status(0xC0000035);
constexpr Status kReparsePoint = status(0xC000050B);

// FILE_BASIC_INFO: 40 bytes, aligned as the system demands. A time or the attributes that are 0
// leave what is there.
struct alignas(8) BasicInfo {
  std::int64_t creation, access, write, change;
  std::uint32_t attributes;
};
static_assert(sizeof(BasicInfo) == 40);

// What there is to know of an open file; JavaScript reads these bytes.
struct Info {
  BasicInfo basic;
  std::uint64_t size;
  std::uint32_t links;
  std::uint32_t reparseTag;
  std::uint8_t id[16];  // zeros unless there are more links than one
};
static_assert(sizeof(Info) == 72);

struct Entry {
  std::u16string name;
  std::uint32_t attributes;
};

// How a file is opened: the numbers of NtCreateFile. What keeps it safe is added to them.
struct Opening {
  std::uint32_t access;
  std::uint32_t share;
  std::uint32_t disposition;
  std::uint32_t options;
};

// An open file, and the context of the backup that it is in.
class File {
 public:
  File() = default;
  explicit File(void* handle) : handle_(handle) {}
  File(File&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)),
        context_(std::exchange(other.context_, nullptr)),
        reads_(other.reads_) {}
  File& operator=(File&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(context_, other.context_);
    std::swap(reads_, other.reads_);
    return *this;
  }
  ~File();

  void* handle() const { return handle_; }

  // Applies the next bytes of a backup stream.
  Status writeBackup(const void* bytes, std::uint32_t size, bool security);
  // The next bytes of the backup stream, as many as there are: fewer than `size` at its end.
  Status readBackup(void* bytes, std::uint32_t size, bool security);
  // Passes over bytes of the stream that it is in; says how many, at most to the end of that.
  Status skipBackup(std::uint32_t size);
  // The next backup begins at the start of the stream.
  void endBackup();

  // Content as it is.
  Status write(const void* bytes, std::uint32_t size);

  Status setInfo(const BasicInfo& info);
  Status info(Info& info) const;
  // Of a folder, without itself and the one above.
  Status list(std::vector<Entry>& entries) const;
  // Of the volume it is on, such as NTFS.
  Status fileSystem(std::u16string& name) const;
  // One more name of the file, in `folder`, where there is none of that name.
  Status link(const File& folder, std::u16string_view name);
  // Deletes what is opened, which need not be writable; a folder has to be empty.
  Status remove();

 private:
  void* handle_ = nullptr;
  void* context_ = nullptr;
  bool reads_ = false;
};

// A folder by its absolute path in the form `\\?\`, which may be no reparse point.
Status openRoot(const std::u16string& path, File& file);
// What is below an open folder. `path` has slashes or backslashes, and no part that is empty, `.`
// or
// `..`, and no colon. A reparse point on the way is kReparsePoint; one at the end is opened itself
// where the options say so, and refused otherwise.
Status open(const File& root, std::u16string path, const Opening& opening, File& file);

}  // namespace hc::files
