// Queries and settings of the service itself. Its state is guarded by the lock of the host.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "../base/json.h"
#include "../base/outcome.h"
#include "../documents/requests.h"

namespace hc::simulator {

struct CpuGroup {
  std::vector<std::uint32_t> processors;
  std::map<std::uint32_t, std::uint64_t> properties;  // value by code
  std::uint64_t hypervisorGroup = 0;
};

struct CredentialGuard {
  std::u16string cookie;
  std::u16string transport;
  std::u16string credentialSpec;
};

struct Service {
  std::map<std::u16string, CpuGroup> cpuGroups;                // by id
  std::map<std::u16string, CredentialGuard> credentialGuards;  // by id
  std::uint64_t lastHypervisorGroup = 0;
};

Outcome queryService(const Service& service, const PropertyQuery& query);
Outcome changeService(Service& service, const json::Value& request);

}  // namespace hc::simulator
