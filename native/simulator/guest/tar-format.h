// The blocks of a tar: ustar, with the extended headers of POSIX for names that do not fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "../base/clock.h"

namespace hc::simulator {

constexpr std::size_t kTarBlock = 512;

struct TarEntry {
  std::string name;
  std::string link;
  char type = '0';  // 0 file, 1 hard link, 2 symbolic link, 5 folder
  std::uint64_t size = 0;
};

// What stands before the content of a file. The name of a folder ends with a slash.
std::string tarHeader(const std::string& name, bool folder, std::uint64_t size, Time modified);
// What stands behind it.
std::string tarPadding(std::uint64_t size);

enum class TarNext : std::uint8_t { Entry, End, Cut, Unknown, Damaged };

// Takes a tar apart that comes in pieces. No size that it has is believed: what is not there is not
// waited for with memory.
class TarReader {
 public:
  // Gives at most so many bytes; 0 at the end.
  using Source = std::function<std::size_t(char*, std::size_t)>;
  explicit TarReader(Source source) : source_(std::move(source)) {}

  // Passes over what is left of the entry before.
  TarNext next(TarEntry* entry);
  // A piece of the content of the entry; empty at its end. False: the tar ends within it.
  bool content(std::string* piece);
  // To the end of the input.
  void drain();

 private:
  std::size_t fill(char* data, std::size_t size);
  bool skip();
  bool extension(char type, std::uint64_t size, TarEntry* entry);

  const Source source_;
  bool begun_ = false;
  std::uint64_t left_ = 0;     // of the content
  std::uint64_t padding_ = 0;  // behind it
};

}  // namespace hc::simulator
