// The files of Windows for JavaScript, on the thread that calls: a class `Files` whose objects each
// own what was opened through them and the privileges that it takes. Other systems have no such
// class.
#pragma once

#include <napi.h>

namespace hc::node {

Napi::Function defineFiles(Napi::Env env);

}  // namespace hc::node
