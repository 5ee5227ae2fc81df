// Optional features, by DISM. Its state is one for a process, and its sessions take seconds to
// open: those who ask at a time share one, and ask in turn.
#include <atomic>
#include <mutex>
#include <utility>

#include "../core/sync.h"
#include "windows-calls.h"

namespace hc::inspect {

namespace {

// As dismapi.h has it, which is not in every toolchain.
#pragma pack(push, 1)
struct FeatureInfo {
  const wchar_t* name;
  DWORD state;
  const wchar_t* displayName;
  const wchar_t* description;
  DWORD restart;
  void* properties;
  UINT propertyCount;
};
#pragma pack(pop)

using Session = UINT;
constexpr wchar_t kThisSystem[] = L"DISM_{53BFAE52-B167-4E2F-A258-0A37B57FF845}";
constexpr HRESULT kInitializedAlready = static_cast<HRESULT>(0xC0040001);

struct Dism {
  HRESULT(WINAPI* initialize)(int logLevel, const wchar_t* logFile, const wchar_t* scratch);
  HRESULT(WINAPI* openSession)(const wchar_t* image, const wchar_t*, const wchar_t*, Session*);
  HRESULT(WINAPI* getFeatureInfo)
  (Session, const wchar_t* name, const wchar_t* identifier, int kind, FeatureInfo**);
  HRESULT(WINAPI* release)(void*);
  HRESULT(WINAPI* closeSession)(Session);
  HRESULT(WINAPI* shutdown)();

  bool load() {
    return find("DismInitialize", initialize) && find("DismOpenSession", openSession) &&
           find("DismGetFeatureInfo", getFeatureInfo) && find("DismDelete", release) &&
           find("DismCloseSession", closeSession) && find("DismShutdown", shutdown);
  }
  template <class Function>
  static bool find(const char* name, Function& function) {
    function = systemFunction<Function>(u"dismapi.dll", name);
    return function != nullptr;
  }
};

// Open while anybody asks.
struct Shared {
  Atomic<int> asking{0};
  Mutex mutex;
  bool initialized = false;
  bool open = false;
  Session session = 0;
};

// Never destroyed: threads outlive static objects.
Shared& shared() {
  static Shared& shared = *new Shared;
  return shared;
}

Failure byResult(const char* call, HRESULT result) {
  return {call, static_cast<std::uint32_t>(result)};
}

Failure openShared(const Dism& dism, Shared& state) {
  if (state.open) return {};
  if (!state.initialized) {
    const HRESULT result = dism.initialize(0, nullptr, nullptr);
    // What another part of the program has initialized is that one's to shut down.
    if (result < 0 && result != kInitializedAlready) return byResult("DismInitialize", result);
    state.initialized = result >= 0;
  }
  const HRESULT result = dism.openSession(kThisSystem, nullptr, nullptr, &state.session);
  if (result < 0) return byResult("DismOpenSession", result);
  state.open = true;
  return {};
}

void closeShared(const Dism& dism, Shared& state) {
  if (std::exchange(state.open, false)) dism.closeSession(state.session);
  if (std::exchange(state.initialized, false)) dism.shutdown();
}

}  // namespace

Failure feature(const std::u16string& name, Json& json) {
  Dism dism{};
  if (!dism.load()) return lastError("DismInitialize");
  Shared& state = shared();
  ++state.asking;
  std::lock_guard<Mutex> lock(state.mutex);
  Failure failure = openShared(dism, state);
  if (!failure) {
    FeatureInfo* info = nullptr;
    const HRESULT result = dism.getFeatureInfo(state.session, wide(name), nullptr, 0, &info);
    if (result < 0) {
      failure = byResult("DismGetFeatureInfo", result);
    } else {
      json.beginObject().key("state").number(info->state);
      json.key("restart").number(info->restart).endObject();
      dism.release(info);
    }
  }
  if (--state.asking == 0) closeShared(dism, state);
  return failure;
}

}  // namespace hc::inspect
