// What the network service knows at which of its versions.
#pragma once

#include <cstdint>

namespace hc::simulator::network {

struct Version {
  std::uint32_t major = 15;
  std::uint32_t minor = 4;
  constexpr bool operator<(const Version& other) const {
    return major != other.major ? major < other.major : minor < other.minor;
  }
};

enum class Feature : std::uint8_t {
  AclLists,  // of addresses, ranges of ports, and ids of rules
  SecondSchema,
  RemoteSubnet,
  HostRoute,
  DirectServerReturn,
  Slash32Prefixes,
  VxlanPort,
  AclProtocol252,
  DualStack,
  SessionAffinity,
  SetPolicy,
  L4Proxy,
  L4WfpProxy,
  TierAcl,
  NetworkAcl,
  NestedIpSet,
  DisableHostPort,
  ModifyLoadBalancer,
  AcceleratedNetworking,
};

// From a version on; or, where it was brought to an older one too, to the end of its major version.
struct Since {
  Feature feature;
  Version from;
  bool sameMajor = false;
};
constexpr Since kSince[] = {
    {Feature::AclLists, {7, 2}},
    {Feature::SecondSchema, {9, 2}},
    {Feature::RemoteSubnet, {9, 2}},
    {Feature::HostRoute, {9, 2}},
    {Feature::DirectServerReturn, {9, 3}, true},
    {Feature::DirectServerReturn, {10, 2}},
    {Feature::Slash32Prefixes, {9, 3}, true},
    {Feature::Slash32Prefixes, {10, 4}},
    {Feature::VxlanPort, {10, 3}},
    {Feature::AclProtocol252, {11, 0}},
    {Feature::DualStack, {11, 10}},
    {Feature::SessionAffinity, {12, 0}},
    {Feature::SetPolicy, {13, 0}},
    {Feature::L4Proxy, {9, 5}, true},
    {Feature::L4Proxy, {10, 5}, true},
    {Feature::L4Proxy, {11, 11}, true},
    {Feature::L4Proxy, {12, 1}, true},
    {Feature::L4Proxy, {13, 1}},
    {Feature::L4WfpProxy, {13, 2}},
    {Feature::TierAcl, {14, 0}},
    {Feature::NetworkAcl, {15, 0}},
    {Feature::NestedIpSet, {15, 0}},
    {Feature::DisableHostPort, {15, 1}},
    {Feature::ModifyLoadBalancer, {15, 4}},
    {Feature::AcceleratedNetworking, {15, 4}},
};

constexpr bool supports(const Version& version, Feature feature) {
  for (const Since& since : kSince)
    if (since.feature == feature && !(version < since.from) &&
        (!since.sameMajor || version.major == since.from.major))
      return true;
  return false;
}

}  // namespace hc::simulator::network
