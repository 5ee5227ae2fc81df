// The libraries of a host: each found at a path, the functions of the list resolved once into a
// slot each. A missing export is an empty slot, found out by the call that needs it. A library once
// opened stays loaded: its threads may be inside it. The main one, and that of a simulated host,
// are opened with the host; each other at its first use, because most programs need none of them.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

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
    if constexpr (opensLater(Function::kLibrary)) openOnce(Function::kLibrary);
    return reinterpret_cast<typename Function::Pointer>(slots_[kIndexOf<Function>]);
  }
  // By the number of a function. Any thread. Opens the library of the function.
  Slot get(std::size_t function) const;
  bool has(std::size_t function) const { return get(function) != nullptr; }
  // Why the library of the function could not be opened, in the loader's words; empty when it was.
  const std::string& problemOf(std::size_t function) const;

  // Frees a text that a library has returned, as that library wants. Null is allowed.
  void freeText(char16_t* text, Library library = kMainLibrary) const;
  // Of a library that has been called.
  FreeText freeTexts(Library library) const {
    return freeTexts_[static_cast<std::size_t>(library)];
  }

 private:
  static constexpr bool opensLater(Library library) {
    return library != kMainLibrary && library != Library::simulator;
  }
  static Opened opened(std::unique_ptr<Libraries> libraries);

  explicit Libraries(Paths paths) : paths_(std::move(paths)) {}
  // Once: what is found stays.
  void openOnce(Library library) const;
  // The module; null when there is none.
  void* load(Library library) const;

  const Paths paths_;
  mutable std::array<std::once_flag, kLibraryCount> opened_;
  mutable std::array<std::string, kLibraryCount> problems_;
  mutable std::array<Slot, kFunctionCount> slots_{};
  mutable std::array<FreeText, kLibraryCount> freeTexts_{};
};

// Keeps this module in memory until the process ends, for the threads that a hung host call may
// hold inside it.
void pinThisModule();

}  // namespace hc
