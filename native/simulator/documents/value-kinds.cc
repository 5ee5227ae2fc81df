#include "value-kinds.h"

#include <algorithm>

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;

bool fits(const Value& value, std::uint64_t most) {
  const auto number = json::toUnsigned(value);
  return number && *number <= most;
}

bool fitsSigned(const Value& value, std::int64_t least, std::int64_t most) {
  const auto number = json::toSigned(value);
  return number && *number >= least && *number <= most;
}

bool isDigit(char16_t c) { return c >= u'0' && c <= u'9'; }
bool isHex(char16_t c) {
  return isDigit(c) || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
}
bool isBase64(char16_t c) {
  return isDigit(c) || (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'+' ||
         c == u'/';
}

// In the pattern "x" is a hexadecimal digit, "9" a digit, anything else itself. The text may go on.
bool beginsLike(std::u16string_view text, std::u16string_view pattern) {
  if (text.size() < pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool matches = pattern[i] == u'x'   ? isHex(text[i])
                         : pattern[i] == u'9' ? isDigit(text[i])
                                              : text[i] == pattern[i];
    if (!matches) return false;
  }
  return true;
}

bool isGuid(std::u16string_view text) {
  return text.size() == 36 && beginsLike(text, u"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

// Six pairs, with or without "-" or ":" between two.
bool isMacAddress(std::u16string_view text) {
  for (int pair = 0; pair < 6; ++pair) {
    if (pair > 0 && !text.empty() && (text[0] == u'-' || text[0] == u':')) text.remove_prefix(1);
    if (!beginsLike(text, u"xx")) return false;
    text.remove_prefix(2);
  }
  return text.empty();
}

bool isBase64(std::u16string_view text) {
  if (text.size() % 4 != 0) return false;
  for (int padding = 0; padding < 2 && !text.empty() && text.back() == u'='; ++padding)
    text.remove_suffix(1);
  return std::all_of(text.begin(), text.end(), [](char16_t c) { return isBase64(c); });
}

// Hosts may be newer than the lists; some take the number of a word.
bool isWord(const Member& member, const Value& value) {
  if (spoken().strict) return value.is(Type::String) && isKnownWord(value, member);
  return value.is(Type::String) || json::toUnsigned(value).has_value();
}

std::u16string wordsOf(const Member& member) {
  std::u16string text = u"one of";
  const char16_t* before = u" ";
  for (const Word& word : member.detail->words) {
    if (word.since > spoken().minor || word.text.empty()) continue;
    text.append(before).append(word.text);
    before = u", ";
  }
  return text;
}

}  // namespace

bool isKnownWord(const Value& value, const Member& member) {
  const auto& words = member.detail->words;
  return std::any_of(words.begin(), words.end(), [&](const Word& word) {
    return word.text == value.text && word.since <= spoken().minor;
  });
}

bool hasKind(const Value& value, const Member& member) {
  switch (member.kind) {
    case Kind::Any:
      return true;
    case Kind::String:
      return value.is(Type::String);
    case Kind::Boolean:
      return value.is(Type::Boolean);
    case Kind::Uint8:
      return fits(value, UINT8_MAX);
    case Kind::Uint16:
      return fits(value, UINT16_MAX);
    case Kind::Uint32:
      return fits(value, UINT32_MAX);
    case Kind::Uint64:
      return fits(value, UINT64_MAX);
    case Kind::Int32:
      return fitsSigned(value, INT32_MIN, INT32_MAX);
    case Kind::Int64:
      return fitsSigned(value, INT64_MIN, INT64_MAX);
    case Kind::Number:
      return value.is(Type::Number);
    case Kind::Guid:
      return value.is(Type::String) && isGuid(value.text);
    case Kind::MacAddress:
      return value.is(Type::String) && isMacAddress(value.text);
    case Kind::DateTime:
      return value.is(Type::String) && beginsLike(value.text, u"9999-99-99T99:99:99");
    case Kind::Base64:
      return value.is(Type::String) && isBase64(value.text);
    case Kind::Word:
      return isWord(member, value);
    case Kind::Object:
    case Kind::Map:
      return value.is(Type::Object);
    case Kind::Array:
    case Kind::List:
      return value.is(Type::Array);
  }
  return false;
}

std::u16string wanted(const Member& member) {
  switch (member.kind) {
    case Kind::String:
      return u"a string";
    case Kind::Boolean:
      return u"true or false";
    case Kind::Uint8:
      return u"an integer from 0 to 255";
    case Kind::Uint16:
      return u"an integer from 0 to 65535";
    case Kind::Uint32:
      return u"an integer from 0 to 4294967295";
    case Kind::Uint64:
      return u"an integer that is not negative";
    case Kind::Int32:
      return u"an integer of 32 bits";
    case Kind::Int64:
      return u"an integer";
    case Kind::Number:
      return u"a number";
    case Kind::Guid:
      return u"a GUID";
    case Kind::MacAddress:
      return u"an address such as 00-15-5D-01-02-03";
    case Kind::DateTime:
      return u"a time such as 2026-03-09T10:00:00Z";
    case Kind::Base64:
      return u"base64";
    case Kind::Word:
      return wordsOf(member);
    case Kind::Array:
    case Kind::List:
      return u"an array";
    default:
      return u"an object";
  }
}

}  // namespace hc::simulator
