// Which ports are reserved, for whom: alone, or to be shared. However many are, one is found at
// once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>

namespace hc::simulator::network {

class PortUsage {
 public:
  static constexpr std::uint32_t kBoth = 3;  // TCP 1 and UDP 2

  bool clashes(std::uint32_t port, std::uint32_t protocol, bool shared) const {
    const auto at = used_.find(port);
    if (at == used_.end()) return false;
    const Use& use = at->second;
    if ((use.alone & protocol) != 0) return true;
    return !shared &&
           (((protocol & 1) != 0 && use.tcp != 0) || ((protocol & 2) != 0 && use.udp != 0));
  }
  void add(std::uint32_t first, std::uint32_t last, std::uint32_t protocol, bool shared) {
    for (std::uint32_t port = first; port <= last; ++port) {
      Use& use = used_[port];
      if (!shared) use.alone |= protocol;
      if (shared && (protocol & 1) != 0) ++use.tcp;
      if (shared && (protocol & 2) != 0) ++use.udp;
    }
  }
  void remove(std::uint32_t first, std::uint32_t last, std::uint32_t protocol, bool shared) {
    for (std::uint32_t port = first; port <= last; ++port) {
      Use& use = used_[port];
      if (!shared) use.alone &= ~protocol;
      if (shared && (protocol & 1) != 0) --use.tcp;
      if (shared && (protocol & 2) != 0) --use.udp;
      if (use.alone == 0 && use.tcp == 0 && use.udp == 0) used_.erase(port);
    }
    lowest_ = std::min(lowest_, first);
  }
  // The first so many, side by side, that nobody has.
  std::optional<std::uint32_t> find(std::uint32_t count, std::uint32_t from, std::uint32_t to) {
    std::uint32_t first = lowest_ = std::max(lowest_, from);
    bool contiguous = true;
    for (auto at = used_.lower_bound(first); at != used_.end() && at->first < first + count; ++at) {
      contiguous = contiguous && at->first == lowest_;
      if (contiguous) ++lowest_;
      first = at->first + 1;
    }
    return first + count - 1 <= to ? std::optional(first) : std::nullopt;
  }
  void clear() {
    used_.clear();
    lowest_ = 0;
  }

 private:
  struct Use {
    std::uint32_t alone = 0;  // protocols
    std::uint32_t tcp = 0;    // how many share it
    std::uint32_t udp = 0;
  };
  std::map<std::uint32_t, Use> used_;
  std::uint32_t lowest_ = 0;  // all from the first of a range to below it are used
};

}  // namespace hc::simulator::network
