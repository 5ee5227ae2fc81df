// The functions of computecore.dll for systems and processes. Each hands over to Host; what is
// asynchronous has an operation (start-operation.h).
#include <utility>

#include "../base/platform.h"
#include "../host/call-dispatch.h"
#include "../operations/choices.h"
#include "exports.h"
#include "start-operation.h"

namespace hc::simulator {
namespace {

namespace core = functions::computecore;

Host& host() { return Host::instance(); }

// The result, if it is wanted: nobody is made to take it.
void clearText(char16_t** text) {
  if (text != nullptr) *text = nullptr;
}

OperationStart on(HcsOperation* operation, OperationType type, HcsSystem* system,
                  bool hostCompletes = false) {
  return {operation, type, system, nullptr, {nullptr, idOf(system)}, hostCompletes};
}
OperationStart on(HcsOperation* operation, OperationType type, HcsProcess* process,
                  bool takesTurns = false, bool hostCompletes = false) {
  return {operation, type, nullptr, process, {nullptr, idOf(process), takesTurns}, hostCompletes};
}

template <class Function>
HResult operate(Operation operation, OperationType type, HcsSystem* system, HcsOperation* follows,
                const char16_t* options) {
  return start<Function>(on(follows, type, system, true), [&](const Call& call, OperationOutputs&) {
    return host().operate(call, operation, system, options);
  });
}

Outcome openWith(const Call& call, const char16_t* id, std::uint32_t access, HcsSystem** system,
                 const char16_t* idNamespace = nullptr) {
  if (access != kGenericAll) return kAccessDenied;
  return host().open(call, id, system, idNamespace);
}

template <class Function>
void closeHandle(HandleId handle, HandleKind kind) {
  run<Function>({nullptr, handle}, {},
                [&](const Call& call) { return host().close(call, handle, kind); });
}

template <class Function>
HResult setCallback(HandleId handle, HandleKind kind, std::uint32_t options, void* context,
                    HcsEventCallback callback) {
  return run<Function>({nullptr, handle}, {}, [&](const Call& call) {
    return host().setCallback(call, handle, kind, options, callback, context);
  });
}

template <class Function>
HResult waitForExit(HandleId handle, HandleKind kind, std::uint32_t timeoutMs, char16_t** result) {
  clearText(result);
  return run<Function>({nullptr, handle}, {nullptr, nullptr, result}, [&](const Call& call) {
    return host().waitForExit(call, handle, kind, timeoutMs);
  });
}

}  // namespace

HResult HC_CALL exports::computecore::HcsEnumerateComputeSystems(const char16_t* query,
                                                                 HcsOperation* operation) {
  return start<core::HcsEnumerateComputeSystems>(
      {operation, OperationType::Enumerate, nullptr, nullptr, {}, false},
      [&](const Call& call, OperationOutputs&) { return host().enumerate(call, query); });
}

// The security descriptor is reserved.
HResult HC_CALL exports::computecore::HcsCreateComputeSystem(const char16_t* id,
                                                             const char16_t* configuration,
                                                             HcsOperation* operation,
                                                             void* /*securityDescriptor*/,
                                                             HcsSystem** system) {
  if (!clear(system)) return kInvalidArgument;
  const HResult status = start<core::HcsCreateComputeSystem>(
      {operation, OperationType::Create, nullptr, nullptr, {id, 0}, true},
      [&](const Call& call, OperationOutputs&) {
        return host().create(call, id, configuration, system);
      });
  if (status == kAbort) *system = nullptr;
  return status;
}

HResult HC_CALL exports::computecore::HcsOpenComputeSystem(const char16_t* id,
                                                           std::uint32_t requestedAccess,
                                                           HcsSystem** system) {
  if (!clear(system)) return kInvalidArgument;
  return run<core::HcsOpenComputeSystem>(
      {id, 0}, {}, [&](const Call& call) { return openWith(call, id, requestedAccess, system); });
}

void HC_CALL exports::computecore::HcsCloseComputeSystem(HcsSystem* system) {
  closeHandle<core::HcsCloseComputeSystem>(idOf(system), HandleKind::System);
}

HResult HC_CALL exports::computecore::HcsShutDownComputeSystem(HcsSystem* system,
                                                               HcsOperation* operation,
                                                               const char16_t* options) {
  return operate<core::HcsShutDownComputeSystem>(Operation::Shutdown, OperationType::Shutdown,
                                                 system, operation, options);
}

HResult HC_CALL exports::computecore::HcsTerminateComputeSystem(HcsSystem* system,
                                                                HcsOperation* operation,
                                                                const char16_t* options) {
  return operate<core::HcsTerminateComputeSystem>(Operation::Terminate, OperationType::Terminate,
                                                  system, operation, options);
}

HResult HC_CALL exports::computecore::HcsPauseComputeSystem(HcsSystem* system,
                                                            HcsOperation* operation,
                                                            const char16_t* options) {
  return operate<core::HcsPauseComputeSystem>(Operation::Pause, OperationType::Pause, system,
                                              operation, options);
}

HResult HC_CALL exports::computecore::HcsResumeComputeSystem(HcsSystem* system,
                                                             HcsOperation* operation,
                                                             const char16_t* options) {
  return operate<core::HcsResumeComputeSystem>(Operation::Resume, OperationType::Resume, system,
                                               operation, options);
}

HResult HC_CALL exports::computecore::HcsSaveComputeSystem(HcsSystem* system,
                                                           HcsOperation* operation,
                                                           const char16_t* options) {
  return operate<core::HcsSaveComputeSystem>(Operation::Save, OperationType::Save, system,
                                             operation, options);
}

HResult HC_CALL exports::computecore::HcsCrashComputeSystem(HcsSystem* system,
                                                            HcsOperation* operation,
                                                            const char16_t* options) {
  return start<core::HcsCrashComputeSystem>(
      on(operation, OperationType::Crash, system),
      [&](const Call& call, OperationOutputs&) { return host().crash(call, system, options); });
}

HResult HC_CALL exports::computecore::HcsGetComputeSystemProperties(HcsSystem* system,
                                                                    HcsOperation* operation,
                                                                    const char16_t* query) {
  return start<core::HcsGetComputeSystemProperties>(
      on(operation, OperationType::GetProperties, system),
      [&](const Call& call, OperationOutputs&) {
        return host().systemProperties(call, system, query);
      });
}

// The identity would be a token to act as; the simulator has no users.
HResult HC_CALL exports::computecore::HcsModifyComputeSystem(HcsSystem* system,
                                                             HcsOperation* operation,
                                                             const char16_t* configuration,
                                                             void* /*identity*/) {
  return start<core::HcsModifyComputeSystem>(
      on(operation, OperationType::Modify, system), [&](const Call& call, OperationOutputs&) {
        return host().modifySystem(call, system, configuration);
      });
}

HResult HC_CALL exports::computecore::HcsWaitForComputeSystemExit(HcsSystem* system,
                                                                  std::uint32_t timeoutMs,
                                                                  char16_t** result) {
  return waitForExit<core::HcsWaitForComputeSystemExit>(idOf(system), HandleKind::System, timeoutMs,
                                                        result);
}

HResult HC_CALL exports::computecore::HcsSetComputeSystemCallback(HcsSystem* system,
                                                                  std::uint32_t options,
                                                                  void* context,
                                                                  HcsEventCallback callback) {
  return setCallback<core::HcsSetComputeSystemCallback>(idOf(system), HandleKind::System, options,
                                                        context, callback);
}

HResult HC_CALL exports::computecore::HcsCreateProcess(HcsSystem* system,
                                                       const char16_t* parameters,
                                                       HcsOperation* operation,
                                                       void* /*securityDescriptor*/,
                                                       HcsProcess** process) {
  if (!clear(process)) return kInvalidArgument;
  auto make = [&](const Call& call, OperationOutputs& outputs) {
    Outcome made = host().createProcess(call, system, parameters, &outputs.information, process);
    if (!made.ok()) return made;
    outputs.opened = *process;
    // The operation is to fail, although there is a process.
    if (failed(call.effect->completionStatus.value_or(kOk)))
      host().leaveStreams(*process, std::exchange(outputs.information, {}));
    return made;
  };
  const HResult status =
      start<core::HcsCreateProcess>(on(operation, OperationType::CreateProcess, system), make);
  if (failed(status) && status != kComputecorePending) *process = nullptr;
  return status;
}

HResult HC_CALL exports::computecore::HcsOpenProcess(HcsSystem* system, std::uint32_t processId,
                                                     std::uint32_t /*requestedAccess*/,
                                                     HcsProcess** process) {
  if (!clear(process)) return kInvalidArgument;
  return run<core::HcsOpenProcess>({nullptr, idOf(system)}, {}, [&](const Call& call) {
    return host().openProcess(call, system, processId, process);
  });
}

void HC_CALL exports::computecore::HcsCloseProcess(HcsProcess* process) {
  closeHandle<core::HcsCloseProcess>(idOf(process), HandleKind::Process);
}

// No options are known.
HResult HC_CALL exports::computecore::HcsTerminateProcess(HcsProcess* process,
                                                          HcsOperation* operation,
                                                          const char16_t* /*options*/) {
  return start<core::HcsTerminateProcess>(
      on(operation, OperationType::SignalProcess, process, true, true),
      [&](const Call& call, OperationOutputs&) { return host().terminateProcess(call, process); });
}

HResult HC_CALL exports::computecore::HcsSignalProcess(HcsProcess* process, HcsOperation* operation,
                                                       const char16_t* options) {
  return start<core::HcsSignalProcess>(on(operation, OperationType::SignalProcess, process, true),
                                       [&](const Call& call, OperationOutputs&) {
                                         return host().signalProcess(call, process, options);
                                       });
}

HResult HC_CALL exports::computecore::HcsGetProcessInfo(HcsProcess* process,
                                                        HcsOperation* operation) {
  return start<core::HcsGetProcessInfo>(on(operation, OperationType::GetProcessInfo, process),
                                        [&](const Call& call, OperationOutputs& outputs) {
                                          return host().processInformation(call, process,
                                                                           &outputs.information);
                                        });
}

// The query is reserved.
HResult HC_CALL exports::computecore::HcsGetProcessProperties(HcsProcess* process,
                                                              HcsOperation* operation,
                                                              const char16_t* /*query*/) {
  return start<core::HcsGetProcessProperties>(
      on(operation, OperationType::GetProcessProperties, process),
      [&](const Call& call, OperationOutputs&) { return host().processProperties(call, process); });
}

HResult HC_CALL exports::computecore::HcsModifyProcess(HcsProcess* process, HcsOperation* operation,
                                                       const char16_t* settings) {
  return start<core::HcsModifyProcess>(on(operation, OperationType::ModifyProcess, process),
                                       [&](const Call& call, OperationOutputs&) {
                                         return host().modifyProcess(call, process, settings);
                                       });
}

HResult HC_CALL exports::computecore::HcsSetProcessCallback(HcsProcess* process,
                                                            std::uint32_t options, void* context,
                                                            HcsEventCallback callback) {
  return setCallback<core::HcsSetProcessCallback>(idOf(process), HandleKind::Process, options,
                                                  context, callback);
}

HResult HC_CALL exports::computecore::HcsWaitForProcessExit(HcsProcess* process,
                                                            std::uint32_t timeoutMs,
                                                            char16_t** result) {
  return waitForExit<core::HcsWaitForProcessExit>(idOf(process), HandleKind::Process, timeoutMs,
                                                  result);
}

HResult HC_CALL exports::computecore::HcsEnumerateComputeSystemsInNamespace(
    const char16_t* idNamespace, const char16_t* query, HcsOperation* operation) {
  return start<core::HcsEnumerateComputeSystemsInNamespace>(
      {operation, OperationType::Enumerate, nullptr, nullptr, {}, false},
      [&](const Call& call, OperationOutputs&) {
        return host().enumerate(call, query, idNamespace);
      });
}

HResult HC_CALL exports::computecore::HcsCreateComputeSystemInNamespace(
    const char16_t* idNamespace, const char16_t* id, const char16_t* configuration,
    HcsOperation* operation, void* /*options*/, HcsSystem** system) {
  if (!clear(system)) return kInvalidArgument;
  const HResult status = start<core::HcsCreateComputeSystemInNamespace>(
      {operation, OperationType::Create, nullptr, nullptr, {id, 0}, true},
      [&](const Call& call, OperationOutputs&) {
        return host().create(call, id, configuration, system, idNamespace);
      });
  if (status == kAbort) *system = nullptr;
  return status;
}

HResult HC_CALL exports::computecore::HcsOpenComputeSystemInNamespace(const char16_t* idNamespace,
                                                                      const char16_t* id,
                                                                      std::uint32_t requestedAccess,
                                                                      HcsSystem** system) {
  if (!clear(system)) return kInvalidArgument;
  return run<core::HcsOpenComputeSystemInNamespace>({id, 0}, {}, [&](const Call& call) {
    return openWith(call, id, requestedAccess, system, idNamespace);
  });
}

}  // namespace hc::simulator
