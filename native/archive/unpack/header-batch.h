// Headers as bytes for TypeScript (src/layers/import/archive/header-batch.ts): records of one size
// from the front, their texts from the back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "tar-parser.h"

namespace hc::archive {

// What there is to plan, in the order of the archive.
struct Header {
  enum class Kind : std::uint8_t { entry = 0, global = 1, problem = 2 };
  Kind kind = Kind::entry;
  Entry entry;  // of a global header `raw`, of a problem `fault`

  std::size_t memory() const {
    return sizeof(Header) + entry.raw.size() + entry.name.size() + entry.linkName.size();
  }
};

class HeaderBatch {
 public:
  // What later batches depend on.
  struct Memory {
    std::string descriptor;  // the last one, which is not repeated
    bool global = false;     // whether a header for all entries came, with which records are merged
  };

  HeaderBatch(std::uint8_t* bytes, std::size_t size, Memory& memory)
      : bytes_(bytes), end_(size), memory_(memory) {}

  // False when there is no room for it.
  bool add(const Header& header);
  std::size_t count() const { return count_; }
  // How many bytes a batch of this one alone needs.
  static std::size_t sizeOf(const Header& header);

 private:
  struct Record;
  std::uint32_t put(const char* text, std::size_t size);

  std::uint8_t* const bytes_;
  std::size_t end_;
  std::size_t count_ = 0;
  Memory& memory_;
};

}  // namespace hc::archive
