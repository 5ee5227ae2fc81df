// What Windows is.
#include "windows-calls.h"

namespace hc::inspect {

namespace {

using GetVersion = LONG(WINAPI*)(OSVERSIONINFOEXW*);
using IsWow64 = BOOL(WINAPI*)(HANDLE, USHORT*, USHORT*);

// Of the machine: the program may be of another.
const char* architecture() {
  // IMAGE_FILE_MACHINE_*; the function came with 10.0.10586.
  const auto isWow64 = systemFunction<IsWow64>(u"kernel32.dll", "IsWow64Process2");
  USHORT program = 0;
  USHORT machine = 0;
  if (isWow64 != nullptr && isWow64(GetCurrentProcess(), &program, &machine)) {
    switch (machine) {
      case 0x8664:
        return "x64";
      case 0xAA64:
        return "arm64";
      case 0x014C:
        return "x86";
    }
  }
  SYSTEM_INFO info{};
  GetNativeSystemInfo(&info);
  switch (info.wProcessorArchitecture) {
    case 9:
      return "x64";
    case 12:
      return "arm64";
    case 0:
      return "x86";
  }
  return "unknown";
}

}  // namespace

Failure system(Json& value) {
  const auto getVersion = systemFunction<GetVersion>(u"ntdll.dll", "RtlGetVersion");
  if (getVersion == nullptr) return lastError("RtlGetVersion");
  OSVERSIONINFOEXW version{};
  version.dwOSVersionInfoSize = sizeof version;
  const LONG status = getVersion(&version);
  if (status < 0) return {"RtlGetVersion", static_cast<std::uint32_t>(status)};
  wchar_t folder[MAX_PATH];
  const UINT length = GetSystemWindowsDirectoryW(folder, MAX_PATH);
  if (length == 0 || length >= MAX_PATH) return lastError("GetSystemWindowsDirectoryW");
  value.beginObject();
  value.key("major").number(version.dwMajorVersion);
  value.key("minor").number(version.dwMinorVersion);
  value.key("build").number(version.dwBuildNumber);
  value.key("productType").number(version.wProductType);
  value.key("architecture").ascii(architecture());
  value.key("windowsDirectory").text(view(folder, length));
  value.endObject();
  return {};
}

}  // namespace hc::inspect
