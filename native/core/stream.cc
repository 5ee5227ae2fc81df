#include "stream.h"

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace hc {

// On whichever thread drops the last owner.
Stream::~Stream() {
  if (value_ == nullptr) return;
#if defined(_WIN32)
  CloseHandle(value_);
#else
  close(static_cast<int>(reinterpret_cast<std::intptr_t>(value_)));
#endif
}

Stream duplicateStream(void* stream) {
#if defined(_WIN32)
  HANDLE copy = nullptr;
  const HANDLE process = GetCurrentProcess();
  DuplicateHandle(process, stream, process, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
  return Stream(copy);
#else
  const int descriptor = static_cast<int>(reinterpret_cast<std::intptr_t>(stream));
  // Not below 3: a descriptor of 0 would read as no stream.
  const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  return Stream(reinterpret_cast<void*>(static_cast<std::intptr_t>(copy)));
#endif
}

TransferredDescriptor::TransferredDescriptor(int descriptor) : descriptor_(descriptor) {
#if !defined(_WIN32)
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return;
  device_ = static_cast<std::uint64_t>(status.st_dev);
  file_ = static_cast<std::uint64_t>(status.st_ino);
#endif
}

// On the JavaScript thread, as its environment ends: Node has closed what it knows of, and may have
// given the number to another file.
void TransferredDescriptor::closeIfOpen() const {
#if !defined(_WIN32)
  const TransferredDescriptor now(descriptor_);
  if (file_ != 0 && now.device_ == device_ && now.file_ == file_) close(descriptor_);
#endif
}

}  // namespace hc
