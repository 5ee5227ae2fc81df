// IP addresses, prefixes and MAC addresses, as far as a network hands them out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "document.h"

namespace hc::simulator::network {

struct Address {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // of version 4 the first four

  std::size_t size() const { return v6 ? 16 : 4; }
  bool operator==(const Address& other) const { return v6 == other.v6 && bytes == other.bytes; }
};

std::optional<Address> readAddress(Name text);
std::u16string printAddress(const Address& address);

struct Prefix {
  Address first;  // without the bits of hosts
  unsigned length = 0;

  bool contains(const Address& address) const;
  bool overlaps(const Prefix& other) const;
  // The address with this number in it. Null: it has none.
  std::optional<Address> at(std::uint64_t number) const;
  // How many there are, at most 2^32.
  std::uint64_t size() const;
  // Of version 4: the first address, which names the subnet, and the last, its broadcast address.
  bool reserves(const Address& address) const;
};
// "192.168.100.0/24", with or without bits of hosts.
std::optional<Prefix> readPrefix(Name text);
std::u16string printPrefix(const Prefix& prefix);

// "00-15-5D-52-C0-00".
std::optional<std::uint64_t> readMac(Name text);
std::u16string printMac(std::uint64_t mac);

}  // namespace hc::simulator::network
