// The functions of vmcompute-remote: the same as those of the simulated host, made in the process
// that serves it. HcSimulatorControl has one command more, Connect.
#include <optional>
#include <string>
#include <tuple>

#include "../base/json.h"
#include "../base/utf8.h"
#include "../remote/remote-client.h"
#include "exports.h"

using namespace hc;             // NOLINT(google-build-using-namespace): the C functions are global
using namespace hc::simulator;  // NOLINT(google-build-using-namespace)

namespace {

RemoteHost& host() { return RemoteHost::instance(); }

// The path of {"Connect":{"Path":"..."}}. Null: another command, which is not ours to read.
std::optional<std::string> pathToConnect(const char16_t* request) {
  json::Error error;
  if (request == nullptr) return std::nullopt;
  const auto parsed = json::parse(request, &error);
  const json::Value* connect = parsed ? parsed->find(u"Connect") : nullptr;
  const json::Value* path = connect != nullptr ? connect->find(u"Path") : nullptr;
  if (path == nullptr || !path->is(json::Type::String)) return std::nullopt;
  return toUtf8(path->text);
}

}  // namespace

HC_EXPORT HResult HC_CALL HcsEnumerateComputeSystems(const char16_t* query, char16_t** systems,
                                                     char16_t** result) {
  return host().call<functions::HcsEnumerateComputeSystems>(query, systems, result);
}

HC_EXPORT HResult HC_CALL HcsCreateComputeSystem(const char16_t* id, const char16_t* configuration,
                                                 void* identity, HcsSystem** system,
                                                 char16_t** result) {
  return host().call<functions::HcsCreateComputeSystem>(id, configuration, identity, system,
                                                        result);
}

HC_EXPORT HResult HC_CALL HcsOpenComputeSystem(const char16_t* id, HcsSystem** system,
                                               char16_t** result) {
  return host().call<functions::HcsOpenComputeSystem>(id, system, result);
}

HC_EXPORT HResult HC_CALL HcsCloseComputeSystem(HcsSystem* system) {
  return host().close<functions::HcsCloseComputeSystem>(system);
}

HC_EXPORT HResult HC_CALL HcsStartComputeSystem(HcsSystem* system, const char16_t* options,
                                                char16_t** result) {
  return host().call<functions::HcsStartComputeSystem>(system, options, result);
}

HC_EXPORT HResult HC_CALL HcsShutdownComputeSystem(HcsSystem* system, const char16_t* options,
                                                   char16_t** result) {
  return host().call<functions::HcsShutdownComputeSystem>(system, options, result);
}

HC_EXPORT HResult HC_CALL HcsTerminateComputeSystem(HcsSystem* system, const char16_t* options,
                                                    char16_t** result) {
  return host().call<functions::HcsTerminateComputeSystem>(system, options, result);
}

HC_EXPORT HResult HC_CALL HcsPauseComputeSystem(HcsSystem* system, const char16_t* options,
                                                char16_t** result) {
  return host().call<functions::HcsPauseComputeSystem>(system, options, result);
}

HC_EXPORT HResult HC_CALL HcsResumeComputeSystem(HcsSystem* system, const char16_t* options,
                                                 char16_t** result) {
  return host().call<functions::HcsResumeComputeSystem>(system, options, result);
}

HC_EXPORT HResult HC_CALL HcsSaveComputeSystem(HcsSystem* system, const char16_t* options,
                                               char16_t** result) {
  return host().call<functions::HcsSaveComputeSystem>(system, options, result);
}

HC_EXPORT HResult HC_CALL HcsGetComputeSystemProperties(HcsSystem* system, const char16_t* query,
                                                        char16_t** properties, char16_t** result) {
  return host().call<functions::HcsGetComputeSystemProperties>(system, query, properties, result);
}

HC_EXPORT HResult HC_CALL HcsModifyComputeSystem(HcsSystem* system, const char16_t* configuration,
                                                 char16_t** result) {
  return host().call<functions::HcsModifyComputeSystem>(system, configuration, result);
}

