// Notifications that several threads deliver at once, past the queue and its order: a host may
// call one callback from many threads, and a client must stand that.
#pragma once

#include "../base/in-flight.h"
#include "notification.h"

namespace hc::simulator {

// Calls every registration `count` times in all from `threads` new threads. Any thread, without the
// lock of a registration; returns before the callbacks have.
void deliverConcurrently(InFlight& inFlight, Registrations targets, const Delivery& delivery,
                         int threads);

}  // namespace hc::simulator
