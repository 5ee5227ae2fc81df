#include "file.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "nt.h"
#include "status.h"

namespace hc::files {

namespace {

constexpr std::uint32_t kLongestPath = 32767;
// A call with a larger number would have a number that looks like a failure.
constexpr std::uint32_t kMostAtOnce = 0x40000000;

bool isSafe(std::u16string_view path) {
  if (path.empty() || path.size() > kLongestPath) return false;
  if (path.find(u':') != path.npos || path.find(u'\0') != path.npos) return false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(u'\\', at), path.size());
    const std::u16string_view part = path.substr(at, end - at);
    if (part.empty() || part == u"." || part == u"..") return false;
    at = end + 1;
  }
  return true;
}

Status setByHandle(HANDLE handle, FILE_INFO_BY_HANDLE_CLASS kind, const void* data, DWORD size) {
  const BOOL done = SetFileInformationByHandle(handle, kind, const_cast<void*>(data), size);
  return done ? 0 : lastError();
}

Status getByHandle(HANDLE handle, FILE_INFO_BY_HANDLE_CLASS kind, void* data, DWORD size) {
  return GetFileInformationByHandleEx(handle, kind, data, size) ? 0 : lastError();
}

}  // namespace

File::~File() {
  endBackup();
  if (handle_ != nullptr) CloseHandle(handle_);
}

void File::endBackup() {
  if (context_ == nullptr) return;
  DWORD done = 0;
  // The context belongs to the function that has made it.
  if (reads_) {
    BackupRead(handle_, nullptr, 0, &done, TRUE, FALSE, &context_);
  } else {
    BackupWrite(handle_, nullptr, 0, &done, TRUE, FALSE, &context_);
  }
  context_ = nullptr;
}

Status File::writeBackup(const void* bytes, std::uint32_t size, bool security) {
  if (size > kMostAtOnce) return ofError(ERROR_INVALID_PARAMETER);
  reads_ = false;
  DWORD done = 0;
  // The function takes what it only reads as if it wrote it.
  auto* const data = static_cast<BYTE*>(const_cast<void*>(bytes));
  if (!BackupWrite(handle_, data, size, &done, FALSE, security, &context_)) return lastError();
  return done == size ? static_cast<Status>(done) : ofError(ERROR_WRITE_FAULT);
}

Status File::readBackup(void* bytes, std::uint32_t size, bool security) {
  size = std::min(size, kMostAtOnce);
  reads_ = true;
  DWORD all = 0;
  while (all < size) {
    DWORD done = 0;
    auto* const to = static_cast<BYTE*>(bytes) + all;
    if (!BackupRead(handle_, to, size - all, &done, FALSE, security, &context_)) return lastError();
    if (done == 0) break;
    all += done;
  }
  return static_cast<Status>(all);
}

Status File::skipBackup(std::uint32_t size) {
  DWORD low = 0;
  DWORD high = 0;
  // It fails at the end of the stream, and says how far it has come nevertheless. What else may be
  // wrong shows when the backup is read on.
  BackupSeek(handle_, std::min(size, kMostAtOnce), 0, &low, &high, &context_);
  return static_cast<Status>(low);
}

Status File::write(const void* bytes, std::uint32_t size) {
  if (size > kMostAtOnce) return ofError(ERROR_INVALID_PARAMETER);
  DWORD done = 0;
  if (!WriteFile(handle_, bytes, size, &done, nullptr)) return lastError();
  return done == size ? static_cast<Status>(done) : ofError(ERROR_DISK_FULL);
}

Status File::setInfo(const BasicInfo& info) {
  return setByHandle(handle_, FileBasicInfo, &info, sizeof info);
}

