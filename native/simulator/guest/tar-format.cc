#include "tar-format.h"

#include <algorithm>
#include <array>
#include <optional>

#include "../base/utf8.h"

namespace hc::simulator {
namespace {

using Block = std::array<char, kTarBlock>;

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kLongestExtension = 1024 * 1024;
constexpr std::size_t kLongestName = 100;
constexpr std::uint64_t kLargestOctal = (std::uint64_t{1} << 33) - 1;  // eleven digits

std::string octal(std::uint64_t value, std::size_t digits) {
  std::string text(digits, '0');
  for (std::size_t i = digits; i-- > 0; value /= 8) text[i] = static_cast<char>('0' + value % 8);
  return text;
}

// Octal digits between blanks, or in base 256.
std::optional<std::uint64_t> numberIn(std::string_view field) {
  std::uint64_t value = 0;
  if ((field[0] & 0x80) != 0) {
    if (field[0] != '\x80') return std::nullopt;
    for (const char c : field.substr(1)) {
      if (value >> 55 != 0) return std::nullopt;
      value = value << 8 | static_cast<unsigned char>(c);
    }
    return value;
  }
  const std::size_t begin = std::min(field.find_first_not_of(' '), field.size());
  for (const char c : field.substr(begin)) {
    if (c == ' ' || c == '\0') break;
    if (c < '0' || c > '7') return std::nullopt;
    value = value << 3 | static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::uint64_t sumOf(std::string_view block) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kTarBlock; ++i)
    sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(block[i]);
  return sum;
}

std::string_view textIn(std::string_view field) {
  return field.substr(0, std::min(field.find('\0'), field.size()));
}

// 2026-11-29T21:17:05: the seconds since 1970.
std::uint64_t secondsSince1970(Time time) {
  const std::string text = toUtf8(Clock::dateTime(time));
  const auto part = [&](std::size_t at, std::size_t count) {
    return std::stoll(text.substr(at, count));
  };
  const long long month = part(5, 2), year = part(0, 4) - (month <= 2 ? 1 : 0);
  const long long dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + part(8, 2) - 1;
  const long long days = year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719468;
  return static_cast<std::uint64_t>(days * 86400 + part(11, 2) * 3600 + part(14, 2) * 60 +
                                    part(17, 2));
}

std::string block(std::string_view name, char type, std::uint64_t size, std::uint64_t modified) {
  std::string header(kTarBlock, '\0');
  const auto put = [&](std::size_t at, std::string_view text) {
    header.replace(at, text.size(), text);
  };
  put(0, name.substr(0, kLongestName));
  put(100, type == '5' ? "000777 " : "000666 ");
  put(108, "000000 ");
  put(116, "000000 ");
  put(124, octal(size, 11) + ' ');
  put(136, octal(modified, 11) + ' ');
  header[156] = type;
  put(257, std::string_view("ustar\0"
                            "00",
                            8));
  put(148, octal(sumOf(header), 6));
  header[155] = ' ';
  return header;
}

// "LENGTH path=NAME\n", where the length counts itself.
std::string record(const std::string& text) {
  std::size_t length = text.size() + 1;
  while (std::to_string(length).size() + text.size() != length)
    length = std::to_string(length).size() + text.size();
  return std::to_string(length) + text;
}

}  // namespace

std::string tarHeader(const std::string& name, bool folder, std::uint64_t size, Time modified) {
  const std::uint64_t seconds = std::min(secondsSince1970(modified), kLargestOctal);
  const char type = folder ? '5' : '0';
  const bool ascii = std::all_of(name.begin(), name.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii && name.size() <= kLongestName) return block(name, type, size, seconds);
  const std::string extended = record(" path=" + name + '\n');
  return block("PaxHeader/" + name, 'x', extended.size(), seconds) + extended +
         tarPadding(extended.size()) + block(name, type, size, seconds);
}

std::string tarPadding(std::uint64_t size) {
  return std::string((kTarBlock - size % kTarBlock) % kTarBlock, '\0');
}

std::size_t TarReader::fill(char* data, std::size_t size) {
  std::size_t filled = 0;
  while (filled < size) {
    const std::size_t count = source_(data + filled, size - filled);
    if (count == 0) break;
    filled += count;
  }
  return filled;
}

bool TarReader::content(std::string* piece) {
  piece->resize(static_cast<std::size_t>(std::min<std::uint64_t>(left_, kPiece)));
  const std::size_t count = fill(piece->data(), piece->size());
  left_ -= count;
  if (count == piece->size()) return true;
  piece->resize(count);
  return false;
}

bool TarReader::skip() {
  left_ += padding_;
  padding_ = 0;
  std::string piece;
  while (left_ != 0)
    if (!content(&piece)) return false;
  return true;
}

// False: it does not decode. What is cut off is seen at the next block.
bool TarReader::extension(char type, std::uint64_t size, TarEntry* entry) {
  if (size > kLongestExtension) return false;
  std::string text(static_cast<std::size_t>(size), '\0');
  if (fill(text.data(), text.size()) != text.size()) return true;
  if (type == 'L' || type == 'K') (type == 'L' ? entry->name : entry->link) = textIn(text);
  if (type != 'x') return true;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::size_t length = 0, at = 0;
    for (; at < rest.size() && rest[at] >= '0' && rest[at] <= '9' && length <= rest.size(); ++at)
      length = length * 10 + static_cast<std::size_t>(rest[at] - '0');
    if (length <= at + 1 || length > rest.size() || rest[at] != ' ') return false;
    const std::string_view one = rest.substr(at + 1, length - at - 2);
    const std::size_t equals = std::min(one.find('='), one.size());
    const std::string_view key = one.substr(0, equals);
    if (key == "path") entry->name = one.substr(std::min(equals + 1, one.size()));
    if (key == "linkpath") entry->link = one.substr(std::min(equals + 1, one.size()));
    rest.remove_prefix(length);
  }
  return true;
}

