#include "tar-header.h"

#include <algorithm>
#include <cstring>

namespace hc::archive {

namespace {

constexpr double kMostExact = 9007199254740991;  // 2^53 - 1

struct Field {
  std::size_t at;
  std::size_t size;
};
constexpr Field kName{0, 100}, kSize{124, 12}, kTime{136, 12}, kChecksum{148, 8}, kLink{157, 100};
constexpr std::size_t kType = 156, kMagic = 257, kPrefix = 345, kStarMark = 508;

std::string textOf(const std::uint8_t* block, Field field) {
  const auto* begin = reinterpret_cast<const char*>(block) + field.at;
  const auto* end = static_cast<const char*>(std::memchr(begin, 0, field.size));
  return {begin, end == nullptr ? begin + field.size : end};
}

// The highest bit of the first byte set: a number of two's complement over the rest.
std::optional<double> base256(const std::uint8_t* bytes, std::size_t size) {
  const bool negative = bytes[0] == 0xff;
  if (bytes[0] != 0x80 && !negative) return std::nullopt;
  double value = 0;
  for (std::size_t i = 1; i < size; ++i) {
    value = value * 256 + (negative ? 255 - bytes[i] : bytes[i]);
  }
  if (negative) value = -value - 1;
  if (value > kMostExact || value < -kMostExact) return std::nullopt;
  return value;
}

// Octal digits after blanks and zeros, ended by a blank, a zero or the field.
std::optional<double> numberOf(const std::uint8_t* block, Field field) {
  const std::uint8_t* const bytes = block + field.at;
  if ((bytes[0] & 0x80) != 0) return base256(bytes, field.size);
  std::size_t i = 0;
  while (i < field.size && bytes[i] == ' ') ++i;
  while (i < field.size && bytes[i] == 0) ++i;
  double value = 0;
  for (; i < field.size && bytes[i] >= '0' && bytes[i] <= '7'; ++i) {
    value = value * 8 + (bytes[i] - '0');
  }
  if (i < field.size && bytes[i] != ' ' && bytes[i] != 0) return std::nullopt;
  return value;
}

// The sum of all bytes, the checksum counted as blanks; some tools have added signed bytes.
bool hasRightSum(const std::uint8_t* block) {
  const auto claimed = numberOf(block, kChecksum);
  if (!claimed) return false;
  constexpr int kBlanks = 8 * ' ';
  int sum = kBlanks, signedSum = kBlanks;
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    if (i >= kChecksum.at && i < kChecksum.at + kChecksum.size) continue;
    sum += block[i];
    signedSum += static_cast<std::int8_t>(block[i]);
  }
  return *claimed == sum || *claimed == signedSum;
}

// The beginning of a long name, where the format has one.
std::string prefixOf(const std::uint8_t* block) {
  if (std::memcmp(block + kMagic, "ustar", 6) != 0) return {};
  const bool star = std::memcmp(block + kStarMark, "tar", 4) == 0;
  return textOf(block, {kPrefix, star ? std::size_t{131} : std::size_t{155}});
}

}  // namespace

Block readTarHeader(const std::uint8_t* block, TarHeader& header) {
  if (std::all_of(block, block + kBlockSize, [](std::uint8_t byte) { return byte == 0; })) {
    return Block::zeros;
  }
  if (!hasRightSum(block)) return Block::damaged;
  header.name = textOf(block, kName);
  const std::string prefix = prefixOf(block);
  if (!prefix.empty()) header.name = prefix + '/' + header.name;
  header.linkName = textOf(block, kLink);
  header.type = static_cast<char>(block[kType]);
  if (header.type == 0) {
    const bool folder = !header.name.empty() && header.name.back() == '/';
    header.type = folder ? '5' : '0';
  }
  header.size = numberOf(block, kSize);
  if (header.size && *header.size < 0) header.size.reset();
  const auto time = numberOf(block, kTime);
  header.time.reset();
  if (time) header.time = static_cast<std::int64_t>(*time);
  return Block::header;
}

}  // namespace hc::archive