Status File::info(Info& info) const {
  FILE_STANDARD_INFO standard{};
  FILE_ATTRIBUTE_TAG_INFO tag{};
  info = {};
  Status result = getByHandle(handle_, FileBasicInfo, &info.basic, sizeof info.basic);
  if (result == 0) result = getByHandle(handle_, FileStandardInfo, &standard, sizeof standard);
  if (result == 0) result = getByHandle(handle_, FileAttributeTagInfo, &tag, sizeof tag);
  if (result != 0) return result;
  info.size = static_cast<std::uint64_t>(standard.EndOfFile.QuadPart);
  info.links = standard.NumberOfLinks;
  info.reparseTag = (tag.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 ? tag.ReparseTag : 0;
  if (info.links < 2) return 0;
  FILE_ID_INFO id{};
  result = getByHandle(handle_, FileIdInfo, &id, sizeof id);
  std::memcpy(info.id, &id.FileId, sizeof info.id);
  return result;
}

Status File::list(std::vector<Entry>& entries) const {
  alignas(8) char buffer[64 * 1024];
  auto kind = FileIdBothDirectoryRestartInfo;
  while (GetFileInformationByHandleEx(handle_, kind, buffer, sizeof buffer)) {
    kind = FileIdBothDirectoryInfo;
    for (std::size_t at = 0;;) {
      const auto& found = *reinterpret_cast<FILE_ID_BOTH_DIR_INFO*>(buffer + at);
      const auto* const text = reinterpret_cast<const char16_t*>(found.FileName);
      std::u16string name(text, found.FileNameLength / sizeof(char16_t));
      if (name != u"." && name != u"..") {
        entries.push_back({std::move(name), found.FileAttributes});
      }
      if (found.NextEntryOffset == 0) break;
      at += found.NextEntryOffset;
    }
  }
  return GetLastError() == ERROR_NO_MORE_FILES ? 0 : lastError();
}

Status File::fileSystem(std::u16string& name) const {
  wchar_t text[MAX_PATH + 1] = {};
  if (!GetVolumeInformationByHandleW(handle_, nullptr, 0, nullptr, nullptr, nullptr, text,
                                     MAX_PATH)) {
    return lastError();
  }
  name.assign(text, text + std::wcslen(text));
  return 0;
}

Status File::link(const File& folder, std::u16string_view name) {
  if (!isSafe(name) || name.find(u'\\') != name.npos) return kNameInvalid;
  // FILE_LINK_INFORMATION: whether to replace, the folder, bytes of the name, the name. A shorter
  // buffer than the structure with its padding is refused, so one for a name of one letter is
  // longer than its content.
  constexpr std::size_t kRoot = 8, kLength = 16, kName = 20, kLeast = 24;
  const auto bytes = static_cast<std::uint32_t>(name.size() * sizeof(char16_t));
  const std::size_t size = std::max(kLeast, kName + bytes);
  std::vector<std::uint64_t> buffer((size + 7) / 8);  // zeroed, and aligned
  auto* const data = reinterpret_cast<char*>(buffer.data());
  std::memcpy(data + kRoot, &folder.handle_, sizeof folder.handle_);
  std::memcpy(data + kLength, &bytes, sizeof bytes);
  std::memcpy(data + kName, name.data(), bytes);
  return nt::setInformation(handle_, nt::kLinkInformation, data, static_cast<ULONG>(size));
}

Status File::remove() {
  // Windows 10 1809 leaves the attribute READONLY alone. It may be that of a file which another
  // layer has as well, so it is cleared only where there is no other way.
  constexpr ULONG kDelete = 0x1, kIgnoreReadonly = 0x10;
  const auto disposeEx = [this](ULONG flags) {
    return nt::setInformation(handle_, nt::kDispositionInformationEx, &flags, sizeof flags);
  };
  const auto dispose = [this] {
    BOOLEAN gone = TRUE;
    return nt::setInformation(handle_, nt::kDispositionInformation, &gone, sizeof gone);
  };
  Status result = disposeEx(kDelete | kIgnoreReadonly);
  if (nt::isUnsupported(result)) result = disposeEx(kDelete);
  if (nt::isUnsupported(result)) result = dispose();
  if (result != nt::kCannotDelete && result != nt::kAccessDenied) return result;
  BasicInfo info{};
  if (getByHandle(handle_, FileBasicInfo, &info, sizeof info) != 0) return result;
  if ((info.attributes & FILE_ATTRIBUTE_READONLY) == 0) return result;
  const std::uint32_t rest = info.attributes & ~std::uint32_t{FILE_ATTRIBUTE_READONLY};
  BasicInfo writable{};
  writable.attributes = rest == 0 ? FILE_ATTRIBUTE_NORMAL : rest;
  const Status cleared = setInfo(writable);
  return cleared < 0 ? cleared : dispose();
}

Status openRoot(const std::u16string& path, File& file) {
  const HANDLE handle =
      CreateFileW(reinterpret_cast<const wchar_t*>(path.c_str()), GENERIC_READ,
                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                  FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return lastError();
  File opened(handle);
  Info info{};
  const Status result = opened.info(info);
  if (result < 0) return result;
  if ((info.basic.attributes & FILE_ATTRIBUTE_DIRECTORY) == 0) return ofError(ERROR_DIRECTORY);
  if ((info.basic.attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) return kReparsePoint;
  file = std::move(opened);
  return 0;
}

Status open(const File& root, std::u16string path, const Opening& opening, File& file) {
  std::replace(path.begin(), path.end(), u'/', u'\\');
  if (!isSafe(path)) return kNameInvalid;
  HANDLE handle = nullptr;
  const Status result = nt::createFile(root.handle(), path, opening, handle);
  if (result < 0) return result;
  file = File(handle);
  return 0;
}

}  // namespace hc::files
