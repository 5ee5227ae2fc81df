// A host's library: found at a path, its exports resolved once into a slot per function. A missing
// export is an empty slot, found out by the call that needs it. A library once opened stays loaded:
// its threads may be inside it.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "../abi/functions.h"

namespace hc {

class Library {
 public:
  // One path in the two encodings that the systems want. Empty: vmcompute.dll of Windows' own
  // system folder.
  struct Path {
    std::u16string utf16;
    std::string utf8;
  };
  struct Opened {
    std::shared_ptr<const Library> library;
    std::string error;  // why there is none, in the loader's words
  };
  static Opened open(const Path& path);

  template <class Function>
  typename Function::Pointer get() const {
    return reinterpret_cast<typename Function::Pointer>(slots_[kIndexOf<Function>]);
  }
  bool has(std::size_t function) const { return slots_[function] != nullptr; }

  // Frees a text the host returned, the host's way. Null is allowed.
  void freeText(char16_t* text) const;
  FreeText freeTexts() const { return freeText_; }

 private:
  using Slot = void (*)();

  explicit Library(void* module);

  std::array<Slot, kFunctionCount> slots_{};
  FreeText freeText_ = nullptr;
};

// Keeps this module in memory until the process ends, for the threads that a hung host call may
// hold inside it.
void pinThisModule();

}  // namespace hc
