// The class `Streams` of the addon: reads and writes the streams of processes on the event loop.
#pragma once

#include <napi.h>

namespace hc::node {

// new Streams(deliver, ready: Int32Array)
//   add(stream), read(stream, into), write(stream, bytes, from), await(stream, writable): see
//     sockets/stream-set.h
//   close(stream)
//   hold(held): whether it keeps the event loop alive
// `deliver(count)` is called with so many streams in `ready`.
Napi::Function defineStreams(Napi::Env env);

}  // namespace hc::node
