// Delivers notifications to clients on threads of the host.
//
// A Source is what notifications are about: a system or a process. A Strand is the queue of one
// system with all its processes: it is drained by one thread at a time, which keeps the order, and
// lets the exits of processes come before the exit of their system. Different strands are drained
// in parallel by a pool of two threads. No lock is held while a client's callback runs.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "../../abi/hcs.h"
#include "../base/census.h"
#include "registration.h"

namespace hc::simulator {

struct Message {
  Notification type = Notification::None;
  std::uint32_t rawType = 0;
  HResult status = kOk;
  std::optional<std::u16string> data;

  Message(Notification notification, HResult code, std::optional<std::u16string> text)
      : type(notification),
        rawType(static_cast<std::uint32_t>(notification)),
        status(code),
        data(std::move(text)) {}
};

using Registrations = std::vector<std::shared_ptr<Registration>>;

// Guarded by the lock of the strand, except for the name, which is set before anyone else knows it.
struct Source {
  std::u16string name;  // for the trace
  Registrations registrations;
  struct Sticky {
    Message message;
    std::uint64_t count;
  };
  std::vector<Sticky> sticky;  // delivered already, and repeated to whoever registers later
};

struct Delivery {
  std::shared_ptr<Source> source;
  Message message;
  std::uint64_t count = 1;
  bool sticky = false;
  bool remembered = false;             // its source repeats it already
  bool sequence = false;               // the data is the index of the notification, 0 to count - 1
  std::shared_ptr<Registration> only;  // null: everyone registered at the source
  std::shared_ptr<Ticket> ticket;
  std::uint64_t done = 0;

  Delivery(std::shared_ptr<Source> from, Message what)
      : source(std::move(from)), message(std::move(what)) {}
};

class Strand : public std::enable_shared_from_this<Strand> {
 public:
  explicit Strand(Census& census) : census_(census) {}

  // Any thread, under any lock of the host but not a registration's.
  void post(Delivery delivery);
  // From now on the registration hears the source; what was sticky is repeated to it, in order.
  void subscribe(const std::shared_ptr<Source>& source,
                 const std::shared_ptr<Registration>& registration);
  void unsubscribe(Source& source, const Registration* registration);
  Registrations subscribers(const Source& source);
  // Drops what is queued and everything posted later.
  void close();

  // Runs on a thread of the pool. True: there is more, drain again later.
  bool drain();

 private:
  void push(Delivery delivery);
  static void remember(Delivery& delivery);
  void tracePost(const Delivery& delivery);
  void traceRepeats(const Source& source);
  void deliver(Delivery& delivery, const Registrations& targets, std::uint64_t until);
  void settle(const Delivery& delivery);

  Census& census_;
  std::mutex mutex_;
  std::deque<Delivery> queue_;
  bool scheduled_ = false;  // a thread of the pool has this strand, or will
  bool closed_ = false;
};

// Calls every registration `count` times in all from `threads` threads at once, past the strand and
// its order.
void storm(Census& census, Registrations targets, const Delivery& delivery, int threads);

}  // namespace hc::simulator
