// The documents that come with calls of computestorage.dll.
#pragma once

#include <vector>

#include "../layers/layers.h"

namespace hc::simulator {

// The layers below one, the immediate parent first.
Outcome readLayerData(const char16_t* text, std::vector<LayerName>* layers);

struct OsLayerOptions {
  bool vm = false;
};
Outcome readOsLayerOptions(const char16_t* text, OsLayerOptions* options);

// Null and "" are no options at all.
Outcome readExportOptions(const char16_t* text, bool* writable);
// Of functions whose options nobody has published: any object.
Outcome readReservedOptions(const char16_t* text);

}  // namespace hc::simulator
