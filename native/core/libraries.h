// The libraries of a host: each found at a path, the functions of the list resolved once into a
// slot each. A missing export is an empty slot, found out by the call that needs it. A library once
// opened stays loaded: its threads may be inside it.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "../abi/functions.h"

namespace hc {

class Libraries {
 public:
  // One path in the two encodings that the systems want. Empty: the host does not have the library.
  struct Path {
    std::u16string utf16;
    std::string utf8;
  };
  using Paths = std::array<Path, kLibraryCount>;
  struct Opened {
    std::shared_ptr<const Libraries> libraries;
    std::string error;  // why there are none, in the loader's words
  };
  static Opened open(const Paths& paths);
  // Those of Windows' own system folder, which has vmcompute.dll and perhaps others.
  static Opened openSystem();

  template <class Function>
  typename Function::Pointer get() const {
    return reinterpret_cast<typename Function::Pointer>(slots_[kIndexOf<Function>]);
  }
  bool has(std::size_t function) const { return slots_[function] != nullptr; }

  // Frees a text the host returned, the host's way. Null is allowed.
  void freeText(char16_t* text) const;
  FreeText freeTexts() const { return freeText_; }

 private:
  using Modules = std::array<void*, kLibraryCount>;
  static Opened opened(const Modules& modules);

  explicit Libraries(const Modules& modules);

  std::array<Slot, kFunctionCount> slots_{};
  FreeText freeText_ = nullptr;
};

// Keeps this module in memory until the process ends, for the threads that a hung host call may
// hold inside it.
void pinThisModule();

}  // namespace hc
