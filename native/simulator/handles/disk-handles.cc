#include "disk-handles.h"

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <string>
#include <string_view>
#endif

namespace hc::simulator {

#if defined(_WIN32)

namespace {

// As the file system of the pipes has it, before the number of the disk.
std::wstring nameOfDisks() {
  return L"\\hostcompute-disk-" + std::to_wstring(GetCurrentProcessId()) + L'-';
}

}  // namespace

std::shared_ptr<DiskHandle> DiskHandle::open(DiskNumber disk, VirtDisk** client) {
  const std::wstring name = L"\\\\.\\pipe" + nameOfDisks() + std::to_wstring(disk);
  const HANDLE pipe = CreateNamedPipeW(
      name.c_str(), PIPE_ACCESS_INBOUND | FILE_FLAG_FIRST_PIPE_INSTANCE,
      PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, 1, 1, 0, nullptr);
  if (pipe == INVALID_HANDLE_VALUE) return nullptr;
  std::shared_ptr<DiskHandle> made(new DiskHandle);
  made->pipe_ = pipe;
  const HANDLE opened = CreateFileW(name.c_str(), GENERIC_WRITE | FILE_READ_ATTRIBUTES, 0, nullptr,
                                    OPEN_EXISTING, 0, nullptr);
  if (opened == INVALID_HANDLE_VALUE) return nullptr;
  *client = static_cast<VirtDisk*>(opened);
  return made;
}

DiskHandle::~DiskHandle() { CloseHandle(pipe_); }

bool DiskHandle::isClosed() const {
  return PeekNamedPipe(pipe_, nullptr, 0, nullptr, nullptr, nullptr) == 0;
}

DiskNumber diskOf(VirtDisk* handle) {
  alignas(FILE_NAME_INFO) unsigned char memory[sizeof(FILE_NAME_INFO) + 64 * sizeof(wchar_t)];
  auto* information = reinterpret_cast<FILE_NAME_INFO*>(memory);
  if (!GetFileInformationByHandleEx(handle, FileNameInfo, information, sizeof memory)) return 0;
  const std::wstring name(information->FileName, information->FileNameLength / sizeof(wchar_t));
  const std::wstring beginning = nameOfDisks();
  if (name.compare(0, beginning.size(), beginning) != 0) return 0;
  return wcstoull(name.c_str() + beginning.size(), nullptr, 10);
}

void closeDiskHandle(VirtDisk* handle) { CloseHandle(handle); }

#else

std::shared_ptr<DiskHandle> DiskHandle::open(DiskNumber disk, VirtDisk** client) {
  *client = reinterpret_cast<VirtDisk*>(disk);
  return std::shared_ptr<DiskHandle>(new DiskHandle);
}

DiskHandle::~DiskHandle() = default;

// NOLINTNEXTLINE(readability-convert-member-functions-to-static): on Windows it asks the system
bool DiskHandle::isClosed() const { return false; }

DiskNumber diskOf(VirtDisk* handle) { return reinterpret_cast<std::uintptr_t>(handle); }

void closeDiskHandle(VirtDisk* /*handle*/) {}

#endif

}  // namespace hc::simulator
