#include "library.h"

#include <cstdlib>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace hc {

#if defined(_WIN32)

namespace {

// The full path, because a bare name would find any module of that name that is already loaded.
std::wstring systemLibrary(const wchar_t* name) {
  wchar_t folder[MAX_PATH];
  const UINT length = GetSystemDirectoryW(folder, MAX_PATH);
  return std::wstring(folder, length) + L"\\" + name;
}

void* resolve(void* module, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(module), name));
}

// ole32.dll costs milliseconds to load; the API set resolves to a library that is there already.
void* findFree() {
  HMODULE com =
      LoadLibraryExW(L"api-ms-win-core-com-l1-1-0.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (com == nullptr) com = LoadLibraryExW(L"ole32.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  return com == nullptr ? nullptr : resolve(com, "CoTaskMemFree");
}

}  // namespace

Library::Opened Library::open(const Path& path) {
  const std::wstring file = path.utf16.empty() ? systemLibrary(L"vmcompute.dll")
                                               : std::wstring(path.utf16.begin(), path.utf16.end());
  // The library's own folder and System32 serve its dependencies; the working directory and PATH
  // never do.
  HMODULE module = LoadLibraryExW(file.c_str(), nullptr,
                                  LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (module == nullptr) {
    return {nullptr, "LoadLibraryEx failed with Windows error " + std::to_string(GetLastError())};
  }
  std::shared_ptr<Library> library(new Library(module));
  library->freeText_ = reinterpret_cast<FreeText>(findFree());
  if (library->freeText_ == nullptr) return {nullptr, "CoTaskMemFree was not found on this system"};
  return {library, {}};
}

void pinThisModule() {
  HMODULE module = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     reinterpret_cast<LPCWSTR>(&pinThisModule), &module);
}

#else

namespace {

void* resolve(void* module, const char* name) { return dlsym(module, name); }

}  // namespace

Library::Opened Library::open(const Path& path) {
  if (path.utf8.empty()) return {nullptr, "this system has no vmcompute.dll"};
  void* module = dlopen(path.utf8.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) {
    const char* reason = dlerror();
    return {nullptr, reason == nullptr ? "dlopen failed" : reason};
  }
  std::shared_ptr<Library> library(new Library(module));
  // Hosts that export no counterpart of Windows' function give texts that are simply freed.
  void* release = resolve(module, "CoTaskMemFree");
  library->freeText_ = release != nullptr ? reinterpret_cast<FreeText>(release) : std::free;
  return {library, {}};
}

void pinThisModule() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&pinThisModule), &info) != 0 && info.dli_fname != nullptr) {
    dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  }
}

#endif

Library::Library(void* module) {
  std::size_t index = 0;
  forEachFunction(
      [&](auto function) {
        slots_[index++] = reinterpret_cast<Slot>(resolve(module, decltype(function)::kName));
      },
      FunctionList{});
}

void Library::freeText(char16_t* text) const {
  if (text != nullptr) freeText_(text);
}

}  // namespace hc
