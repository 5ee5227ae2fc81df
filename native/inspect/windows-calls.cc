#include "windows-calls.h"

namespace hc::inspect {

std::u16string inSystem32(std::u16string_view file) {
  wchar_t folder[MAX_PATH];
  const UINT length = GetSystemDirectoryW(folder, MAX_PATH);
  if (length == 0 || length >= MAX_PATH) return {};
  std::u16string path(view(folder, length));
  path += u'\\';
  path += file;
  return path;
}

// By its full path: a bare name would find any module of that name that is already loaded.
HMODULE systemLibrary(std::u16string_view file) {
  const std::u16string path = inSystem32(file);
  if (path.empty()) return nullptr;
  return LoadLibraryExW(wide(path), nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
}

}  // namespace hc::inspect
