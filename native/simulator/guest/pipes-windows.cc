// Pipes of Windows: named ones, as anonymous ones know no overlapped I/O. The guest has the
// server's end, so that what it wrote stays readable after it has closed it.
#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <string_view>

#include "pipes.h"

namespace hc::simulator {
namespace {

constexpr DWORD kBuffer = 64 * 1024;

HANDLE handleOf(NativeHandle handle) { return reinterpret_cast<HANDLE>(handle); }
NativeHandle native(HANDLE handle) { return reinterpret_cast<NativeHandle>(handle); }

using Identity = std::array<std::uint64_t, 2>;

Identity newIdentity() {
  static std::atomic<std::uint64_t> last{0};
  LARGE_INTEGER now;
  QueryPerformanceCounter(&now);
  return {static_cast<std::uint64_t>(now.QuadPart), ++last};
}

// As the file system of the pipes has it.
std::wstring nameOf(const Identity& identity) {
  return L"\\hostcompute-" + std::to_wstring(GetCurrentProcessId()) + L'-' +
         std::to_wstring(identity[0]) + L'-' + std::to_wstring(identity[1]);
}

bool hasName(HANDLE pipe, const std::wstring& name) {
  alignas(FILE_NAME_INFO) unsigned char memory[sizeof(FILE_NAME_INFO) + 256 * sizeof(wchar_t)];
  auto* information = reinterpret_cast<FILE_NAME_INFO*>(memory);
  if (!GetFileInformationByHandleEx(pipe, FileNameInfo, information, sizeof memory)) return false;
  return std::wstring_view(information->FileName, information->FileNameLength / sizeof(wchar_t)) ==
         name;
}

// The rest of an operation that has begun. It is over when this returns, whatever the answer.
IoResult finish(HANDLE end, OVERLAPPED* operation, bool begun, const Wake& wake, TimedWait& wait) {
  DWORD moved = 0;
  if (!begun && GetLastError() != ERROR_IO_PENDING) return {IoStatus::Ended, 0};
  const HANDLE awaited[2] = {operation->hEvent, handleOf(wake.handle())};
  DWORD first = WaitForMultipleObjects(2, awaited, FALSE, 0);
  if (first == WAIT_TIMEOUT && !wait.late()) {
    wait.begin();
    first = WaitForMultipleObjects(2, awaited, FALSE, INFINITE);
    wait.end();
  }
  if (first != WAIT_OBJECT_0) CancelIoEx(end, operation);
  if (GetOverlappedResult(end, operation, &moved, TRUE)) return {IoStatus::Done, moved};
  if (GetLastError() != ERROR_OPERATION_ABORTED) return {IoStatus::Ended, 0};
  return {first == WAIT_TIMEOUT ? IoStatus::Late : IoStatus::Woken, moved};
}

}  // namespace

std::unique_ptr<Wake> Wake::make() {
  const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  if (event == nullptr) return nullptr;
  std::unique_ptr<Wake> wake(new Wake);
  wake->handles_ = {native(event), 0};
  return wake;
}

Wake::~Wake() { CloseHandle(handleOf(handles_[0])); }
void Wake::raise() const { SetEvent(handleOf(handles_[0])); }
void Wake::lower() const { ResetEvent(handleOf(handles_[0])); }

// The copy is looked at, not the handle: the client may close that at any moment.
bool duplicate(const ClientEnd& end, void** copy) {
  *copy = nullptr;
  HANDLE made = nullptr;
  const HANDLE self = GetCurrentProcess();
  if (!DuplicateHandle(self, end.handle, self, &made, 0, FALSE, DUPLICATE_SAME_ACCESS))
    return GetLastError() == ERROR_INVALID_HANDLE;
  if (hasName(made, nameOf(end.identity))) {
    *copy = made;
  } else {
    CloseHandle(made);
  }
  return true;
}

// The client may also read and set the modes of its end, which libuv does to every pipe it is
// given.
std::unique_ptr<PipeEnd> PipeEnd::open(Direction direction, ClientEnd* client) {
  const bool toGuest = direction == Direction::ToGuest;
  const Identity identity = newIdentity();
  const std::wstring name = L"\\\\.\\pipe" + nameOf(identity);
  const DWORD access = toGuest ? PIPE_ACCESS_INBOUND : PIPE_ACCESS_OUTBOUND;
  const DWORD modes = PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS;
  const HANDLE server =
      CreateNamedPipeW(name.c_str(), access | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                       modes, 1, kBuffer, kBuffer, 0, nullptr);
  if (server == INVALID_HANDLE_VALUE) return nullptr;
  const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  const HANDLE opened = CreateFileW(
      name.c_str(),
      (toGuest ? GENERIC_WRITE : GENERIC_READ) | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, 0,
      nullptr, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr);
  if (event == nullptr || opened == INVALID_HANDLE_VALUE) {
    if (event != nullptr) CloseHandle(event);
    if (opened != INVALID_HANDLE_VALUE) CloseHandle(opened);
    CloseHandle(server);
    return nullptr;
  }
  std::unique_ptr<PipeEnd> end(new PipeEnd);
  end->handle_ = native(server);
  end->event_ = native(event);
  *client = {opened, identity};
  return end;
}

PipeEnd::~PipeEnd() {
  CloseHandle(handleOf(handle_));
  CloseHandle(handleOf(event_));
}

// A client may write nothing at all, which is no end.
IoResult PipeEnd::read(char* data, std::size_t size, const Wake& wake, TimedWait& wait) {
  for (;;) {
    OVERLAPPED operation = {};
    operation.hEvent = handleOf(event_);
    const bool begun =
        ReadFile(handleOf(handle_), data, static_cast<DWORD>(size), nullptr, &operation) != 0;
    const IoResult moved = finish(handleOf(handle_), &operation, begun, wake, wait);
    if (moved.status != IoStatus::Done || moved.count != 0) return moved;
  }
}

// On the thread of the program. Cancelling is no answer: finish() waits until the system has let go
// of the memory.
IoResult PipeEnd::write(const char* data, std::size_t size, const Wake& wake, TimedWait& wait) {
  OVERLAPPED operation = {};
  operation.hEvent = handleOf(event_);
  const bool begun =
      WriteFile(handleOf(handle_), data, static_cast<DWORD>(size), nullptr, &operation) != 0;
  return finish(handleOf(handle_), &operation, begun, wake, wait);
}

void closeClientEnd(void* client) { CloseHandle(client); }

void prepareWriter() {}

}  // namespace hc::simulator
#endif
