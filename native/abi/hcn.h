// The C types of the Host Compute Network as computenetwork.dll knows them, beside those of hcs.h.
#pragma once

#include "hcs.h"

namespace hc {

// Opaque and pointer-sized: RPC contexts of the service.
struct HcnNetwork;
struct HcnEndpoint;
struct HcnNamespace;
struct HcnLoadBalancer;
struct HcnSdnRoute;
struct HcnGuestNetworkService;
struct HcnPortReservation;

// HCN_PORT_RANGE_RESERVATION. Both ends are in it.
struct PortRangeData {
  std::uint16_t startingPort;
  std::uint16_t endingPort;
};
static_assert(sizeof(PortRangeData) == 4, "HCN_PORT_RANGE_RESERVATION");

// HCN_PORT_RANGE_ENTRY.
struct PortRangeEntry {
  GuidData owningPartitionId;
  GuidData targetPartitionId;
  std::uint32_t protocol;
  std::uint64_t priority;
  std::uint32_t reservationType;
  std::uint32_t sharingFlags;
  std::uint32_t deliveryMode;
  std::uint16_t startingPort;
  std::uint16_t endingPort;
};
static_assert(offsetof(PortRangeEntry, priority) == 40 &&
                  offsetof(PortRangeEntry, startingPort) == 60 && sizeof(PortRangeEntry) == 64,
              "HCN_PORT_RANGE_ENTRY");

// What is asked of an object that a call has created or opened: its properties in the second
// schema, as Microsoft's own client does.
constexpr char16_t kObjectQuery[] = u"{\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";

// HCN_NOTIFICATIONS. Their numbers are those of other notifications at a compute system, but for
// that of ServiceDisconnect.
enum class NetworkNotification : std::uint32_t {
  NetworkPreCreate = 0x01,
  NetworkCreate = 0x02,
  NetworkPreDelete = 0x03,
  NetworkDelete = 0x04,
  NamespaceCreate = 0x05,
  NamespaceDelete = 0x06,
  GuestNetworkServiceCreate = 0x07,
  GuestNetworkServiceDelete = 0x08,
  NetworkEndpointAttached = 0x09,
  NetworkEndpointDetached = 0x10,
  GuestNetworkServiceStateChanged = 0x11,
  GuestNetworkServiceInterfaceStateChanged = 0x12,
};

}  // namespace hc
