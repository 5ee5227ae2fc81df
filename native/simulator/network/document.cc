#include "document.h"

#include <utility>

namespace hc::simulator::network {
namespace {

char16_t lower(char16_t c) {
  return c >= u'A' && c <= u'Z' ? static_cast<char16_t>(c + (u'a' - u'A')) : c;
}
char16_t upper(char16_t c) {
  return c >= u'a' && c <= u'z' ? static_cast<char16_t>(c - (u'a' - u'A')) : c;
}

Value ofType(Type type) {
  Value value;
  value.type = type;
  return value;
}

std::optional<std::uint64_t> readNumber(Name digits) {
  Value number = ofType(Type::Number);
  number.text = digits;
  return digits.empty() || digits[0] < u'0' || digits[0] > u'9' ? std::nullopt
                                                                : json::toUnsigned(number);
}

}  // namespace

bool sameName(Name one, Name other) {
  if (one.size() != other.size()) return false;
  for (std::size_t i = 0; i < one.size(); ++i)
    if (lower(one[i]) != lower(other[i])) return false;
  return true;
}

std::u16string lowerCase(Name text) {
  std::u16string result(text);
  for (char16_t& c : result) c = lower(c);
  return result;
}

std::u16string upperCase(Name text) {
  std::u16string result(text);
  for (char16_t& c : result) c = upper(c);
  return result;
}

const Value* member(const Value& object, Name name) {
  for (std::size_t i = 0; i < object.names.size(); ++i)
    if (sameName(object.names[i], name))
      return object.items[i].is(Type::Null) ? nullptr : &object.items[i];
  return nullptr;
}

Value* member(Value& object, Name name) {
  return const_cast<Value*>(member(std::as_const(object), name));
}

const Value& listOf(const Value& object, Name name) {
  static const Value& none = *new Value(array());
  const Value* found = member(object, name);
  return found != nullptr && found->is(Type::Array) ? *found : none;
}

const Value& objectOf(const Value& object, Name name) {
  static const Value& none = *new Value(ofType(Type::Object));
  const Value* found = member(object, name);
  return found != nullptr && found->is(Type::Object) ? *found : none;
}

std::u16string textOf(const Value& object, Name name) {
  const Value* found = member(object, name);
  return found != nullptr && found->is(Type::String) ? found->text : std::u16string();
}

std::uint64_t numberOf(const Value& object, Name name) {
  const Value* found = member(object, name);
  if (found == nullptr || !(found->is(Type::Number) || found->is(Type::String))) return 0;
  return readNumber(found->text).value_or(0);
}

bool isTrue(const Value& object, Name name) {
  const Value* found = member(object, name);
  return found != nullptr && found->is(Type::Boolean) && found->boolean;
}

std::optional<std::size_t> choiceOf(const Value& object, Name name, const Name* names,
                                    std::size_t count) {
  const Value* found = member(object, name);
  if (found == nullptr) return 0;
  if (found->is(Type::Number)) {
    const auto chosen = json::toUnsigned(*found);
    return chosen && *chosen < count ? std::optional<std::size_t>(*chosen) : std::nullopt;
  }
  if (!found->is(Type::String)) return std::nullopt;
  if (found->text.empty()) return 0;
  for (std::size_t i = 0; i < count; ++i)
    if (sameName(found->text, names[i])) return i;
  return std::nullopt;
}

std::optional<std::uint64_t> flagsOf(const Value& object, Name name, const Name* names,
                                     std::size_t count) {
  const Value* found = member(object, name);
  if (found == nullptr) return 0;
  if (found->is(Type::Number)) return json::toUnsigned(*found);
  if (!found->is(Type::String)) return std::nullopt;
  if (const auto whole = readNumber(found->text)) return whole;
  std::uint64_t flags = 0;
  std::u16string word;
  for (const char16_t c : found->text + u",") {
    if (c != u',') {
      if (c != u' ') word.push_back(c);
      continue;
    }
    std::size_t at = 0;
    while (at < count && !sameName(word, names[at])) ++at;
    if (at == count && !word.empty() && !sameName(word, u"None")) return std::nullopt;
    if (at < count) flags |= std::uint64_t{1} << at;
    word.clear();
  }
  return flags;
}

Value object() { return ofType(Type::Object); }
Value array() { return ofType(Type::Array); }

Value text(Name text) {
  Value value = ofType(Type::String);
  value.text = text;
  return value;
}

Value number(std::uint64_t number) {
  Value value = ofType(Type::Number);
  value.text = json::decimalText(number);
  return value;
}

Value boolean(bool boolean) {
  Value value = ofType(Type::Boolean);
  value.boolean = boolean;
  return value;
}

Value& set(Value& object, Name name, Value value) {
  for (std::size_t i = 0; i < object.names.size(); ++i) {
    if (!sameName(object.names[i], name)) continue;
    object.names[i] = name;
    object.items[i] = std::move(value);
    return object.items[i];
  }
  object.names.emplace_back(name);
  object.items.push_back(std::move(value));
  return object.items.back();
}

void remove(Value& object, Name name) {
  for (std::size_t i = 0; i < object.names.size(); ++i) {
    if (!sameName(object.names[i], name)) continue;
    object.names.erase(object.names.begin() + static_cast<std::ptrdiff_t>(i));
    object.items.erase(object.items.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

void append(Value& array, Value value) { array.items.push_back(std::move(value)); }

void setText(Value& object, Name name, Name content) {
  if (content.empty()) {
    remove(object, name);
  } else {
    set(object, name, text(content));
  }
}

void setNumber(Value& object, Name name, std::uint64_t content) {
  if (content == 0) {
    remove(object, name);
  } else {
    set(object, name, number(content));
  }
}

std::u16string print(const Value& value) { return json::Writer().value(value).take(); }

std::optional<Value> parseObject(const char16_t* text) {
  if (text == nullptr || *text == u'\0') return object();
  json::Error error;
  auto parsed = json::parse(text, &error);
  if (!parsed || !parsed->is(Type::Object)) return std::nullopt;
  return parsed;
}

std::u16string printGuid(const GuidData& guid) {
  constexpr Name kDigits = u"0123456789abcdef";
  std::u16string text;
  const auto put = [&](std::uint64_t number, int bytes) {
    for (int shift = bytes * 8 - 4; shift >= 0; shift -= 4)
      text.push_back(kDigits[(number >> shift) & 0xF]);
  };
  put(guid.data1, 4);
  text.push_back(u'-');
  put(guid.data2, 2);
  text.push_back(u'-');
  put(guid.data3, 2);
  for (int i = 0; i < 8; ++i) {
    if (i == 0 || i == 2) text.push_back(u'-');
    put(guid.data4[i], 1);
  }
  return text;
}

bool isZero(const GuidData& guid) { return printGuid(guid) == kZeroGuid; }

std::optional<std::u16string> readGuid(Name text) {
  if (text.size() == 38 && text.front() == u'{' && text.back() == u'}') text = text.substr(1, 36);
  if (text.size() != 36) return std::nullopt;
  std::u16string guid = lowerCase(text);
  for (std::size_t i = 0; i < guid.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const Name allowed = dash ? u"-" : u"0123456789abcdef";
    if (allowed.find(guid[i]) == Name::npos) return std::nullopt;
  }
  return guid;
}

}  // namespace hc::simulator::network
