// Everything in core that threads meet at. These are the types of the standard library, under names
// of our own for one reason: a test build puts those of a scheduler in their place, which decides
// from a seed which thread runs next (test/native/seeds).
#pragma once

#if defined(HC_SYNC)
#include HC_SYNC
#else

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace hc {

using Mutex = std::mutex;
using Condition = std::condition_variable;
using Thread = std::thread;
template <class Value>
using Atomic = std::atomic<Value>;

}  // namespace hc

#endif