TarNext TarReader::next(TarEntry* entry) {
  TarEntry extended;
  for (;;) {
    if (!skip()) return TarNext::Cut;
    Block bytes{};
    const std::size_t count = fill(bytes.data(), bytes.size());
    const std::string_view header(bytes.data(), bytes.size());
    const bool first = !std::exchange(begun_, true);
    if (count == 0) return TarNext::End;
    if (count < kTarBlock) return first ? TarNext::Unknown : TarNext::Cut;
    if (header.find_first_not_of('\0') == std::string_view::npos) return TarNext::End;
    const auto size = numberIn(header.substr(124, 12));
    if (numberIn(header.substr(148, 8)) != sumOf(header) || !size)
      return first ? TarNext::Unknown : TarNext::Damaged;
    const char type = header[156] == '\0' ? '0' : header[156];
    padding_ = (kTarBlock - *size % kTarBlock) % kTarBlock;
    if (type == 'x' || type == 'g' || type == 'L' || type == 'K') {
      if (!extension(type, *size, &extended)) return TarNext::Damaged;
      continue;
    }
    const std::string_view name = textIn(header.substr(0, 100));
    const std::string_view prefix = textIn(header.substr(345, 155));
    const bool hasPrefix = header.substr(257, 6) == std::string_view("ustar\0", 6);
    entry->name = !extended.name.empty()         ? extended.name
                  : hasPrefix && !prefix.empty() ? std::string(prefix).append("/").append(name)
                                                 : std::string(name);
    entry->link = extended.link.empty() ? textIn(header.substr(157, 100)) : extended.link;
    entry->type = type;
    entry->size = type >= '1' && type <= '6' ? 0 : *size;
    if (entry->size == 0) padding_ = 0;
    left_ = entry->size;
    return TarNext::Entry;
  }
}

void TarReader::drain() {
  Block bytes;
  while (source_(bytes.data(), bytes.size()) != 0) {
  }
}

}  // namespace hc::simulator
