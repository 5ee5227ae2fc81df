// What a library exports that has the state of a host: its functions in the order of the list,
// which the thin libraries beside it (thin.h) export by their names. There are two such libraries:
// hostcompute-simulator, and hostcompute-remote, whose state is in another process.
#pragma once

#include <cstdint>

#include "../../abi/functions.h"

#if defined(_WIN32)
#define HC_EXPORT extern "C" __declspec(dllexport)
#else
#define HC_EXPORT extern "C" __attribute__((visibility("default")))
#endif

// Null for a library that was built with another list.
HC_EXPORT const hc::Slot* HC_CALL HcSimulatorFunctions(std::uint32_t listHash);

// The function of the list that belongs to no DLL of Windows: who loads a state library finds it
// there.
HC_EXPORT hc::HResult HC_CALL HcSimulatorControl(const char16_t* request, char16_t** response);
