#include "shape.h"

#include <algorithm>
#include <atomic>

#include "../base/trace.h"
#include "documents.h"
#include "value-kinds.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;

// The minor version, and above it whether it speaks schema 2 and is strict.
constexpr std::uint32_t kSchema2 = 0x100, kStrict = 0x200;
constexpr std::uint32_t packed(Dialect dialect) {
  return dialect.minor | (dialect.schema2 ? kSchema2 : 0) | (dialect.strict ? kStrict : 0);
}
std::atomic<std::uint32_t> dialect{packed({})};

Problem problem(std::u16string path, std::u16string_view rest) {
  std::u16string text = path;
  text.append(rest);
  return {std::move(text), std::move(path)};
}

// What the name of a member in a map spells: a number has no needless zeros.
bool isKey(std::u16string_view name, const Member& key) {
  if (key.kind == Kind::String) return true;
  Value value;
  value.type = key.kind == Kind::Guid ? Type::String : Type::Number;
  value.text = name;
  const bool canonical = key.kind == Kind::Guid || name == u"0" ||
                         (!name.empty() && name[0] >= u'1' && name[0] <= u'9');
  return canonical && hasKind(value, key);
}

// " must have one of A, B.": what the names of a constraint are for.
std::u16string sentence(std::u16string_view before, const Names& names) {
  std::u16string text(before);
  for (std::size_t i = 0; i < names.size; ++i)
    text.append(i == 0 ? u" " : u", ").append(names.first[i]);
  return text.append(u".");
}

std::u16string mustBe(std::uint64_t least, std::uint64_t most) {
  const std::u16string from = json::decimalText(least);
  if (most == kNoLimit) return u" must be at least " + from + u'.';
  return u" must be from " + from + u" to " + json::decimalText(most) + u'.';
}

// What numbers, maps and lists of the right kind must be besides.
std::optional<std::u16string> breaks(const Value& value, const Limits& limits) {
  if (const auto number = json::toUnsigned(value); number && *number != limits.unset) {
    if (*number < limits.least || *number > limits.most) return mustBe(limits.least, limits.most);
    if (*number % limits.multiple != 0)
      return u" must be a multiple of " + json::decimalText(limits.multiple) + u'.';
  }
  const bool ranged = limits.least > 0 || limits.most != kNoLimit;
  if (ranged && json::toSigned(value).value_or(0) < 0) return mustBe(limits.least, limits.most);
  if (value.is(Type::Object) && value.items.size() > limits.mostItems)
    return u" must have at most " + json::decimalText(limits.mostItems) + u" members.";
  if (value.is(Type::Array) && limits.length != 0 && value.items.size() != limits.length)
    return u" must have " + json::decimalText(limits.length) + u" items.";
  if (value.is(Type::String) && limits.texts.size > 0 && spoken().strict &&
      std::none_of(limits.texts.begin(), limits.texts.end(),
                   [&](std::u16string_view text) { return equalWithoutCase(text, value.text); }))
    return sentence(u" must be one of", limits.texts);
  return std::nullopt;
}

std::optional<Problem> checkMap(const Value& value, const Member& member,
                                const std::u16string& path, Extent extent) {
  const Detail& detail = *member.detail;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const std::u16string place = path + u'.' + value.names[i];
    if (!isKey(value.names[i], *detail.key))
      return problem(place, u" must be named by " + wanted(*detail.key) + u'.');
    if (auto found = checkMember(value.items[i], *detail.item, place, extent)) return found;
    if (detail.limits == nullptr) continue;
    Value number;
    number.type = Type::Number;
    number.text = value.names[i];
    const auto key = json::toUnsigned(number);
    if (!key) continue;
    if (*key < detail.limits->leastKey || *key > detail.limits->mostKey)
      return problem(place, u" must be named by a number from " +
                                json::decimalText(detail.limits->leastKey) + u" to " +
                                json::decimalText(detail.limits->mostKey) + u'.');
  }
  return std::nullopt;
}

const Member* memberOf(const Shape& shape, std::u16string_view name) {
  for (const Member& member : shape.members)
    if (member.name == name) return &member;
  return nullptr;
}

// Known in other letters, as "ID" for "Id".
bool isCased(const Shape& shape, std::u16string_view name) {
  return std::any_of(shape.members.begin(), shape.members.end(),
                     [&](const Member& member) { return equalWithoutCase(member.name, name); });
}

// Whether a host skips a member that it does not know.
bool isSkipped(const Shape& shape, const Member* member, std::u16string_view name, Dialect host) {
  if (shape.unknown == Unknown::Taken) return true;
  if (shape.unknown == Unknown::Refused || host.strict) return false;
  if (member != nullptr) return !member->refused;
  return shape.unknown == Unknown::Skipped || !isCased(shape, name);
}

std::size_t knownIn(const Shape& shape, const Value& value) {
  return static_cast<std::size_t>(
      std::count_if(value.names.begin(), value.names.end(),
                    [&](const std::u16string& name) { return memberOf(shape, name) != nullptr; }));
}

bool isEmpty(const Value& value) {
  return value.is(Type::Null) || (value.is(Type::String) && value.text.empty()) ||
         (value.is(Type::Array) && value.items.empty());
}

std::size_t countOf(const Value& value, const Names& names) {
  return static_cast<std::size_t>(
      std::count_if(names.begin(), names.end(),
                    [&](std::u16string_view name) { return value.find(name) != nullptr; }));
}

