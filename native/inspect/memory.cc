// Memory, and what may be committed with the page file.
#include "windows-calls.h"

namespace hc::inspect {

namespace {

using GetPerformance = BOOL(WINAPI*)(PERFORMANCE_INFORMATION*, DWORD);

}  // namespace

Failure memory(Json& json) {
  MEMORYSTATUSEX status{};
  status.dwLength = sizeof status;
  if (!GlobalMemoryStatusEx(&status)) return lastError("GlobalMemoryStatusEx");
  const auto getPerformance =
      systemFunction<GetPerformance>(u"kernel32.dll", "K32GetPerformanceInfo");
  PERFORMANCE_INFORMATION performance{};
  if (getPerformance == nullptr || !getPerformance(&performance, sizeof performance))
    return lastError("K32GetPerformanceInfo");
  const std::uint64_t page = performance.PageSize;
  json.beginObject();
  json.key("totalBytes").number(status.ullTotalPhys);
  json.key("availableBytes").number(status.ullAvailPhys);
  json.key("commitLimitBytes").number(performance.CommitLimit * page);
  json.key("commitBytes").number(performance.CommitTotal * page);
  json.endObject();
  return {};
}

}  // namespace hc::inspect
