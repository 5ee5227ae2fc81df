// The functions of computecore.dll for the service, for files of virtual machines, and for their
// migration.
#include "../base/platform.h"
#include "../documents/requests.h"
#include "../host/call-dispatch.h"
#include "../layers/layer-files.h"
#include "../operations/choices.h"
#include "exports.h"
#include "start-operation.h"

namespace hc::simulator {
namespace {

namespace core = functions::computecore;

Host& host() { return Host::instance(); }

bool isGiven(const char16_t* text) { return text != nullptr && *text != u'\0'; }

// Runs `body(path)` for a file that is named by its whole path.
template <class Function, class Body>
HResult onFile(const char16_t* file, const Texts& texts, Body&& body) {
  return run<Function>({}, texts, [&](const Call& call) -> Outcome {
    if (call.epoch != InFlight::instance().epoch()) return kAbort;
    const FilePath path = isGiven(file) ? toFilePath(file) : FilePath();
    if (!path.is_absolute()) return fail(kInvalidArgument, u"The path must be absolute.");
    return body(path);
  });
}

// Whether there is such a virtual machine is not looked at: Windows derives its account from the
// id. A disk of the machine is attached as it is.
template <class Function>
HResult changeAccess(const char16_t* file, bool named) {
  const bool disk = file != nullptr && std::u16string_view(file).substr(0, 4) == u"\\\\.\\";
  if (disk || !named)
    return run<Function>({}, {},
                         [&](const Call&) -> Outcome { return named ? kOk : kInvalidArgument; });
  return onFile<Function>(file, {}, [](const FilePath& path) -> Outcome {
    return isFile(path) || isFolder(path) ? kOk : kFileNotFound;
  });
}

template <class Function>
HResult createFile(const char16_t* file, std::string_view bytes) {
  return onFile<Function>(file, {}, [&](const FilePath& path) -> Outcome {
    if (isFile(path)) return choices::kFileThere;
    return writeFile(path, bytes);
  });
}

template <class Function>
HResult migrate(HcsSystem* system, HcsOperation* operation) {
  return start<Function>(
      {operation, OperationType::None, system, nullptr, {nullptr, idOf(system)}, false},
      [](const Call&, OperationOutputs&) -> Outcome { return kNotSupported; });
}

}  // namespace

HResult HC_CALL exports::computecore::HcsGetServiceProperties(const char16_t* query,
                                                              char16_t** result) {
  if (!clear(result)) return kInvalidArgument;
  return run<core::HcsGetServiceProperties>({}, {result, result}, [&](const Call& call) {
    return host().serviceProperties(call, query);
  });
}

HResult HC_CALL exports::computecore::HcsModifyServiceSettings(const char16_t* settings,
                                                               char16_t** result) {
  if (result != nullptr) *result = nullptr;
  return run<core::HcsModifyServiceSettings>({}, {nullptr, result}, [&](const Call& call) {
    return host().modifyService(call, settings);
  });
}

HResult HC_CALL exports::computecore::HcsSubmitWerReport(const char16_t* settings) {
  return run<core::HcsSubmitWerReport>(
      {}, {}, [&](const Call& call) { return host().submitReport(call, settings); });
}

HResult HC_CALL exports::computecore::HcsGrantVmAccess(const char16_t* vmId, const char16_t* file) {
  return changeAccess<core::HcsGrantVmAccess>(file, isGiven(vmId));
}

HResult HC_CALL exports::computecore::HcsRevokeVmAccess(const char16_t* vmId,
                                                        const char16_t* file) {
  return changeAccess<core::HcsRevokeVmAccess>(file, isGiven(vmId));
}

HResult HC_CALL exports::computecore::HcsGrantVmGroupAccess(const char16_t* file) {
  return changeAccess<core::HcsGrantVmGroupAccess>(file, true);
}

HResult HC_CALL exports::computecore::HcsRevokeVmGroupAccess(const char16_t* file) {
  return changeAccess<core::HcsRevokeVmGroupAccess>(file, true);
}

HResult HC_CALL exports::computecore::HcsCreateEmptyGuestStateFile(const char16_t* file) {
  return createFile<core::HcsCreateEmptyGuestStateFile>(file, "hostcompute guest state\n");
}

HResult HC_CALL exports::computecore::HcsCreateEmptyRuntimeStateFile(const char16_t* file) {
  return createFile<core::HcsCreateEmptyRuntimeStateFile>(file, "hostcompute runtime state\n");
}

HResult HC_CALL exports::computecore::HcsGetProcessorCompatibilityFromSavedState(
    const char16_t* file, char16_t** features) {
  if (!clear(features)) return kInvalidArgument;
  return onFile<core::HcsGetProcessorCompatibilityFromSavedState>(
      file, {features, nullptr}, [&](const FilePath&) { return host().featuresOf(file); });
}

HResult HC_CALL exports::computecore::HcsInitializeLiveMigrationOnSource(HcsSystem* system,
                                                                         HcsOperation* operation,
                                                                         const char16_t*) {
  return migrate<core::HcsInitializeLiveMigrationOnSource>(system, operation);
}

HResult HC_CALL exports::computecore::HcsStartLiveMigrationOnSource(HcsSystem* system,
                                                                    HcsOperation* operation,
                                                                    const char16_t*) {
  return migrate<core::HcsStartLiveMigrationOnSource>(system, operation);
}

HResult HC_CALL exports::computecore::HcsStartLiveMigrationTransfer(HcsSystem* system,
                                                                    HcsOperation* operation,
                                                                    const char16_t*) {
  return migrate<core::HcsStartLiveMigrationTransfer>(system, operation);
}

HResult HC_CALL exports::computecore::HcsFinalizeLiveMigration(HcsSystem* system,
                                                               HcsOperation* operation,
                                                               const char16_t*) {
  return migrate<core::HcsFinalizeLiveMigration>(system, operation);
}

HResult HC_CALL exports::computecore::HcsCancelLiveMigration(HcsSystem* system,
                                                             HcsOperation* operation,
                                                             const char16_t*) {
  return migrate<core::HcsCancelLiveMigration>(system, operation);
}

}  // namespace hc::simulator
