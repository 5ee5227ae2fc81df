// What waits for a worker, in order. Not synchronised: who uses it holds a lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>

#include "operation.h"

namespace hc {

class Queue {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  void push(std::unique_ptr<Operation> operation) {
    if (indexed_) places_[operation->id] = first_ + operations_.size();
    operations_.push_back(std::move(operation));
    ++size_;
  }

  // The one that waits longest. Not for an empty queue.
  std::unique_ptr<Operation> pop() {
    while (operations_.front() == nullptr) drop();
    auto operation = std::move(operations_.front());
    drop();
    remove(operation->id);
    return operation;
  }

  // The operation, if it is here.
  std::unique_ptr<Operation> take(std::uint64_t id) {
    index();
    const auto found = places_.find(id);
    if (found == places_.end()) return nullptr;
    auto operation = std::move(operations_[found->second - first_]);
    remove(id);
    return operation;
  }

 private:
  // Places are numbered from the first that there ever was.
  void drop() {
    operations_.pop_front();
    ++first_;
  }

  void remove(std::uint64_t id) {
    if (--size_ == 0) {
      first_ += operations_.size();
      operations_.clear();
      places_.clear();
      indexed_ = false;
    } else if (indexed_) {
      places_.erase(id);
    }
  }

  // Taking thousands out of the middle does not search for each. As long as none is taken so, which
  // is the rule, nothing is allocated for any.
  void index() {
    if (std::exchange(indexed_, true)) return;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (operations_[i] != nullptr) places_[operations_[i]->id] = first_ + i;
    }
  }

  std::deque<std::unique_ptr<Operation>> operations_;  // null: taken out of the middle
  std::size_t size_ = 0;                               // without those
  std::uint64_t first_ = 0;
  std::unordered_map<std::uint64_t, std::uint64_t> places_;
  bool indexed_ = false;
};

}  // namespace hc
