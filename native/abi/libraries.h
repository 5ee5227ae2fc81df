// The libraries that a host consists of. A function's key is its library and its name.
#pragma once

#include <cstddef>

namespace hc {

// In this order everywhere; src/backend/backend.ts has the same names.
#define HC_LIBRARIES(HC_LIBRARY) \
  HC_LIBRARY(vmcompute)          \
  HC_LIBRARY(computecore)        \
  HC_LIBRARY(computestorage)     \
  HC_LIBRARY(computenetwork)     \
  HC_LIBRARY(simulator)

enum class Library : std::size_t {
#define HC_LIBRARY(name) name,
  HC_LIBRARIES(HC_LIBRARY)
#undef HC_LIBRARY
};

constexpr const char* kLibraryNames[] = {
#define HC_LIBRARY(name) #name,
    HC_LIBRARIES(HC_LIBRARY)
#undef HC_LIBRARY
};
constexpr std::size_t kLibraryCount = sizeof kLibraryNames / sizeof *kLibraryNames;

// The one that every host has.
constexpr Library kMainLibrary = Library::vmcompute;

}  // namespace hc
