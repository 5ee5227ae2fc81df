// The libraries that a host consists of. A function's key is its library and its name.
#pragma once

#include <cstddef>

namespace hc {

// In this order everywhere; src/backend/backend.ts has the same names. The second is the function
// of Windows that frees the texts that the library returns, as its documentation says.
#define HC_LIBRARIES(HC_LIBRARY)            \
  HC_LIBRARY(vmcompute, CoTaskMemFree)      \
  HC_LIBRARY(computecore, LocalFree)        \
  HC_LIBRARY(computestorage, LocalFree)     \
  HC_LIBRARY(computenetwork, CoTaskMemFree) \
  HC_LIBRARY(virtdisk, CoTaskMemFree)       \
  HC_LIBRARY(simulator, CoTaskMemFree)

enum class Library : std::size_t {
#define HC_LIBRARY(name, free) name,
  HC_LIBRARIES(HC_LIBRARY)
#undef HC_LIBRARY
};

constexpr const char* kLibraryNames[] = {
#define HC_LIBRARY(name, free) #name,
    HC_LIBRARIES(HC_LIBRARY)
#undef HC_LIBRARY
};
constexpr std::size_t kLibraryCount = sizeof kLibraryNames / sizeof *kLibraryNames;

enum class TextMemory { CoTaskMemFree, LocalFree };

constexpr TextMemory kTextMemories[] = {
#define HC_LIBRARY(name, free) TextMemory::free,
    HC_LIBRARIES(HC_LIBRARY)
#undef HC_LIBRARY
};
constexpr TextMemory textMemoryOf(Library library) {
  return kTextMemories[static_cast<std::size_t>(library)];
}

// The one that every host has.
constexpr Library kMainLibrary = Library::vmcompute;

}  // namespace hc
