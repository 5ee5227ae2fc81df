// Libraries of System32: whether they can be loaded, what they export, and their versions.
#include <vector>

#include "windows-calls.h"

namespace hc::inspect {

namespace {

constexpr DWORD kMostVersion = 256 * 1024;
constexpr DWORD kNeutral = 2;  // FILE_VER_GET_NEUTRAL: of the file, and not of its translation

using VersionSize = DWORD(WINAPI*)(DWORD, const wchar_t*, DWORD*);
using GetVersionInfo = BOOL(WINAPI*)(DWORD, const wchar_t*, DWORD, DWORD, void*);
using QueryVersion = BOOL(WINAPI*)(const void*, const wchar_t*, void**, UINT*);

// Such as 10.0.20348.2700; empty where it has none.
std::string versionOf(const std::u16string& path) {
  const auto size = systemFunction<VersionSize>(u"version.dll", "GetFileVersionInfoSizeExW");
  const auto get = systemFunction<GetVersionInfo>(u"version.dll", "GetFileVersionInfoExW");
  const auto query = systemFunction<QueryVersion>(u"version.dll", "VerQueryValueW");
  if (size == nullptr || get == nullptr || query == nullptr) return {};
  DWORD ignored = 0;
  const DWORD bytes = size(kNeutral, wide(path), &ignored);
  if (bytes == 0 || bytes > kMostVersion) return {};
  std::vector<std::uint64_t> room(bytes / sizeof(std::uint64_t) + 1);
  void* found = nullptr;
  UINT length = 0;
  if (!get(kNeutral, wide(path), 0, bytes, room.data()) ||
      !query(room.data(), L"\\", &found, &length) || length < sizeof(VS_FIXEDFILEINFO))
    return {};
  const auto& fixed = *static_cast<const VS_FIXEDFILEINFO*>(found);
  const DWORD halves[] = {fixed.dwFileVersionMS >> 16, fixed.dwFileVersionMS & 0xFFFF,
                          fixed.dwFileVersionLS >> 16, fixed.dwFileVersionLS & 0xFFFF};
  std::string text;
  for (const DWORD half : halves) text += (text.empty() ? "" : ".") + std::to_string(half);
  return text;
}

}  // namespace

Failure library(const Question& question, Json& json) {
  const HMODULE module = systemLibrary(question.subject);
  if (module == nullptr) return lastError("LoadLibraryExW");
  json.beginObject().key("missing").beginArray();
  for (const std::string& name : question.exports) {
    if (GetProcAddress(module, name.c_str()) == nullptr) json.ascii(name);
  }
  json.endArray().key("version");
  const std::string version = versionOf(inSystem32(question.subject));
  if (version.empty()) {
    json.null();
  } else {
    json.ascii(version);
  }
  json.endObject();
  return {};
}

}  // namespace hc::inspect
