// What differs between systems, kept in one place: the memory of texts that the caller frees, and
// staying loaded.
#pragma once

#include <string_view>

namespace hc::simulator {

// A NUL-terminated copy that the caller releases the host's way: CoTaskMemFree on Windows, free
// elsewhere.
char16_t* giveText(std::u16string_view text);

// Keeps this library loaded until the process ends. Its threads are detached: unloading their code
// would crash them.
void pinLibrary();

}  // namespace hc::simulator
