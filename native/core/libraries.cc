#include "libraries.h"

#include <cstdlib>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace hc {

namespace {

#if defined(_WIN32)

// The library's own folder and System32 serve its dependencies; the working directory and PATH
// never do.
void* load(const Libraries::Path& path, std::string& error) {
  const std::wstring file(path.utf16.begin(), path.utf16.end());
  HMODULE module = LoadLibraryExW(file.c_str(), nullptr,
                                  LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (module == nullptr)
    error = "LoadLibraryEx failed with Windows error " + std::to_string(GetLastError());
  return module;
}

void* resolve(void* module, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(module), name));
}

// ole32.dll costs milliseconds to load; the API set resolves to a library that is there already.
FreeText findFree(void*) {
  HMODULE com =
      LoadLibraryExW(L"api-ms-win-core-com-l1-1-0.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (com == nullptr) com = LoadLibraryExW(L"ole32.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  return com == nullptr ? nullptr : reinterpret_cast<FreeText>(resolve(com, "CoTaskMemFree"));
}

#else

void* load(const Libraries::Path& path, std::string& error) {
  void* module = dlopen(path.utf8.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module != nullptr) return module;
  const char* reason = dlerror();
  error = reason == nullptr ? "dlopen failed" : reason;
  return nullptr;
}

void* resolve(void* module, const char* name) { return dlsym(module, name); }

// Hosts that export no counterpart of Windows' function give texts that are simply freed.
FreeText findFree(void* module) {
  void* release = resolve(module, "CoTaskMemFree");
  return release != nullptr ? reinterpret_cast<FreeText>(release) : std::free;
}

#endif

constexpr auto kMain = static_cast<std::size_t>(kMainLibrary);

}  // namespace

Libraries::Opened Libraries::open(const Paths& paths) {
  Modules modules{};
  for (std::size_t i = 0; i < kLibraryCount; ++i) {
    if (paths[i].utf16.empty()) continue;
    std::string error;
    modules[i] = load(paths[i], error);
    if (modules[i] == nullptr) return {nullptr, error};
  }
  if (modules[kMain] == nullptr) return {nullptr, "a host has a vmcompute library"};
  return opened(modules);
}

Libraries::Opened Libraries::opened(const Modules& modules) {
  std::shared_ptr<Libraries> libraries(new Libraries(modules));
  libraries->freeText_ = findFree(modules[kMain]);
  if (libraries->freeText_ == nullptr)
    return {nullptr, "CoTaskMemFree was not found on this system"};
  return {libraries, {}};
}

#if defined(_WIN32)

// By full paths, because a bare name would find any module of that name that is already loaded.
Libraries::Opened Libraries::openSystem() {
  wchar_t folder[MAX_PATH];
  const UINT length = GetSystemDirectoryW(folder, MAX_PATH);
  const std::u16string system(folder, folder + length);
  Modules modules{};
  std::string error;
  forEachFunction(
      [&](auto function) {
        constexpr Library kLibrary = decltype(function)::kLibrary;
        void*& module = modules[static_cast<std::size_t>(kLibrary)];
        if (module != nullptr || kLibrary == Library::simulator || !error.empty()) return;
        const std::string file =
            std::string("\\") + kLibraryNames[static_cast<std::size_t>(kLibrary)] + ".dll";
        std::string reason;
        module = load({system + std::u16string(file.begin(), file.end()), {}}, reason);
        if (kLibrary == kMainLibrary) error = reason;
      },
      FunctionList{});
  if (modules[kMain] == nullptr) return {nullptr, error};
  return opened(modules);
}

void pinThisModule() {
  HMODULE module = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     reinterpret_cast<LPCWSTR>(&pinThisModule), &module);
}

#else

Libraries::Opened Libraries::openSystem() { return {nullptr, "this system has no vmcompute.dll"}; }

void pinThisModule() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&pinThisModule), &info) != 0 && info.dli_fname != nullptr) {
    dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  }
}

#endif

Libraries::Libraries(const Modules& modules) {
  std::size_t index = 0;
  forEachFunction(
      [&](auto function) {
        using Function = decltype(function);
        void* const module = modules[static_cast<std::size_t>(Function::kLibrary)];
        if (module != nullptr)
          slots_[index] = reinterpret_cast<Slot>(resolve(module, Function::kName));
        ++index;
      },
      FunctionList{});
}

void Libraries::freeText(char16_t* text) const {
  if (text != nullptr) freeText_(text);
}

}  // namespace hc
