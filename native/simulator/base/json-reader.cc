#include <algorithm>
#include <cmath>

#include "json.h"

namespace hc::simulator::json {
namespace {

bool isDigit(char16_t c) { return c >= u'0' && c <= u'9'; }

int hexDigit(char16_t c) {
  if (isDigit(c)) return c - u'0';
  if (c >= u'a' && c <= u'f') return c - u'a' + 10;
  if (c >= u'A' && c <= u'F') return c - u'A' + 10;
  return -1;
}

class Reader {
 public:
  explicit Reader(std::u16string_view text) : text_(text) {}

  bool document(Value* value) {
    space();
    if (!element(value, 0)) return false;
    space();
    return at_ == text_.size() || fail(u"unexpected text after the end of the document");
  }

  Error error() const { return {at_, what_}; }

 private:
  bool fail(const char16_t* what) {
    if (what_ == nullptr) what_ = what;
    return false;
  }

  // NUL stands for the end: it is never part of valid JSON, so no rule mistakes it.
  char16_t peek() const { return at_ < text_.size() ? text_[at_] : u'\0'; }

  bool take(char16_t c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }

  void space() {
    while (at_ < text_.size()) {
      const char16_t c = text_[at_];
      if (c != u' ' && c != u'\t' && c != u'\n' && c != u'\r') return;
      ++at_;
    }
  }

  bool element(Value* value, int depth) {
    switch (peek()) {
      case u'{':
        return object(value, depth + 1);
      case u'[':
        return array(value, depth + 1);
      case u'"':
        value->type = Type::String;
        return string(&value->text);
      case u't':
        value->boolean = true;
        return literal(u"true", Type::Boolean, value);
      case u'f':
        return literal(u"false", Type::Boolean, value);
      case u'n':
        return literal(u"null", Type::Null, value);
      default:
        return number(value);
    }
  }

  bool literal(std::u16string_view text, Type type, Value* value) {
    if (text_.substr(at_, text.size()) != text) return fail(u"a value was expected");
    at_ += text.size();
    value->type = type;
    return true;
  }

  bool digits() {
    if (!isDigit(peek())) return fail(u"a digit was expected");
    while (isDigit(peek())) ++at_;
    return true;
  }

  bool number(Value* value) {
    const std::size_t start = at_;
    if (at_ == text_.size()) return fail(u"the document ends too early");
    take(u'-');
    if (at_ == start && !isDigit(peek())) return fail(u"a value was expected");
    if (take(u'0')) {
      if (isDigit(peek())) return fail(u"a number must not begin with 0");
    } else if (!digits()) {
      return false;
    }
    if (take(u'.') && !digits()) return false;
    if (take(u'e') || take(u'E')) {
      if (!take(u'+')) take(u'-');
      if (!digits()) return false;
    }
    value->type = Type::Number;
    value->text.assign(text_.substr(start, at_ - start));
    return true;
  }

  bool string(std::u16string* out) {
    ++at_;  // the opening quote
    for (;;) {
      const std::size_t start = at_;
      while (at_ < text_.size() && text_[at_] != u'"' && text_[at_] != u'\\' && text_[at_] >= 0x20)
        ++at_;
      out->append(text_.substr(start, at_ - start));
      if (at_ == text_.size()) return fail(u"a string does not end");
      if (take(u'"')) return true;
      if (text_[at_] < 0x20) return fail(u"a control character in a string must be escaped");
      ++at_;
      if (!escape(out)) return false;
    }
  }

  bool escape(std::u16string* out) {
    const char16_t c = peek();
    constexpr std::u16string_view kNames = u"\"\\/bfnrt";
    constexpr std::u16string_view kMeanings = u"\"\\/\b\f\n\r\t";
    const std::size_t which = at_ < text_.size() ? kNames.find(c) : std::u16string_view::npos;
    if (which != std::u16string_view::npos) {
      ++at_;
      out->push_back(kMeanings[which]);
      return true;
    }
    if (!take(u'u')) return fail(u"unknown escape in a string");
    int unit = 0;
    for (int i = 0; i < 4; ++i) {
      const int digit = hexDigit(peek());
      if (digit < 0) return fail(u"\\u needs four hexadecimal digits");
      unit = unit * 16 + digit;
      ++at_;
    }
    out->push_back(static_cast<char16_t>(unit));
    return true;
  }

