// What differs between systems, kept in one place: the memory of texts that the caller frees,
// staying loaded, where that is, and the environment.
#pragma once

#include <string>
#include <string_view>

#include "../../abi/functions.h"

namespace hc::simulator {

// A NUL-terminated copy that the caller releases with the function of its library: that of Windows,
// or elsewhere the one that this library exports. Null: there is no memory.
char16_t* allocateText(std::u16string_view text, TextMemory memory);
template <TextMemory kMemory>
char16_t* allocateText(std::u16string_view text) {
  return allocateText(text, kMemory);
}
// What the caller does. Null is allowed.
FreeText freeTexts(TextMemory memory);

// Whether the release of a text is noticed.
#if defined(_WIN32)
constexpr bool kSeesTextsFreed = false;
#else
constexpr bool kSeesTextsFreed = true;
#endif

// The folder that this library, or the program it is linked into, was loaded from.
std::u16string folderOfLibrary();

// A variable of the environment as it is now; empty when there is none.
std::u16string environmentText(const char* name);

// Keeps this library loaded until the process ends. Its threads are detached: unloading their code
// would crash them.
void pinLibrary();

}  // namespace hc::simulator
