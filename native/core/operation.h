// One call on its way: from the JavaScript thread to a worker, perhaps on to a watch until a
// notification completes it, and back through the inbox. Exactly one place owns it at any time.
#pragma once

#include <cstdint>
#include <memory>

#include "notification.h"
#include "stream.h"

namespace hc {

enum class Ending : std::uint32_t {
  Returned = 0,   // the host's answer was final
  Notified = 1,   // the host answered pending; `notification` says how it ended
  Cancelled = 2,  // timed out or cancelled before a worker took it: the host never saw it
  Abandoned = 3,  // timed out or cancelled while it waited for its notification; outputs are valid
  Closed = 4,     // the handle was closed while it waited for its notification
};

class Operation {
 public:
  explicit Operation(std::uint64_t id) : id(id) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  virtual ~Operation() = default;

  // On a worker, as it takes it from the queue: a cancel that comes too late comes after this.
  // Under the lock of the queue, so it only takes notes.
  virtual void taken() {}
  // On a worker. Makes the host call and hands `self` on: to a watch, to the inbox, or to nobody.
  virtual void run(std::unique_ptr<Operation> self) = 0;
  // Whether it still runs when its environment ends: closing does, calling does not.
  virtual bool runsAtEnd() const { return false; }
  // On any thread, while it waits: the streams that came with its result.
  virtual void keepStreams(ProcessStreams) {}

  const std::uint64_t id;
  HResult status = kOk;
  // Of the callback, for a call that opens a handle; of the question for the properties, for one
  // that opens an object.
  HResult registration = kOk;
  Ending ending = Ending::Returned;
  ReceivedNotification notification;
};

}  // namespace hc
