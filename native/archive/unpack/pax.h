// The records of an extended header, `length key=value` line by line, and those of them that layers
// of Windows have in every entry, taken apart.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hc::archive {

// What is wrong with a header: archive-problems.ts has a sentence for each.
enum class Problem : std::uint16_t {
  none = 0,
  size = 1,
  time = 2,
  emptyExtended = 3,
  globalSize = 4,
  globalPath = 5,
  globalLink = 6,
  recordLength = 10,
  recordWrongLength = 11,
  recordEnd = 12,
  recordKey = 13,
  recordText = 14,
  recordSize = 15,
  afterEnd = 20,
  // Of the archive as a whole: nothing after it can be read.
  cutInside = 30,
  extendedTooLarge = 31,
  notTar = 32,
  damagedHeader = 33,
  noEnd = 34,
  noMemory = 35,
  extendedAlone = 36,
};

struct Fault {
  Problem problem = Problem::none;
  std::uint32_t at = 0;  // the byte of an extended header
};

// FILETIME; which of them the records have is in `has`.
enum Time { kCreation, kAccess, kWrite, kChange, kTimes };

struct Records {
  static constexpr std::uint32_t kHasAttributes = 1u << kTimes;
  static constexpr std::uint32_t kHasDescriptor = kHasAttributes << 1;
  static constexpr std::uint32_t kHasOther = kHasDescriptor << 1;  // `raw` is to be read

  std::uint32_t has = 0;  // a bit for each Time, and those above
  std::array<std::int64_t, kTimes> times{};
  std::uint32_t attributes = 0;
  std::string_view descriptor;  // Base64, in `raw`
  std::optional<std::string_view> path;
  std::optional<std::string_view> linkPath;
  std::optional<double> size;
};

// Reads all records up to the first that is wrong; those before it are taken.
Fault readRecords(std::string_view raw, Records& records);

}  // namespace hc::archive