HC_EXPORT HResult HC_CALL HcsRegisterComputeSystemCallback(HcsSystem* system,
                                                           NotificationCallback callback,
                                                           void* context,
                                                           HcsRegistration** registration) {
  return host().subscribe<functions::HcsRegisterComputeSystemCallback>(system, callback, context,
                                                                       registration);
}

HC_EXPORT HResult HC_CALL HcsUnregisterComputeSystemCallback(HcsRegistration* registration) {
  return host().unsubscribe<functions::HcsUnregisterComputeSystemCallback>(registration);
}

HC_EXPORT HResult HC_CALL HcsGetServiceProperties(const char16_t* query, char16_t** properties,
                                                  char16_t** result) {
  return host().call<functions::HcsGetServiceProperties>(query, properties, result);
}

HC_EXPORT HResult HC_CALL HcsModifyServiceSettings(const char16_t* settings, char16_t** result) {
  return host().call<functions::HcsModifyServiceSettings>(settings, result);
}

HC_EXPORT HResult HC_CALL HcsCreateProcess(HcsSystem* system, const char16_t* parameters,
                                           ProcessInformation* information, HcsProcess** process,
                                           char16_t** result) {
  return host().call<functions::HcsCreateProcess>(system, parameters, information, process, result);
}

HC_EXPORT HResult HC_CALL HcsOpenProcess(HcsSystem* system, std::uint32_t processId,
                                         HcsProcess** process, char16_t** result) {
  return host().call<functions::HcsOpenProcess>(system, processId, process, result);
}

HC_EXPORT HResult HC_CALL HcsCloseProcess(HcsProcess* process) {
  return host().close<functions::HcsCloseProcess>(process);
}

HC_EXPORT HResult HC_CALL HcsTerminateProcess(HcsProcess* process, char16_t** result) {
  return host().call<functions::HcsTerminateProcess>(process, result);
}

HC_EXPORT HResult HC_CALL HcsSignalProcess(HcsProcess* process, const char16_t* options,
                                           char16_t** result) {
  return host().call<functions::HcsSignalProcess>(process, options, result);
}

HC_EXPORT HResult HC_CALL HcsGetProcessInfo(HcsProcess* process, ProcessInformation* information,
                                            char16_t** result) {
  return host().call<functions::HcsGetProcessInfo>(process, information, result);
}

HC_EXPORT HResult HC_CALL HcsGetProcessProperties(HcsProcess* process, char16_t** properties,
                                                  char16_t** result) {
  return host().call<functions::HcsGetProcessProperties>(process, properties, result);
}

HC_EXPORT HResult HC_CALL HcsModifyProcess(HcsProcess* process, const char16_t* settings,
                                           char16_t** result) {
  return host().call<functions::HcsModifyProcess>(process, settings, result);
}

HC_EXPORT HResult HC_CALL HcsRegisterProcessCallback(HcsProcess* process,
                                                     NotificationCallback callback, void* context,
                                                     HcsRegistration** registration) {
  return host().subscribe<functions::HcsRegisterProcessCallback>(process, callback, context,
                                                                 registration);
}

HC_EXPORT HResult HC_CALL HcsUnregisterProcessCallback(HcsRegistration* registration) {
  return host().unsubscribe<functions::HcsUnregisterProcessCallback>(registration);
}

HC_EXPORT HResult HC_CALL ActivateLayer(const DriverInformation* driver, const char16_t* layer) {
  return host().call<functions::ActivateLayer>(driver, layer);
}

HC_EXPORT HResult HC_CALL DeactivateLayer(const DriverInformation* driver, const char16_t* layer) {
  return host().call<functions::DeactivateLayer>(driver, layer);
}

HC_EXPORT HResult HC_CALL CreateLayer(const DriverInformation* driver, const char16_t* layer,
                                      const char16_t* parent) {
  return host().call<functions::CreateLayer>(driver, layer, parent);
}

