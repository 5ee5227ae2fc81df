// Starts the simulator's threads, which are detached and counted: a few, and one for each program
// of a guest that does more than to wait.
#pragma once

#include <functional>

namespace hc::simulator {

void startThread(std::function<void()> body);
// False when the system has no more threads.
bool tryStartThread(std::function<void()> body);
int threadCount();

}  // namespace hc::simulator
