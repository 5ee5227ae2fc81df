// The memory that an archive passes through: pieces of one size, which are used again, as fresh
// memory costs as much as a copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "../../core/sync.h"

namespace hc::archive {

constexpr std::size_t kSlabSize = 512 * 1024;

class SlabPool;

// A piece of memory. Who holds the last slice of it gives it back.
struct Slab {
  std::uint8_t bytes[kSlabSize];
};

// Some bytes of a slab, which they keep.
struct Slice {
  std::shared_ptr<const Slab> slab;
  std::uint32_t begin = 0;
  std::uint32_t size = 0;

  const std::uint8_t* data() const { return slab->bytes + begin; }
  // Takes in `next` where that comes right after it in memory.
  bool extend(const Slice& next) {
    if (slab == nullptr || next.slab != slab || next.begin != begin + size) return false;
    size += next.size;
    return true;
  }
};

// All methods on any thread.
class SlabPool : public std::enable_shared_from_this<SlabPool> {
 public:
  // Called when memory has come back, on the thread that gives it.
  class Owner {
   public:
    virtual void onSlabFreed() = 0;

   protected:
    ~Owner() = default;
  };

  explicit SlabPool(std::weak_ptr<Owner> owner) : owner_(std::move(owner)) {}

  // Null when there is no memory.
  std::shared_ptr<Slab> take();
  std::size_t inUse() const;

 private:
  void giveBack(Slab* slab);

  const std::weak_ptr<Owner> owner_;
  mutable Mutex mutex_;
  std::vector<std::unique_ptr<Slab>> free_;
  std::size_t inUse_ = 0;
};

}  // namespace hc::archive
