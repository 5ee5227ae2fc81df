// Libraries of Windows that Wine has not, or has nothing in: winhvplatform.dll, dismapi.dll and
// fltlib.dll as one, under each of those names. HC_FAKE_HANGS=1 has the first one return when
// filters are asked for; HC_FAKE_LIMITED=1 has the others refuse.
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#define EXPORTED extern "C" __declspec(dllexport)

namespace {

bool isSet(const char* variable) {
  char value[8] = {};
  return GetEnvironmentVariableA(variable, value, sizeof value) == 1 && value[0] == '1';
}

// One for all of these libraries.
HANDLE released() {
  static const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, L"hostcompute-released");
  return event;
}

constexpr HRESULT result(std::uint32_t code) { return static_cast<HRESULT>(code); }

#pragma pack(push, 1)
struct FeatureInfo {
  const wchar_t* name;
  DWORD state;
  const wchar_t* displayName;
  const wchar_t* description;
  DWORD restart;
  void* properties;
  UINT propertyCount;
};
#pragma pack(pop)

constexpr UINT kSession = 7;
bool initialized = false;
bool open = false;
int given = 0;  // and not released

// FILTER_AGGREGATE_STANDARD_INFORMATION: texts are at 20 for a minifilter, at 12 for another.
std::size_t putFilter(BYTE* to, DWORD flags, const std::wstring& name, const std::wstring& altitude,
                      std::size_t room) {
  const std::size_t texts = (flags & 1) != 0 ? 20 : 12;
  const auto nameAt = static_cast<std::uint16_t>(texts + 8);
  const auto nameBytes = static_cast<std::uint16_t>(name.size() * 2);
  const auto altitudeAt = static_cast<std::uint16_t>(nameAt + nameBytes);
  const std::uint16_t places[] = {nameBytes, nameAt,
                                  static_cast<std::uint16_t>(altitude.size() * 2), altitudeAt};
  std::memset(to, 0, room);
  std::memcpy(to + 4, &flags, 4);
  std::memcpy(to + texts, places, sizeof places);
  std::memcpy(to + nameAt, name.data(), nameBytes);
  std::memcpy(to + altitudeAt, altitude.data(), altitude.size() * 2);
  return room;
}

int searches = 0;
int place = 0;

}  // namespace

EXPORTED HRESULT WINAPI WHvGetCapability(int code, void* buffer, UINT32 size, UINT32* written) {
  if (isSet("HC_FAKE_HANGS")) WaitForSingleObject(released(), INFINITE);
  if (code != 0 || size < 4) return E_INVALIDARG;
  *static_cast<BOOL*>(buffer) = TRUE;
  *written = 4;
  return S_OK;
}

EXPORTED HRESULT WINAPI DismInitialize(int, const wchar_t*, const wchar_t*) {
  if (isSet("HC_FAKE_LIMITED")) return result(0x800702E4);
  if (initialized) return result(0xC0040001);
  initialized = true;
  return S_OK;
}

EXPORTED HRESULT WINAPI DismOpenSession(const wchar_t* image, const wchar_t*, const wchar_t*,
                                        UINT* session) {
  const bool online = std::wstring(image) == L"DISM_{53BFAE52-B167-4E2F-A258-0A37B57FF845}";
  if (!initialized || open || !online) return E_FAIL;
  open = true;
  *session = kSession;
  return S_OK;
}

EXPORTED HRESULT WINAPI DismGetFeatureInfo(UINT session, const wchar_t* name, const wchar_t*, int,
                                           FeatureInfo** info) {
  if (!open || session != kSession) return E_HANDLE;
  const std::wstring asked(name);
  if (asked != L"Containers" && asked != L"VirtualMachinePlatform") return result(0x800F080C);
  const bool pending = asked != L"Containers";
  *info = new FeatureInfo{L"", pending ? 5u : 4u, L"", L"", pending ? 2u : 0u, nullptr, 0};
  ++given;
  return S_OK;
}

EXPORTED HRESULT WINAPI DismDelete(void* info) {
  delete static_cast<FeatureInfo*>(info);
  --given;
  return S_OK;
}

EXPORTED HRESULT WINAPI DismCloseSession(UINT session) {
  if (!open || session != kSession || given != 0) return E_HANDLE;
  open = false;
  return S_OK;
}

EXPORTED HRESULT WINAPI DismShutdown() {
  if (!initialized || open) return E_FAIL;
  initialized = false;
  return S_OK;
}

EXPORTED HRESULT WINAPI FilterFindFirst(int kind, void* buffer, DWORD size, DWORD* got,
                                        HANDLE* search) {
  if (isSet("HC_FAKE_HANGS")) SetEvent(released());
  if (isSet("HC_FAKE_LIMITED")) return result(0x80070005);
  if (kind != 2 || size < 512 || searches != 0) return E_INVALIDARG;
  auto* bytes = static_cast<BYTE*>(buffer);
  putFilter(bytes, 1, L"WdFilter", L"328010", 256);
  const DWORD next = 256;
  std::memcpy(bytes, &next, 4);
  putFilter(bytes + 256, 2, L"old", L"0", 256);
  *got = 512;
  *search = reinterpret_cast<HANDLE>(static_cast<std::intptr_t>(++searches));
  place = 0;
  return S_OK;
}

EXPORTED HRESULT WINAPI FilterFindNext(HANDLE, int, void* buffer, DWORD size, DWORD* got) {
  auto* bytes = static_cast<BYTE*>(buffer);
  if (place++ > 1 || size < 256) return result(0x80070103);
  *got = 64;
  putFilter(bytes, 1, L"wcifs", L"189900", 64);
  // The second one says that it has more than it has.
  const std::uint16_t beyond[] = {60'000, 28, 12, 60'000};
  if (place == 2) std::memcpy(bytes + 20, beyond, sizeof beyond);
  return S_OK;
}

EXPORTED HRESULT WINAPI FilterFindClose(HANDLE) {
  --searches;
  return S_OK;
}
