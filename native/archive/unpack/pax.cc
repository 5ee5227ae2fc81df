#include "pax.h"

#include <algorithm>
#include <cstddef>

namespace hc::archive {

namespace {

constexpr std::int64_t kUnixEpoch = 116'444'736'000'000'000;  // as FILETIME
constexpr std::int64_t kUnitsPerSecond = 10'000'000;
constexpr std::size_t kMostSeconds = 15;  // digits
constexpr std::size_t kDecimals = 7;
constexpr double kLargestSize = 9007199254740991;  // 2^53 - 1

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// Decimal seconds since 1970 as FILETIME. What is anything else, or before 1601, is not read here:
// TypeScript says what is wrong with it.
std::optional<std::int64_t> fileTimeOf(std::string_view text) {
  std::size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++i;
  const std::size_t begin = i;
  std::int64_t value = 0;
  for (; i < text.size() && isDigit(text[i]); ++i) {
    if (i - begin >= kMostSeconds) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  if (i == begin || (i < text.size() && text[i] != '.')) return std::nullopt;
  // Beyond what FILETIME can say once it is multiplied.
  if (value > (INT64_MAX - kUnixEpoch) / kUnitsPerSecond - 1) return std::nullopt;
  std::int64_t scale = kUnitsPerSecond;
  value *= scale;
  if (i < text.size()) ++i;
  for (std::size_t decimals = 0; i < text.size(); ++i, ++decimals) {
    if (!isDigit(text[i])) return std::nullopt;
    if (decimals >= kDecimals) continue;
    scale /= 10;
    value += (text[i] - '0') * scale;
  }
  const std::int64_t time = kUnixEpoch + (negative ? -value : value);
  if (time < 0) return std::nullopt;
  return time;
}

std::optional<std::uint32_t> attributesOf(std::string_view text) {
  if (text.empty() || text.size() > 10) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!isDigit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (value > 0xffffffff) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

std::optional<double> sizeOf(std::string_view text) {
  if (text.empty()) return std::nullopt;
  double value = 0;
  for (const char c : text) {
    if (!isDigit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
    if (value > kLargestSize) return std::nullopt;
  }
  return value;
}

// Well-formed UTF-8: no longer form than needed, no half of a surrogate pair, nothing above
// U+10FFFF.
bool isUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || i + length > text.size()) return false;
    std::uint32_t code = first & (0xff >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0) != 0x80) return false;
      code = code << 6 | (next & 0x3f);
    }
    constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < kLeast[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
    i += length;
  }
  return true;
}

void takeTime(Records& records, Time time, std::string_view text) {
  const auto value = fileTimeOf(text);
  if (!value) {
    records.has |= Records::kHasOther;
    return;
  }
  records.times[time] = *value;
  records.has |= 1u << time;
}

// False when it is the size, and wrong.
bool take(Records& records, std::string_view key, std::string_view value) {
  if (key == "path") {
    records.path = value;
  } else if (key == "linkpath") {
    records.linkPath = value;
  } else if (key == "size") {
    records.size = sizeOf(value);
    return records.size.has_value();
  } else if (key == "mtime") {
    takeTime(records, kWrite, value);
  } else if (key == "atime") {
    takeTime(records, kAccess, value);
  } else if (key == "ctime") {
    takeTime(records, kChange, value);
  } else if (key == "LIBARCHIVE.creationtime") {
    takeTime(records, kCreation, value);
  } else if (key == "MSWINDOWS.fileattr") {
    const auto attributes = attributesOf(value);
    records.attributes = attributes.value_or(0);
    records.has |= attributes ? Records::kHasAttributes : Records::kHasOther;
  } else if (key == "MSWINDOWS.rawsd") {
    records.descriptor = value;
    records.has |= Records::kHasDescriptor;
  } else {
    records.has |= Records::kHasOther;
  }
  return true;
}

// The record at the begin of `rest`, which it is taken off.
Problem takeRecord(std::string_view& rest, Records& records) {
  // A length has few digits: nothing else is looked at.
  constexpr std::size_t kMostDigits = 8;
  std::size_t length = 0, digits = 0;
  for (; digits < rest.size() && digits < kMostDigits && isDigit(rest[digits]); ++digits) {
    length = length * 10 + static_cast<std::size_t>(rest[digits] - '0');
  }
  if (digits == 0 || digits == rest.size() || rest[digits] != ' ') return Problem::recordLength;
  if (length > rest.size() || length <= digits + 1) return Problem::recordWrongLength;
  if (rest[length - 1] != '\n') return Problem::recordEnd;
  const std::string_view text = rest.substr(digits + 1, length - digits - 2);
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos) return Problem::recordKey;
  const std::string_view key = text.substr(0, equals), value = text.substr(equals + 1);
  const bool named = key == "path" || key == "linkpath";
  if (!isUtf8(named ? text : key)) return Problem::recordText;
  if (!take(records, key, value)) return Problem::recordSize;
  rest.remove_prefix(length);
  return Problem::none;
}

}  // namespace

Fault readRecords(std::string_view raw, Records& records) {
  for (std::string_view rest = raw; !rest.empty();) {
    const Problem problem = takeRecord(rest, records);
    if (problem != Problem::none) {
      return {problem, static_cast<std::uint32_t>(raw.size() - rest.size())};
    }
  }
  return {};
}

}  // namespace hc::archive
