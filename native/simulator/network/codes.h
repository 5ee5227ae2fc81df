// The codes of HNS that the simulated service gives.
#pragma once

#include "../base/status-codes.h"

namespace hc::simulator::network {

constexpr HResult kNetworkNotFound = 0x803B0001;
constexpr HResult kEndpointNotFound = 0x803B0002;
constexpr HResult kSubnetNotFound = 0x803B0005;
constexpr HResult kAdapterNotFound = 0x803B0006;
constexpr HResult kPolicyNotFound = 0x803B0008;
constexpr HResult kInvalidNetworkType = 0x803B000B;
constexpr HResult kInvalidPolicy = 0x803B000D;
constexpr HResult kInvalidPolicyType = 0x803B000E;
constexpr HResult kNetworkExists = 0x803B0010;
constexpr HResult kPortExists = 0x803B0013;
constexpr HResult kEndpointAttached = 0x803B0014;
constexpr HResult kRequestUnsupported = 0x803B0015;
constexpr HResult kMappingNotSupported = 0x803B0016;
constexpr HResult kGuidConversion = 0x803B0019;
constexpr HResult kInvalidJson = 0x803B001B;
constexpr HResult kInvalidIp = 0x803B001E;
constexpr HResult kManagerStopped = 0x803B0020;
constexpr HResult kEndpointNamespaceExists = 0x803B002B;
constexpr HResult kEntityHasReferences = 0x803B002C;
constexpr HResult kInvalidInternalPort = 0x803B002D;
constexpr HResult kAddressInvalidOrReserved = 0x803B002F;
constexpr HResult kInvalidPrefix = 0x803B0030;
constexpr HResult kInvalidSubnet = 0x803B0032;
constexpr HResult kInvalidIpSubnet = 0x803B0033;
constexpr HResult kEndpointNotAttached = 0x803B0034;
constexpr HResult kNotImplemented = 0x80004001;
constexpr HResult kDuplicateName = 0x80070034;  // of a network of the type ICS

}  // namespace hc::simulator::network
