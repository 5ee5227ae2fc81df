// Describes what a document may look like in tables, and checks documents against them. The tables
// of the host's own documents are generated (schema-tables.h); those of the control are written by
// hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "../base/json.h"

namespace hc::simulator {

enum class Kind : std::uint8_t {
  Any,
  String,
  Boolean,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Int32,
  Int64,
  Number,
  Guid,
  MacAddress,
  DateTime,
  Base64,
  Word,  // one of a list of texts
  Object,
  Array,  // of anything
  List,   // of items that have a kind
  Map,    // an object with free names
};

// A constant array, which lives as long as the program.
template <typename T>
struct Table {
  const T* first = nullptr;
  std::size_t size = 0;

  constexpr Table() = default;
  template <std::size_t kSize>
  constexpr Table(const T (&items)[kSize]) : first(items), size(kSize) {}

  constexpr const T* begin() const { return first; }
  constexpr const T* end() const { return first + size; }
};

struct Shape;
using Names = Table<std::u16string_view>;
using Shapes = Table<const Shape*>;

struct Word {
  std::u16string_view text;
  std::uint8_t since;  // as Member::since
};

constexpr std::uint64_t kNoLimit = UINT64_MAX;

// What a value has to fit beyond its kind.
struct Limits {
  std::uint64_t least, most;        // of a number
  std::uint64_t unset;              // fits although it is out of range; kNoLimit: there is none
  std::uint64_t multiple;           // of a number
  std::uint64_t leastKey, mostKey;  // of a map
  std::uint64_t mostItems;          // of a map
  std::size_t length;               // of a list; 0: any
  Names texts;                      // in any case of letters; of a strict host
};

struct Member;

// What only some members have.
struct Detail {
  const Member* item = nullptr;  // of a list or map; its name says nothing
  const Member* key = nullptr;   // of a map: the kind of what the names spell
  Table<Word> words;
  const Limits* limits = nullptr;
  Shapes oneOf;  // an object is like one of these
};

struct Member {
  std::u16string_view name;
  Kind kind = Kind::Any;
  bool required = false;
  const Shape* shape = nullptr;  // of an object
  std::uint8_t since = 0;        // the minor version of schema 2 that has it first; 0: no matter
  const Detail* detail = nullptr;
  bool refused = false;  // a host without it was seen to refuse it
};

// How the members of an object go together.
struct Constraint {
  enum class Rule : std::uint8_t { ExactlyOne, AtMostOne, AnyOf, Together, Needs, NeedsOther };
  Rule rule;
  Names names;
  std::u16string_view value;  // of NeedsOther: what the second must be for the first; empty: true
};

// What becomes of a member that a shape does not have.
enum class Unknown : std::uint8_t {
  Taken,
  Refused,
  Skipped,        // as hosts do, which may be newer; a strict host refuses it
  SkippedOrCased  // the same, but for a known name in other letters, which hosts were seen to
                  // refuse
};

struct Shape {
  Table<Member> members;
  Unknown unknown;
  Table<Constraint> constraints;
};

template <std::size_t kSize>
constexpr Shape openShape(const Member (&members)[kSize]) {
  return {members, Unknown::Taken, {}};
}
template <std::size_t kSize>
constexpr Shape closedShape(const Member (&members)[kSize]) {
  return {members, Unknown::Refused, {}};
}
template <std::size_t kSize>
constexpr Shape documentShape(const Member (&members)[kSize]) {
  return {members, Unknown::SkippedOrCased, {}};
}

// A list of texts, for tables that are written by hand.
inline constexpr Member kText = {u"", Kind::String};
inline constexpr Detail kTexts = {&kText, nullptr, {}, nullptr, {}};

// What the host makes of documents. It may change while one is read: each part is then read by
// what is in force.
struct Dialect {
  bool schema2 = true;     // false: it speaks schema 1 alone
  std::uint8_t minor = 5;  // the highest 2.x that it knows
  bool strict = false;     // what it does not know it refuses
};
void speak(Dialect dialect);
Dialect spoken();

struct Problem {
  std::u16string text;  // a sentence that names the member by its path, "$.Container.Storage"
  std::u16string path;
};

// How much of a shape a document has to have: what is removed needs to be no more than named.
enum class Extent : std::uint8_t { Whole, Part };

// Null when the value has the shape.
std::optional<Problem> check(const json::Value& value, const Shape& shape,
                             const std::u16string& path = u"$", Extent extent = Extent::Whole);
std::optional<Problem> checkMember(const json::Value& value, const Member& member,
                                   const std::u16string& path, Extent extent = Extent::Whole);
// Like one of them, by the one that it has the most members of.
std::optional<Problem> checkOneOf(const json::Value& value, Shapes shapes,
                                  const std::u16string& path, Extent extent = Extent::Whole);

}  // namespace hc::simulator
