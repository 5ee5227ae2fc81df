// Who may do what with a file of Windows, for JavaScript. Other systems have no such function.
#pragma once

#include <napi.h>

namespace hc::node {

// protectionOf(path) -> [owner, who, kind, flags, rights, who ...], [owner, null] for what
// everybody may change, or what went wrong. Waits for the file, as the synchronous functions of
// node:fs do.
Napi::Value protectionOf(const Napi::CallbackInfo& info);

}  // namespace hc::node
