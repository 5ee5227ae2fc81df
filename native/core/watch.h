// A watch receives the notifications of one handle and pairs them with the calls they complete. HCS
// is given the watch's id, never a pointer: a late callback finds no entry and is ignored.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "inbox.h"

namespace hc {

// Tells the JavaScript thread that its inbox has something. Called from any thread, under no lock.
class Waker {
 public:
  virtual ~Waker() = default;
  virtual void wake() = 0;
};

class Watch {
 public:
  Watch(std::uint64_t id, std::shared_ptr<Inbox> inbox, std::shared_ptr<Waker> waker)
      : id_(id), inbox_(std::move(inbox)), waker_(std::move(waker)) {}

  std::uint64_t id() const { return id_; }

  // On a thread of the host. Never blocks on anything but short locks of our own.
  void notify(std::uint32_t type, HResult status, const char16_t* data);

  // On a worker, as it takes the call: `completion` may arrive while the call is still inside the
  // host.
  void expect(std::uint64_t operation, Notification completion);
  // On a worker, after the host call: the answer was pending, so the operation ends with its
  // notification, which may have been here already.
  void await(std::unique_ptr<Operation> operation);
  // On a worker, after the host call: the answer was final. `refused`: it was a failure.
  void unexpect(std::uint64_t operation, bool refused);

  // On the JavaScript thread: ends the named operation's wait, now or as soon as it would begin.
  void abandon(std::uint64_t operation);
  // On the JavaScript thread: nobody waits for the named operation any longer. It keeps its turn,
  // as its notification may still come, until the host has accepted a later call of its kind and so
  // is done with it.
  void disown(std::uint64_t operation);
  // Ends every wait, present and future, because the handle is being closed.
  void close();

 private:
  struct Expected {
    std::uint64_t operation;
    Notification completion;
    std::optional<Raised> early;         // came before the call returned
    std::unique_ptr<Operation> waiting;  // the call has returned pending
    bool disowned = false;
  };
  using Position = std::vector<Expected>::iterator;

  // With mutex_ held.
  Position find(std::uint64_t operation);
  bool takeAbandoned(std::uint64_t operation);
  // With mutex_ held; true when the reader must be woken afterwards.
  bool finish(std::unique_ptr<Operation> operation, Ending ending);
  bool complete(const Raised& raised);
  bool dropDisowned(Notification completion);

  const std::uint64_t id_;
  const std::shared_ptr<Inbox> inbox_;
  const std::shared_ptr<Waker> waker_;
  // Held while appending to the inbox, so that a notification comes before the completion it
  // causes.
  std::mutex mutex_;
  std::vector<Expected> expected_;  // oldest first: a late completion belongs to the oldest call
  std::optional<Raised> terminal_;  // the first one stays: nothing else will come
  std::vector<std::uint64_t> abandoned_;  // given up before their wait began
  bool closed_ = false;
};

// The only process-wide state: id -> watch. Ids are never used twice and start at 1, as 0 reads as
// "none".
std::uint64_t nextId();
void addWatch(std::shared_ptr<Watch> watch);
void removeWatch(std::uint64_t id);
std::shared_ptr<Watch> findWatch(std::uint64_t id);

// The one callback given to HCS; `context` is the id of a watch.
void HC_CALL onNotification(std::uint32_t type, void* context, HResult status,
                            const char16_t* data);

}  // namespace hc