  bool array(Value* value, int depth) {
    if (depth > kDepthLimit) return fail(u"nested too deeply");
    ++at_;
    value->type = Type::Array;
    space();
    if (take(u']')) return true;
    for (;;) {
      space();
      value->items.emplace_back();
      if (!element(&value->items.back(), depth)) return false;
      space();
      if (take(u']')) return true;
      if (!take(u',')) return fail(u"',' or ']' was expected");
    }
  }

  bool object(Value* value, int depth) {
    if (depth > kDepthLimit) return fail(u"nested too deeply");
    ++at_;
    value->type = Type::Object;
    space();
    if (take(u'}')) return true;
    for (;;) {
      space();
      if (peek() != u'"') return fail(u"a member name was expected");
      value->names.emplace_back();
      if (!string(&value->names.back())) return false;
      space();
      if (!take(u':')) return fail(u"':' was expected");
      space();
      value->items.emplace_back();
      if (!element(&value->items.back(), depth)) return false;
      space();
      if (take(u'}')) return distinct(*value) || fail(u"a member appears twice in an object");
      if (!take(u',')) return fail(u"',' or '}' was expected");
    }
  }

  static bool distinct(const Value& value) {
    constexpr std::size_t kFew = 12;  // below this comparing all pairs beats sorting
    const auto& names = value.names;
    if (names.size() <= kFew) {
      for (std::size_t i = 1; i < names.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
          if (names[i] == names[j]) return false;
      return true;
    }
    std::vector<std::u16string_view> sorted(names.begin(), names.end());
    std::sort(sorted.begin(), sorted.end());
    return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
  }

  std::u16string_view text_;
  std::size_t at_ = 0;
  const char16_t* what_ = nullptr;
};

std::optional<std::uint64_t> magnitude(std::u16string_view digits) {
  std::uint64_t result = 0;
  for (const char16_t c : digits) {
    if (!isDigit(c)) return std::nullopt;
    const std::uint64_t digit = c - u'0';
    if (result > (UINT64_MAX - digit) / 10) return std::nullopt;
    result = result * 10 + digit;
  }
  return result;
}

}  // namespace

const Value* Value::find(std::u16string_view name) const {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return &items[i];
  return nullptr;
}

std::optional<Value> parse(std::u16string_view text, Error* error) {
  Reader reader(text);
  std::optional<Value> value(std::in_place);
  if (reader.document(&*value)) return value;
  *error = reader.error();
  return std::nullopt;
}

std::optional<std::uint64_t> toUnsigned(const Value& value) {
  if (!value.is(Type::Number) || value.text[0] == u'-') return std::nullopt;
  return magnitude(value.text);
}

std::optional<std::int64_t> toSigned(const Value& value) {
  if (!value.is(Type::Number)) return std::nullopt;
  const bool negative = value.text[0] == u'-';
  const auto size = magnitude(std::u16string_view(value.text).substr(negative ? 1 : 0));
  constexpr std::uint64_t kLargest = INT64_MAX;
  if (!size || *size > kLargest + (negative ? 1 : 0)) return std::nullopt;
  if (!negative) return static_cast<std::int64_t>(*size);
  return *size == 0 ? 0 : -static_cast<std::int64_t>(*size - 1) - 1;
}

// By hand: strtod follows the locale of the program, which may want a comma.
std::optional<double> toDouble(const Value& value) {
  if (!value.is(Type::Number)) return std::nullopt;
  const std::u16string_view text = value.text;
  std::size_t at = text[0] == u'-' ? 1 : 0;
  double mantissa = 0;
  int exponent = 0;
  for (; at < text.size() && isDigit(text[at]); ++at) mantissa = mantissa * 10 + (text[at] - u'0');
  if (at < text.size() && text[at] == u'.') {
    for (++at; at < text.size() && isDigit(text[at]); ++at, --exponent)
      mantissa = mantissa * 10 + (text[at] - u'0');
  }
  if (at < text.size()) {
    ++at;  // e or E
    const bool negative = text[at] == u'-';
    if (text[at] == u'-' || text[at] == u'+') ++at;
    int written = 0;
    for (; at < text.size() && written < 10000; ++at) written = written * 10 + (text[at] - u'0');
    exponent += negative ? -written : written;
  }
  // Powers of ten are exact up to 10^22, so dividing by one is better than multiplying by its
  // inverse.
  double scale = 1;
  for (int i = exponent < 0 ? -exponent : exponent; i > 0 && mantissa != 0; --i) scale *= 10;
  const double size = exponent < 0 ? mantissa / scale : mantissa * scale;
  if (!std::isfinite(size)) return std::nullopt;
  return text[0] == u'-' ? -size : size;
}

}  // namespace hc::simulator::json
