// What the files need of ntdll.dll, whose functions have no import library with every toolchain.
#pragma once

#include <string>

#include "file.h"
#include "status.h"

namespace hc::files::nt {

// FILE_INFORMATION_CLASS
constexpr ULONG kLinkInformation = 11;
constexpr ULONG kDispositionInformation = 13;
constexpr ULONG kDispositionInformationEx = 64;

constexpr Status kAccessDenied = status(0xC0000022);
constexpr Status kCannotDelete = status(0xC0000121);

// Whether a system does not know what it was asked for.
bool isUnsupported(Status result);

// OBJ_CASE_INSENSITIVE, as the names of Win32 are looked up.
constexpr ULONG kCaseInsensitive = 0x40;

// Opens what is below `root`, without following a reparse point, for synchronous use.
Status createFile(HANDLE root, const std::u16string& path, const Opening& opening, HANDLE& handle,
                  ULONG attributes = 0);
Status setInformation(HANDLE handle, ULONG kind, void* data, ULONG size);

}  // namespace hc::files::nt
