#include "watch.h"

#include <algorithm>
#include <atomic>
#include <unordered_map>
#include <utility>

namespace hc {

namespace {

struct Watches {
  std::mutex mutex;
  std::unordered_map<std::uint64_t, std::shared_ptr<Watch>> byId;
};

// Never destroyed: threads of the host may call back while the process exits.
Watches& watches() {
  static Watches* const instance = new Watches;
  return *instance;
}

}  // namespace

std::uint64_t nextId() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void addWatch(std::shared_ptr<Watch> watch) {
  std::lock_guard<std::mutex> lock(watches().mutex);
  const std::uint64_t id = watch->id();
  watches().byId.emplace(id, std::move(watch));
}

void removeWatch(std::uint64_t id) {
  std::lock_guard<std::mutex> lock(watches().mutex);
  watches().byId.erase(id);
}

std::shared_ptr<Watch> findWatch(std::uint64_t id) {
  std::lock_guard<std::mutex> lock(watches().mutex);
  const auto found = watches().byId.find(id);
  return found == watches().byId.end() ? nullptr : found->second;
}

void HC_CALL onNotification(std::uint32_t type, void* context, HResult status,
                            const char16_t* data) {
  const auto watch = findWatch(reinterpret_cast<std::uintptr_t>(context));
  if (watch) watch->notify(type, status, data);
}

void Watch::notify(std::uint32_t type, HResult status, const char16_t* data) {
  Raised raised{type, status, {}};
  if (data != nullptr) raised.data.emplace(data);
  bool wake = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return;
    const Notification notification = notificationOf(type);
    const bool ends = terminal(notification);
    const bool interests = ends || std::any_of(expected_.begin(), expected_.end(), [&](auto& e) {
                             return e.completion == notification && !e.early;
                           });
    wake = inbox_->append({Record::Tag::Notification, id_, type, status,
                           interests ? raised.data : std::move(raised.data), nullptr});
    if (ends && !terminal_) terminal_ = raised;
    if (interests) wake = complete(raised) || wake;
  }
  if (wake) waker_->wake();
}

// The oldest call that expects this notification gets it, and so do the disowned ones before it,
// which may or may not be what it is about; a terminal one ends them all.
bool Watch::complete(const Raised& raised) {
  const Notification notification = notificationOf(raised.type);
  const bool ends = terminal(notification);
  bool wake = false;
  for (Position place = expected_.begin(); place != expected_.end();) {
    if (!ends && (place->completion != notification || place->early)) {
      ++place;
      continue;
    }
    const bool last = !ends && !place->disowned;
    if (place->waiting) {
      place->waiting->notification = raised;
      wake = finish(std::move(place->waiting), Ending::Notified) || wake;
      place = expected_.erase(place);
    } else {
      if (!place->early) place->early = raised;
      ++place;
    }
    if (last) break;
  }
  return wake;
}

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

void Watch::expect(std::uint64_t operation, Notification completion) {
  std::lock_guard<std::mutex> lock(mutex_);
  expected_.push_back({operation, completion, {}, nullptr, false});
}

void Watch::unexpect(std::uint64_t operation, bool refused) {
  bool wake = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    takeAbandoned(operation);
    const Position place = find(operation);
    if (place == expected_.end()) return;
    const std::optional<Raised> early = std::move(place->early);
    expected_.erase(place);
    // A refused call completes nothing: what it was given is the next one's. A terminal one has
    // been given to all.
    if (refused && early && !terminal(notificationOf(early->type))) wake = complete(*early);
  }
  if (wake) waker_->wake();
}

bool Watch::takeAbandoned(std::uint64_t operation) {
  const auto place = std::find(abandoned_.begin(), abandoned_.end(), operation);
  if (place == abandoned_.end()) return false;
  abandoned_.erase(place);
  return true;
}

void Watch::await(std::unique_ptr<Operation> operation) {
  bool wake = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const Position place = find(operation->id);
    const bool early = place != expected_.end() && place->early;
    const bool abandoned = takeAbandoned(operation->id);
    if (early || terminal_) {
      operation->notification = early ? std::move(*place->early) : *terminal_;
      if (place != expected_.end()) expected_.erase(place);
      wake = finish(std::move(operation), Ending::Notified);
    } else if (closed_ || place == expected_.end()) {
      wake = finish(std::move(operation), Ending::Closed);
    } else if (abandoned) {
      expected_.erase(place);
      wake = finish(std::move(operation), Ending::Abandoned);
    } else {
      const std::uint64_t id = operation->id;
      wake = dropDisowned(place->completion);
      find(id)->waiting = std::move(operation);
    }
  }
  if (wake) waker_->wake();
}

bool Watch::dropDisowned(Notification completion) {
  bool wake = false;
  for (Position place = expected_.begin(); place != expected_.end();) {
    if (!place->disowned || !place->waiting || place->completion != completion) {
      ++place;
      continue;
    }
    wake = finish(std::move(place->waiting), Ending::Abandoned) || wake;
    place = expected_.erase(place);
  }
  return wake;
}

void Watch::disown(std::uint64_t operation) {
  std::lock_guard<std::mutex> lock(mutex_);
  const Position place = find(operation);
  if (place != expected_.end()) place->disowned = true;
}

void Watch::abandon(std::uint64_t operation) {
  bool wake = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const Position place = find(operation);
    if (place == expected_.end() || !place->waiting) {
      abandoned_.push_back(operation);
    } else {
      auto waiting = std::move(place->waiting);
      expected_.erase(place);
      wake = finish(std::move(waiting), Ending::Abandoned);
    }
  }
  if (wake) waker_->wake();
}

void Watch::close() {
  bool wake = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    for (Expected& expected : expected_) {
      if (expected.waiting) wake = finish(std::move(expected.waiting), Ending::Closed) || wake;
    }
    expected_.clear();
  }
  if (wake) waker_->wake();
}

}  // namespace hc
