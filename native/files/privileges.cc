#include "privileges.h"

#include <mutex>

#include "status.h"

namespace hc::files {

namespace {

struct Counted {
  const wchar_t* name;
  std::uint32_t holders;
  bool wasEnabled;
};

std::mutex mutex;
// With mutex held. The place of each is that of its bit.
Counted counted[] = {{L"SeBackupPrivilege", 0, false},
                     {L"SeRestorePrivilege", 0, false},
                     {L"SeSecurityPrivilege", 0, false}};

struct Token {
  HANDLE handle = nullptr;
  ~Token() {
    if (handle != nullptr) CloseHandle(handle);
  }
};

// Says what was there before. ERROR_NOT_ALL_ASSIGNED: the process does not have it.
DWORD adjust(HANDLE token, const wchar_t* name, bool enable, bool& wasEnabled) {
  TOKEN_PRIVILEGES now{};
  TOKEN_PRIVILEGES before{};
  DWORD size = 0;
  now.PrivilegeCount = 1;
  now.Privileges[0].Attributes = enable ? SE_PRIVILEGE_ENABLED : 0;
  if (!LookupPrivilegeValueW(nullptr, name, &now.Privileges[0].Luid)) return GetLastError();
  if (!AdjustTokenPrivileges(token, FALSE, &now, sizeof before, &before, &size)) {
    return GetLastError();
  }
  const DWORD error = GetLastError();
  // Only what was changed is reported.
  wasEnabled = before.PrivilegeCount == 0
                   ? enable
                   : (before.Privileges[0].Attributes & SE_PRIVILEGE_ENABLED) != 0;
  return error;
}

// With mutex held.
void releaseLocked(std::uint32_t held) {
  Token token;
  OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &token.handle);
  for (std::uint32_t i = 0; i < 3; ++i) {
    if ((held & 1u << i) == 0 || --counted[i].holders > 0 || counted[i].wasEnabled) continue;
    bool before = false;
    if (token.handle != nullptr) adjust(token.handle, counted[i].name, false, before);
  }
}

}  // namespace

Status Privileges::acquire(std::uint32_t wanted) {
  const std::lock_guard<std::mutex> lock(mutex);
  Token token;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY,
                        &token.handle)) {
    return lastError();
  }
  std::uint32_t acquired = 0;
  std::uint32_t missing = 0;
  DWORD failed = 0;
  for (std::uint32_t i = 0; i < 3; ++i) {
    const std::uint32_t bit = 1u << i;
    if ((wanted & bit) == 0 || (held_ & bit) != 0) continue;
    Counted& privilege = counted[i];
    if (privilege.holders == 0) {
      const DWORD error = adjust(token.handle, privilege.name, true, privilege.wasEnabled);
      if (error == ERROR_NOT_ALL_ASSIGNED) {
        missing |= bit;
        continue;
      }
      if (error != 0) failed = error;
      if (error != 0) continue;
    }
    ++privilege.holders;
    acquired |= bit;
  }
  if (missing == 0 && failed == 0) {
    held_ |= acquired;
    return 0;
  }
  releaseLocked(acquired);
  return failed != 0 ? ofError(failed) : static_cast<Status>(missing);
}

void Privileges::release() {
  if (held_ == 0) return;
  const std::lock_guard<std::mutex> lock(mutex);
  releaseLocked(std::exchange(held_, 0));
}

}  // namespace hc::files
