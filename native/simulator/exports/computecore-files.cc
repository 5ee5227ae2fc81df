// The functions of computecore.dll for the service, for files of virtual machines, and for their
// migration, by which one starts as well.
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

constexpr char16_t kSocketUri[] = u"hcs:/VirtualMachine/LiveMigrationSocket";

OperationStart on(HcsOperation* operation, OperationType type, HcsSystem* system,
                  bool hostCompletes) {
  return {operation, type, system, nullptr, {nullptr, idOf(system)}, hostCompletes};
}

void* socketOf(HcsOperation* handle) {
  const auto operation = Operations::instance().find(handle);
  return operation ? operation->resource(kSocketUri, ResourceType::Socket) : nullptr;
}

// The whole operation is what the call does.
template <class Function, class Body>
HResult step(HcsSystem* system, HcsOperation* operation, Body&& body) {
  return start<Function>(on(operation, OperationType::None, system, false),
                         [&](const Call& call, OperationOutputs&) { return body(call); });
}

// The operation ends with what the other side says.
template <class Function, class Body>
HResult await(HcsSystem* system, HcsOperation* operation, Body&& body) {
  return start<Function>(on(operation, OperationType::None, system, true),
                         [&](const Call& call, OperationOutputs&) { return body(call); });
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

HResult HC_CALL exports::computecore::HcsStartComputeSystem(HcsSystem* system,
                                                            HcsOperation* operation,
                                                            const char16_t* options) {
  const bool migrates = Host::startsMigration(options);
  void* const socket = migrates ? socketOf(operation) : nullptr;
  return start<core::HcsStartComputeSystem>(
      on(operation, OperationType::Start, system, !migrates),
      [&](const Call& call, OperationOutputs&) {
        return migrates ? host().startDestination(call, system, options, socket)
                        : host().operate(call, Operation::Start, system, options);
      });
}

HResult HC_CALL exports::computecore::HcsInitializeLiveMigrationOnSource(HcsSystem* system,
                                                                         HcsOperation* operation,
                                                                         const char16_t* options) {
  return step<core::HcsInitializeLiveMigrationOnSource>(system, operation, [&](const Call& call) {
    return host().initializeMigration(call, system, options);
  });
}

HResult HC_CALL exports::computecore::HcsStartLiveMigrationOnSource(HcsSystem* system,
                                                                    HcsOperation* operation,
                                                                    const char16_t* options) {
  void* const socket = socketOf(operation);
  return step<core::HcsStartLiveMigrationOnSource>(system, operation, [&](const Call& call) {
    return host().startMigration(call, system, options, socket);
  });
}

HResult HC_CALL exports::computecore::HcsStartLiveMigrationTransfer(HcsSystem* system,
                                                                    HcsOperation* operation,
                                                                    const char16_t* options) {
  return await<core::HcsStartLiveMigrationTransfer>(system, operation, [&](const Call& call) {
    return host().transferMigration(call, system, options);
  });
}

HResult HC_CALL exports::computecore::HcsFinalizeLiveMigration(HcsSystem* system,
                                                               HcsOperation* operation,
                                                               const char16_t* options) {
  return await<core::HcsFinalizeLiveMigration>(system, operation, [&](const Call& call) {
    return host().finalizeMigration(call, system, options);
  });
}

HResult HC_CALL exports::computecore::HcsCancelLiveMigration(HcsSystem* system,
                                                             HcsOperation* operation,
                                                             const char16_t* options) {
  return step<core::HcsCancelLiveMigration>(system, operation, [&](const Call& call) {
    return host().cancelMigration(call, system, options);
  });
}

}  // namespace hc::simulator
