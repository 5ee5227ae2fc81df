#include "delivery.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "../base/json.h"
#include "../base/pool.h"
#include "../base/threads.h"
#include "../base/trace.h"

namespace hc::simulator {
namespace {

// Notifications of one strand that a thread delivers before it looks at the queue and the
// registrations again.
constexpr std::uint64_t kChunk = 512;

}  // namespace

void Strand::push(Delivery delivery) {
  census_.change(census_.undelivered, 1);
  queue_.push_back(std::move(delivery));
  if (!std::exchange(scheduled_, true)) Pool::instance().add(shared_from_this());
}

void Strand::post(Delivery delivery) {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  tracePost(delivery);
  if (!queue_.empty() || delivery.only || !delivery.source->registrations.empty()) {
    push(std::move(delivery));
    return;
  }
  // Nobody listens and nothing is before it: no thread is needed to tell nobody.
  remember(delivery);
  if (delivery.ticket) census_.update([&] { delivery.ticket->delivered = true; });
}

void Strand::remember(Delivery& delivery) {
  delivery.remembered = true;
  if (delivery.sticky) delivery.source->sticky.push_back({delivery.message, delivery.count});
}

// With the lock held. What is sent is recorded, rather than what has arrived: the order in which
// the threads of the host deliver for different systems is up to the machine.
void Strand::tracePost(const Delivery& delivery) {
  if (!Trace::instance().on()) return;
  const bool unheard = !delivery.only && delivery.source->registrations.empty();
  const Message& message = delivery.message;
  Trace::instance().notification(message.rawType, delivery.source->name, message.status,
                                 delivery.count, unheard ? u" unheard" : u"");
}

// With the lock held. What is still queued will reach the one who registers now just as well.
void Strand::traceRepeats(const Source& source) {
  if (!Trace::instance().on()) return;
  const auto record = [&](const Message& message, std::uint64_t count) {
    Trace::instance().notification(message.rawType, source.name, message.status, count, u" late");
  };
  for (const Source::Sticky& sticky : source.sticky) record(sticky.message, sticky.count);
  for (const Delivery& queued : queue_)
    if (queued.source.get() == &source && queued.sticky && !queued.remembered)
      record(queued.message, queued.count);
}

void Strand::subscribe(const std::shared_ptr<Source>& source,
                       const std::shared_ptr<Registration>& registration) {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  traceRepeats(*source);
  source->registrations.push_back(registration);
  for (const Source::Sticky& sticky : source->sticky) {
    Delivery delivery(source, sticky.message);
    delivery.count = sticky.count;
    delivery.only = registration;
    push(std::move(delivery));
  }
}

void Strand::unsubscribe(Source& source, const Registration* registration) {
  std::lock_guard lock(mutex_);
  auto& all = source.registrations;
  for (auto at = all.begin(); at != all.end(); ++at) {
    if (at->get() != registration) continue;
    all.erase(at);
    return;
  }
}

Registrations Strand::subscribers(const Source& source) {
  std::lock_guard lock(mutex_);
  return source.registrations;
}

// What is queued is dropped by the thread that drains, which alone may remove.
void Strand::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
}

bool Strand::drain() {
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

// Without locks. Each registration gets its share of the chunk in order; one that is stopped in the
// middle gets no more.
void Strand::deliver(Delivery& delivery, const Registrations& targets, std::uint64_t until) {
  const Message& message = delivery.message;
  const std::u16string* data = message.data ? &*message.data : nullptr;
  std::u16string index;
  for (const auto& target : targets) {
    if (target->ended || !target->enter()) continue;
    for (std::uint64_t i = delivery.done; i < until && !target->stopped(); ++i) {
      if (delivery.sequence) data = &(index = json::decimalText(i));
      target->call(message.rawType, message.status, data);
    }
    if (message.type == Notification::ServiceDisconnect && delivery.only) target->ended = true;
    target->leave();
  }
}

void Strand::settle(const Delivery& delivery) {
  if (delivery.ticket) census_.update([&] { delivery.ticket->delivered = true; });
  census_.change(census_.undelivered, -1);
}

void storm(Census& census, Registrations targets, const Delivery& delivery, int threads) {
  struct Shared {
    Registrations targets;
    Delivery delivery;
    std::atomic<std::uint64_t> next{0};
    Shared(Registrations all, const Delivery& what) : targets(std::move(all)), delivery(what) {}
  };
  auto shared = std::make_shared<Shared>(std::move(targets), delivery);
  census.change(census.undelivered, threads);
  for (int i = 0; i < threads; ++i) {
    startThread([&census, shared] {
      const Delivery& delivery = shared->delivery;
      const Message& message = delivery.message;
      const std::u16string* data = message.data ? &*message.data : nullptr;
      std::u16string text;
      for (std::uint64_t at; (at = shared->next.fetch_add(1)) < delivery.count;) {
        if (delivery.sequence) data = &(text = json::decimalText(at));
        for (const auto& target : shared->targets) {
          if (!target->enter()) continue;
          target->call(message.rawType, message.status, data);
          target->leave();
        }
      }
      census.change(census.undelivered, -1);
    });
  }
}

}  // namespace hc::simulator
