// The scripted computecore.dll: a library of its own, whose state the program has.
#include "../scripted-computecore.h"

using namespace hc;  // NOLINT(google-build-using-namespace): the C functions are global
using Scripted = hc::seeds::ScriptedComputecore;

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT HcsOperation* HcsCreateOperation(void* context, HcsOperationCallback callback) {
  return Scripted::createOperation(context, callback);
}
EXPORT void HcsCloseOperation(HcsOperation* operation) { Scripted::closeOperation(operation); }
EXPORT HResult HcsGetOperationResult(HcsOperation* operation, char16_t** document) {
  return Scripted::resultOf(operation, nullptr, document);
}
EXPORT HResult HcsGetOperationResultAndProcessInfo(HcsOperation* operation,
                                                   ProcessInformation* information,
                                                   char16_t** document) {
  return Scripted::resultOf(operation, information, document);
}

EXPORT HResult HcsEnumerateComputeSystems(const char16_t* query, HcsOperation* operation) {
  return Scripted::enumerate(query, operation);
}
EXPORT HResult HcsCreateComputeSystem(const char16_t*, const char16_t* configuration,
                                      HcsOperation* operation, void*, HcsSystem** system) {
  return Scripted::create(configuration, operation, system);
}
EXPORT HResult HcsOpenComputeSystem(const char16_t* id, std::uint32_t, HcsSystem** system) {
  return Scripted::open(id, system);
}
EXPORT HResult HcsCreateProcess(HcsSystem* system, const char16_t* parameters,
                                HcsOperation* operation, void*, HcsProcess** process) {
  return Scripted::createProcess(system, parameters, operation, process);
}

#define CALL(name, Opaque, isSystem, exits)                                               \
  EXPORT HResult name(Opaque* handle, HcsOperation* operation, const char16_t* options) { \
    return Scripted::operate(handle, isSystem, exits, options, operation);                \
  }
CALL(HcsStartComputeSystem, HcsSystem, true, false)
CALL(HcsPauseComputeSystem, HcsSystem, true, false)
CALL(HcsTerminateComputeSystem, HcsSystem, true, true)
CALL(HcsModifyProcess, HcsProcess, false, false)
CALL(HcsTerminateProcess, HcsProcess, false, true)

EXPORT HResult HcsSetComputeSystemCallback(HcsSystem* system, std::uint32_t, void* context,
                                           HcsEventCallback callback) {
  return Scripted::setCallback(system, true, callback, context);
}
EXPORT HResult HcsSetProcessCallback(HcsProcess* process, std::uint32_t, void* context,
                                     HcsEventCallback callback) {
  return Scripted::setCallback(process, false, callback, context);
}
EXPORT void HcsCloseComputeSystem(HcsSystem* system) { Scripted::close(system, true); }
EXPORT void HcsCloseProcess(HcsProcess* process) { Scripted::close(process, false); }

EXPORT void LocalFree(void* text) { Scripted::freed(text); }
