#if defined(_WIN32)
#include "connection-windows.h"

// After windows.h, which it needs.
#include <aclapi.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "../channel.h"

namespace hc::remote {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kBusyLimit{10};

// What a client needs of a pipe: no right to make further instances of the name. READ_CONTROL, to
// see whose pipe it is.
constexpr DWORD kClientAccess =
    FILE_READ_DATA | FILE_WRITE_DATA | FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE;

// A pipe that another user made under the name could impersonate us or lie to us. What this process
// makes belongs to its user, or to the owner that its token names.
bool isOfAdministratorOrSelf(HANDLE pipe) {
  PSID owner = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (GetSecurityInfo(pipe, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, nullptr, nullptr,
                      nullptr, &descriptor) != ERROR_SUCCESS)
    return false;
  const OwnedHandle token = tokenOf(GetCurrentProcess());
  auto user = informationOf(token, TokenUser);
  auto own = informationOf(token, TokenOwner);
  const bool right =
      (!user.empty() && EqualSid(owner, reinterpret_cast<TOKEN_USER*>(user.data())->User.Sid)) ||
      (!own.empty() && EqualSid(owner, reinterpret_cast<TOKEN_OWNER*>(own.data())->Owner)) ||
      IsWellKnownSid(owner, WinLocalSystemSid) ||
      IsWellKnownSid(owner, WinBuiltinAdministratorsSid);
  LocalFree(descriptor);
  return right;
}

// What this process may do with a stream, but for the right to change who may use it. Zero: it is
// none.
DWORD accessOf(HANDLE stream) {
  using Query = LONG(NTAPI*)(HANDLE, int what, void* answer, ULONG size, ULONG* needed);
  static const auto query = reinterpret_cast<Query>(
      reinterpret_cast<void*>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQueryObject")));
  constexpr int kBasicInformation = 0;
  struct {
    ULONG attributes;
    ACCESS_MASK granted;
    ULONG rest[12];
  } answer{};
  if (query == nullptr || query(stream, kBasicInformation, &answer, sizeof answer, nullptr) < 0)
    return 0;
  return answer.granted & (FILE_READ_DATA | FILE_WRITE_DATA | FILE_READ_ATTRIBUTES |
                           FILE_WRITE_ATTRIBUTES | SYNCHRONIZE);
}

// The handles that the client has of the streams. Empty: it is gone, or there are none.
std::vector<std::uint64_t> duplicated(HANDLE client, const std::vector<void*>& streams) {
  std::vector<std::uint64_t> handles;
  for (void* stream : streams) {
    HANDLE duplicate = nullptr;
    if (client != nullptr && DuplicateHandle(GetCurrentProcess(), stream, client, &duplicate,
                                             accessOf(stream), FALSE, 0)) {
      handles.push_back(reinterpret_cast<std::uintptr_t>(duplicate));
      continue;
    }
    for (const std::uint64_t handle : handles) {
      DuplicateHandle(client, reinterpret_cast<HANDLE>(handle), nullptr, nullptr, 0, FALSE,
                      DUPLICATE_CLOSE_SOURCE);
    }
    return {};
  }
  return handles;
}

class PipeConnection final : public Connection {
 public:
  PipeConnection(OwnedHandle pipe, bool serves) : pipe_(std::move(pipe)), serves_(serves) {}

  // The values of duplicated handles follow the bytes.
  bool write(const Header& header, const std::string& bytes, const std::vector<void*>& streams,
             const Deadline& deadline) override {
    std::vector<std::uint64_t> handles;
    if (!streams.empty()) handles = duplicated(client(), streams);
    if (handles.size() != streams.size()) return false;
    std::string whole(reinterpret_cast<const char*>(&header), sizeof header);
    whole += bytes;
    whole.append(reinterpret_cast<const char*>(handles.data()),
                 handles.size() * sizeof(std::uint64_t));
    return transfer(sent_, whole.data(), whole.size(), deadline,
                    [](HANDLE to, char* from, DWORD step, OVERLAPPED* overlapped) {
                      return WriteFile(to, from, step, nullptr, overlapped);
                    });
  }

  bool read(char* bytes, std::size_t size, const Deadline& deadline) override {
    return transfer(received_, bytes, size, deadline,
                    [](HANDLE from, char* to, DWORD step, OVERLAPPED* overlapped) {
                      return ReadFile(from, to, step, nullptr, overlapped);
                    });
  }

  bool takeStreams(std::uint32_t count, const Deadline& deadline,
                   std::vector<void*>* streams) override {
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint64_t handle = 0;
      if (!read(reinterpret_cast<char*>(&handle), sizeof handle, deadline)) return false;
      streams->push_back(reinterpret_cast<void*>(static_cast<std::uintptr_t>(handle)));
    }
    return true;
  }

  // The other end finds out at once, however long somebody here keeps the handle.
  void shut() override {
    SetEvent(shut_.get());
    if (serves_) DisconnectNamedPipe(pipe_.get());
  }

  std::optional<Peer> peer() override {
    if (!token_) token_ = clientToken(pipe_.get());
    return token_ ? peerOf(token_, pipe_.get()) : std::nullopt;
  }

 private:
  // Into or out of the pipe, all of it.
  template <class Start>
  bool transfer(const OwnedHandle& done, char* bytes, std::size_t size, const Deadline& deadline,
                Start start) {
    while (size > 0) {
      if (WaitForSingleObject(shut_.get(), 0) == WAIT_OBJECT_0) return false;
      OVERLAPPED overlapped{};
      overlapped.hEvent = done.get();
      const DWORD step = static_cast<DWORD>(std::min<std::size_t>(size, kPipeBuffer));
      if (!start(pipe_.get(), bytes, step, &overlapped) && GetLastError() != ERROR_IO_PENDING)
        return false;
      const std::array<HANDLE, 2> either{done.get(), shut_.get()};
      const int left = deadline.left();
      const bool ended =
          WaitForMultipleObjects(2, either.data(), FALSE,
                                 left < 0 ? INFINITE : static_cast<DWORD>(left)) != WAIT_OBJECT_0;
      if (ended) CancelIoEx(pipe_.get(), &overlapped);
      DWORD moved = 0;
      if (!GetOverlappedResult(pipe_.get(), &overlapped, &moved, TRUE) || moved == 0 || ended)
        return false;
      bytes += moved;
      size -= moved;
    }
    return true;
  }

  // On the thread that receives, which is the one that sends streams.
  HANDLE client() {
    if (!token_) token_ = clientToken(pipe_.get());
    if (!process_) process_ = clientProcess(token_, pipe_.get());
    return process_.get();
  }

  const OwnedHandle pipe_;
  const bool serves_;
  OwnedHandle token_;
  OwnedHandle process_;
  const OwnedHandle shut_ = newEvent();
  const OwnedHandle sent_ = newEvent();
  const OwnedHandle received_ = newEvent();
};

}  // namespace

OwnedHandle newEvent() { return OwnedHandle(CreateEventW(nullptr, TRUE, FALSE, nullptr)); }

std::string defaultName() {
  if (const char* named = std::getenv(kNameVariable)) return named;
  return "\\\\.\\pipe\\hostcompute-simulator";
}

void closeStream(void* stream) { CloseHandle(stream); }

std::unique_ptr<Connection> connectionOf(OwnedHandle pipe) {
  return std::make_unique<PipeConnection>(std::move(pipe), true);
}

std::unique_ptr<Connection> connectTo(const std::string& name) {
  const std::wstring path = wide(name);
  const auto end = Clock::now() + kBusyLimit;
  for (;;) {
    // The server may know who we are, and no more.
    OwnedHandle pipe(CreateFileW(
        path.c_str(), kClientAccess, 0, nullptr, OPEN_EXISTING,
        FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, nullptr));
    if (pipe) {
      if (!isOfAdministratorOrSelf(pipe.get())) return nullptr;
      return std::make_unique<PipeConnection>(std::move(pipe), false);
    }
    if (GetLastError() != ERROR_PIPE_BUSY || Clock::now() > end) return nullptr;
    WaitNamedPipeW(path.c_str(), 50);
  }
}

}  // namespace hc::remote
#endif
