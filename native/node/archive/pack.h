// The class `TreeReader` of the addon; src/backend/native-tree.ts says what its methods do.
#pragma once

#include <napi.h>

namespace hc::node {

// Not on Windows.
Napi::Function defineTreeReader(Napi::Env env);

}  // namespace hc::node
