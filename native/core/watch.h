// A watch pairs the notifications of one handle with the calls they complete. HCS may notify before
// the call that it completes has returned, after it, or never; and the same notification may come
// twice. Notifications arrive by host-callback.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "inbox.h"
#include "stream.h"
#include "sync.h"

namespace hc {

// Wakes the JavaScript thread, whose inbox has something. Called from any thread, under no lock.
class Waker {
 public:
  virtual ~Waker() = default;
  virtual void wake() = 0;
};

// In place of a notification: the operation of the call completes it, and nothing else but the end
// of the connection to the service.
constexpr Notification kItsOperation = static_cast<Notification>(0x0FFFFFFF);

class Watch {
 public:
  Watch(std::uint64_t id, std::shared_ptr<Inbox> inbox, std::shared_ptr<Waker> waker)
      : id_(id), inbox_(std::move(inbox)), waker_(std::move(waker)) {}

  std::uint64_t id() const { return id_; }
  const Inbox& inbox() const { return *inbox_; }

  // On a thread of the host, which must not wait: takes no lock but those of this watch and the
  // inbox, which are held for short.
  void notify(ReceivedNotification received);

  // On a thread of the host: the operation of a call has completed.
  void completeOperation(std::uint64_t operation, ReceivedNotification result,
                         ProcessStreams streams);

  // On a worker, as it takes the call: `completion` may arrive while the call is still inside the
  // host.
  void expect(std::uint64_t operation, Notification completion);
  // On a worker, after the host call: the answer was pending, so the operation ends with its
  // notification, which may have been here already.
  void await(std::unique_ptr<Operation> operation);
  // On a worker, after the host call: the answer was final. `refused`: it was a failure.
  void unexpect(std::uint64_t operation, bool refused);

  // On the JavaScript thread: ends the named operation's wait, now, or as soon as it would begin
  // when the call is inside the host. One that is over, or that no worker has taken, has none to
  // end.
  void abandon(std::uint64_t operation);
  // On the JavaScript thread: the named operation has timed out or was cancelled, so nobody waits
  // for it. It keeps its turn, as its notification may still come, until the host accepts a later
  // call of its kind: then it has completed.
  void detach(std::uint64_t operation);
  // Ends every wait, present and future, because the handle is being closed.
  void close();
  // How many calls it keeps, those that nobody waits for any more among them.
  std::size_t calls();

  // On any thread: how many operations the host has open for its calls.
  void countOperations(int more) { operations_ += more; }
  int operations() const { return operations_; }

 private:
  struct Expected {
    std::uint64_t operation;
    Notification completion;
    std::optional<ReceivedNotification> early;  // came before the call returned
    ProcessStreams streams;                     // likewise
    std::unique_ptr<Operation> waiting;         // the call has returned pending
    bool detached = false;
    bool abandoned = false;  // while the call was still inside the host
  };
  using Position = std::vector<Expected>::iterator;

  // With mutex_ held.
  Position find(std::uint64_t operation);
  // With mutex_ held; true when the reader must be woken afterwards.
  bool finish(std::unique_ptr<Operation> operation, Ending ending);
  bool complete(const ReceivedNotification& received);
  static bool endsCall(const ReceivedNotification& terminal, const Expected& expected);
  // What has ended this call already, if anything has.
  const std::optional<ReceivedNotification>& endOf(const Expected& expected) const;
  bool dropDetached(Notification completion);

  const std::uint64_t id_;
  const std::shared_ptr<Inbox> inbox_;
  const std::shared_ptr<Waker> waker_;
  // Held while appending to the inbox, so that a notification comes before the completion it
  // causes.
  Mutex mutex_;
  std::vector<Expected> expected_;  // oldest first: a late completion belongs to the oldest call
  std::optional<ReceivedNotification> terminal_;  // the first one stays: nothing else will come
  // The first end of the connection to the service, which may come after an exit.
  std::optional<ReceivedNotification> disconnect_;
  bool closed_ = false;
  Atomic<int> operations_{0};
};

}  // namespace hc