HC_EXPORT HResult HC_CALL CreateSandboxLayer(const DriverInformation* driver, const char16_t* layer,
                                             const char16_t* parent, const LayerDescriptor* parents,
                                             std::uint32_t count) {
  return host().call<functions::CreateSandboxLayer>(driver, layer, parent,
                                                    std::tuple(parents, count));
}

HC_EXPORT HResult HC_CALL ExpandSandboxSize(const DriverInformation* driver, const char16_t* layer,
                                            std::uint64_t bytes) {
  return host().call<functions::ExpandSandboxSize>(driver, layer, bytes);
}

HC_EXPORT HResult HC_CALL PrepareLayer(const DriverInformation* driver, const char16_t* layer,
                                       const LayerDescriptor* parents, std::uint32_t count) {
  return host().call<functions::PrepareLayer>(driver, layer, std::tuple(parents, count));
}

HC_EXPORT HResult HC_CALL UnprepareLayer(const DriverInformation* driver, const char16_t* layer) {
  return host().call<functions::UnprepareLayer>(driver, layer);
}

HC_EXPORT HResult HC_CALL GetLayerMountPath(const DriverInformation* driver, const char16_t* layer,
                                            std::size_t* length, char16_t* mountPath) {
  return host().call<functions::GetLayerMountPath>(driver, layer, std::tuple(length, mountPath));
}

HC_EXPORT HResult HC_CALL ImportLayer(const DriverInformation* driver, const char16_t* layer,
                                      const char16_t* folder, const LayerDescriptor* parents,
                                      std::uint32_t count) {
  return host().call<functions::ImportLayer>(driver, layer, folder, std::tuple(parents, count));
}

HC_EXPORT HResult HC_CALL ExportLayer(const DriverInformation* driver, const char16_t* layer,
                                      const char16_t* folder, const LayerDescriptor* parents,
                                      std::uint32_t count) {
  return host().call<functions::ExportLayer>(driver, layer, folder, std::tuple(parents, count));
}

HC_EXPORT HResult HC_CALL CopyLayer(const DriverInformation* driver, const char16_t* layer,
                                    const char16_t* copy, const LayerDescriptor* parents,
                                    std::uint32_t count) {
  return host().call<functions::CopyLayer>(driver, layer, copy, std::tuple(parents, count));
}

HC_EXPORT HResult HC_CALL DestroyLayer(const DriverInformation* driver, const char16_t* layer) {
  return host().call<functions::DestroyLayer>(driver, layer);
}

HC_EXPORT HResult HC_CALL LayerExists(const DriverInformation* driver, const char16_t* layer,
                                      std::uint32_t* exists) {
  return host().call<functions::LayerExists>(driver, layer, exists);
}

HC_EXPORT HResult HC_CALL GetBaseImages(char16_t** images) {
  return host().call<functions::GetBaseImages>(images);
}

HC_EXPORT HResult HC_CALL NameToGuid(const char16_t* name, GuidData* guid) {
  return host().call<functions::NameToGuid>(name, guid);
}

HC_EXPORT HResult HC_CALL ProcessBaseImage(const char16_t* folder) {
  return host().call<functions::ProcessBaseImage>(folder);
}

HC_EXPORT HResult HC_CALL ProcessUtilityImage(const char16_t* folder) {
  return host().call<functions::ProcessUtilityImage>(folder);
}

HC_EXPORT HResult HC_CALL GrantVmAccess(const char16_t* vmId, const char16_t* file) {
  return host().call<functions::GrantVmAccess>(vmId, file);
}

HC_EXPORT HResult HC_CALL HcSimulatorControl(const char16_t* request, char16_t** response) {
  const auto path = response != nullptr ? pathToConnect(request) : std::nullopt;
  if (!path) return host().call<functions::HcSimulatorControl>(request, response);
  json::Writer writer;
  writer.beginObject();
  const auto complaint = host().connect(*path);
  if (complaint)
    writer.key(u"Error").string(toUtf16("$.Connect.Path: " + *path + ' ' + *complaint + '.'));
  *response = allocateText(writer.endObject().text());
  return complaint ? kInvalidArgument : kOk;
}
