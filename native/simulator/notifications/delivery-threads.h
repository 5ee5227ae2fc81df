// The threads that drain notification queues, and so call the callbacks of clients. They are
// started when they are first needed, and end with the process.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

namespace hc::simulator {

class NotificationQueue;

class DeliveryThreads {
 public:
  static DeliveryThreads& instance();
  // Any thread, under the lock of the queue: the lock here is taken inside that one, never the
  // other way round.
  void add(std::shared_ptr<NotificationQueue> queue);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable added_;
  std::deque<std::shared_ptr<NotificationQueue>> ready_;
  int threads_ = 0;
  int idle_ = 0;
};

}  // namespace hc::simulator
