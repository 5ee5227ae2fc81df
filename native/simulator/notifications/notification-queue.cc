#include "notification-queue.h"

#include <algorithm>
#include <utility>

#include "../base/json.h"
#include "../base/trace.h"
#include "delivery-threads.h"

namespace hc::simulator {
namespace {

// Notifications of one queue that a thread delivers before it looks at the queue and the
// registrations again.
constexpr std::uint64_t kChunk = 512;

}  // namespace

// With the lock held. True: the caller schedules the queue when it has let go of the lock, for
// which the delivery thread would wait at once.
bool NotificationQueue::push(Delivery delivery) {
  inFlight_.change(inFlight_.undelivered, 1);
  queue_.push_back(std::move(delivery));
  return !std::exchange(scheduled_, true);
}

// One delivery thread at a time has the queue: `scheduled_` says that it has or will.
void NotificationQueue::schedule() { DeliveryThreads::instance().add(shared_from_this()); }

void NotificationQueue::post(Delivery delivery) {
  std::unique_lock lock(mutex_);
  if (closed_) return;
  tracePost(delivery);
  if (!queue_.empty() || delivery.only || !delivery.source->registrations.empty()) {
    const bool first = push(std::move(delivery));
    lock.unlock();
    if (first) schedule();
    return;
  }
  // No callback to call, and nothing before it in the queue: no thread is needed.
  remember(delivery);
  if (delivery.completion) inFlight_.update([&] { delivery.completion->delivered = true; });
}

void NotificationQueue::remember(Delivery& delivery) {
  delivery.remembered = true;
  if (delivery.retain) delivery.source->retained.push_back({delivery.message, delivery.count});
}

// What is sent is recorded, rather than what has arrived: the order in which the delivery threads
// serve different systems is up to the machine.
void NotificationQueue::tracePost(const Delivery& delivery) {
  if (!Trace::instance().on()) return;
  const bool nobody = !delivery.only && delivery.source->registrations.empty();
  const NotificationMessage& message = delivery.message;
  Trace::instance().notification(message.rawType, delivery.source->name, message.status,
                                 delivery.count, nobody ? u" no callback" : u"");
}

// What is still queued will reach the new registration just as well.
void NotificationQueue::traceRepeats(const NotificationSource& source) {
  if (!Trace::instance().on()) return;
  const auto record = [&](const NotificationMessage& message, std::uint64_t count) {
    Trace::instance().notification(message.rawType, source.name, message.status, count, u" late");
  };
  for (const NotificationSource::Retained& retained : source.retained)
    record(retained.message, retained.count);
  for (const Delivery& queued : queue_)
    if (queued.source.get() == &source && queued.retain && !queued.remembered)
      record(queued.message, queued.count);
}

void NotificationQueue::subscribe(const std::shared_ptr<NotificationSource>& source,
                                  const std::shared_ptr<Registration>& registration) {
  std::unique_lock lock(mutex_);
  if (closed_) return;
  traceRepeats(*source);
  source->registrations.push_back(registration);
  bool first = false;
  for (const NotificationSource::Retained& retained : source->retained) {
    Delivery delivery(source, retained.message);
    delivery.count = retained.count;
    delivery.only = registration;
    first = push(std::move(delivery)) || first;
  }
  lock.unlock();
  if (first) schedule();
}

void NotificationQueue::unsubscribe(NotificationSource& source, const Registration* registration) {
  std::lock_guard lock(mutex_);
  auto& all = source.registrations;
  for (auto at = all.begin(); at != all.end(); ++at) {
    if (at->get() != registration) continue;
    all.erase(at);
    return;
  }
}

Registrations NotificationQueue::subscribers(const NotificationSource& source) {
  std::lock_guard lock(mutex_);
  return source.registrations;
}

// What is queued is dropped by the thread that drains, which alone may remove.
void NotificationQueue::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
}

bool NotificationQueue::drain() {
  std::unique_lock lock(mutex_);
  for (std::uint64_t budget = 2 * kChunk; budget != 0;) {
    if (queue_.empty()) {
      scheduled_ = false;
      return false;
    }
    // Only this thread removes from the front, and adding at the back moves nothing.
    Delivery& delivery = queue_.front();
    Registrations targets;
    if (!closed_ && delivery.only) targets.push_back(delivery.only);
    if (!closed_ && !delivery.only) targets = delivery.source->registrations;
    if (delivery.done == 0) remember(delivery);
    const std::uint64_t until =
        targets.empty() ? delivery.count
                        : std::min(delivery.count, delivery.done + std::min(budget, kChunk));
    lock.unlock();
    deliver(delivery, targets, until);
    budget -= std::min(budget, until - delivery.done);
    delivery.done = until;
    const bool over = delivery.done == delivery.count;
    if (over) settle(delivery);
    lock.lock();
    if (over) queue_.pop_front();
  }
  return true;
}

// Each registration gets its share of the chunk in order; one that is stopped in the
// middle gets no more.
void NotificationQueue::deliver(Delivery& delivery, const Registrations& targets,
                                std::uint64_t until) {
  const NotificationMessage& message = delivery.message;
  const std::u16string* data = message.data ? &*message.data : nullptr;
  std::u16string index;
  for (const auto& target : targets) {
    if (target->ended || !target->enter()) continue;
    for (std::uint64_t i = delivery.done; i < until && !target->stopped(); ++i) {
      if (delivery.sequence) data = &(index = json::decimalText(i));
      if (delivery.operation) {
        if (HcsOperation* const operation = delivery.operation->claim(*target))
          target->call(message.rawType, message.status, data, operation);
        continue;
      }
      target->call(message.rawType, message.status, data);
    }
    if (message.type == Notification::ServiceDisconnect && delivery.only) target->ended = true;
    target->leave();
  }
}

// The call first: whoever awaits that nothing is undelivered may look at the call next.
void NotificationQueue::settle(const Delivery& delivery) {
  if (delivery.completion) inFlight_.update([&] { delivery.completion->delivered = true; });
  inFlight_.change(inFlight_.undelivered, -1);
}

}  // namespace hc::simulator
