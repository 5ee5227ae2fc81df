// A path of Windows that is kept from being changed: each folder from the drive on is opened in the
// one before it, never through a link, and stays open without the others' right to rename or delete
// it. Every call but the destructor blocks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "file.h"

namespace hc::files {

// What the last name turned out to be.
struct HeldFacts {
  std::u16string path;  // its final name, such as D:\layers\base
  std::uint64_t volume = 0;
  std::array<std::uint8_t, 16> id{};  // with the volume, of one file alone
  std::uint32_t attributes = 0;
  std::uint32_t links = 0;
  bool found = true;           // else all above but the path is that of its folder
  bool caseSensitive = false;  // some folder on the way takes names that differ by case for two
};

struct HeldRequest {
  char16_t drive = 0;
  std::vector<std::u16string> names;  // one for each step
  bool folder = false;                // the last one is held as well, and has to be a folder
  bool mayLack = false;               // the last one
};

class HeldPath {
 public:
  // On failure *at is which name it is about, from 1 on, 0 for the drive.
  Status hold(const HeldRequest& request, HeldFacts* facts, std::uint32_t* at);

 private:
  Status step(const std::u16string& name, bool holds, HeldFacts* facts);

  std::vector<File> files_;
};

}  // namespace hc::files
