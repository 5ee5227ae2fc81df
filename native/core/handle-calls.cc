#include "handle-calls.h"

#include "handle.h"
#include "host-callback.h"

namespace hc {

namespace {

namespace vmcompute = functions::vmcompute;
namespace computecore = functions::computecore;
namespace computenetwork = functions::computenetwork;

void* contextOf(std::uint64_t id) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(id));
}

template <class Function, class... Arguments>
HResult callHost(const Libraries& libraries, Arguments... arguments) {
  const auto function = libraries.get<Function>();
  if (function == nullptr) return kFunctionMissing;
  if constexpr (std::is_void_v<typename Function::Result>) {
    function(arguments...);
    return kOk;
  } else {
    return function(arguments...);
  }
}

// A callback handle that is given back.
template <class Opaque, class Register>
HResult registerOn(const Libraries& libraries, void* value, std::uint64_t id,
                   HcsRegistration** registration) {
  return callHost<Register>(libraries, static_cast<Opaque*>(value), &onNotification, contextOf(id),
                            registration);
}
template <class Unregister>
void unregister(const Libraries& libraries, HcsRegistration* registration) {
  callHost<Unregister>(libraries, registration);
}

// One callback, which ends with the handle. Only a system has events of its migration.
template <class Opaque, class Set, std::uint32_t kOptions = 0>
HResult setCallback(const Libraries& libraries, void* value, std::uint64_t id, HcsRegistration**) {
  return callHost<Set>(libraries, static_cast<Opaque*>(value), kOptions, contextOf(id), &onEvent);
}

template <class Opaque, class Close>
HResult close(const Libraries& libraries, void* value) {
  return callHost<Close>(libraries, static_cast<Opaque*>(value));
}

// What the host answers does not matter: the handle is closed next either way.
void terminateSystem(const Libraries& libraries, void* value) {
  const char16_t* const options = nullptr;
  char16_t* result = nullptr;
  callHost<vmcompute::HcsTerminateComputeSystem>(libraries, static_cast<HcsSystem*>(value), options,
                                                 &result);
  libraries.freeText(result);
}
void terminateProcess(const Libraries& libraries, void* value) {
  char16_t* result = nullptr;
  callHost<vmcompute::HcsTerminateProcess>(libraries, static_cast<HcsProcess*>(value), &result);
  libraries.freeText(result);
}

// An operation that is closed while it runs goes on, and its result is nobody's.
template <class Opaque, class Terminate>
void terminateByOperation(const Libraries& libraries, void* value) {
  const auto create = libraries.get<computecore::HcsCreateOperation>();
  HcsOperation* const operation = create == nullptr ? nullptr : create(nullptr, nullptr);
  if (operation == nullptr) return;
  const char16_t* const options = nullptr;
  callHost<Terminate>(libraries, static_cast<Opaque*>(value), operation, options);
  callHost<computecore::HcsCloseOperation>(libraries, operation);
}

constexpr HandleCalls kSystem = {
    &registerOn<HcsSystem, vmcompute::HcsRegisterComputeSystemCallback>,
    &unregister<vmcompute::HcsUnregisterComputeSystemCallback>, &terminateSystem,
    &close<HcsSystem, vmcompute::HcsCloseComputeSystem>};
constexpr HandleCalls kProcess = {&registerOn<HcsProcess, vmcompute::HcsRegisterProcessCallback>,
                                  &unregister<vmcompute::HcsUnregisterProcessCallback>,
                                  &terminateProcess,
                                  &close<HcsProcess, vmcompute::HcsCloseProcess>};
constexpr HandleCalls kCoreSystem = {
    &setCallback<HcsSystem, computecore::HcsSetComputeSystemCallback, kEventsOfLiveMigration>,
    nullptr, &terminateByOperation<HcsSystem, computecore::HcsTerminateComputeSystem>,
    &close<HcsSystem, computecore::HcsCloseComputeSystem>};
constexpr HandleCalls kCoreProcess = {
    &setCallback<HcsProcess, computecore::HcsSetProcessCallback>, nullptr,
    &terminateByOperation<HcsProcess, computecore::HcsTerminateProcess>,
    &close<HcsProcess, computecore::HcsCloseProcess>};
constexpr HandleCalls kGuestNetworkService = {
    &registerOn<HcnGuestNetworkService, computenetwork::HcnRegisterGuestNetworkServiceCallback>,
    &unregister<computenetwork::HcnUnregisterGuestNetworkServiceCallback>, nullptr,
    &close<HcnGuestNetworkService, computenetwork::HcnCloseGuestNetworkService>};
constexpr HandleCalls kServiceRegistration = {
    nullptr, nullptr, nullptr,
    &close<HcsRegistration, computenetwork::HcnUnregisterServiceCallback>};
constexpr HandleCalls kPortReservation = {
    nullptr, nullptr, nullptr,
    &close<HcnPortReservation, computenetwork::HcnReleaseGuestNetworkServicePortReservationHandle>};

constexpr HandleCalls kVirtualDisk = {nullptr, nullptr, nullptr,
                                      &close<VirtDisk, functions::virtdisk::CloseVirtualDisk>};

}  // namespace

const HandleCalls& handleCalls(HandleKind kind, Library library) {
  const bool core = library == Library::computecore;
  switch (kind) {
    case HandleKind::System:
      return core ? kCoreSystem : kSystem;
    case HandleKind::Process:
      return core ? kCoreProcess : kProcess;
    case HandleKind::GuestNetworkService:
      return kGuestNetworkService;
    case HandleKind::ServiceRegistration:
      return kServiceRegistration;
    case HandleKind::PortReservation:
      return kPortReservation;
    case HandleKind::VirtualDisk:
      break;
  }
  return kVirtualDisk;
}

}  // namespace hc
