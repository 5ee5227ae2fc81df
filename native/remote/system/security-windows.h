// Tokens, security identifiers, and handles that close themselves.
#pragma once
#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <string>
#include <utility>
#include <vector>

namespace hc::remote {

class OwnedHandle {
 public:
  explicit OwnedHandle(HANDLE handle = nullptr)
      : handle_(handle == INVALID_HANDLE_VALUE ? nullptr : handle) {}
  ~OwnedHandle() {
    if (handle_ != nullptr) CloseHandle(handle_);
  }
  OwnedHandle(OwnedHandle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  OwnedHandle& operator=(OwnedHandle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  HANDLE get() const { return handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  HANDLE handle_;
};

std::wstring wide(const std::string& text);

// As "S-1-5-18"; empty for what is none.
std::string textOf(PSID sid);

// The token of a process, or of this one. None: it may not be read.
OwnedHandle tokenOf(HANDLE process);

// What a token says, as memory that has it; empty when it says nothing.
std::vector<char> informationOf(const OwnedHandle& token, TOKEN_INFORMATION_CLASS what);

// For classes that are a plain value. False: the token does not say.
template <class Value>
bool inform(const OwnedHandle& token, TOKEN_INFORMATION_CLASS what, Value* value) {
  DWORD size = 0;
  return GetTokenInformation(token.get(), what, value, sizeof *value, &size) &&
         size == sizeof *value;
}

// Empty: the token does not say.
std::string userOf(const OwnedHandle& token);

// Those that grant: deny-only ones, as Administrators has in a token that UAC filtered, do not.
std::vector<std::string> groupsOf(const OwnedHandle& token);

// Whether it is an administrator, or the system, that nothing holds back.
bool isElevated(const OwnedHandle& token, const std::vector<std::string>& groups);

}  // namespace hc::remote
#endif
