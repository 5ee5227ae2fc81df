#include "json.h"

namespace hc::simulator::json {
namespace {

constexpr char16_t kHex[] = u"0123456789abcdef";

bool isHigh(char16_t c) { return c >= 0xD800 && c <= 0xDBFF; }
bool isLow(char16_t c) { return c >= 0xDC00 && c <= 0xDFFF; }

void escapeUnit(std::u16string* out, char16_t c) {
  out->append(u"\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out->push_back(kHex[(c >> shift) & 0xF]);
}

}  // namespace

std::u16string decimalText(std::uint64_t value) {
  char16_t digits[20];
  std::size_t at = 20;
  do {
    digits[--at] = static_cast<char16_t>(u'0' + value % 10);
    value /= 10;
  } while (value != 0);
  return std::u16string(digits + at, 20 - at);
}

void Writer::separate() {
  if (comma_) text_.push_back(u',');
  comma_ = true;
}

Writer& Writer::open(char16_t bracket) {
  separate();
  text_.push_back(bracket);
  comma_ = false;
  return *this;
}

Writer& Writer::close(char16_t bracket) {
  text_.push_back(bracket);
  comma_ = true;
  return *this;
}

void Writer::quote(std::u16string_view text) {
  text_.push_back(u'"');
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char16_t c = text[i];
    if (c == u'"' || c == u'\\') {
      text_.push_back(u'\\');
      text_.push_back(c);
    } else if (c < 0x20) {
      escapeUnit(&text_, c);
    } else if (isHigh(c) && i + 1 < text.size() && isLow(text[i + 1])) {
      text_.push_back(c);
      text_.push_back(text[++i]);
    } else if (isHigh(c) || isLow(c)) {
      escapeUnit(&text_, c);
    } else {
      text_.push_back(c);
    }
  }
  text_.push_back(u'"');
}

Writer& Writer::key(std::u16string_view name) {
  separate();
  quote(name);
  text_.push_back(u':');
  comma_ = false;
  return *this;
}

Writer& Writer::string(std::u16string_view text) {
  separate();
  quote(text);
  return *this;
}

Writer& Writer::number(std::uint64_t value) { return raw(decimalText(value)); }

Writer& Writer::signedNumber(std::int64_t value) {
  if (value >= 0) return number(static_cast<std::uint64_t>(value));
  return raw(u"-" + decimalText(std::uint64_t{0} - static_cast<std::uint64_t>(value)));
}

Writer& Writer::decimal(double value) {
  const bool negative = value < 0;
  const auto millionths = static_cast<std::uint64_t>((negative ? -value : value) * 1e6 + 0.5);
  std::u16string text = decimalText(millionths / 1'000'000);
  if (negative) text.insert(0, 1, u'-');
  std::uint64_t rest = millionths % 1'000'000;
  if (rest != 0) {
    text.push_back(u'.');
    for (std::uint64_t place = 100'000; rest != 0; place /= 10) {
      text.push_back(static_cast<char16_t>(u'0' + rest / place));
      rest %= place;
    }
  }
  return raw(text);
}

Writer& Writer::raw(std::u16string_view json) {
  separate();
  text_.append(json);
  return *this;
}

Writer& Writer::value(const Value& value) {
  switch (value.type) {
    case Type::Null:
      return null();
    case Type::Boolean:
      return boolean(value.boolean);
    case Type::Number:
      return raw(value.text);
    case Type::String:
      return string(value.text);
    case Type::Array:
      beginArray();
      for (const Value& item : value.items) this->value(item);
      return endArray();
    case Type::Object:
      beginObject();
      for (std::size_t i = 0; i < value.items.size(); ++i)
        key(value.names[i]).value(value.items[i]);
      return endObject();
  }
  return *this;
}

}  // namespace hc::simulator::json
