#include "slab.h"

#include <mutex>
#include <new>
#include <utility>

namespace hc::archive {

std::shared_ptr<Slab> SlabPool::take() {
  std::unique_ptr<Slab> slab;
  {
    std::lock_guard<Mutex> lock(mutex_);
    ++inUse_;
    if (!free_.empty()) {
      slab = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (slab == nullptr) slab.reset(new (std::nothrow) Slab);
  if (slab == nullptr) {
    std::lock_guard<Mutex> lock(mutex_);
    --inUse_;
    return nullptr;
  }
  return {slab.release(), [pool = shared_from_this()](Slab* each) { pool->giveBack(each); }};
}

std::size_t SlabPool::inUse() const {
  std::lock_guard<Mutex> lock(mutex_);
  return inUse_;
}

void SlabPool::giveBack(Slab* slab) {
  {
    std::lock_guard<Mutex> lock(mutex_);
    free_.emplace_back(slab);
    --inUse_;
  }
  if (const auto owner = owner_.lock()) owner->onSlabFreed();
}

}  // namespace hc::archive
