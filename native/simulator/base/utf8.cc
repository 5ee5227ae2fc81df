#include "utf8.h"

#include <cstdint>

namespace hc::simulator {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

bool between(std::uint32_t value, std::uint32_t first, std::uint32_t last) {
  return value >= first && value <= last;
}

void append(std::string* text, std::uint32_t point) {
  const auto add = [&](std::uint32_t byte) { text->push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xC0 | (point >> 6));
    add(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    add(0xE0 | (point >> 12));
    add(0x80 | ((point >> 6) & 0x3F));
    add(0x80 | (point & 0x3F));
  } else {
    add(0xF0 | (point >> 18));
    add(0x80 | ((point >> 12) & 0x3F));
    add(0x80 | ((point >> 6) & 0x3F));
    add(0x80 | (point & 0x3F));
  }
}

void append(std::u16string* text, std::uint32_t point) {
  if (point >= 0x10000) {
    text->push_back(static_cast<char16_t>(0xD7C0 + (point >> 10)));
    point = 0xDC00 | (point & 0x3FF);
  }
  text->push_back(static_cast<char16_t>(point));
}

// The code point at *at, which is moved past it.
std::uint32_t next(std::string_view text, std::size_t* at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte((*at)++);
  if (first < 0x80) return first;
  const int more = between(first, 0xC2, 0xDF)   ? 1
                   : between(first, 0xE0, 0xEF) ? 2
                   : between(first, 0xF0, 0xF4) ? 3
                                                : 0;
  if (more == 0) return kReplacement;
  std::uint32_t point = first & (0x3Fu >> more);
  for (int i = 0; i < more; ++i) {
    if (*at == text.size() || !between(byte(*at), 0x80, 0xBF)) return kReplacement;
    point = (point << 6) | (byte((*at)++) & 0x3Fu);
  }
  constexpr std::uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  const bool good = point >= kLeast[more] && point <= 0x10FFFF && !between(point, 0xD800, 0xDFFF);
  return good ? point : kReplacement;
}

}  // namespace

std::string toUtf8(std::u16string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::uint32_t point = text[i];
    if (between(point, 0xD800, 0xDBFF) && i + 1 < text.size() &&
        between(text[i + 1], 0xDC00, 0xDFFF)) {
      point = 0x10000 + ((point & 0x3FF) << 10) + (text[++i] & 0x3FFu);
    } else if (between(point, 0xD800, 0xDFFF)) {
      point = kReplacement;
    }
    append(&bytes, point);
  }
  return bytes;
}

std::u16string toUtf16(std::string_view text) {
  std::u16string units;
  for (std::size_t at = 0; at < text.size();) append(&units, next(text, &at));
  return units;
}

}  // namespace hc::simulator
