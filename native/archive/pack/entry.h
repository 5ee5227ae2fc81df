// What the walk finds: one record per name, and a batch of them with the bytes that they point at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "descriptor.h"

namespace hc::pack {

enum class Kind : std::uint32_t {
  File = 0,
  Directory = 1,
  Other = 2,     // neither of the two
  Unlisted = 3,  // a directory, once more: `error` says why what is in it is not known
};

// Bits of an entry.
constexpr std::uint32_t kHasFile = 1;  // its own, or one beside it
constexpr std::uint32_t kIsAscii = 2;  // its name

// Read by JavaScript at these very offsets: src/backend/native-tree.ts.
struct Entry {
  std::int64_t times[4];  // FILETIME: creation, access, write, change
  std::uint64_t device;
  std::uint64_t inode;
  double size;
  std::uint32_t links;
  Kind kind;
  std::int32_t error;   // errno of what failed with it; 0
  std::uint32_t depth;  // 0: what the walk began with
  std::uint32_t nameAt;
  std::uint32_t nameLength;
  std::uint32_t headAt;
  std::uint32_t headLength;
  std::int32_t file;  // which of the open files it is; -1: all of it is in the head
  std::uint32_t flags;
};
static_assert(sizeof(Entry) == 96, "as JavaScript reads it");

struct Batch {
  std::vector<Entry> entries;
  std::string names;
  std::vector<std::uint8_t> bytes;
  std::vector<Descriptor> open;  // `file` of an entry is a place in it
};

// Of one batch. A file that is not larger than kWhole is in its head, of others it has the first
// kHead bytes.
constexpr std::size_t kWhole = 16 * 1024;
constexpr std::size_t kHead = 4 * 1024;
constexpr std::size_t kMostEntries = 512;
constexpr std::size_t kMostOpen = 32;
constexpr std::size_t kMostBytes = 256 * 1024;
// The largest that a batch becomes: it is full when it has reached one of its limits.
constexpr std::size_t kBatchSize = kMostEntries * sizeof(Entry) + kMostBytes + kWhole + 4096;

}  // namespace hc::pack
