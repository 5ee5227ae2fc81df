#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
// After windows.h, which they need.
#include <aclapi.h>
#include <sddl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include "channel.h"

namespace hc::remote {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kStep = std::size_t{1} << 20;
constexpr DWORD kBuffer = 64 * 1024;
constexpr std::chrono::seconds kBusyLimit{10};

// What a client needs of a pipe: no right to make further instances of the name. READ_CONTROL, to
// see whose pipe it is.
constexpr DWORD kClientAccess =
    FILE_READ_DATA | FILE_WRITE_DATA | FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE;

class OwnedHandle {
 public:
  explicit OwnedHandle(HANDLE handle)
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

OwnedHandle newEvent() { return OwnedHandle(CreateEventW(nullptr, TRUE, FALSE, nullptr)); }

std::wstring wide(const std::string& text) {
  const int size = static_cast<int>(text.size());
  std::wstring result(
      static_cast<std::size_t>(MultiByteToWideChar(CP_UTF8, 0, text.data(), size, nullptr, 0)), 0);
  MultiByteToWideChar(CP_UTF8, 0, text.data(), size, result.data(),
                      static_cast<int>(result.size()));
  return result;
}

// What the token of this process says, as memory that has it; empty when it says nothing.
std::vector<char> ownToken(TOKEN_INFORMATION_CLASS what) {
  HANDLE opened = nullptr;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &opened)) return {};
  const OwnedHandle token(opened);
  DWORD size = 0;
  GetTokenInformation(token.get(), what, nullptr, 0, &size);
  std::vector<char> answer(size);
  if (!GetTokenInformation(token.get(), what, answer.data(), size, &size)) return {};
  return answer;
}

// A pipe that another user made under the name could impersonate us or lie to us. What this process
// makes belongs to its user, or to the owner that its token names.
bool isOfAdministratorOrSelf(HANDLE pipe) {
  PSID owner = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (GetSecurityInfo(pipe, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, nullptr, nullptr,
                      nullptr, &descriptor) != ERROR_SUCCESS)
    return false;
  auto user = ownToken(TokenUser);
  auto own = ownToken(TokenOwner);
  const bool right =
      (!user.empty() && EqualSid(owner, reinterpret_cast<TOKEN_USER*>(user.data())->User.Sid)) ||
      (!own.empty() && EqualSid(owner, reinterpret_cast<TOKEN_OWNER*>(own.data())->Owner)) ||
      IsWellKnownSid(owner, WinLocalSystemSid) ||
      IsWellKnownSid(owner, WinBuiltinAdministratorsSid);
  LocalFree(descriptor);
  return right;
}

// The user of this process and the system itself, nobody over the network and nobody anonymous.
PSECURITY_DESCRIPTOR ownDescriptor() {
  auto user = ownToken(TokenUser);
  LPWSTR name = nullptr;
  if (user.empty() ||
      !ConvertSidToStringSidW(reinterpret_cast<TOKEN_USER*>(user.data())->User.Sid, &name))
    return nullptr;
  const std::wstring text =
      L"D:P(D;;GA;;;NU)(D;;GA;;;AN)(A;;GA;;;SY)(A;;GA;;;" + std::wstring(name) + L")";
  LocalFree(name);
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  ConvertStringSecurityDescriptorToSecurityDescriptorW(text.c_str(), SDDL_REVISION_1, &descriptor,
                                                       nullptr);
  return descriptor;
}

std::string reasonOf(DWORD error) {
  return "cannot be served: Windows error " + std::to_string(error);
}

// When the wait for something ends; none for a wait without an end.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds limit)
      : none_(limit.count() == 0), at_(Clock::now() + limit) {}
  DWORD left() const {
    if (none_) return INFINITE;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(at_ - Clock::now());
    return static_cast<DWORD>(std::max<long long>(left.count(), 0));
  }

 private:
  const bool none_;
  const Clock::time_point at_;
};

}  // namespace

std::string defaultName() {
  if (const char* named = std::getenv(kNameVariable)) return named;
  return "\\\\.\\pipe\\hostcompute-simulator";
}

