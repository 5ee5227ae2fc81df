// Starts the simulator's threads, which are few, detached, and counted.
#pragma once

#include <functional>

namespace hc::simulator {

void startThread(std::function<void()> body);
int threadCount();

}  // namespace hc::simulator
