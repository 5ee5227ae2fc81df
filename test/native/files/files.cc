// The files of Windows as layers need them, as far as Wine has them: it has no reparse points and
// no backup streams.
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <algorithm>
#include <string>
#include <vector>

#include "../support/check.h"
#include "files/file.h"
#include "files/privileges.h"
#include "files/volume.h"

namespace {

using namespace hc::files;

constexpr Opening kCreateFile = {GENERIC_READ | GENERIC_WRITE | DELETE, FILE_SHARE_READ, 2, 0};
constexpr Opening kCreateFolder = {GENERIC_READ | GENERIC_WRITE | DELETE, FILE_SHARE_READ, 2, 1};
constexpr Opening kOpen = {GENERIC_READ | GENERIC_WRITE | DELETE, FILE_SHARE_READ, 1, 0x200000};

const wchar_t* wide(const std::u16string& text) {
  return reinterpret_cast<const wchar_t*>(text.c_str());
}

// A folder of its own, which is empty again when the test is over: else it cannot be removed.
struct Folder {
  std::u16string path;
  Folder() {
    wchar_t temporary[MAX_PATH];
    const DWORD length = GetTempPathW(MAX_PATH, temporary);
    path = u"\\\\?\\" + std::u16string(temporary, temporary + length) + u"hostcompute-files-" +
           std::u16string(1, static_cast<char16_t>(u'a' + GetCurrentProcessId() % 26));
    CreateDirectoryW(wide(path), nullptr);
  }
  ~Folder() { CHECK(RemoveDirectoryW(wide(path))); }
  File open() const {
    File root;
    CHECK(openRoot(path, root) == 0);
    return root;
  }
};

DWORD handles() {
  DWORD count = 0;
  GetProcessHandleCount(GetCurrentProcess(), &count);
  return count;
}

Status create(const File& root, const char16_t* path, const Opening& opening = kCreateFile) {
  File file;
  return hc::files::open(root, path, opening, file);
}

Status remove(const File& root, const char16_t* path) {
  File file;
  const Status result = hc::files::open(root, path, kOpen, file);
  return result < 0 ? result : file.remove();
}

void testNamesThatLeadElsewhere() {
  const Folder folder;
  const File root = folder.open();
  CHECK(create(root, u"inner", kCreateFolder) == 0);
  for (const auto* path : {u"", u".", u"..", u"..\\out", u"inner\\..\\out", u"inner/../../out",
                           u"\\out", u"/out", u"C:\\out", u"a:b", u"inner\\\\out", u"inner\\",
                           u"\\??\\C:\\out", u"\\\\server\\share\\out"}) {
    CHECK(create(root, path) == kNameInvalid);
  }
  const std::u16string nul(u"a\0b", 3);
  File file;
  CHECK(hc::files::open(root, nul, kCreateFile, file) == kNameInvalid);
  CHECK(hc::files::open(root, std::u16string(40000, u'a'), kCreateFile, file) == kNameInvalid);
  CHECK(remove(root, u"inner") == 0);
}

void testCollisions() {
  const Folder folder;
  const File root = folder.open();
  CHECK(create(root, u"name") == 0);
  CHECK(create(root, u"name") == kCollision);
  CHECK(create(root, u"NAME") == kCollision);
  CHECK(create(root, u"name", kCreateFolder) == kCollision);
  CHECK(create(root, u"absent/name") < 0);
  CHECK(remove(root, u"name") == 0);
  CHECK(remove(root, u"name") == kNotFound);
}

void testRoots() {
  const Folder folder;
  const File root = folder.open();
  File other;
  CHECK(openRoot(folder.path + u"\\absent", other) == status(0x80070002));
  CHECK(create(root, u"file") == 0);
  CHECK(openRoot(folder.path + u"\\file", other) == status(0x8007010B));
  CHECK(other.handle() == nullptr);
  std::u16string name;
  CHECK(root.fileSystem(name) == 0);
  CHECK(!name.empty());
  CHECK(remove(root, u"file") == 0);
}

void testInfo() {
  const Folder folder;
  const File root = folder.open();
  {
    File file;
    CHECK(hc::files::open(root, u"file", kCreateFile, file) == 0);
    CHECK(file.write("hello", 5) == 5);
    BasicInfo basic{};
    basic.creation = 131000000000000001;
    basic.access = 131000000000000002;
    basic.write = 131000000000000003;
    basic.change = 131000000000000004;
    CHECK(file.setInfo(basic) == 0);
    Info info{};
    CHECK(file.info(info) == 0);
    CHECK(info.size == 5 && info.links == 1 && info.reparseTag == 0);
    // Of the four Wine keeps these two.
    CHECK(info.basic.access == basic.access && info.basic.write == basic.write);
    CHECK((info.basic.attributes & FILE_ATTRIBUTE_DIRECTORY) == 0);
    CHECK(std::all_of(info.id, info.id + 16, [](std::uint8_t byte) { return byte == 0; }));
  }
  CHECK(remove(root, u"file") == 0);
}

void testLinks() {
  const Folder folder;
  const File root = folder.open();
  {
    File file;
    CHECK(hc::files::open(root, u"file", kCreateFile, file) == 0);
    for (const auto* name : {u"x", u"yy", u"a longer name"}) CHECK(file.link(root, name) == 0);
    CHECK(file.link(root, u"x") == kCollision);
    for (const auto* name : {u"", u"..", u"a\\b", u"a:b"}) {
      CHECK(file.link(root, name) == kNameInvalid);
    }
    Info info{};
    CHECK(file.info(info) == 0);
    CHECK(info.links == 4);
    CHECK(std::any_of(info.id, info.id + 16, [](std::uint8_t byte) { return byte != 0; }));
  }
  std::vector<Entry> entries;
  CHECK(root.list(entries) == 0);
  CHECK(entries.size() == 4);
  for (const auto* name : {u"file", u"x", u"yy", u"a longer name"}) CHECK(remove(root, name) == 0);
}

void testRemoving() {
  const Folder folder;
  const File root = folder.open();
  CHECK(create(root, u"inner", kCreateFolder) == 0);
  CHECK(create(root, u"inner/readonly") == 0);
  CHECK(remove(root, u"inner") < 0);
  {
    File file;
    CHECK(hc::files::open(root, u"inner/readonly", kOpen, file) == 0);
    BasicInfo readonly{};
    readonly.attributes = FILE_ATTRIBUTE_READONLY;
    CHECK(file.setInfo(readonly) == 0);
  }
  {
    File file;
    const Opening opening = {FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | DELETE, 7, 1, 0x200000};
    CHECK(hc::files::open(root, u"inner/readonly", opening, file) == 0);
    CHECK(file.remove() == 0);
  }
  CHECK(remove(root, u"inner") == 0);
}

void testListing() {
  const Folder folder;
  const File root = folder.open();
  CHECK(create(root, u"inner", kCreateFolder) == 0);
  std::vector<std::u16string> names;
  for (int i = 0; i < 900; ++i) {
    const std::string digits = std::to_string(i);
    names.push_back(u"inner\\" + std::u16string(100, u'n') +
                    std::u16string(digits.begin(), digits.end()));
    CHECK(create(root, names.back().c_str()) == 0);
  }
  {
    File inner;
    CHECK(hc::files::open(root, u"inner", {GENERIC_READ, 7, 1, 0x200001}, inner) == 0);
    for (int round = 0; round < 2; ++round) {
      std::vector<Entry> entries;
      CHECK(inner.list(entries) == 0);
      CHECK(entries.size() == names.size());
    }
  }
  for (const auto& name : names) CHECK(remove(root, name.c_str()) == 0);
  CHECK(remove(root, u"inner") == 0);
}

bool enabled(const wchar_t* name) {
  HANDLE token = nullptr;
  OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
  alignas(TOKEN_PRIVILEGES) char buffer[4096];
  DWORD size = 0;
  GetTokenInformation(token, TokenPrivileges, buffer, sizeof buffer, &size);
  CloseHandle(token);
  LUID luid{};
  LookupPrivilegeValueW(nullptr, name, &luid);
  const auto& all = *reinterpret_cast<TOKEN_PRIVILEGES*>(buffer);
  for (DWORD i = 0; i < all.PrivilegeCount; ++i) {
    const LUID_AND_ATTRIBUTES& each = all.Privileges[i];
    if (each.Luid.LowPart == luid.LowPart && each.Luid.HighPart == luid.HighPart) {
      return (each.Attributes & SE_PRIVILEGE_ENABLED) != 0;
    }
  }
  return false;
}

void removeFromToken(const wchar_t* name) {
  HANDLE token = nullptr;
  OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token);
  TOKEN_PRIVILEGES privileges{};
  privileges.PrivilegeCount = 1;
  privileges.Privileges[0].Attributes = SE_PRIVILEGE_REMOVED;
  LookupPrivilegeValueW(nullptr, name, &privileges.Privileges[0].Luid);
  AdjustTokenPrivileges(token, FALSE, &privileges, 0, nullptr, nullptr);
  CloseHandle(token);
}

