// Objects of the network service, which the core opens, asks and closes within one call: a handle
// is closed once, after all else, and is never kept.
#include <cstdlib>
#include <cstring>

#include "scheduler.h"
#include "scripted-host.h"

namespace hc::seeds {

namespace {

constexpr HResult kRefused = 0x803B0001;

Scheduler& scheduler() { return Scheduler::get(); }

}  // namespace

// The call is counted where it comes in: an open is the first step of a call on an object.
HResult ScriptedHost::openNetwork(std::uint64_t call, HcnNetwork** out, char16_t** record) {
  begin("open of a network", call, nullptr);
  *out = nullptr;
  stick(call, nullptr, Notification::None);
  const bool refuses = scheduler().oneIn(6);
  if (!refuses) {
    networks_.push_back(std::make_unique<Network>());
    networks_.back()->opener = call;
    *out = reinterpret_cast<HcnNetwork*>(networks_.back().get());
  }
  end(call, nullptr, record);
  return refuses ? kRefused : kOk;
}

HResult ScriptedHost::useNetwork(HcnNetwork* handle, char16_t** answer, char16_t** record) {
  auto* const network = reinterpret_cast<Network*>(handle);
  HOLDS(network != nullptr && !network->closed);
  begin("a call on a network", 0, nullptr);
  const bool refuses = scheduler().oneIn(6);
  if (answer != nullptr) {
    *answer = nullptr;
    if (!refuses) *answer = give(u"{}", texts_);
  }
  end(network->opener, nullptr, record);
  HOLDS(!network->closed);
  return refuses ? kRefused : kOk;
}

HResult ScriptedHost::closeNetwork(HcnNetwork* handle) {
  auto* const network = reinterpret_cast<Network*>(handle);
  HOLDS(network != nullptr && !network->closed);
  begin("close of a network", 0, nullptr);
  network->closed = true;
  return scheduler().oneIn(8) ? kRefused : kOk;
}

bool ScriptedHost::hasOpenNetwork(std::uint64_t call) const {
  for (const auto& network : networks_)
    if (!network->closed && (call == 0 || network->opener == call)) return true;
  return false;
}

}  // namespace hc::seeds

using namespace hc;         // NOLINT(google-build-using-namespace): the C functions are global
using namespace hc::seeds;  // NOLINT(google-build-using-namespace)

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT HResult HcnCreateNetwork(const GuidData*, const char16_t* settings, HcnNetwork** network,
                                char16_t** record) {
  return ScriptedHost::get().openNetwork(numberIn(settings), network, record);
}

EXPORT HResult HcnOpenNetwork(const GuidData* id, HcnNetwork** network, char16_t** record) {
  return ScriptedHost::get().openNetwork(id->data1, network, record);
}

EXPORT HResult HcnModifyNetwork(HcnNetwork* network, const char16_t*, char16_t** record) {
  return ScriptedHost::get().useNetwork(network, nullptr, record);
}

EXPORT HResult HcnQueryNetworkProperties(HcnNetwork* network, const char16_t*,
                                         char16_t** properties, char16_t** record) {
  return ScriptedHost::get().useNetwork(network, properties, record);
}

EXPORT HResult HcnCloseNetwork(HcnNetwork* network) {
  return ScriptedHost::get().closeNetwork(network);
}
