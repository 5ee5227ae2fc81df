#include "bytes.h"

#include <array>
#include <random>

namespace hc::simulator::vhdx {
namespace {

constexpr std::array<std::uint32_t, 256> makeTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78u : 0);
    table[i] = value;
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> kTable = makeTable();

}  // namespace

std::uint32_t checksumOf(std::string_view bytes) {
  std::uint32_t sum = 0xFFFFFFFFu;
  for (const char byte : bytes)
    sum = (sum >> 8) ^ kTable[(sum ^ static_cast<unsigned char>(byte)) & 0xFF];
  return ~sum;
}

std::uint32_t checksumOfStructure(std::string bytes) {
  put(bytes, 4, std::uint32_t{0});
  return checksumOf(bytes);
}

bool operator==(const GuidData& a, const GuidData& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

// Not of the seeded chance of the host: two processes must not make disks of one id.
GuidData randomGuid() {
  std::random_device chance;
  std::uint32_t words[4];
  for (std::uint32_t& word : words) word = chance();
  GuidData guid;
  std::memcpy(&guid, words, sizeof guid);
  guid.data3 = static_cast<std::uint16_t>((guid.data3 & 0x0FFF) | 0x4000);
  guid.data4[0] = static_cast<std::uint8_t>((guid.data4[0] & 0x3F) | 0x80);
  return guid;
}

std::u16string printGuid(const GuidData& guid) {
  std::u16string text;
  const auto hex = [&](std::uint32_t value, int digits) {
    while (digits-- > 0) text.push_back(u"0123456789abcdef"[(value >> (4 * digits)) & 0xF]);
  };
  hex(guid.data1, 8);
  text.push_back(u'-');
  hex(guid.data2, 4);
  text.push_back(u'-');
  hex(guid.data3, 4);
  text.push_back(u'-');
  for (int i = 0; i < 8; ++i) {
    if (i == 2) text.push_back(u'-');
    hex(guid.data4[i], 2);
  }
  return text;
}

}  // namespace hc::simulator::vhdx
