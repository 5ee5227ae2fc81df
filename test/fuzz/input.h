// What a fuzzer has made, taken piece by piece. When it runs out, everything is zero and empty.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace hc::test {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  bool empty() const { return size_ == 0; }
  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  std::uint16_t unit() {
    const unsigned low = byte();
    return static_cast<std::uint16_t>(low | (static_cast<unsigned>(byte()) << 8));
  }
  std::uint32_t number() {
    const std::uint32_t low = unit();
    return low | (static_cast<std::uint32_t>(unit()) << 16);
  }
  // Any units at all: lone surrogates and NULs as well.
  std::u16string units(std::size_t most) {
    std::u16string text;
    for (std::size_t left = std::min(most, size_ / 2); left > 0; --left)
      text.push_back(static_cast<char16_t>(unit()));
    return text;
  }
  // A unit for each byte, so that a corpus of plain JSON can be read and written.
  std::u16string bytes() {
    std::u16string text;
    while (!empty()) text.push_back(static_cast<char16_t>(byte()));
    return text;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

// Ends the fuzzer, which then keeps its input.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace hc::test
