// Files of Windows that a plan places. Wine has no backup streams: what stands in for BackupWrite
// writes the content of a stream, and counts.
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "../support/check.h"
#include "archive.h"

namespace {

using namespace hc::test;

std::mutex mutex;
std::map<HANDLE, std::string> streams;
std::size_t writes = 0;

BOOL WINAPI backupWrite(HANDLE file, LPBYTE bytes, DWORD size, LPDWORD written, BOOL abort,
                        BOOL /*security*/, LPVOID* context) {
  std::lock_guard<std::mutex> lock(mutex);
  *written = size;
  if (!abort) {
    ++writes;
    streams[file].append(reinterpret_cast<const char*>(bytes), size);
    *context = &streams;
    return TRUE;
  }
  const std::string content = streams[file].substr(20);
  streams.erase(file);
  DWORD done = 0;
  return WriteFile(file, content.data(), static_cast<DWORD>(content.size()), &done, nullptr);
}

}  // namespace

// In the place of what the import library has.
extern "C" void* __imp_BackupWrite;
void* __imp_BackupWrite = reinterpret_cast<void*>(backupWrite);

namespace {

constexpr std::int64_t kTime = 132'000'000'000'000'000;

std::string placement(std::uint32_t access, std::uint32_t options, std::uint32_t uses) {
  Placement each;
  each.access = access;
  each.share = 1;
  each.disposition = 2;
  each.options = options;
  each.uses = uses;
  each.attributes = FILE_ATTRIBUTE_READONLY;
  each.creation = each.lastAccess = each.lastWrite = each.change = kTime;
  return {reinterpret_cast<const char*>(&each), sizeof each};
}

std::string dataHeader(std::size_t size) {
  std::string header(20, '\0');
  header[0] = 1;
  for (int i = 0; i < 8; ++i) header[8 + i] = static_cast<char>(std::uint64_t{size} >> (8 * i));
  return header;
}

std::int64_t timeOf(const fs::path& path) {
  WIN32_FILE_ATTRIBUTE_DATA data;
  if (!GetFileAttributesExW(path.c_str(), GetFileExInfoStandard, &data)) return 0;
  SetFileAttributesW(path.c_str(), FILE_ATTRIBUTE_NORMAL);  // to be removed
  return std::int64_t{data.ftLastWriteTime.dwHighDateTime} << 32 |
         data.ftLastWriteTime.dwLowDateTime;
}

// A folder with files of these sizes in it, each by one backup or by plain writes.
void places(const std::vector<std::size_t>& sizes, bool backup) {
  const Place place;
  writes = 0;
  const auto unpack = Unpack::create(std::make_shared<Signal>());
  std::string tar;
  Steps steps;
  const std::uint32_t uses = Placement::kSetInfo | (backup ? Placement::kBackup : 0u);
  steps.add(Step::openRoot, 0, 1, place.text());
  steps.add(Step::placedFolder, 1, 2, "folder", {}, placement(GENERIC_READ | GENERIC_WRITE, 1, 0));
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::string name = std::to_string(i), content(sizes[i], static_cast<char>('a' + i % 26));
    tar += block(name, '0', content.size()) + padded(content);
    const std::string head = backup ? dataHeader(content.size()) : "head";
    steps.add(Step::placedFile, 2, 0, name, head, placement(GENERIC_READ | GENERIC_WRITE, 0, uses));
  }
  tar += std::string(1024, '\0');
  unpack->push(reinterpret_cast<const std::uint8_t*>(tar.data()), tar.size());
  unpack->end(false);
  CHECK(unpack->plan(steps.bytes) == Turn::goOn);
  while (unpack->finish(std::chrono::milliseconds(50)) == Turn::goOn) continue;
  while (unpack->settle(std::chrono::milliseconds(50)) != Turn::end) continue;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::string name = "folder/" + std::to_string(i);
    const std::string content(sizes[i], static_cast<char>('a' + i % 26));
    CHECK(place.contentOf(name) == (backup ? "" : "head") + content);
    CHECK(timeOf(place.path / name) == kTime);
  }
}

}  // namespace

int main() {
  const std::vector<std::size_t> small(40, 3000);
  places(small, true);
  CHECK(writes == small.size());  // one call for each
  places(small, false);
  places({0, 1, 3 << 20, 5}, true);
  places({0, 1, 3 << 20, 5}, false);
  return hc::test::summary();
}
