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
