// The volume that a path is on.
#include <string>
#include <vector>

#include "windows-calls.h"

namespace hc::inspect {

namespace {

constexpr DWORD kLongestPath = 32'768;  // of a path, with its NUL
// FSCTL_QUERY_PERSISTENT_VOLUME_STATE, and what it tells: PERSISTENT_VOLUME_STATE_DEV_VOLUME,
// .._TRUSTED_VOLUME.
constexpr DWORD kQueryPersistentState = 0x0009023C;
constexpr DWORD kDevVolume = 0x2000;
constexpr DWORD kTrustedVolume = 0x4000;

// FILE_FS_PERSISTENT_VOLUME_INFORMATION
struct PersistentState {
  DWORD flags;
  DWORD mask;
  DWORD version;
  DWORD reserved;
};

bool begins(const std::u16string& text, std::u16string_view with) {
  return text.compare(0, with.size(), with) == 0;
}

// In the form that may be longer than 260 characters.
std::u16string longForm(const std::u16string& path) {
  if (begins(path, u"\\\\?\\") || begins(path, u"\\\\.\\")) return path;
  if (begins(path, u"\\\\")) return u"\\\\?\\UNC\\" + path.substr(2);
  return u"\\\\?\\" + path;
}

std::u16string shortForm(const std::u16string& path) {
  if (begins(path, u"\\\\?\\UNC\\")) return u"\\\\" + path.substr(8);
  return begins(path, u"\\\\?\\") && path.size() > 6 && path[5] == u':' ? path.substr(4) : path;
}

// Of a folder: it, or the root of its volume, ends with a separator. False at the top.
bool goUp(std::u16string& path) {
  while (!path.empty() && path.back() == u'\\') path.pop_back();
  const std::size_t place = path.rfind(u'\\');
  if (place == std::u16string::npos || place < 2) return false;
  path.resize(place + 1);
  return true;
}

bool isLack(DWORD error) {
  return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND || error == ERROR_DIRECTORY;
}

struct Place {
  std::u16string folder;  // the nearest that is there
  DWORD attributes = 0;
  std::u16string root;  // of its volume
};

Failure findPlace(const std::u16string& path, Place& place) {
  std::vector<wchar_t> room(kLongestPath);
  const DWORD length = GetFullPathNameW(wide(path), kLongestPath, room.data(), nullptr);
  if (length == 0 || length >= kLongestPath) return lastError("GetFullPathNameW");
  place.folder = view(room.data(), length);
  for (;;) {
    place.attributes = GetFileAttributesW(wide(longForm(place.folder)));
    const bool there = place.attributes != INVALID_FILE_ATTRIBUTES;
    if (there && (place.attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) break;
    const DWORD error = there ? ERROR_DIRECTORY : GetLastError();
    if (!isLack(error) || !goUp(place.folder)) return {"GetFileAttributesW", error};
  }
  // Of a drive the separator is a part of its root.
  if (place.folder.size() > 3 && place.folder.back() == u'\\') place.folder.pop_back();
  if (!GetVolumePathNameW(wide(longForm(place.folder)), room.data(), kLongestPath))
    return lastError("GetVolumePathNameW");
  place.root = shortForm(std::u16string(view(room.data())));
  return {};
}

}  // namespace

Failure volume(const std::u16string& path, Json& json) {
  Place place;
  if (const Failure failure = findPlace(path, place)) return failure;
  const std::u16string root = longForm(place.root);
  wchar_t fileSystem[MAX_PATH + 1] = {};
  DWORD flags = 0;
  if (!GetVolumeInformationW(wide(root), nullptr, 0, nullptr, nullptr, &flags, fileSystem,
                             MAX_PATH + 1))
    return lastError("GetVolumeInformationW");
  ULARGE_INTEGER free{};
  ULARGE_INTEGER total{};
  if (!GetDiskFreeSpaceExW(wide(longForm(place.folder) + u'\\'), &free, &total, nullptr))
    return lastError("GetDiskFreeSpaceExW");
  json.beginObject();
  json.key("root").text(place.root);
  json.key("fileSystem").text(view(fileSystem));
  json.key("flags").number(flags);
  json.key("driveType").number(GetDriveTypeW(wide(place.root)));
  json.key("freeBytes").number(free.QuadPart);
  json.key("totalBytes").number(total.QuadPart);
  json.key("folder").text(place.folder);
  json.key("attributes").number(place.attributes);
  json.endObject();
  return {};
}

Failure devDrive(const std::u16string& path, Json& json) {
  Place place;
  if (const Failure failure = findPlace(path, place)) return failure;
  const HANDLE opened = CreateFileW(wide(longForm(place.root)), FILE_READ_ATTRIBUTES,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (opened == INVALID_HANDLE_VALUE) return lastError("CreateFileW");
  const OwnedHandle root(opened);
  PersistentState state{0, kDevVolume | kTrustedVolume, 1, 0};
  DWORD got = 0;
  if (!DeviceIoControl(opened, kQueryPersistentState, &state, sizeof state, &state, sizeof state,
                       &got, nullptr))
    return lastError("FSCTL_QUERY_PERSISTENT_VOLUME_STATE");
  json.beginObject().key("flags").number(state.flags).endObject();
  return {};
}

}  // namespace hc::inspect
