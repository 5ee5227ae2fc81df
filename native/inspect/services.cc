// Services, which drivers are too, as the manager of services has them.
#include <algorithm>
#include <vector>

#include "windows-calls.h"

namespace hc::inspect {

namespace {

constexpr DWORD kMostConfiguration = 8 * 1024;  // as documented
constexpr DWORD kMostListed = 256 * 1024;       // at once, as documented
constexpr std::size_t kMostDrivers = 1024;

void closeService(SC_HANDLE handle) { CloseServiceHandle(handle); }
using OwnedService = Owned<SC_HANDLE, closeService>;

Failure openManager(DWORD access, OwnedService& manager) {
  manager.reset(OpenSCManagerW(nullptr, nullptr, access));
  return manager == nullptr ? lastError("OpenSCManagerW") : Failure();
}

}  // namespace

Failure service(const std::u16string& name, Json& json) {
  OwnedService manager;
  if (const Failure failure = openManager(SC_MANAGER_CONNECT, manager)) return failure;
  const OwnedService opened(
      OpenServiceW(manager.get(), wide(name), SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG));
  if (opened == nullptr) return lastError("OpenServiceW");
  SERVICE_STATUS_PROCESS status{};
  DWORD needed = 0;
  if (!QueryServiceStatusEx(opened.get(), SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&status),
                            sizeof status, &needed)) {
    return lastError("QueryServiceStatusEx");
  }
  std::vector<std::uint64_t> room(kMostConfiguration / sizeof(std::uint64_t));
  auto& configuration = *reinterpret_cast<QUERY_SERVICE_CONFIGW*>(room.data());
  if (!QueryServiceConfigW(opened.get(), &configuration, kMostConfiguration, &needed))
    return lastError("QueryServiceConfigW");
  json.beginObject();
  json.key("type").number(status.dwServiceType);
  json.key("startType").number(configuration.dwStartType);
  json.key("state").number(status.dwCurrentState);
  json.key("exitCode").number(status.dwWin32ExitCode);
  json.endObject();
  return {};
}

Failure drivers(Json& json) {
  OwnedService manager;
  const DWORD access = SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE;
  if (const Failure failure = openManager(access, manager)) return failure;
  std::vector<std::uint64_t> room(kMostListed / sizeof(std::uint64_t));
  Json list;
  list.beginArray();
  DWORD next = 0;
  for (std::size_t count = 0;;) {
    DWORD needed = 0;
    DWORD got = 0;
    const BOOL all = EnumServicesStatusExW(manager.get(), SC_ENUM_PROCESS_INFO, SERVICE_DRIVER,
                                           SERVICE_STATE_ALL, reinterpret_cast<BYTE*>(room.data()),
                                           kMostListed, &needed, &got, &next, nullptr);
    if (!all && GetLastError() != ERROR_MORE_DATA) return lastError("EnumServicesStatusExW");
    const auto* each = reinterpret_cast<const ENUM_SERVICE_STATUS_PROCESSW*>(room.data());
    for (DWORD i = 0; i < got && count < kMostDrivers; ++i, ++each, ++count) {
      list.beginObject().key("name").text(view(each->lpServiceName));
      list.key("state").number(each->ServiceStatusProcess.dwCurrentState).endObject();
    }
    if (all || got == 0 || count == kMostDrivers) break;
  }
  list.endArray();
  json.value(list);
  return {};
}

}  // namespace hc::inspect
