// Reads an inbox as the JavaScript thread does: only when it has been woken.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "core/watch.h"
#include "gate.h"

namespace hc::test {

class CountingWaker : public Waker {
 public:
  void wake() override {
    std::lock_guard<std::mutex> lock(mutex_);
    ++wakes_;
    ++unseen_;
    changed_.notify_all();
  }
  bool wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!changed_.wait_for(lock, kPatience, [&] { return unseen_ != 0; })) return false;
    unseen_ = 0;
    return true;
  }
  std::size_t wakes() {
    std::lock_guard<std::mutex> lock(mutex_);
    return wakes_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t wakes_ = 0;
  std::size_t unseen_ = 0;
};

class Reader {
 public:
  explicit Reader(std::size_t bound = Inbox::kBound) : inbox(std::make_shared<Inbox>(bound)) {}

  // The next record, in order; null when none came in time.
  std::unique_ptr<Record> next() {
    while (place_ == records_.size()) {
      if (!waker->wait()) return nullptr;
      records_ = inbox->take();
      place_ = 0;
    }
    return std::make_unique<Record>(std::move(records_[place_++]));
  }
  // The completion of an operation; what comes before it is forgotten.
  std::unique_ptr<Operation> completion(std::uint64_t id) {
    while (auto record = next()) {
      if (record->tag == Record::Tag::Completion && record->id == id) {
        return std::move(record->operation);
      }
    }
    return nullptr;
  }

  // Lets go of the operations it has taken.
  void forget() {
    records_.clear();
    place_ = 0;
  }

  const std::shared_ptr<Inbox> inbox;
  const std::shared_ptr<CountingWaker> waker = std::make_shared<CountingWaker>();

 private:
  std::vector<Record> records_;
  std::size_t place_ = 0;
};

}  // namespace hc::test
