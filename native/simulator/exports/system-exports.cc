// The functions for systems and processes. Each clears its outputs, then hands
// over to Host.
#include "../base/platform.h"
#include "../control/control.h"
#include "../guest/streams.h"
#include "../host/call-dispatch.h"
#include "../remote/remote-server.h"
#include "exports.h"

using namespace hc;             // NOLINT(google-build-using-namespace): the C functions are global
using namespace hc::simulator;  // NOLINT(google-build-using-namespace)

namespace {

Host& host() { return Host::instance(); }

template <class Function>
HResult operate(Operation operation, HcsSystem* system, const char16_t* options,
                char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<Function>({nullptr, idOf(system)}, {nullptr, result}, [&](const Call& call) {
    return host().operate(call, operation, system, options);
  });
}

template <class Function>
HResult closeHandle(HandleId handle, HandleKind kind) {
  return run<Function>({nullptr, handle}, {},
                       [&](const Call& call) { return host().close(call, handle, kind); });
}

template <class Function>
HResult subscribe(HandleId handle, HandleKind kind, NotificationCallback callback, void* context,
                  HcsRegistration** registration) {
  if (!clear(registration)) return kInvalidArgument;
  return run<Function>({nullptr, handle}, {}, [&](const Call& call) {
    return host().subscribe(call, handle, kind, callback, context, registration);
  });
}

template <class Function>
HResult unsubscribe(HcsRegistration* registration, HandleKind kind) {
  return run<Function>({nullptr, idOf(registration)}, {}, [&](const Call& call) {
    return host().unsubscribe(call, idOf(registration), kind);
  });
}

}  // namespace

HC_EXPORT HResult HC_CALL HcsEnumerateComputeSystems(const char16_t* query, char16_t** systems,
                                                     char16_t** result) {
  if (!clear(systems, result)) return kInvalidArgument;
  return run<functions::HcsEnumerateComputeSystems>(
      {}, {systems, result}, [&](const Call& call) { return host().enumerate(call, query); });
}

// The identity would be a token to act as; the simulator has no users.
HC_EXPORT HResult HC_CALL HcsCreateComputeSystem(const char16_t* id, const char16_t* configuration,
                                                 void* /*identity*/, HcsSystem** system,
                                                 char16_t** result) {
  if (!clear(system, result)) return kInvalidArgument;
  return run<functions::HcsCreateComputeSystem>({id, 0}, {nullptr, result}, [&](const Call& call) {
    return host().create(call, id, configuration, system);
  });
}

HC_EXPORT HResult HC_CALL HcsOpenComputeSystem(const char16_t* id, HcsSystem** system,
                                               char16_t** result) {
  if (!clear(system, result)) return kInvalidArgument;
  return run<functions::HcsOpenComputeSystem>(
      {id, 0}, {nullptr, result}, [&](const Call& call) { return host().open(call, id, system); });
}

HC_EXPORT HResult HC_CALL HcsCloseComputeSystem(HcsSystem* system) {
  return closeHandle<functions::HcsCloseComputeSystem>(idOf(system), HandleKind::System);
}

HC_EXPORT HResult HC_CALL HcsStartComputeSystem(HcsSystem* system, const char16_t* options,
                                                char16_t** result) {
  return operate<functions::HcsStartComputeSystem>(Operation::Start, system, options, result);
}

HC_EXPORT HResult HC_CALL HcsShutdownComputeSystem(HcsSystem* system, const char16_t* options,
                                                   char16_t** result) {
  return operate<functions::HcsShutdownComputeSystem>(Operation::Shutdown, system, options, result);
}

HC_EXPORT HResult HC_CALL HcsTerminateComputeSystem(HcsSystem* system, const char16_t* options,
                                                    char16_t** result) {
  return operate<functions::HcsTerminateComputeSystem>(Operation::Terminate, system, options,
                                                       result);
}

HC_EXPORT HResult HC_CALL HcsPauseComputeSystem(HcsSystem* system, const char16_t* options,
                                                char16_t** result) {
  return operate<functions::HcsPauseComputeSystem>(Operation::Pause, system, options, result);
}

HC_EXPORT HResult HC_CALL HcsResumeComputeSystem(HcsSystem* system, const char16_t* options,
                                                 char16_t** result) {
  return operate<functions::HcsResumeComputeSystem>(Operation::Resume, system, options, result);
}

HC_EXPORT HResult HC_CALL HcsSaveComputeSystem(HcsSystem* system, const char16_t* options,
                                               char16_t** result) {
  return operate<functions::HcsSaveComputeSystem>(Operation::Save, system, options, result);
}

HC_EXPORT HResult HC_CALL HcsGetComputeSystemProperties(HcsSystem* system, const char16_t* query,
                                                        char16_t** properties, char16_t** result) {
  if (!clear(properties, result)) return kInvalidArgument;
  return run<functions::HcsGetComputeSystemProperties>(
      {nullptr, idOf(system)}, {properties, result},
      [&](const Call& call) { return host().systemProperties(call, system, query); });
}

