// Paths of Windows that are kept from being changed: a class `HeldPath`, whose objects each hold
// one. Other systems have no such class.
#pragma once

#include <napi.h>

namespace hc::node {

Napi::Function defineHeldPath(Napi::Env env);

}  // namespace hc::node
