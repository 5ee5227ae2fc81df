// The answers of a Windows machine leave nothing open, whoever asks and however often.
#include "inspect/answers.h"

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "../support/check.h"

#define WIN32_LEAN_AND_MEAN
// clang-format off
#include <windows.h>
#include <tlhelp32.h>
// clang-format on

namespace {

using hc::inspect::answer;
using hc::inspect::readQuestion;

// Of each kind one that is answered, and some that are not.
constexpr const char16_t* kQuestions[] = {
    u"system",
    u"registry SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion:CurrentBuildNumber",
    u"registry SOFTWARE\\Nothing:x",
    u"registry SOFTWARE:nothing",
    u"registry-key SOFTWARE",
    u"service winmgmt",
    u"service nothing",
    u"drivers",
    u"library kernel32.dll CreateFileW Nothing",
    u"library nothing.dll",
    u"processor",
    u"hypervisor",
    u"feature Containers",
    u"token",
    u"account-rights S-1-5-83-0",
    u"account-rights nobody",
    u"volume C:\\windows\\nothing\\at\\all",
    u"volume Q:\\",
    u"dev-drive C:\\",
    u"filters",
    u"memory",
    u"addresses",
    u"routes",
};

std::u16string ask(const char16_t* text) {
  std::string why;
  const auto question = readQuestion(text, why);
  return CHECK(question.has_value()) ? answer(*question) : std::u16string();
}

void askAll() {
  for (const auto* question : kQuestions) {
    const std::u16string json = ask(question);
    CHECK(json.rfind(u"{\"value\":", 0) == 0 || json.rfind(u"{\"error\":", 0) == 0);
    CHECK(json.back() == u'}');
  }
}

// By trying each: Wine does not count them.
DWORD handles() {
  DWORD count = 0;
  for (std::uintptr_t handle = 4; handle < 0x4000; handle += 4) {
    DWORD flags = 0;
    if (GetHandleInformation(reinterpret_cast<HANDLE>(handle), &flags)) ++count;
  }
  return count;
}

DWORD threads() {
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
  THREADENTRY32 entry{};
  entry.dwSize = sizeof entry;
  DWORD count = 0;
  for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry)) {
    if (entry.th32OwnerProcessID == GetCurrentProcessId()) ++count;
  }
  CloseHandle(snapshot);
  return count;
}

void leavesNothing() {
  // What libraries open once stays.
  for (int i = 0; i < 2; ++i) askAll();
  const DWORD handlesBefore = handles();
  CHECK(handlesBefore > 0);
  const DWORD threadsBefore = threads();
  for (int i = 0; i < 10; ++i) askAll();
  CHECK(handles() <= handlesBefore);
  CHECK(threads() <= threadsBefore);
}

void isAskedTwiceAtOnce() {
  std::vector<std::thread> asking;
  for (int i = 0; i < 4; ++i)
    asking.emplace_back([] {
      for (int round = 0; round < 5; ++round) askAll();
    });
  for (auto& each : asking) each.join();
}

}  // namespace

int main() {
  isAskedTwiceAtOnce();
  leavesNothing();
  return hc::test::summary();
}
