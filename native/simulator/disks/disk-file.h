// A file that is read and written at places in it. It is open for as long as a call needs it.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "../layers/layer-files.h"

namespace hc::simulator::vhdx {

class DiskFile {
 public:
  // Not found, no such folder, access denied.
  static Outcome open(const FilePath& path, bool writes, DiskFile* file);
  // There must not be one.
  static Outcome create(const FilePath& path, DiskFile* file);

  std::uint64_t size() const { return size_; }
  // Exactly so many bytes; false where the file has fewer, or cannot be read.
  bool read(std::uint64_t at, std::size_t length, std::string* bytes);
  Outcome write(std::uint64_t at, std::string_view bytes);
  // What is added reads as zero, and takes no room until it is written.
  Outcome resize(std::uint64_t size);
  // What has been written is with the system, or the call fails.
  Outcome flush();

 private:
  Outcome failure();

  FilePath path_;
  std::fstream file_;
  std::uint64_t size_ = 0;
};

}  // namespace hc::simulator::vhdx
