// What the library of the scripted computecore.dll calls of the program that loads it: functions
// of one name are other functions there, so that they cannot be the program's own.
#pragma once

#include "abi/computecore.h"

namespace hc::seeds {

struct __attribute__((visibility("default"))) ScriptedComputecore {
  static HcsOperation* createOperation(void* context, HcsOperationCallback callback);
  static void closeOperation(HcsOperation* operation);
  static HResult resultOf(HcsOperation* operation, ProcessInformation* information,
                          char16_t** document);
  static HResult enumerate(const char16_t* query, HcsOperation* operation);
  static HResult create(const char16_t* configuration, HcsOperation* operation, HcsSystem** out);
  static HResult open(const char16_t* id, HcsSystem** out);
  static HResult createProcess(HcsSystem* system, const char16_t* parameters,
                               HcsOperation* operation, HcsProcess** out);
  static HResult operate(void* handle, bool system, bool exits, const char16_t* options,
                         HcsOperation* operation);
  static HResult setCallback(void* handle, bool system, HcsEventCallback callback, void* context);
  static void close(void* handle, bool system);
  static void freed(void* text);
};

}  // namespace hc::seeds
