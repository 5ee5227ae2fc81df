// The functions for systems and processes. Each clears its outputs, then hands
// over to Host.
#include "../base/platform.h"
#include "../control/control.h"
#include "../guest/streams.h"
#include "../host/call-dispatch.h"
#include "exports.h"
#include "serve.h"

namespace hc::simulator {
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

// A Reset, or a rule, fails a call after its work was done.
template <class... Outs>
HResult keepStreams(HResult status, ProcessInformation* information, Outs*... outs) {
  if (!failed(status) || status == kOperationPending) return status;
  discardStreams(information);
  clear(information, outs...);
  return status;
}

}  // namespace

HResult HC_CALL exports::vmcompute::HcsEnumerateComputeSystems(const char16_t* query,
                                                               char16_t** systems,
                                                               char16_t** result) {
  if (!clear(systems, result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsEnumerateComputeSystems>(
      {}, {systems, result}, [&](const Call& call) { return host().enumerate(call, query); });
}

// The identity would be a token to act as; the simulator has no users.
HResult HC_CALL exports::vmcompute::HcsCreateComputeSystem(const char16_t* id,
                                                           const char16_t* configuration,
                                                           void* /*identity*/, HcsSystem** system,
                                                           char16_t** result) {
  if (!clear(system, result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsCreateComputeSystem>(
      {id, 0}, {nullptr, result},
      [&](const Call& call) { return host().create(call, id, configuration, system); });
}

HResult HC_CALL exports::vmcompute::HcsOpenComputeSystem(const char16_t* id, HcsSystem** system,
                                                         char16_t** result) {
  if (!clear(system, result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsOpenComputeSystem>(
      {id, 0}, {nullptr, result}, [&](const Call& call) { return host().open(call, id, system); });
}

HResult HC_CALL exports::vmcompute::HcsCloseComputeSystem(HcsSystem* system) {
  return closeHandle<functions::vmcompute::HcsCloseComputeSystem>(idOf(system), HandleKind::System);
}

HResult HC_CALL exports::vmcompute::HcsStartComputeSystem(HcsSystem* system,
                                                          const char16_t* options,
                                                          char16_t** result) {
  return operate<functions::vmcompute::HcsStartComputeSystem>(Operation::Start, system, options,
                                                              result);
}

HResult HC_CALL exports::vmcompute::HcsShutdownComputeSystem(HcsSystem* system,
                                                             const char16_t* options,
                                                             char16_t** result) {
  return operate<functions::vmcompute::HcsShutdownComputeSystem>(Operation::Shutdown, system,
                                                                 options, result);
}

HResult HC_CALL exports::vmcompute::HcsTerminateComputeSystem(HcsSystem* system,
                                                              const char16_t* options,
                                                              char16_t** result) {
  return operate<functions::vmcompute::HcsTerminateComputeSystem>(Operation::Terminate, system,
                                                                  options, result);
}

HResult HC_CALL exports::vmcompute::HcsPauseComputeSystem(HcsSystem* system,
                                                          const char16_t* options,
                                                          char16_t** result) {
  return operate<functions::vmcompute::HcsPauseComputeSystem>(Operation::Pause, system, options,
                                                              result);
}

HResult HC_CALL exports::vmcompute::HcsResumeComputeSystem(HcsSystem* system,
                                                           const char16_t* options,
                                                           char16_t** result) {
  return operate<functions::vmcompute::HcsResumeComputeSystem>(Operation::Resume, system, options,
                                                               result);
}

HResult HC_CALL exports::vmcompute::HcsSaveComputeSystem(HcsSystem* system, const char16_t* options,
                                                         char16_t** result) {
  return operate<functions::vmcompute::HcsSaveComputeSystem>(Operation::Save, system, options,
                                                             result);
}

HResult HC_CALL exports::vmcompute::HcsGetComputeSystemProperties(HcsSystem* system,
                                                                  const char16_t* query,
                                                                  char16_t** properties,
                                                                  char16_t** result) {
  if (!clear(properties, result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsGetComputeSystemProperties>(
      {nullptr, idOf(system)}, {properties, result},
      [&](const Call& call) { return host().systemProperties(call, system, query); });
}

HResult HC_CALL exports::vmcompute::HcsModifyComputeSystem(HcsSystem* system,
                                                           const char16_t* configuration,
                                                           char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsModifyComputeSystem>(
      {nullptr, idOf(system)}, {nullptr, result},
      [&](const Call& call) { return host().modifySystem(call, system, configuration); });
}

HResult HC_CALL exports::vmcompute::HcsRegisterComputeSystemCallback(
    HcsSystem* system, NotificationCallback callback, void* context,
    HcsRegistration** registration) {
  return subscribe<functions::vmcompute::HcsRegisterComputeSystemCallback>(
      idOf(system), HandleKind::System, callback, context, registration);
}

HResult HC_CALL
exports::vmcompute::HcsUnregisterComputeSystemCallback(HcsRegistration* registration) {
  return unsubscribe<functions::vmcompute::HcsUnregisterComputeSystemCallback>(registration,
                                                                               HandleKind::System);
}

HResult HC_CALL exports::vmcompute::HcsGetServiceProperties(const char16_t* query,
                                                            char16_t** properties,
                                                            char16_t** result) {
  if (!clear(properties, result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsGetServiceProperties>(
      {}, {properties, result},
      [&](const Call& call) { return host().serviceProperties(call, query); });
}

HResult HC_CALL exports::vmcompute::HcsModifyServiceSettings(const char16_t* settings,
                                                             char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsModifyServiceSettings>(
      {}, {nullptr, result},
      [&](const Call& call) { return host().modifyService(call, settings); });
}

HResult HC_CALL exports::vmcompute::HcsCreateProcess(HcsSystem* system, const char16_t* parameters,
                                                     ProcessInformation* information,
                                                     HcsProcess** process, char16_t** result) {
  if (!clear(information, process, result)) return kInvalidArgument;
  const HResult status = run<functions::vmcompute::HcsCreateProcess>(
      {nullptr, idOf(system)}, {nullptr, result}, [&](const Call& call) {
        return host().createProcess(call, system, parameters, information, process);
      });
  return keepStreams(status, information, process);
}

HResult HC_CALL exports::vmcompute::HcsOpenProcess(HcsSystem* system, std::uint32_t processId,
                                                   HcsProcess** process, char16_t** result) {
  if (!clear(process, result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsOpenProcess>(
      {nullptr, idOf(system)}, {nullptr, result},
      [&](const Call& call) { return host().openProcess(call, system, processId, process); });
}

HResult HC_CALL exports::vmcompute::HcsCloseProcess(HcsProcess* process) {
  return closeHandle<functions::vmcompute::HcsCloseProcess>(idOf(process), HandleKind::Process);
}

HResult HC_CALL exports::vmcompute::HcsTerminateProcess(HcsProcess* process, char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsTerminateProcess>(
      {nullptr, idOf(process), true}, {nullptr, result},
      [&](const Call& call) { return host().terminateProcess(call, process); });
}

HResult HC_CALL exports::vmcompute::HcsSignalProcess(HcsProcess* process, const char16_t* options,
                                                     char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsSignalProcess>(
      {nullptr, idOf(process), true}, {nullptr, result},
      [&](const Call& call) { return host().signalProcess(call, process, options); });
}

HResult HC_CALL exports::vmcompute::HcsGetProcessInfo(HcsProcess* process,
                                                      ProcessInformation* information,
                                                      char16_t** result) {
  if (!clear(information, result)) return kInvalidArgument;
  const HResult status = run<functions::vmcompute::HcsGetProcessInfo>(
      {nullptr, idOf(process)}, {nullptr, result},
      [&](const Call& call) { return host().processInformation(call, process, information); });
  return keepStreams(status, information);
}

HResult HC_CALL exports::vmcompute::HcsGetProcessProperties(HcsProcess* process,
                                                            char16_t** properties,
                                                            char16_t** result) {
  if (!clear(properties, result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsGetProcessProperties>(
      {nullptr, idOf(process)}, {properties, result},
      [&](const Call& call) { return host().processProperties(call, process); });
}

HResult HC_CALL exports::vmcompute::HcsModifyProcess(HcsProcess* process, const char16_t* settings,
                                                     char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<functions::vmcompute::HcsModifyProcess>(
      {nullptr, idOf(process)}, {nullptr, result},
      [&](const Call& call) { return host().modifyProcess(call, process, settings); });
}

HResult HC_CALL exports::vmcompute::HcsRegisterProcessCallback(HcsProcess* process,
                                                               NotificationCallback callback,
                                                               void* context,
                                                               HcsRegistration** registration) {
  return subscribe<functions::vmcompute::HcsRegisterProcessCallback>(
      idOf(process), HandleKind::Process, callback, context, registration);
}

HResult HC_CALL exports::vmcompute::HcsUnregisterProcessCallback(HcsRegistration* registration) {
  return unsubscribe<functions::vmcompute::HcsUnregisterProcessCallback>(registration,
                                                                         HandleKind::Process);
}

HResult HC_CALL exports::simulator::HcSimulatorControl(const char16_t* request,
                                                       char16_t** response) {
  if (!clear(response)) return kInvalidArgument;
  bool understood = false;
  *response = allocateText(control(request, serve, &understood), textMemoryOf(Library::simulator));
  return understood ? kOk : kInvalidArgument;
}

}  // namespace hc::simulator
