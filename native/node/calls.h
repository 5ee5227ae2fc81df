// From a function's number and JavaScript arguments to an operation on a worker.
#pragma once

#include <node_api.h>

#include <memory>

#include "../core/host.h"

namespace hc::node {

// Begins the call of function `index`. Its arguments are the In parameters of the list, in order.
// False with an exception pending when an argument is wrong; nothing has happened then.
bool beginCall(napi_env env, const std::shared_ptr<Host>& host, std::uint64_t id,
               std::uint32_t index, bool paired, const napi_value* arguments, std::size_t count);

// Begins the close of a handle: its completion carries the host's status.
void beginClose(const std::shared_ptr<Host>& host, std::uint64_t id,
                const std::shared_ptr<Handle>& handle);

// The list as JavaScript sees it: [{ name, library, completion, parameters: ["In Text id", ...] },
// ...].
napi_value describeFunctions(napi_env env);

}  // namespace hc::node
