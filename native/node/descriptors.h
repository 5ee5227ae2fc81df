// From the stream handles of a host to the descriptors that Node's own streams are made of.
#pragma once

#include <node_api.h>

#include "../core/stream.h"

namespace hc::node {

// On the JavaScript thread. A descriptor for `new net.Socket({ fd })`, which owns the stream from
// here on; null where there is no stream, -1 when it cannot be wrapped and has been closed.
napi_value makeDescriptor(napi_env env, Stream& stream);

}  // namespace hc::node
