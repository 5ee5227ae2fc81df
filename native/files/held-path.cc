#include "held-path.h"

#include <cstring>
#include <utility>

#include "nt.h"
#include "status.h"

namespace hc::files {

namespace {

constexpr std::uint32_t kOpen = 1;                  // FILE_OPEN
constexpr std::uint32_t kDirectoryFile = 0x1;       // FILE_DIRECTORY_FILE
constexpr std::uint32_t kReparseItself = 0x200000;  // FILE_OPEN_REPARSE_POINT

// The right to traverse takes part in sharing: the right to look at attributes alone would not keep
// others from renaming.
constexpr Opening kHeld = {FILE_TRAVERSE | FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE,
                           kOpen, kDirectoryFile | kReparseItself};
// To look at what the storage stack opens without sharing it.
constexpr Opening kSeen = {FILE_READ_ATTRIBUTES,
                           FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, kOpen,
                           kReparseItself};

// Names that lead elsewhere; other reparse points are files of a layer, compressed ones and the
// like.
bool isLink(DWORD attributes, DWORD tag) {
  return (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 && IsReparseTagNameSurrogate(tag);
}

bool isName(const std::u16string& name) {
  return !name.empty() && name != u"." && name != u".." &&
         name.find_first_of(std::u16string(u"\\/:\0", 4)) == name.npos;
}

// Of file systems that have no long ones, the short one.
Status identify(HANDLE handle, HeldFacts* facts) {
  struct {
    std::uint64_t volume;
    std::array<std::uint8_t, 16> id;
  } whole{};
  constexpr auto kFileIdInfo = static_cast<FILE_INFO_BY_HANDLE_CLASS>(18);
  BY_HANDLE_FILE_INFORMATION plain{};
  if (!GetFileInformationByHandle(handle, &plain)) return lastError();
  facts->links = plain.nNumberOfLinks;
  if (GetFileInformationByHandleEx(handle, kFileIdInfo, &whole, sizeof whole)) {
    facts->volume = whole.volume;
    facts->id = whole.id;
    return 0;
  }
  facts->volume = plain.dwVolumeSerialNumber;
  facts->id = {};
  std::memcpy(facts->id.data(), &plain.nFileIndexLow, sizeof plain.nFileIndexLow);
  std::memcpy(facts->id.data() + sizeof plain.nFileIndexLow, &plain.nFileIndexHigh,
              sizeof plain.nFileIndexHigh);
  return 0;
}

Status finalName(HANDLE handle, std::u16string* path) {
  std::vector<wchar_t> buffer(32768);
  const DWORD length =
      GetFinalPathNameByHandleW(handle, buffer.data(), static_cast<DWORD>(buffer.size()),
                                FILE_NAME_NORMALIZED | VOLUME_NAME_DOS);
  if (length == 0 || length >= buffer.size()) return lastError();
  const std::u16string whole(buffer.data(), buffer.data() + length);
  // What has no drive has another form: of another machine, or of a device.
  if (whole.rfind(u"\\\\?\\", 0) != 0 || whole.size() < 7 || whole[5] != u':') return kNameInvalid;
  *path = whole.substr(4);
  return 0;
}

// A system that does not know the question has no such folders.
bool isCaseSensitive(HANDLE handle) {
  ULONG flags = 0;
  constexpr auto kCaseSensitiveInfo = static_cast<FILE_INFO_BY_HANDLE_CLASS>(23);
  return GetFileInformationByHandleEx(handle, kCaseSensitiveInfo, &flags, sizeof flags) &&
         (flags & 1) != 0;
}

Status look(HANDLE handle, HeldFacts* facts) {
  FILE_ATTRIBUTE_TAG_INFO tag{};
  if (GetFileType(handle) != FILE_TYPE_DISK) return kNameInvalid;
  if (!GetFileInformationByHandleEx(handle, FileAttributeTagInfo, &tag, sizeof tag))
    return lastError();
  if (isLink(tag.FileAttributes, tag.ReparseTag)) return kReparsePoint;
  facts->attributes = tag.FileAttributes;
  if ((tag.FileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 && isCaseSensitive(handle))
    facts->caseSensitive = true;
  const Status result = identify(handle, facts);
  return result < 0 ? result : finalName(handle, &facts->path);
}

Status openDrive(char16_t letter, File* file) {
  const std::u16string path = std::u16string(u"\\\\?\\") + letter + u":\\";
  const HANDLE handle = CreateFileW(
      reinterpret_cast<const wchar_t*>(path.c_str()), kHeld.access, kHeld.share, nullptr,
      OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return lastError();
  *file = File(handle);
  return 0;
}

}  // namespace

Status HeldPath::step(const std::u16string& name, bool holds, HeldFacts* facts) {
  if (!isName(name)) return kNameInvalid;
  HANDLE handle = nullptr;
  const Status opened = nt::createFile(files_.back().handle(), name, holds ? kHeld : kSeen, handle,
                                       nt::kCaseInsensitive);
  if (opened < 0) return opened;
  File file(handle);
  const Status result = look(handle, facts);
  // What is only looked at would be in the way of the one who deletes it.
  if (holds) files_.push_back(std::move(file));
  return result;
}

Status HeldPath::hold(const HeldRequest& request, HeldFacts* facts, std::uint32_t* at) {
  *at = 0;
  File drive;
  Status result = openDrive(request.drive, &drive);
  if (result < 0) return result;
  files_.push_back(std::move(drive));
  result = look(files_.back().handle(), facts);
  for (const std::u16string& name : request.names) {
    if (result < 0) return result;
    const bool last = ++*at == request.names.size();
    result = step(name, !last || request.folder, facts);
    if (!last || !request.mayLack || result != kNotFound) continue;
    facts->found = false;
    facts->path += (facts->path.back() == u'\\' ? u"" : u"\\") + name;
    return 0;
  }
  return result;
}

}  // namespace hc::files