std::optional<Problem> checkNeeded(const Value& value, const Names& names,
                                   const std::u16string& path) {
  for (const auto name : names) {
    const Value* given = value.find(name);
    const std::u16string place = std::u16string(path).append(u".").append(name);
    if (given == nullptr) return problem(place, u" is required.");
    if (isEmpty(*given)) return problem(place, u" must not be empty.");
  }
  return std::nullopt;
}

std::optional<Problem> checkOther(const Value& value, const Constraint& constraint,
                                  const std::u16string& path) {
  const auto [first, second] = std::pair(constraint.names.first[0], constraint.names.first[1]);
  const Value* given = value.find(first);
  if (given == nullptr || (given->is(Type::Boolean) && !given->boolean)) return std::nullopt;
  const Value* other = value.find(second);
  const bool right = other != nullptr &&
                     (constraint.value.empty() ? other->boolean : other->text == constraint.value);
  if (right) return std::nullopt;
  return problem(std::u16string(path).append(u".").append(first),
                 std::u16string(u" needs ").append(second).append(u"."));
}

std::optional<Problem> checkConstraint(const Value& value, const Constraint& constraint,
                                       const std::u16string& path) {
  const Names& names = constraint.names;
  const std::size_t count = countOf(value, names);
  switch (constraint.rule) {
    case Constraint::Rule::ExactlyOne:
      if (count != 1) return problem(path, sentence(u" must have exactly one of", names));
      break;
    case Constraint::Rule::AtMostOne:
      if (count > 1) return problem(path, sentence(u" must have at most one of", names));
      break;
    case Constraint::Rule::AnyOf:
      if (count == 0) return problem(path, sentence(u" must have one of", names));
      break;
    case Constraint::Rule::Together:
      if (count > 0 && count < names.size)
        return problem(path, sentence(u" must have all or none of", names));
      break;
    case Constraint::Rule::Needs:
      return checkNeeded(value, names, path);
    case Constraint::Rule::NeedsOther:
      return checkOther(value, constraint, path);
  }
  return std::nullopt;
}

std::optional<Problem> checkWhole(const Value& value, const Shape& shape,
                                  const std::u16string& path) {
  for (const Member& member : shape.members) {
    if (!member.required || value.find(member.name) != nullptr) continue;
    return problem((path + u'.').append(member.name), u" is required.");
  }
  for (const Constraint& constraint : shape.constraints)
    if (auto found = checkConstraint(value, constraint, path)) return found;
  return std::nullopt;
}

}  // namespace

std::optional<Problem> checkMember(const Value& value, const Member& member,
                                   const std::u16string& path, Extent extent) {
  if (!hasKind(value, member)) return problem(path, u" must be " + wanted(member) + u'.');
  if (member.kind == Kind::Word && value.is(Type::String) && !isKnownWord(value, member))
    Trace::instance().skipped(u"word", path + u": " + value.text);
  if (member.shape != nullptr) return check(value, *member.shape, path, extent);
  if (member.detail == nullptr) return std::nullopt;
  const Detail& detail = *member.detail;
  if (detail.oneOf.size > 0) return checkOneOf(value, detail.oneOf, path, extent);
  if (member.kind == Kind::Map) {
    if (auto found = checkMap(value, member, path, extent)) return found;
  } else if (detail.item != nullptr) {
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      const std::u16string place = path + u'[' + json::decimalText(i) + u']';
      if (auto found = checkMember(value.items[i], *detail.item, place, extent)) return found;
    }
  }
  const auto broken = detail.limits != nullptr ? breaks(value, *detail.limits) : std::nullopt;
  return broken ? std::optional(problem(path, *broken)) : std::nullopt;
}

std::optional<Problem> check(const Value& value, const Shape& shape, const std::u16string& path,
                             Extent extent) {
  if (!value.is(Type::Object)) return problem(path, u" must be an object.");
  const Dialect host = spoken();
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const Member* member = memberOf(shape, value.names[i]);
    const std::u16string place = path + u'.' + value.names[i];
    if (member == nullptr || member->since > host.minor) {
      if (!isSkipped(shape, member, value.names[i], host))
        return problem(place, u" is not a known member.");
      if (shape.unknown != Unknown::Taken) Trace::instance().skipped(u"member", place);
      continue;
    }
    if (auto found = checkMember(value.items[i], *member, place, extent)) return found;
  }
  return extent == Extent::Part ? std::nullopt : checkWhole(value, shape, path);
}

std::optional<Problem> checkOneOf(const Value& value, Shapes shapes, const std::u16string& path,
                                  Extent extent) {
  if (!value.is(Type::Object)) return std::nullopt;  // the host passes it on unread
  std::size_t most = 0;
  for (const Shape* shape : shapes) most = std::max(most, knownIn(*shape, value));
  std::optional<Problem> first;
  for (const Shape* shape : shapes) {
    if (knownIn(*shape, value) < most) continue;
    auto found = check(value, *shape, path, extent);
    if (!found) return std::nullopt;
    if (!first) first = std::move(found);
  }
  return first;
}

void speak(Dialect spoken) { dialect.store(packed(spoken), std::memory_order_relaxed); }

Dialect spoken() {
  const std::uint32_t now = dialect.load(std::memory_order_relaxed);
  return {(now & kSchema2) != 0, static_cast<std::uint8_t>(now), (now & kStrict) != 0};
}

}  // namespace hc::simulator
