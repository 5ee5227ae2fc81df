// The queue of the notifications of one system and all its processes.
//
// Each queue is drained by one thread at a time, which keeps the order and lets the exits of
// processes come before the exit of their system. Different queues are drained in parallel
// (delivery-threads.h). No lock is held while a callback of a client runs.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

#include "../base/in-flight.h"
#include "notification.h"

namespace hc::simulator {

class NotificationQueue : public std::enable_shared_from_this<NotificationQueue> {
 public:
  explicit NotificationQueue(InFlight& inFlight) : inFlight_(inFlight) {}

  // Any thread, under any lock of the host but not a registration's.
  void post(Delivery delivery);
  // From now on the registration gets what is posted about the source, after what the source
  // retains, in order.
  void subscribe(const std::shared_ptr<NotificationSource>& source,
                 const std::shared_ptr<Registration>& registration);
  void unsubscribe(NotificationSource& source, const Registration* registration);
  Registrations subscribers(const NotificationSource& source);
  // Drops what is queued and everything posted later.
  void close();

  // On a delivery thread, without locks: calls clients. True: there is more, drain again later.
  bool drain();

 private:
  // All but deliver and settle: with mutex_ held.
  bool push(Delivery delivery);
  void schedule();
  static void remember(Delivery& delivery);
  void tracePost(const Delivery& delivery);
  void traceRepeats(const NotificationSource& source);
  void deliver(Delivery& delivery, const Registrations& targets, std::uint64_t until);
  void settle(const Delivery& delivery);

  InFlight& inFlight_;
  std::mutex mutex_;
  std::list<Delivery> queue_;  // takes nothing while it is empty, as it is for most systems
  bool scheduled_ = false;     // a delivery thread has this queue, or will
  bool closed_ = false;
};

}  // namespace hc::simulator
