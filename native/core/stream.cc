#include "stream.h"

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#else
#include <unistd.h>
#endif

namespace hc {

Stream::~Stream() {
  if (value_ == nullptr) return;
#if defined(_WIN32)
  CloseHandle(value_);
#else
  close(static_cast<int>(reinterpret_cast<std::intptr_t>(value_)));
#endif
}

}  // namespace hc
