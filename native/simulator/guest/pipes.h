// Pipes between a client and a guest, one for each stream. Each has two ends: the client's is a
// kernel handle that the client owns and closes; the guest's is used here, and what waits on it can
// be woken at any moment.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "timed-wait.h"

namespace hc::simulator {

// A descriptor, or a HANDLE.
using NativeHandle = std::intptr_t;

// Wakes the one thread that waits on an end. It stays raised until it is lowered.
class Wake {
 public:
  // Null when the system has no more handles.
  static std::unique_ptr<Wake> make();
  ~Wake();
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;

  void raise() const;
  void lower() const;
  NativeHandle handle() const { return handles_[0]; }

 private:
  Wake() = default;
  std::array<NativeHandle, 2> handles_{};  // the second is used where raising needs one of its own
};

// How a read or write ended. Late also means that the end would have to be waited for.
enum class IoStatus : std::uint8_t { Done, Ended, Woken, Late };

struct IoResult {
  IoStatus status = IoStatus::Ended;
  std::size_t count = 0;
};

enum class Direction : std::uint8_t { ToGuest, ToClient };

// The client's end of a pipe, which the client owns and may have closed since. The identity tells
// it from what has the number of its handle later.
struct ClientEnd {
  void* handle = nullptr;
  std::array<std::uint64_t, 2> identity{};
};

// One more handle to that end, for the client to close; null when the client has closed it. False:
// the system has no more handles.
bool duplicate(const ClientEnd& end, void** copy);

class PipeEnd {
 public:
  // The guest's end; *client is the other, which waits in reads and writes as its owner decides.
  // Null when the system has no more handles.
  static std::unique_ptr<PipeEnd> open(Direction direction, ClientEnd* client);
  // What was written stays readable.
  ~PipeEnd();
  PipeEnd(const PipeEnd&) = delete;
  PipeEnd& operator=(const PipeEnd&) = delete;

  // One thread at a time. Each moves at least one byte when it is Done, and waits no longer than
  // the wait lasts, which raises the wake then; what lies ready is moved even when it is late.
  // Ended: the client's end is closed.
  IoResult read(char* data, std::size_t size, const Wake& wake, TimedWait& wait);
  IoResult write(const char* data, std::size_t size, const Wake& wake, TimedWait& wait);

 private:
  PipeEnd() = default;
  NativeHandle handle_ = -1;
  NativeHandle event_ = -1;  // of operations that are under way, where the system needs one
};

// For a client that will never see its end.
void closeClientEnd(void* client);

// At the begin of each thread that writes to pipes: a closed pipe is a result, not a signal.
void prepareWriter();

}  // namespace hc::simulator
