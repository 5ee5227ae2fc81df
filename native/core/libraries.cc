#include "libraries.h"

#include <array>
#include <cstdlib>
#include <utility>

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

void HC_CALL localFree(void* text) { LocalFree(text); }

// Closes a disk of Windows, whose virtdisk.dll has no function for that.
HResult HC_CALL closeKernelHandle(VirtDisk* disk) {
  return CloseHandle(reinterpret_cast<HANDLE>(disk)) != 0 ? kOk : fromWin32(GetLastError());
}
const Slot kCloseKernelHandle = reinterpret_cast<Slot>(&closeKernelHandle);

// Without buffers, as Microsoft's own client opens a drive.
std::uint32_t HC_CALL openDrive(const char16_t* path, VirtDisk** drive) {
  const HANDLE opened =
      CreateFileW(reinterpret_cast<const wchar_t*>(path), GENERIC_READ | GENERIC_WRITE,
                  FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING,
                  FILE_ATTRIBUTE_NORMAL | FILE_FLAG_NO_BUFFERING, nullptr);
  *drive = opened == INVALID_HANDLE_VALUE ? nullptr : reinterpret_cast<VirtDisk*>(opened);
  return *drive == nullptr ? GetLastError() : 0;
}
const Slot kOpenDrive = reinterpret_cast<Slot>(&openDrive);

// ole32.dll costs milliseconds to load; the API set resolves to a library that is there already.
FreeText findFree(void*, TextMemory memory) {
  if (memory == TextMemory::LocalFree) return localFree;
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

constexpr Slot kCloseKernelHandle = nullptr;
constexpr Slot kOpenDrive = nullptr;

// Hosts that export no counterpart of Windows' function give texts that are simply freed.
FreeText findFree(void* module, TextMemory memory) {
  void* release = resolve(module, memory == TextMemory::LocalFree ? "LocalFree" : "CoTaskMemFree");
  return release != nullptr ? reinterpret_cast<FreeText>(release) : std::free;
}

#endif

// Of each function, in the order of the list.
template <class... Functions>
constexpr std::array<const char*, sizeof...(Functions)> namesOf(List<Functions...>) {
  return {Functions::kName...};
}
constexpr auto kNameOf = namesOf(FunctionList{});

}  // namespace

Libraries::Opened Libraries::open(const Paths& paths) {
  return opened(std::unique_ptr<Libraries>(new Libraries(paths)));
}

Libraries::Opened Libraries::opened(std::unique_ptr<Libraries> libraries) {
  void* main = nullptr;
  for (std::size_t i = 0; i < kLibraryCount; ++i) {
    const auto library = static_cast<Library>(i);
    if (opensLater(library)) continue;
    void* const module = libraries->load(library);
    if (library == kMainLibrary) main = module;
    if (module == nullptr && !libraries->paths_[i].utf16.empty())
      return {nullptr, libraries->problems_[i]};
  }
  if (main == nullptr) return {nullptr, "a host has a vmcompute library"};
  if (libraries->freeTexts(kMainLibrary) == nullptr)
    return {nullptr, "CoTaskMemFree was not found on this system"};
  return {std::move(libraries), {}};
}

void* Libraries::load(Library library) const {
  const auto place = static_cast<std::size_t>(library);
  if (paths_[place].utf16.empty()) problems_[place] = "the host was given without it";
  if (paths_[place].utf16.empty()) return nullptr;
  void* const module = hc::load(paths_[place], problems_[place]);
  if (module == nullptr) return nullptr;
  freeTexts_[place] = findFree(module, textMemoryOf(library));
  for (std::size_t i = 0; i < kFunctionCount; ++i) {
    if (kLibraryOf[i] == library) slots_[i] = reinterpret_cast<Slot>(resolve(module, kNameOf[i]));
  }
  if (library != Library::virtdisk) return module;
  // What simulated hosts have in its place.
  Slot& closeDisk = slots_[kIndexOf<functions::virtdisk::CloseVirtualDisk>];
  if (closeDisk == nullptr) closeDisk = kCloseKernelHandle;
  Slot& openDrive = slots_[kIndexOf<functions::virtdisk::OpenDrive>];
  if (openDrive == nullptr) openDrive = kOpenDrive;
  return module;
}

void Libraries::openOnce(Library library) const {
  std::call_once(opened_[static_cast<std::size_t>(library)], [&] { load(library); });
}

Slot Libraries::get(std::size_t function) const {
  if (opensLater(kLibraryOf[function])) openOnce(kLibraryOf[function]);
  return slots_[function];
}

const std::string& Libraries::problemOf(std::size_t function) const {
  const Library library = kLibraryOf[function];
  if (opensLater(library)) openOnce(library);
  return problems_[static_cast<std::size_t>(library)];
}

#if defined(_WIN32)

// By full paths, because a bare name would find any module of that name that is already loaded.
Libraries::Opened Libraries::openSystem() {
  wchar_t folder[MAX_PATH];
  const UINT length = GetSystemDirectoryW(folder, MAX_PATH);
  Paths paths;
  for (const Library library : kLibraryOf) {
    const auto place = static_cast<std::size_t>(library);
    if (library == Library::simulator || !paths[place].utf16.empty()) continue;
    const std::string file = std::string("\\") + kLibraryNames[place] + ".dll";
    paths[place].utf16.assign(folder, folder + length);
    paths[place].utf16.append(file.begin(), file.end());
  }
  return open(paths);
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

void Libraries::freeText(char16_t* text, Library library) const {
  if (text != nullptr) freeTexts(library)(text);
}

}  // namespace hc
