// The one way from native code into JavaScript.
#pragma once

#include <napi.h>

namespace hc::node {

// On the JavaScript thread, from a wake-up. False when nothing could run, or the function has
// thrown.
bool enterJavaScript(Napi::Env env, napi_value function, std::size_t count,
                     const napi_value* arguments);

}  // namespace hc::node
