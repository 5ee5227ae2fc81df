// The files of Windows for JavaScript, on the thread that calls: a class `Files` whose objects each
// own what was opened through them and the privileges that it takes. Other systems have no such
// class.
#pragma once

#include <node_api.h>

namespace hc::node {

void defineFiles(napi_env env, napi_value exports);

}  // namespace hc::node
