// Describes what a document may look like in tables, and checks documents against them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json.h"

namespace hc::simulator {

enum class Kind : std::uint8_t {
  Any,
  String,
  Boolean,
  Signed,  // integers
  Uint16,
  Uint32,
  Uint64,
  Number,
  Object,
  Array,
  Strings,    // array of strings
  Objects,    // array of objects of the shape
  Numbers16,  // array of two unsigned 16-bit integers
  StringMap,  // object whose members are all strings
};

struct Shape;

struct Member {
  std::u16string_view name;
  Kind kind = Kind::Any;
  bool required = false;
  const Shape* shape = nullptr;  // of an object, or of each object in an array
};

struct Shape {
  const Member* members;
  std::size_t size;
  bool closed;  // unknown members are refused
};

template <std::size_t kSize>
constexpr Shape openShape(const Member (&members)[kSize]) {
  return {members, kSize, false};
}
template <std::size_t kSize>
constexpr Shape closedShape(const Member (&members)[kSize]) {
  return {members, kSize, true};
}

struct Problem {
  std::u16string text;  // a sentence that names the member by its path, "$.Container.Storage"
  std::u16string path;
};

// Null when the value has the shape. Null is accepted for arrays only: Go clients write it for an
// empty one.
std::optional<Problem> check(const json::Value& value, const Shape& shape,
                             const std::u16string& path = u"$");

}  // namespace hc::simulator
