// The C types of the Host Compute System as vmcompute.dll knows them, for both sides of the
// boundary: the core that calls a host, and the simulator that is one. Nothing but <cstdint> and
// <cstddef> is included here.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(_WIN32)
#define HC_CALL __stdcall
#else
#define HC_CALL
#endif

namespace hc {

// An HRESULT, kept unsigned from the first moment: a sign-extended code never equals its constant.
using HResult = std::uint32_t;

// Opaque, pointer-sized, and not kernel handles. Distinct types, so that a process cannot be passed
// as a system.
struct HcsSystem;
struct HcsProcess;
struct HcsRegistration;

struct ProcessInformation {
  std::uint32_t processId;
  std::uint32_t reserved;
  void* stdInput;  // kernel handles (file descriptors off Windows); null or kInvalidStream where
                   // there is none
  void* stdOutput;
  void* stdError;
};
static_assert(sizeof(void*) == 8, "only 64-bit hosts are supported");
static_assert(offsetof(ProcessInformation, stdInput) == 8 && sizeof(ProcessInformation) == 32,
              "HCS_PROCESS_INFORMATION");

// How a call finds a layer: by the whole path in its argument `id`, so that the home directory is
// an empty text, as with Microsoft's own client.
struct DriverInformation {
  std::uint32_t flavour;
  const char16_t* homeDir;
};
static_assert(offsetof(DriverInformation, homeDir) == 8 && sizeof(DriverInformation) == 16,
              "DriverInfo");
constexpr std::uint32_t kFilterDriver = 1;

struct GuidData {
  std::uint32_t data1;
  std::uint16_t data2;
  std::uint16_t data3;
  std::uint8_t data4[8];
};
static_assert(sizeof(GuidData) == 16 && alignof(GuidData) == 4, "GUID");

// One of the parents of a layer.
struct LayerDescriptor {
  GuidData layerId;
  std::uint32_t flags;
  const char16_t* path;
};
static_assert(offsetof(LayerDescriptor, flags) == 16 && offsetof(LayerDescriptor, path) == 24 &&
                  sizeof(LayerDescriptor) == 32,
              "WC_LAYER_DESCRIPTOR");

inline void* const kInvalidStream = reinterpret_cast<void*>(~std::uintptr_t{0});

// Called on threads of the host. `data` belongs to the host and ends with the call.
using NotificationCallback = void(HC_CALL*)(std::uint32_t type, void* context, HResult status,
                                            const char16_t* data);

constexpr HResult kOk = 0;
constexpr HResult kOperationPending =
    0xC0370103;  // ERROR_VMCOMPUTE_OPERATION_PENDING: accepted, not failed

constexpr HResult kFunctionMissing = 0x8007007F;  // ERROR_PROC_NOT_FOUND

constexpr bool failed(HResult status) { return (status & 0x80000000u) != 0; }

// HCS_NOTIFICATIONS. The top four bits of a number are flags: mask them before comparing.
enum class Notification : std::uint32_t {
  None = 0x00000000,
  SystemExited = 0x00000001,
  SystemCreateCompleted = 0x00000002,
  SystemStartCompleted = 0x00000003,
  SystemPauseCompleted = 0x00000004,
  SystemResumeCompleted = 0x00000005,
  SystemCrashReport = 0x00000006,
  SystemSiloJobCreated = 0x00000007,
  SystemSaveCompleted = 0x00000008,
  SystemRdpEnhancedModeStateChanged = 0x00000009,
  SystemShutdownFailed = 0x0000000A,
  SystemGetPropertiesCompleted = 0x0000000B,
  SystemModifyCompleted = 0x0000000C,
  SystemCrashInitiated = 0x0000000D,
  SystemGuestConnectionClosed = 0x0000000E,
  SystemOperationCompletion = 0x0000000F,
  SystemPassThru = 0x00000010,
  ProcessExited = 0x00010000,
  ServiceDisconnect = 0x01000000,
};

constexpr std::uint32_t kNotificationFlags = 0xF0000000;

constexpr Notification notificationOf(std::uint32_t type) {
  return static_cast<Notification>(type & ~kNotificationFlags);
}

// After one of these nothing more is to be expected of the object.
constexpr bool terminal(Notification notification) {
  return notification == Notification::SystemExited ||
         notification == Notification::ProcessExited ||
         notification == Notification::ServiceDisconnect;
}

}  // namespace hc
