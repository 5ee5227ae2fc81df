// The file of faults that a process begins with, for clients that do not call HcSimulatorControl:
// the one that HOSTCOMPUTE_SIMULATOR_FAULTS names, or else hostcompute-simulator.faults.json beside
// the library. docs/stand-ins.md describes it.
#pragma once

namespace hc::simulator {

// Does what the file says, once in a process, before its first call. What is wrong with it is told
// on stderr, and none of it is done then. Not under the lock of the loader: it may start threads.
void useFaultFile();

}  // namespace hc::simulator
