// A small strict JSON reader (RFC 8259) and writer over UTF-16.
//
// Stricter than the standard asks: a name twice in one object is an error, as is nesting deeper
// than kDepthLimit. Lone surrogates are accepted, raw and escaped: Windows names may hold them and
// the text passes through unchanged. The writer escapes them, so what it makes is always
// well-formed UTF-16.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hc::simulator::json {

constexpr int kDepthLimit = 64;

enum class Type : std::uint8_t { Null, Boolean, Number, String, Array, Object };

struct Value {
  Type type = Type::Null;
  bool boolean = false;
  std::u16string text;                // a string's contents, or a number exactly as written
  std::vector<std::u16string> names;  // of an object; names[i] belongs to items[i]
  std::vector<Value> items;           // of an array or object

  bool is(Type wanted) const { return type == wanted; }
  // The member of that name, or null; also null when this is no object.
  const Value* find(std::u16string_view name) const;
};

struct Error {
  std::size_t offset = 0;
  const char16_t* what = nullptr;
};

// Null when the text is not JSON; then *error says where and why.
std::optional<Value> parse(std::u16string_view text, Error* error);

// Integers only: "1.0" and "1e3" are numbers but not integers. Null when out of range.
std::optional<std::uint64_t> toUnsigned(const Value& value);
std::optional<std::int64_t> toSigned(const Value& value);
std::optional<double> toDouble(const Value& value);

class Writer {
 public:
  Writer& beginObject() { return open(u'{'); }
  Writer& endObject() { return close(u'}'); }
  Writer& beginArray() { return open(u'['); }
  Writer& endArray() { return close(u']'); }
  Writer& key(std::u16string_view name);
  Writer& string(std::u16string_view text);
  Writer& number(std::uint64_t value);
  Writer& signedNumber(std::int64_t value);
  Writer& decimal(double value);  // three places are enough for milliseconds and shares
  Writer& boolean(bool value) { return raw(value ? u"true" : u"false"); }
  Writer& null() { return raw(u"null"); }
  Writer& raw(std::u16string_view json);  // text that is JSON already
  Writer& value(const Value& value);

  const std::u16string& text() const { return text_; }
  std::u16string take() { return std::move(text_); }

 private:
  Writer& open(char16_t bracket);
  Writer& close(char16_t bracket);
  void separate();
  void quote(std::u16string_view text);

  std::u16string text_;
  bool comma_ = false;
};

std::u16string decimalText(std::uint64_t value);

}  // namespace hc::simulator::json