void testPrivileges() {
  constexpr auto kName = L"SeBackupPrivilege";
  CHECK(!enabled(kName));
  {
    Privileges first;
    CHECK(first.acquire(kBackup | kRestore) == 0);
    CHECK(first.acquire(kBackup) == 0);
    CHECK(enabled(kName) && enabled(L"SeRestorePrivilege"));
    {
      Privileges second;
      CHECK(second.acquire(kBackup) == 0);
      first.release();
      CHECK(enabled(kName) && !enabled(L"SeRestorePrivilege"));
    }
    CHECK(!enabled(kName));
  }
  CHECK(!enabled(kName));
}

// The last of all: what was taken from the process does not come back.
void testMissingPrivilege() {
  removeFromToken(L"SeSecurityPrivilege");
  Privileges privileges;
  CHECK(privileges.acquire(kBackup | kRestore | kSecurity) == static_cast<Status>(kSecurity));
  CHECK(!enabled(L"SeBackupPrivilege"));
  CHECK(privileges.acquire(kBackup) == 0);
  CHECK(enabled(L"SeBackupPrivilege"));
}

void testWhatWineLacks() {
  const Folder folder;
  const File root = folder.open();
  {
    File file;
    CHECK(hc::files::open(root, u"file", kCreateFile, file) == 0);
    CHECK(file.writeBackup("", 0, true) == status(0x80070032));
    char byte = 0;
    CHECK(file.readBackup(&byte, 1, true) == status(0x80070032));
    file.endBackup();
  }
  CHECK(remove(root, u"file") == 0);
  File disk;
  CHECK(attachDisk(folder.path + u"\\absent.vhdx", disk) < 0);
  CHECK(disk.handle() == nullptr);
  CHECK(extendVolume(folder.path) < 0);
}

}  // namespace

int main() {
  { Folder first; }
  const DWORD before = handles();
  testNamesThatLeadElsewhere();
  testCollisions();
  testRoots();
  testInfo();
  testLinks();
  testRemoving();
  testListing();
  testPrivileges();
  const DWORD after = handles();
  CHECK(after == before);
  testWhatWineLacks();
  testMissingPrivilege();
  return hc::test::summary();
}
