// The class `TreeReader` of the addon; src/backend/native-tree.ts says what its methods do.
#pragma once

#include <napi.h>

namespace hc::node {

// Not on Windows.
Napi::Function defineTreeReader(Napi::Env env);

// hintMemory(): has the engine collect soon what is garbage of large buffers. By itself it waits
// for 64 MB of them, and those of a stream are garbage as soon as they have been read.
void hintMemory(const Napi::CallbackInfo& info);

}  // namespace hc::node
