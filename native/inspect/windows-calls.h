// What the questions have in common of Windows: owners, texts, and libraries that not every Windows
// has.
#pragma once

#if !defined(WIN32_LEAN_AND_MEAN)
#define WIN32_LEAN_AND_MEAN
#endif
#if !defined(NOMINMAX)
#define NOMINMAX
#endif
// Each needs those before it.
// clang-format off
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <iphlpapi.h>
#include <ntsecapi.h>
#include <psapi.h>
#include <sddl.h>
#include <winsvc.h>
// clang-format on

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "answers.h"

namespace hc::inspect {

inline const wchar_t* wide(const std::u16string& text) {
  return reinterpret_cast<const wchar_t*>(text.c_str());
}
inline std::u16string_view view(const wchar_t* text, std::size_t length) {
  return {reinterpret_cast<const char16_t*>(text), length};
}
// Of a text that ends with a NUL.
inline std::u16string_view view(const wchar_t* text) {
  return text == nullptr ? std::u16string_view()
                         : std::u16string_view(reinterpret_cast<const char16_t*>(text));
}

inline Failure lastError(const char* call) { return {call, GetLastError()}; }

// Owns what one function of Windows closes.
template <class Handle, void (*Close)(Handle)>
struct Closer {
  using pointer = Handle;
  void operator()(Handle handle) const { Close(handle); }
};
template <class Handle, void (*Close)(Handle)>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Closer<Handle, Close>>;

inline void closeHandle(HANDLE handle) { CloseHandle(handle); }
using OwnedHandle = Owned<HANDLE, closeHandle>;

// The path of a file in System32; empty when that folder is not known.
std::u16string inSystem32(std::u16string_view file);
// A library of System32 and of nowhere else; null with the last error set. It stays, as threads of
// it may.
HMODULE systemLibrary(std::u16string_view file);
// A function of it; null with the last error set.
template <class Function>
Function systemFunction(std::u16string_view file, const char* name) {
  const HMODULE module = systemLibrary(file);
  return module == nullptr
             ? nullptr
             : reinterpret_cast<Function>(reinterpret_cast<void*>(GetProcAddress(module, name)));
}

}  // namespace hc::inspect
