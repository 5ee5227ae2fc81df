#include "shape.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;

bool fits(const Value& value, std::uint64_t limit) {
  const auto number = json::toUnsigned(value);
  return number && *number <= limit;
}

bool allStrings(const Value& value) {
  for (const Value& item : value.items)
    if (!item.is(Type::String)) return false;
  return true;
}

bool hasKind(const Value& value, Kind kind) {
  switch (kind) {
    case Kind::Any:
      return true;
    case Kind::String:
      return value.is(Type::String);
    case Kind::Boolean:
      return value.is(Type::Boolean);
    case Kind::Signed:
      return json::toSigned(value).has_value();
    case Kind::Uint16:
      return fits(value, UINT16_MAX);
    case Kind::Uint32:
      return fits(value, UINT32_MAX);
    case Kind::Uint64:
      return fits(value, UINT64_MAX);
    case Kind::Number:
      return value.is(Type::Number);
    case Kind::Object:
      return value.is(Type::Object);
    case Kind::Array:
    case Kind::Objects:
      return value.is(Type::Array) || value.is(Type::Null);
    case Kind::Strings:
      return (value.is(Type::Array) && allStrings(value)) || value.is(Type::Null);
    case Kind::Numbers16:
      return value.is(Type::Array) && value.items.size() == 2 && fits(value.items[0], UINT16_MAX) &&
             fits(value.items[1], UINT16_MAX);
    case Kind::StringMap:
      return value.is(Type::Object) && allStrings(value);
  }
  return false;
}

std::u16string_view wanted(Kind kind) {
  switch (kind) {
    case Kind::String:
      return u"a string";
    case Kind::Boolean:
      return u"true or false";
    case Kind::Signed:
      return u"an integer";
    case Kind::Uint16:
      return u"an integer from 0 to 65535";
    case Kind::Uint32:
      return u"an integer from 0 to 4294967295";
    case Kind::Uint64:
      return u"an integer that is not negative";
    case Kind::Number:
      return u"a number";
    case Kind::Array:
    case Kind::Objects:
      return u"an array";
    case Kind::Strings:
      return u"an array of strings";
    case Kind::Numbers16:
      return u"an array of two integers from 0 to 65535";
    case Kind::StringMap:
      return u"an object whose members are strings";
    default:
      return u"an object";
  }
}

Problem problem(std::u16string path, std::u16string_view rest) {
  std::u16string text = path;
  text.append(rest);
  return {std::move(text), std::move(path)};
}

std::optional<Problem> checkMember(const Value& value, const Member& member,
                                   const std::u16string& path) {
  if (!hasKind(value, member.kind))
    return problem(path, std::u16string(u" must be ").append(wanted(member.kind)) + u'.');
  if (member.shape == nullptr) return std::nullopt;
  if (member.kind == Kind::Object) return check(value, *member.shape, path);
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const std::u16string place = path + u'[' + json::decimalText(i) + u']';
    if (auto found = check(value.items[i], *member.shape, place)) return found;
  }
  return std::nullopt;
}

const Member* memberOf(const Shape& shape, std::u16string_view name) {
  for (std::size_t i = 0; i < shape.size; ++i)
    if (shape.members[i].name == name) return &shape.members[i];
  return nullptr;
}

}  // namespace

std::optional<Problem> check(const Value& value, const Shape& shape, const std::u16string& path) {
  if (!value.is(Type::Object)) return problem(path, u" must be an object.");
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const Member* member = memberOf(shape, value.names[i]);
    if (member == nullptr && !shape.closed) continue;
    const std::u16string place = path + u'.' + value.names[i];
    if (member == nullptr) return problem(place, u" is not a known member.");
    if (auto found = checkMember(value.items[i], *member, place)) return found;
  }
  for (std::size_t i = 0; i < shape.size; ++i) {
    if (!shape.members[i].required || value.find(shape.members[i].name) != nullptr) continue;
    return problem((path + u'.').append(shape.members[i].name), u" is required.");
  }
  return std::nullopt;
}

}  // namespace hc::simulator