void closeStream(void* stream) { CloseHandle(stream); }

struct Channel::Connection {
  explicit Connection(OwnedHandle pipe) : pipe(std::move(pipe)) {}

  // Into or out of the pipe, all of it.
  template <class Start>
  bool transfer(const OwnedHandle& done, char* bytes, std::size_t size, const Deadline& deadline,
                Start start) {
    while (size > 0) {
      if (WaitForSingleObject(shut.get(), 0) == WAIT_OBJECT_0) return false;
      OVERLAPPED overlapped{};
      overlapped.hEvent = done.get();
      const DWORD step = static_cast<DWORD>(std::min<std::size_t>(size, kBuffer));
      if (!start(pipe.get(), bytes, step, &overlapped) && GetLastError() != ERROR_IO_PENDING)
        return false;
      const std::array<HANDLE, 2> either{done.get(), shut.get()};
      const bool ended =
          WaitForMultipleObjects(2, either.data(), FALSE, deadline.left()) != WAIT_OBJECT_0;
      if (ended) CancelIoEx(pipe.get(), &overlapped);
      DWORD moved = 0;
      if (!GetOverlappedResult(pipe.get(), &overlapped, &moved, TRUE) || moved == 0 || ended)
        return false;
      bytes += moved;
      size -= moved;
    }
    return true;
  }
  bool read(void* bytes, std::size_t size, const Deadline& deadline) {
    return transfer(received, static_cast<char*>(bytes), size, deadline,
                    [](HANDLE from, char* to, DWORD step, OVERLAPPED* overlapped) {
                      return ReadFile(from, to, step, nullptr, overlapped);
                    });
  }
  bool write(const void* bytes, std::size_t size, const Deadline& deadline) {
    return transfer(sent, static_cast<char*>(const_cast<void*>(bytes)), size, deadline,
                    [](HANDLE to, char* from, DWORD step, OVERLAPPED* overlapped) {
                      return WriteFile(to, from, step, nullptr, overlapped);
                    });
  }

  // The process at the other end, to duplicate streams into.
  HANDLE client() {
    ULONG id = 0;
    if (!process && GetNamedPipeClientProcessId(pipe.get(), &id))
      process = OwnedHandle(OpenProcess(PROCESS_DUP_HANDLE, FALSE, id));
    return process.get();
  }

  OwnedHandle pipe;
  OwnedHandle process{nullptr};
  const OwnedHandle shut = newEvent();
  const OwnedHandle sent = newEvent();
  const OwnedHandle received = newEvent();
};

