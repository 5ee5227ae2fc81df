#include "addresses.h"

#include <algorithm>
#include <vector>

namespace hc::simulator::network {
namespace {

int digitOf(char16_t c) {
  if (c >= u'0' && c <= u'9') return c - u'0';
  if (c >= u'a' && c <= u'f') return c - u'a' + 10;
  if (c >= u'A' && c <= u'F') return c - u'A' + 10;
  return 99;
}

std::optional<unsigned> readNumber(Name digits, int base, unsigned most) {
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  unsigned number = 0;
  for (const char16_t c : digits) {
    if (digitOf(c) >= base) return std::nullopt;
    number = number * static_cast<unsigned>(base) + static_cast<unsigned>(digitOf(c));
  }
  return number <= most ? std::optional(number) : std::nullopt;
}

std::vector<Name> split(Name text, char16_t at) {
  std::vector<Name> parts;
  for (;;) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == Name::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool readV4(Name text, std::uint8_t* bytes) {
  const auto parts = split(text, u'.');
  if (parts.size() != 4) return false;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto number = readNumber(parts[i], 10, 255);
    if (!number) return false;
    bytes[i] = static_cast<std::uint8_t>(*number);
  }
  return true;
}

// The groups of one side of "::". False: they are none.
bool readGroups(Name text, std::vector<std::uint8_t>* bytes) {
  if (text.empty()) return true;
  for (const Name part : split(text, u':')) {
    if (part.find(u'.') != Name::npos) {
      std::uint8_t last[4];
      if (!readV4(part, last) || part.data() + part.size() != text.data() + text.size())
        return false;
      bytes->insert(bytes->end(), last, last + 4);
      continue;
    }
    const auto group = readNumber(part, 16, 0xFFFF);
    if (!group) return false;
    bytes->push_back(static_cast<std::uint8_t>(*group >> 8));
    bytes->push_back(static_cast<std::uint8_t>(*group));
  }
  return true;
}

bool readV6(Name text, std::uint8_t* bytes) {
  std::vector<std::uint8_t> before;
  std::vector<std::uint8_t> after;
  const std::size_t gap = text.find(u"::");
  if (!readGroups(text.substr(0, gap), &before)) return false;
  if (gap != Name::npos && !readGroups(text.substr(gap + 2), &after)) return false;
  const std::size_t given = before.size() + after.size();
  if (gap == Name::npos ? given != 16 : given > 14) return false;
  std::fill(bytes, bytes + 16, std::uint8_t{0});
  std::copy(before.begin(), before.end(), bytes);
  std::copy(after.begin(), after.end(), bytes + 16 - after.size());
  return true;
}

}  // namespace

std::optional<Address> readAddress(Name text) {
  Address address;
  address.v6 = text.find(u':') != Name::npos;
  const bool read =
      address.v6 ? readV6(text, address.bytes.data()) : readV4(text, address.bytes.data());
  return read ? std::optional(address) : std::nullopt;
}

// The longest run of zero groups is left out, as RFC 5952 has it.
std::u16string printAddress(const Address& address) {
  std::u16string text;
  const auto& bytes = address.bytes;
  if (!address.v6) {
    for (std::size_t i = 0; i < 4; ++i)
      text.append(i == 0 ? u"" : u".").append(json::decimalText(bytes[i]));
    return text;
  }
  const auto group = [&](std::size_t i) { return bytes[2 * i] << 8 | bytes[2 * i + 1]; };
  std::size_t best = 8;
  std::size_t length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t run = 0;
    while (i + run < 8 && group(i + run) == 0) ++run;
    if (run > length) best = i, length = run;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      text += u"::";
      i += length - 1;
      continue;
    }
    if (!text.empty() && text.back() != u':') text.push_back(u':');
    bool begun = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const auto digit = static_cast<std::size_t>((group(i) >> shift) & 0xF);
      begun = begun || digit != 0 || shift == 0;
      if (begun) text.push_back(u"0123456789abcdef"[digit]);
    }
  }
  return text;
}

bool Prefix::contains(const Address& address) const {
  if (address.v6 != first.v6) return false;
  for (unsigned bit = 0; bit < length; ++bit) {
    const unsigned mask = 0x80u >> (bit % 8);
    if (((address.bytes[bit / 8] ^ first.bytes[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

bool Prefix::overlaps(const Prefix& other) const {
  return contains(other.first) || other.contains(first);
}

std::uint64_t Prefix::size() const {
  const unsigned bits = static_cast<unsigned>(first.size() * 8) - length;
  return std::uint64_t{1} << std::min(bits, 32u);
}

std::optional<Address> Prefix::at(std::uint64_t number) const {
  if (number >= size()) return std::nullopt;
  Address address = first;
  for (std::size_t i = first.size(); number != 0; number >>= 8)
    address.bytes[--i] |= static_cast<std::uint8_t>(number);
  return address;
}

bool Prefix::reserves(const Address& address) const {
  if (address == first && length < first.size() * 8 - 1) return true;
  return !first.v6 && length < 31 && at(size() - 1) == address;
}

std::optional<Prefix> readPrefix(Name text) {
  const std::size_t slash = text.find(u'/');
  if (slash == Name::npos) return std::nullopt;
  const auto address = readAddress(text.substr(0, slash));
  if (!address) return std::nullopt;
  const auto bits = static_cast<unsigned>(address->size() * 8);
  const auto length = readNumber(text.substr(slash + 1), 10, bits);
  if (!length) return std::nullopt;
  Prefix prefix{*address, *length};
  for (unsigned bit = *length; bit < bits; ++bit)
    prefix.first.bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80u >> (bit % 8)));
  return prefix;
}

std::u16string printPrefix(const Prefix& prefix) {
  return printAddress(prefix.first) + u"/" + json::decimalText(prefix.length);
}

std::optional<std::uint64_t> readMac(Name text) {
  if (text.size() != 17) return std::nullopt;
  std::uint64_t mac = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 3 == 2) {
      if (text[i] != u'-' && text[i] != u':') return std::nullopt;
    } else if (digitOf(text[i]) > 15) {
      return std::nullopt;
    } else {
      mac = mac << 4 | static_cast<std::uint64_t>(digitOf(text[i]));
    }
  }
  return mac;
}

std::u16string printMac(std::uint64_t mac) {
  std::u16string text;
  for (int shift = 44; shift >= 0; shift -= 4) {
    text.push_back(u"0123456789ABCDEF"[(mac >> shift) & 0xF]);
    if (shift % 8 == 0 && shift != 0) text.push_back(u'-');
  }
  return text;
}

}  // namespace hc::simulator::network