HC_EXPORT HResult HC_CALL HcsModifyComputeSystem(HcsSystem* system, const char16_t* configuration,
                                                 char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<functions::HcsModifyComputeSystem>(
      {nullptr, idOf(system)}, {nullptr, result},
      [&](const Call& call) { return host().modifySystem(call, system, configuration); });
}

HC_EXPORT HResult HC_CALL HcsRegisterComputeSystemCallback(HcsSystem* system,
                                                           NotificationCallback callback,
                                                           void* context,
                                                           HcsRegistration** registration) {
  return subscribe<functions::HcsRegisterComputeSystemCallback>(idOf(system), HandleKind::System,
                                                                callback, context, registration);
}

HC_EXPORT HResult HC_CALL HcsUnregisterComputeSystemCallback(HcsRegistration* registration) {
  return unsubscribe<functions::HcsUnregisterComputeSystemCallback>(registration,
                                                                    HandleKind::System);
}

HC_EXPORT HResult HC_CALL HcsGetServiceProperties(const char16_t* query, char16_t** properties,
                                                  char16_t** result) {
  if (!clear(properties, result)) return kInvalidArgument;
  return run<functions::HcsGetServiceProperties>({}, {properties, result}, [&](const Call& call) {
    return host().serviceProperties(call, query);
  });
}

HC_EXPORT HResult HC_CALL HcsModifyServiceSettings(const char16_t* settings, char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<functions::HcsModifyServiceSettings>({}, {nullptr, result}, [&](const Call& call) {
    return host().modifyService(call, settings);
  });
}

HC_EXPORT HResult HC_CALL HcsCreateProcess(HcsSystem* system, const char16_t* parameters,
                                           ProcessInformation* information, HcsProcess** process,
                                           char16_t** result) {
  if (!clear(information, process, result)) return kInvalidArgument;
  const HResult status = run<functions::HcsCreateProcess>(
      {nullptr, idOf(system)}, {nullptr, result}, [&](const Call& call) {
        return host().createProcess(call, system, parameters, information, process);
      });
  // A Reset fails the call after its work was done.
  if (failed(status) && status != kOperationPending) {
    discardStreams(information);
    clear(information, process);
  }
  return status;
}

HC_EXPORT HResult HC_CALL HcsOpenProcess(HcsSystem* system, std::uint32_t processId,
                                         HcsProcess** process, char16_t** result) {
  if (!clear(process, result)) return kInvalidArgument;
  return run<functions::HcsOpenProcess>(
      {nullptr, idOf(system)}, {nullptr, result},
      [&](const Call& call) { return host().openProcess(call, system, processId, process); });
}

HC_EXPORT HResult HC_CALL HcsCloseProcess(HcsProcess* process) {
  return closeHandle<functions::HcsCloseProcess>(idOf(process), HandleKind::Process);
}

HC_EXPORT HResult HC_CALL HcsTerminateProcess(HcsProcess* process, char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<functions::HcsTerminateProcess>(
      {nullptr, idOf(process), true}, {nullptr, result},
      [&](const Call& call) { return host().terminateProcess(call, process); });
}

HC_EXPORT HResult HC_CALL HcsSignalProcess(HcsProcess* process, const char16_t* options,
                                           char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<functions::HcsSignalProcess>(
      {nullptr, idOf(process), true}, {nullptr, result},
      [&](const Call& call) { return host().signalProcess(call, process, options); });
}

HC_EXPORT HResult HC_CALL HcsGetProcessInfo(HcsProcess* process, ProcessInformation* information,
                                            char16_t** result) {
  if (!clear(information, result)) return kInvalidArgument;
  return run<functions::HcsGetProcessInfo>(
      {nullptr, idOf(process)}, {nullptr, result},
      [&](const Call& call) { return host().processInformation(call, process, information); });
}

HC_EXPORT HResult HC_CALL HcsGetProcessProperties(HcsProcess* process, char16_t** properties,
                                                  char16_t** result) {
  if (!clear(properties, result)) return kInvalidArgument;
  return run<functions::HcsGetProcessProperties>(
      {nullptr, idOf(process)}, {properties, result},
      [&](const Call& call) { return host().processProperties(call, process); });
}

HC_EXPORT HResult HC_CALL HcsModifyProcess(HcsProcess* process, const char16_t* settings,
                                           char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<functions::HcsModifyProcess>(
      {nullptr, idOf(process)}, {nullptr, result},
      [&](const Call& call) { return host().modifyProcess(call, process, settings); });
}

HC_EXPORT HResult HC_CALL HcsRegisterProcessCallback(HcsProcess* process,
                                                     NotificationCallback callback, void* context,
                                                     HcsRegistration** registration) {
  return subscribe<functions::HcsRegisterProcessCallback>(idOf(process), HandleKind::Process,
                                                          callback, context, registration);
}

HC_EXPORT HResult HC_CALL HcsUnregisterProcessCallback(HcsRegistration* registration) {
  return unsubscribe<functions::HcsUnregisterProcessCallback>(registration, HandleKind::Process);
}

HC_EXPORT HResult HC_CALL HcSimulatorControl(const char16_t* request, char16_t** response) {
  if (!clear(response)) return kInvalidArgument;
  bool understood = false;
  *response = allocateText(control(request, serve, &understood));
  return understood ? kOk : kInvalidArgument;
}
