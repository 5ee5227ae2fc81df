// The privileges of a backup. They are those of the whole process, which has one token: the first
// who needs one enables it, and the last one restores what was there. Any thread.
#pragma once

#include <cstdint>
#include <utility>

#include "file.h"

namespace hc::files {

// Bits, in the order of which they are enabled.
constexpr std::uint32_t kBackup = 1;
constexpr std::uint32_t kRestore = 2;
constexpr std::uint32_t kSecurity = 4;

// What one holder has enabled, for as long as it lives.
class Privileges {
 public:
  Privileges() = default;
  Privileges(const Privileges&) = delete;
  Privileges& operator=(const Privileges&) = delete;
  ~Privileges() { release(); }

  // Enables what is asked for and not held already. Not negative: the bits that the process does
  // not have; nothing was enabled then.
  Status acquire(std::uint32_t wanted);
  void release();

 private:
  std::uint32_t held_ = 0;
};

}  // namespace hc::files
