#include "watch.h"

#include <algorithm>
#include <utility>

namespace hc {

// On a thread of the host, maybe several at once. The record is appended under the lock, so that
// two threads cannot put a completion before the notification that causes it.
void Watch::notify(ReceivedNotification received) {
  bool wake = false;
  {
    std::lock_guard<Mutex> lock(mutex_);
    if (closed_) return;
    const Notification notification = received.meaning;
    const bool ends = terminal(notification);
    const bool needed = ends || std::any_of(expected_.begin(), expected_.end(), [&](auto& e) {
                          return e.completion == notification && !e.early;
                        });
    wake = inbox_->append({Record::Tag::Notification, id_, received.type, received.status,
                           needed ? received.data : std::move(received.data), nullptr});
    if (ends && !terminal_) terminal_ = received;
    if (notification == Notification::ServiceDisconnect && !disconnect_) disconnect_ = received;
    if (needed) wake = complete(received) || wake;
  }
  if (wake) waker_->wake();  // under no lock: the waker has one of its own
}

// The oldest call that expects this notification gets it, and so do the detached ones before it,
// which may or may not be what it is about; a terminal one ends them all.
bool Watch::complete(const ReceivedNotification& received) {
  const Notification notification = received.meaning;
  const bool ends = terminal(notification);
  bool wake = false;
  for (Position place = expected_.begin(); place != expected_.end();) {
    if (ends ? !endsCall(received, *place) : place->completion != notification || place->early) {
      ++place;
      continue;
    }
    const bool last = !ends && !place->detached;
    if (place->waiting) {
      place->waiting->notification = received;
      wake = finish(std::move(place->waiting), Ending::Notified) || wake;
      place = expected_.erase(place);
    } else {
      if (!place->early) place->early = received;
      ++place;
    }
    if (last) break;
  }
  return wake;
}

// An operation completes by itself although its system has exited, unless the service is gone.
bool Watch::endsCall(const ReceivedNotification& terminal, const Expected& expected) {
  return expected.completion != kItsOperation ||
         terminal.meaning == Notification::ServiceDisconnect;
}

const std::optional<ReceivedNotification>& Watch::endOf(const Expected& expected) const {
  return expected.completion == kItsOperation ? disconnect_ : terminal_;
}

void Watch::completeOperation(std::uint64_t operation, ReceivedNotification result,
                              ProcessStreams streams) {
  bool wake = false;
  {
    std::lock_guard<Mutex> lock(mutex_);
    const Position place = find(operation);
    if (place == expected_.end() || place->early) return;  // nobody waits for it any more
    // What ends with an exit goes on to that.
    if (place->completion != kItsOperation && !failed(result.status)) return;
    if (place->waiting) {
      auto waiting = std::move(place->waiting);
      expected_.erase(place);
      waiting->notification = std::move(result);
      waiting->keepStreams(std::move(streams));
      wake = finish(std::move(waiting), Ending::Notified);
    } else {
      place->early = std::move(result);
      place->streams = std::move(streams);
    }
  }
  if (wake) waker_->wake();
}

// The operation leaves the watch: from here the inbox owns it, and JavaScript when it has read it.
bool Watch::finish(std::unique_ptr<Operation> operation, Ending ending) {
  operation->ending = ending;
  const std::uint64_t id = operation->id;
  const HResult status = operation->status;
  return inbox_->append({Record::Tag::Completion, id, 0, status, {}, std::move(operation)});
}

Watch::Position Watch::find(std::uint64_t operation) {
  return std::find_if(expected_.begin(), expected_.end(),
                      [&](const Expected& expected) { return expected.operation == operation; });
}

// Before the host is called: its notification may come while the call is still inside.
void Watch::expect(std::uint64_t operation, Notification completion) {
  std::lock_guard<Mutex> lock(mutex_);
  expected_.push_back({operation, completion, {}, {}, nullptr});
}

void Watch::unexpect(std::uint64_t operation, bool refused) {
  bool wake = false;
  {
    std::lock_guard<Mutex> lock(mutex_);
    const Position place = find(operation);
    if (place == expected_.end()) return;
    const std::optional<ReceivedNotification> early = std::move(place->early);
    expected_.erase(place);
    // A refused call completes nothing: what it was given is the next one's. A terminal one has
    // been given to all.
    if (refused && early && !terminal(early->meaning)) wake = complete(*early);
  }
  if (wake) waker_->wake();
}

// The order of the tests is the order of certainty: a notification that has come wins over the end
// of the handle, and both over a wish to abandon.
void Watch::await(std::unique_ptr<Operation> operation) {
  bool wake = false;
  {
    std::lock_guard<Mutex> lock(mutex_);
    const Position place = find(operation->id);
    const bool expected = place != expected_.end();
    const bool early = expected && place->early;
    const auto& end = expected ? endOf(*place) : terminal_;
    if (early || end) {
      operation->notification = early ? std::move(*place->early) : *end;
      if (early) operation->keepStreams(std::move(place->streams));
      if (expected) expected_.erase(place);
      wake = finish(std::move(operation), Ending::Notified);
    } else if (closed_ || !expected) {
      wake = finish(std::move(operation), Ending::Closed);
    } else if (place->abandoned) {
      expected_.erase(place);
      wake = finish(std::move(operation), Ending::Abandoned);
    } else {
      const std::uint64_t id = operation->id;
      if (place->completion != kItsOperation) wake = dropDetached(place->completion);
      find(id)->waiting = std::move(operation);
    }
  }
  if (wake) waker_->wake();
}

// A host that accepts an operation has completed the detached ones of its kind before it, whether
// or not it notified them.
bool Watch::dropDetached(Notification completion) {
  bool wake = false;
  for (Position place = expected_.begin(); place != expected_.end();) {
    if (!place->detached || !place->waiting || place->completion != completion) {
      ++place;
      continue;
    }
    wake = finish(std::move(place->waiting), Ending::Abandoned) || wake;
    place = expected_.erase(place);
  }
  return wake;
}

void Watch::detach(std::uint64_t operation) {
  std::lock_guard<Mutex> lock(mutex_);
  const Position place = find(operation);
  if (place != expected_.end()) place->detached = true;
}

void Watch::abandon(std::uint64_t operation) {
  bool wake = false;
  {
    std::lock_guard<Mutex> lock(mutex_);
    const Position place = find(operation);
    if (place == expected_.end()) return;
    if (!place->waiting) {
      place->abandoned = true;
    } else {
      auto waiting = std::move(place->waiting);
      expected_.erase(place);
      wake = finish(std::move(waiting), Ending::Abandoned);
    }
  }
  if (wake) waker_->wake();
}

// On the JavaScript thread. The callback stays registered until a worker unregisters it; what it
// brings in between goes nowhere.
void Watch::close() {
  bool wake = false;
  {
    std::lock_guard<Mutex> lock(mutex_);
    closed_ = true;
    for (Expected& expected : expected_) {
      if (expected.waiting) wake = finish(std::move(expected.waiting), Ending::Closed) || wake;
    }
    expected_.clear();
  }
  if (wake) waker_->wake();
}

std::size_t Watch::calls() {
  std::lock_guard<Mutex> lock(mutex_);
  return expected_.size();
}

}  // namespace hc
