// One block of 512 bytes that begins an entry of a tar: ustar, PAX, GNU, star and what was before
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace hc::archive {

constexpr std::size_t kBlockSize = 512;

struct TarHeader {
  std::string name;
  std::string linkName;
  char type = '0';                   // as it is spelt; a folder of old tars is '5'
  std::optional<double> size;        // absent: not a number of bytes
  std::optional<std::int64_t> time;  // seconds since 1970; absent: not a number
};

enum class Block { header, zeros, damaged };

// Reads a block. Nothing of it is trusted beyond its checksum.
Block readTarHeader(const std::uint8_t* block, TarHeader& header);

}  // namespace hc::archive
