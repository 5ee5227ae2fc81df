// The questions about a Windows machine for JavaScript: a class `Inspector`. Other systems have no
// such class.
#pragma once

#include <napi.h>

namespace hc::node {

Napi::Function defineInspector(Napi::Env env);

}  // namespace hc::node
