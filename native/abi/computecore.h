// The C types that computecore.dll has beside those of vmcompute.dll. The numbers of its events are
// its own: 0x01000000 is ServiceDisconnect there and OperationCallback here.
#pragma once

#include "hcs.h"

namespace hc {

// Opaque. What an asynchronous call is followed by: its completion, its status and its result.
struct HcsOperation;

using HcsOperationCallback = void(HC_CALL*)(HcsOperation* operation, void* context);

// HCS_EVENT_TYPE.
enum class Event : std::uint32_t {
  Invalid = 0x00000000,
  SystemExited = 0x00000001,
  SystemCrashInitiated = 0x00000002,
  SystemCrashReport = 0x00000003,
  SystemRdpEnhancedModeStateChanged = 0x00000004,
  SystemSiloJobCreated = 0x00000005,
  SystemGuestConnectionClosed = 0x00000006,
  ProcessExited = 0x00010000,
  OperationCallback = 0x01000000,
  ServiceDisconnect = 0x02000000,
  GroupVmLifecycle = 0x80000002,
  GroupLiveMigration = 0x80000003,
  GroupOperationInfo = 0xC0000001,
};

// `data` belongs to the host and ends with the callback.
struct HcsEvent {
  std::uint32_t type;
  const char16_t* data;
  HcsOperation* operation;  // of OperationCallback
};
static_assert(offsetof(HcsEvent, data) == 8 && offsetof(HcsEvent, operation) == 16 &&
                  sizeof(HcsEvent) == 24,
              "HCS_EVENT");
// Called on threads of the host.
using HcsEventCallback = void(HC_CALL*)(HcsEvent* event, void* context);

// HCS_EVENT_OPTIONS.
constexpr std::uint32_t kEventsOfOperations = 1;
constexpr std::uint32_t kEventsOfVmLifecycle = 2;
constexpr std::uint32_t kEventsOfLiveMigration = 4;

// HCS_CREATE_OPTIONS_1.
struct HcsCreateOptions {
  std::uint32_t version;
  void* userToken;
  void* securityDescriptor;
  std::uint32_t callbackOptions;
  void* callbackContext;
  HcsEventCallback callback;
};
static_assert(offsetof(HcsCreateOptions, userToken) == 8 &&
                  offsetof(HcsCreateOptions, callbackOptions) == 24 &&
                  sizeof(HcsCreateOptions) == 48,
              "HCS_CREATE_OPTIONS_1");
constexpr std::uint32_t kCreateOptions1 = 0x00010000;

// HCS_OPERATION_TYPE; None is (std::uint32_t)-1.
enum class OperationType : std::uint32_t {
  Enumerate = 0,
  Create = 1,
  Start = 2,
  Shutdown = 3,
  Pause = 4,
  Resume = 5,
  Save = 6,
  Terminate = 7,
  Modify = 8,
  GetProperties = 9,
  CreateProcess = 10,
  SignalProcess = 11,
  GetProcessInfo = 12,
  GetProcessProperties = 13,
  ModifyProcess = 14,
  Crash = 15,
  None = 0xFFFFFFFF,
};
constexpr std::uint64_t kInvalidOperationId = ~std::uint64_t{0};

// HCS_RESOURCE_TYPE.
enum class ResourceType : std::uint32_t { None = 0, File = 1, Job = 2, ComObject = 3, Socket = 4 };

// Access to what is opened: nothing finer is documented.
constexpr std::uint32_t kGenericAll = 0x10000000;

constexpr HResult kOutOfMemory = 0x8007000E;  // of a host that makes no operation
constexpr HResult kOperationNotStarted = 0x80370115;
constexpr HResult kOperationAlreadyStarted = 0x80370116;
constexpr HResult kComputecorePending = 0x80370117;
constexpr HResult kOperationTimeout = 0x80370118;
constexpr HResult kOperationCallbackAlreadySet = 0x80370119;

}  // namespace hc
