// Documents as HNS reads them: keys without regard to case, enumerations as names or as numbers,
// and how the store builds and changes its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "../../abi/hcs.h"
#include "../base/json.h"

namespace hc::simulator::network {

using json::Type;
using json::Value;
using Name = std::u16string_view;

bool sameName(Name one, Name other);  // but for the case of ASCII letters
std::u16string lowerCase(Name text);
std::u16string upperCase(Name text);

// A member; null when there is none, or it is null itself.
const Value* member(const Value& object, Name name);
Value* member(Value& object, Name name);
const Value& listOf(const Value& object, Name name);    // an empty array when there is none
const Value& objectOf(const Value& object, Name name);  // an empty object when there is none
std::u16string textOf(const Value& object, Name name);  // empty when there is none
// A number, or a text that is one; 0 when there is none.
std::uint64_t numberOf(const Value& object, Name name);
bool isTrue(const Value& object, Name name);

// One of the names of an enumeration, as its name or its number; the first when it is left out.
// Null: it is none of them.
std::optional<std::size_t> choiceOf(const Value& object, Name name, const Name* names,
                                    std::size_t count);
template <std::size_t N>
std::optional<std::size_t> choiceOf(const Value& object, Name name, const Name (&names)[N]) {
  return choiceOf(object, name, names, N);
}
// Flags as a number, or as names with commas between them, the first of which has the value 1.
std::optional<std::uint64_t> flagsOf(const Value& object, Name name, const Name* names,
                                     std::size_t count);

Value object();
Value array();
Value text(Name text);
Value number(std::uint64_t number);
Value boolean(bool boolean);
// Replaces the member, whatever the case of its name, or adds it. To the one with `name` it
// returns.
Value& set(Value& object, Name name, Value value);
void remove(Value& object, Name name);
void append(Value& array, Value value);
// Leaves the member out unless it says something.
void setText(Value& object, Name name, Name text);
void setNumber(Value& object, Name name, std::uint64_t number);

std::u16string print(const Value& value);
// Null: it is no JSON object. An empty text, or none, is an empty object.
std::optional<Value> parseObject(const char16_t* text);

// GUIDs, in the store 36 characters in lower case.
std::u16string printGuid(const GuidData& guid);
bool isZero(const GuidData& guid);
// With or without braces, in either case. Null: it is none.
std::optional<std::u16string> readGuid(Name text);
constexpr Name kZeroGuid = u"00000000-0000-0000-0000-000000000000";

}  // namespace hc::simulator::network
