#include "concurrent-delivery.h"

#include <atomic>
#include <utility>

#include "../base/json.h"
#include "../base/threads.h"

namespace hc::simulator {

// The threads share one counter, so each index is delivered once to each registration, in any
// order. One that is being unregistered refuses enter(), and is skipped.
void deliverConcurrently(InFlight& inFlight, Registrations targets, const Delivery& delivery,
                         int threads) {
  struct Shared {
    Registrations targets;
    Delivery delivery;
    std::atomic<std::uint64_t> next{0};
    Shared(Registrations all, const Delivery& what) : targets(std::move(all)), delivery(what) {}
  };
  auto shared = std::make_shared<Shared>(std::move(targets), delivery);
  inFlight.change(inFlight.undelivered, threads);
  for (int i = 0; i < threads; ++i) {
    startThread([&inFlight, shared] {
      const Delivery& delivery = shared->delivery;
      const NotificationMessage& message = delivery.message;
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
      inFlight.change(inFlight.undelivered, -1);
    });
  }
}

}  // namespace hc::simulator
