#include "json.h"

namespace hc::inspect {

void Json::separate() {
  if (!first_) written_ += u',';
  first_ = false;
}

Json& Json::begin(char16_t bracket) {
  separate();
  written_ += bracket;
  first_ = true;
  return *this;
}

Json& Json::end(char16_t bracket) {
  written_ += bracket;
  first_ = false;
  return *this;
}

Json& Json::word(std::string_view value) {
  separate();
  written_.append(value.begin(), value.end());
  return *this;
}

Json& Json::key(const char* name) {
  ascii(name);
  written_ += u':';
  first_ = true;
  return *this;
}

Json& Json::ascii(std::string_view value) {
  return text(std::u16string(value.begin(), value.end()));
}

// Halves of surrogate pairs, which names of Windows may have, are escaped: whoever makes UTF-8 of
// the text would lose them.
Json& Json::text(std::u16string_view value) {
  static constexpr char16_t kDigits[] = u"0123456789abcdef";
  separate();
  written_ += u'"';
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char16_t unit = value[at];
    const bool high = unit >= 0xD800 && unit < 0xDC00;
    const char16_t next = at + 1 < value.size() ? value[at + 1] : u'\0';
    if (high && next >= 0xDC00 && next < 0xE000) {
      written_ += unit;
      written_ += next;
      ++at;
    } else if (unit < 0x20 || unit == 0x7F || (unit >= 0xD800 && unit < 0xE000)) {
      written_ += u"\\u";
      for (int shift = 12; shift >= 0; shift -= 4) written_ += kDigits[(unit >> shift) & 0xF];
    } else {
      if (unit == u'"' || unit == u'\\') written_ += u'\\';
      written_ += unit;
    }
  }
  written_ += u'"';
  return *this;
}

Json& Json::number(std::uint64_t value) { return word(std::to_string(value)); }

Json& Json::boolean(bool value) { return word(value ? "true" : "false"); }

Json& Json::null() { return word("null"); }

Json& Json::value(const Json& other) {
  separate();
  written_ += other.written_;
  return *this;
}

}  // namespace hc::inspect
