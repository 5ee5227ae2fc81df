// What is done with a handle besides the calls of its owner: notifications are registered on it,
// what it is of is terminated, and it is closed. It depends on the kind of the handle and on the
// library that has opened it: a system is driven through one library only.
#pragma once

#include "libraries.h"

namespace hc {

enum class HandleKind : std::uint32_t;

struct HandleCalls {
  // Each may be null: there is nothing to do. `id` comes back with every notification. HCS may
  // notify before it returns, on a thread of its own. What `registration` gets is for `unwatch`.
  HResult (*watch)(const Libraries&, void* value, std::uint64_t id, HcsRegistration** registration);
  // Waits for callbacks that are running, or the close does.
  void (*unwatch)(const Libraries&, HcsRegistration* registration);
  void (*terminate)(const Libraries&, void* value);
  HResult (*close)(const Libraries&, void* value);
};

const HandleCalls& handleCalls(HandleKind kind, Library library);

}  // namespace hc
