#include "nt.h"

#include <winternl.h>

namespace hc::files::nt {

namespace {

constexpr ULONG kDontReparse = 0x1000;          // OBJ_DONT_REPARSE
constexpr ULONG kSynchronousNonalert = 0x20;    // FILE_SYNCHRONOUS_IO_NONALERT
constexpr ULONG kOpenForBackupIntent = 0x4000;  // FILE_OPEN_FOR_BACKUP_INTENT
constexpr Status kNotImplemented = status(0xC0000002);
constexpr Status kInvalidInfoClass = status(0xC0000003);
constexpr Status kInvalidParameter = status(0xC000000D);
constexpr Status kNotSupported = status(0xC00000BB);

using CreateFileFunction = LONG(NTAPI*)(HANDLE*, ACCESS_MASK, OBJECT_ATTRIBUTES*, IO_STATUS_BLOCK*,
                                        LARGE_INTEGER*, ULONG, ULONG, ULONG, ULONG, void*, ULONG);
using SetInformationFunction = LONG(NTAPI*)(HANDLE, IO_STATUS_BLOCK*, void*, ULONG, ULONG);

// ntdll.dll is in every process.
template <typename F>
F resolve(const char* name) {
  void* const found = reinterpret_cast<void*>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name));
  return reinterpret_cast<F>(found);
}

}  // namespace

bool isUnsupported(Status result) {
  return result == kNotImplemented || result == kInvalidInfoClass || result == kInvalidParameter ||
         result == kNotSupported;
}

Status createFile(HANDLE root, const std::u16string& path, const Opening& opening, HANDLE& handle,
                  ULONG also) {
  static const auto function = resolve<CreateFileFunction>("NtCreateFile");
  UNICODE_STRING name{};
  name.Length = static_cast<USHORT>(path.size() * sizeof(char16_t));
  name.MaximumLength = name.Length;
  name.Buffer = reinterpret_cast<wchar_t*>(const_cast<char16_t*>(path.data()));
  OBJECT_ATTRIBUTES attributes{};
  attributes.Length = sizeof attributes;
  attributes.RootDirectory = root;
  attributes.ObjectName = &name;
  attributes.Attributes = kDontReparse | also;
  IO_STATUS_BLOCK io{};
  return function(&handle, opening.access | SYNCHRONIZE, &attributes, &io, nullptr, 0,
                  opening.share, opening.disposition,
                  opening.options | kOpenForBackupIntent | kSynchronousNonalert, nullptr, 0);
}

Status setInformation(HANDLE handle, ULONG kind, void* data, ULONG size) {
  static const auto function = resolve<SetInformationFunction>("NtSetInformationFile");
  IO_STATUS_BLOCK io{};
  return function(handle, &io, data, size, kind);
}

}  // namespace hc::files::nt
