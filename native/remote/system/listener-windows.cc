#if defined(_WIN32)
#include "connection-windows.h"
// After windows.h, which it needs.
#include <sddl.h>

#include <chrono>
#include <thread>
#include <utility>

#include "../listener.h"

namespace hc::remote {
namespace {

// What a client needs, and no right to make further instances of the name: whoever has that can
// answer in place of this process.
constexpr const wchar_t* kClientRights = L"0x12019b";

std::string reasonOf(DWORD error) {
  return "cannot be served: Windows error " + std::to_string(error);
}

bool isSid(const std::string& text) {
  PSID sid = nullptr;
  // Windows would take its abbreviations too.
  if (text.rfind("S-1-", 0) != 0 || !ConvertStringSidToSidW(wide(text).c_str(), &sid)) return false;
  LocalFree(sid);
  return true;
}

// The user of this process, those of the list and the system itself; nobody over the network and
// nobody anonymous. An administrator's process of the same user is not one that UAC holds back, so
// that one makes no instances either. Null: GetLastError says why.
PSECURITY_DESCRIPTOR descriptorFor(const Access& access) {
  const OwnedHandle token = tokenOf(GetCurrentProcess());
  const std::string user = userOf(token);
  if (user.empty()) return nullptr;
  const bool elevated = isElevated(token, groupsOf(token));
  std::wstring text = elevated ? L"O:BA" : L"";
  text += L"D:P(D;;GA;;;NU)(D;;GA;;;AN)(A;;GA;;;SY)";
  const auto allow = [&](const std::wstring& rights, const std::wstring& who) {
    text += L"(A;;" + rights + L";;;" + who + L")";
  };
  if (elevated) allow(L"GA", L"BA");
  allow(elevated ? kClientRights : L"GA", wide(user));
  for (const std::string& who : access.users) allow(kClientRights, wide(who));
  if (elevated) text += L"S:(ML;;NW;;;ME)";
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  ConvertStringSecurityDescriptorToSecurityDescriptorW(text.c_str(), SDDL_REVISION_1, &descriptor,
                                                       nullptr);
  return descriptor;
}

}  // namespace

struct Listener::Place {
  ~Place() { LocalFree(descriptor); }

  // One more instance of the name, which a client can connect to.
  OwnedHandle instance(bool first) {
    SECURITY_ATTRIBUTES attributes{sizeof attributes, descriptor, FALSE};
    return OwnedHandle(CreateNamedPipeW(
        path.c_str(),
        PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
        PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, PIPE_UNLIMITED_INSTANCES, kPipeBuffer,
        kPipeBuffer, 0, &attributes));
  }

  std::wstring path;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  OwnedHandle waiting;  // there is always one, so that the name stays ours
  const OwnedHandle connected = newEvent();
  const OwnedHandle ended = newEvent();
};

Listener::Listener(std::unique_ptr<Place> place) : place_(std::move(place)) {}
Listener::~Listener() = default;

std::unique_ptr<Listener> Listener::open(const std::string& name, const Access& access,
                                         std::string* why) {
  auto place = std::make_unique<Place>();
  place->path = wide(name);
  if (place->path.rfind(L"\\\\.\\pipe\\", 0) != 0) {
    *why = "is not the name of a pipe, such as \\\\.\\pipe\\simulator";
    return nullptr;
  }
  for (const std::string& who : access.users) {
    if (isSid(who)) continue;
    *why = "cannot be opened to " + who +
           ": must be the SID of a user or a group, such as S-1-5-32-545";
    return nullptr;
  }
  place->descriptor = descriptorFor(access);
  if (place->descriptor == nullptr) {
    *why = reasonOf(GetLastError());
    return nullptr;
  }
  // Before that for Wine, where the first instance of a second process is not refused.
  if (Channel::connect(name)) {
    *why = "is served by another process";
    return nullptr;
  }
  place->waiting = place->instance(true);
  if (!place->waiting) {
    const DWORD error = GetLastError();
    const bool taken = error == ERROR_ACCESS_DENIED || error == ERROR_PIPE_BUSY;
    *why = taken ? "is served by another process" : reasonOf(error);
    return nullptr;
  }
  return std::make_unique<Listener>(std::move(place));
}

void Listener::shut() { SetEvent(place_->ended.get()); }

std::unique_ptr<Channel> Listener::accept() {
  for (;;) {
    HANDLE pipe = place_->waiting.get();
    OVERLAPPED overlapped{};
    overlapped.hEvent = place_->connected.get();
    bool come = ConnectNamedPipe(pipe, &overlapped) != 0;
    const DWORD error = come ? ERROR_SUCCESS : GetLastError();
    DWORD nothing = 0;
    if (error == ERROR_IO_PENDING) {
      const HANDLE events[] = {place_->ended.get(), place_->connected.get()};
      if (WaitForMultipleObjects(2, events, FALSE, INFINITE) == WAIT_OBJECT_0) CancelIo(pipe);
      come = GetOverlappedResult(pipe, &overlapped, &nothing, TRUE) != 0;
    }
    if (WaitForSingleObject(place_->ended.get(), 0) == WAIT_OBJECT_0) return nullptr;
    if (error == ERROR_PIPE_CONNECTED) come = true;
    if (!come) {
      DisconnectNamedPipe(pipe);  // it came and went
      continue;
    }
    // Without memory for one more, those that wait get in when others have gone.
    OwnedHandle next = place_->instance(false);
    while (!next) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      next = place_->instance(false);
    }
    std::swap(place_->waiting, next);
    return std::make_unique<Channel>(connectionOf(std::move(next)), true);
  }
}

}  // namespace hc::remote
#endif