namespace {

// The handles that the client has of the streams. Empty: it is gone, or there are none.
std::vector<std::uint64_t> duplicated(HANDLE client, const std::vector<void*>& streams) {
  std::vector<std::uint64_t> handles;
  for (void* stream : streams) {
    HANDLE duplicate = nullptr;
    if (client != nullptr && DuplicateHandle(GetCurrentProcess(), stream, client, &duplicate, 0,
                                             FALSE, DUPLICATE_SAME_ACCESS)) {
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

}  // namespace

Channel::Channel(std::unique_ptr<Connection> connection, bool serves)
    : connection_(std::move(connection)), serves_(serves) {}
Channel::~Channel() = default;

std::unique_ptr<Channel> Channel::connect(const std::string& name) {
  const std::wstring path = wide(name);
  const auto end = Clock::now() + kBusyLimit;
  for (;;) {
    // The server may know who we are, and no more.
    OwnedHandle pipe(CreateFileW(
        path.c_str(), kClientAccess, 0, nullptr, OPEN_EXISTING,
        FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, nullptr));
    if (pipe) {
      if (!isOfAdministratorOrSelf(pipe.get())) return nullptr;
      return std::make_unique<Channel>(std::make_unique<Connection>(std::move(pipe)), false);
    }
    if (GetLastError() != ERROR_PIPE_BUSY || Clock::now() > end) return nullptr;
    WaitNamedPipeW(path.c_str(), 50);
  }
}

// The other end finds out at once, however long somebody here keeps the handle.
void Channel::shut() {
  SetEvent(connection_->shut.get());
  if (serves_) DisconnectNamedPipe(connection_->pipe.get());
}

// The values of duplicated handles follow the bytes.
bool Channel::send(const Frame& frame) {
  if (frame.bytes_.size() > Limits{}.mostBytes || frame.streams_.size() > kMostStreams)
    return false;
  if (!frame.streams_.empty() && !serves_) return false;
  std::vector<std::uint64_t> handles;
  if (!frame.streams_.empty()) handles = duplicated(connection_->client(), frame.streams_);
  if (handles.size() != frame.streams_.size()) return false;
  Header header{static_cast<std::uint32_t>(frame.bytes_.size()),
                static_cast<std::uint32_t>(handles.size())};
  const Deadline deadline(serves_ ? std::chrono::milliseconds(kSendLimit)
                                  : std::chrono::milliseconds(0));
  std::string whole(reinterpret_cast<const char*>(&header), sizeof header);
  whole += frame.bytes_;
  whole.append(reinterpret_cast<const char*>(handles.data()),
               handles.size() * sizeof(std::uint64_t));
  return connection_->write(whole.data(), whole.size(), deadline);
}

bool Channel::receive(Frame* frame, const Limits& limits) {
  Header header;
  std::array<char, sizeof header> bytes;
  if (!connection_->read(bytes.data(), 1, Deadline(limits.first))) return false;
  const Deadline rest(limits.rest);
  if (!connection_->read(bytes.data() + 1, bytes.size() - 1, rest)) return false;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.bytes > limits.mostBytes || header.streams > (serves_ ? 0 : kMostStreams))
    return false;
  // What the other side claims takes no memory before it has come.
  for (std::size_t here = 0; here < header.bytes;) {
    const std::size_t next = std::min<std::size_t>(header.bytes - here, kStep);
    if (!limits.take(next)) return false;
    frame->bytes_.resize(here + next);
    if (!connection_->read(frame->bytes_.data() + here, next, rest)) return false;
    here += next;
  }
  for (std::uint32_t i = 0; i < header.streams; ++i) {
    std::uint64_t handle = 0;
    if (!connection_->read(&handle, sizeof handle, rest)) return false;
    frame->streams_.push_back(reinterpret_cast<void*>(static_cast<std::uintptr_t>(handle)));
  }
  return true;
}

struct Listener::Place {
  ~Place() { LocalFree(descriptor); }

  // One more instance of the name, which a client can connect to.
  OwnedHandle instance(bool first) {
    SECURITY_ATTRIBUTES attributes{sizeof attributes, descriptor, FALSE};
    return OwnedHandle(CreateNamedPipeW(
        path.c_str(),
        PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
        PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, PIPE_UNLIMITED_INSTANCES, kBuffer, kBuffer, 0,
        &attributes));
  }

  std::wstring path;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  OwnedHandle waiting{nullptr};  // there is always one, so that the name stays ours
  const OwnedHandle connected = newEvent();
};

Listener::Listener(std::unique_ptr<Place> place) : place_(std::move(place)) {}
Listener::~Listener() = default;

std::unique_ptr<Listener> Listener::open(const std::string& name, std::string* why) {
  auto place = std::make_unique<Place>();
  place->path = wide(name);
  if (place->path.rfind(L"\\\\.\\pipe\\", 0) != 0) {
    *why = "is not the name of a pipe, such as \\\\.\\pipe\\simulator";
    return nullptr;
  }
  place->descriptor = ownDescriptor();
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

std::unique_ptr<Channel> Listener::accept() {
  for (;;) {
    HANDLE pipe = place_->waiting.get();
    OVERLAPPED overlapped{};
    overlapped.hEvent = place_->connected.get();
    bool come = ConnectNamedPipe(pipe, &overlapped) != 0;
    const DWORD error = come ? ERROR_SUCCESS : GetLastError();
    DWORD nothing = 0;
    if (error == ERROR_IO_PENDING) come = GetOverlappedResult(pipe, &overlapped, &nothing, TRUE);
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
    return std::make_unique<Channel>(std::make_unique<Channel::Connection>(std::move(next)), true);
  }
}

}  // namespace hc::remote
#endif
