// The errors of Windows as a Status.
#pragma once

#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include "file.h"

namespace hc::files {

inline Status ofError(DWORD error) {
  return status(0x80070000u | ((error == 0 ? ERROR_GEN_FAILURE : error) & 0xFFFF));
}
inline Status lastError() { return ofError(GetLastError()); }

}  // namespace hc::files
