// Numbers and GUIDs as a VHDX file has them, little-endian, and its checksum.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "../../abi/hcs.h"

namespace hc::simulator::vhdx {

// As they lie in memory, too: every machine that this is built for is little-endian.
template <class Value>
void put(std::string& bytes, std::size_t at, const Value& value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}
// What is not there reads as zero.
template <class Value>
Value get(std::string_view bytes, std::size_t at) {
  Value value{};
  if (at <= bytes.size() && sizeof value <= bytes.size() - at)
    std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// CRC-32C.
std::uint32_t checksumOf(std::string_view bytes);
// Of a structure that has its checksum at offset 4, which counts as zero.
std::uint32_t checksumOfStructure(std::string bytes);

bool operator==(const GuidData& a, const GuidData& b);
inline bool operator!=(const GuidData& a, const GuidData& b) { return !(a == b); }
GuidData randomGuid();
// Of 36 lower-case characters.
std::u16string printGuid(const GuidData& guid);

}  // namespace hc::simulator::vhdx
