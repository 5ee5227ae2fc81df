#include "platform.h"

#include <cstdlib>
#include <cstring>

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
// After windows.h, which it needs.
#include <objbase.h>
#else
#include <dlfcn.h>

#include "returned-texts.h"
#endif

#include "utf8.h"

namespace hc::simulator {
namespace {

void* allocate(std::size_t bytes, [[maybe_unused]] TextMemory memory) {
#if defined(_WIN32)
  return memory == TextMemory::LocalFree ? LocalAlloc(LMEM_FIXED, bytes) : CoTaskMemAlloc(bytes);
#else
  return std::malloc(bytes);
#endif
}

// An address inside this library, to find it by.
const char kAnchor = 0;

}  // namespace

char16_t* allocateText(std::u16string_view text, TextMemory memory) {
  const std::size_t bytes = text.size() * sizeof(char16_t);
  auto* copy = static_cast<char16_t*>(allocate(bytes + sizeof(char16_t), memory));
  if (copy == nullptr) return nullptr;
  if (bytes != 0) std::memcpy(copy, text.data(), bytes);
  copy[text.size()] = u'\0';
  return copy;
}

FreeText freeTexts(TextMemory memory) {
  constexpr FreeText kCoTask = [](void* text) { CoTaskMemFree(text); };
  constexpr FreeText kLocal = [](void* text) { LocalFree(text); };
  return memory == TextMemory::LocalFree ? kLocal : kCoTask;
}

std::u16string folderOfLibrary() {
#if defined(_WIN32)
  HMODULE module = nullptr;
  GetModuleHandleExW(
      GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
      reinterpret_cast<LPCWSTR>(&kAnchor), &module);
  constexpr DWORD kLongest = 32767;
  std::wstring wide(kLongest, L'\0');
  wide.resize(GetModuleFileNameW(module, wide.data(), kLongest));
  const std::u16string file(wide.begin(), wide.end());
#else
  Dl_info info{};
  const bool found = dladdr(&kAnchor, &info) != 0 && info.dli_fname != nullptr;
  const std::u16string file = toUtf16(found ? info.dli_fname : "");
#endif
  const std::size_t slash = file.find_last_of(u"\\/");
  return slash == std::u16string::npos ? std::u16string(u".") : file.substr(0, slash);
}

std::u16string environmentText(const char* name) {
#if defined(_WIN32)
  const std::wstring wideName(name, name + std::strlen(name));
  std::wstring text(GetEnvironmentVariableW(wideName.c_str(), nullptr, 0), L'\0');
  text.resize(
      GetEnvironmentVariableW(wideName.c_str(), text.data(), static_cast<DWORD>(text.size())));
  return std::u16string(text.begin(), text.end());
#else
  const char* text = std::getenv(name);
  return toUtf16(text == nullptr ? "" : text);
#endif
}

void pinLibrary() {
#if defined(_WIN32)
  HMODULE module = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     reinterpret_cast<LPCWSTR>(&kAnchor), &module);
#else
  Dl_info info;
  if (dladdr(&kAnchor, &info) != 0 && info.dli_fname != nullptr) {
    // Fails harmlessly when the simulator is linked into a program: that is never unloaded.
    dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  }
#endif
}

}  // namespace hc::simulator
