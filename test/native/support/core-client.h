// A client of computecore.dll, which knows that library alone: the functions by their names, the
// texts, and operations that it waits for.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "abi/functions.h"
#include "check.h"
#include "simulator/exports/state-library.h"

// Declared here as by the header of Windows: the types are those of the list.
#define HC_OF_computecore(function) \
  HC_EXPORT std::remove_pointer_t<hc::functions::computecore::function::Pointer> function;
#define HC_OF_vmcompute(function)
#define HC_OF_computestorage(function)
#define HC_OF_computenetwork(function)
#define HC_OF_virtdisk(function)
#define HC_OF_simulator(function)
#define HC_FUNCTION(library, function, completion, ...) HC_OF_##library(function)
#include "abi/functions.def"
#undef HC_FUNCTION
#undef HC_OF_computecore
#undef HC_OF_vmcompute
#undef HC_OF_computestorage
#undef HC_OF_computenetwork
#undef HC_OF_virtdisk
#undef HC_OF_simulator

#if defined(_WIN32)
extern "C" __declspec(dllimport) void* __stdcall LocalFree(void* text);
extern "C" __declspec(dllimport) void __stdcall CoTaskMemFree(void* text);
#else
extern "C" void* LocalFree(void* text);
extern "C" void CoTaskMemFree(void* text);
#endif

namespace hc::test {

constexpr std::uint32_t kForEver = 0xFFFFFFFF;

inline std::u16string take(char16_t* text) {
  std::u16string taken = text != nullptr ? text : u"";
  LocalFree(text);
  return taken;
}

inline bool contains(const std::u16string& text, const std::u16string& part) {
  return text.find(part) != std::u16string::npos;
}

inline std::u16string control(const std::u16string& request) {
  char16_t* response = nullptr;
  CHECK(HcSimulatorControl(request.c_str(), &response) == kOk);
  std::u16string answer = response != nullptr ? response : u"";
  CoTaskMemFree(response);
  return answer;
}

inline void reset() { control(u"{\"Reset\":{}}"); }
inline void inject(const std::u16string& rule) { control(u"{\"Inject\":{" + rule + u"}}"); }
inline std::u16string state() { return control(u"{\"State\":{}}"); }
// Until nothing is to be delivered any more.
inline void quiet() {
  CHECK(contains(control(u"{\"Await\":{\"Undelivered\":0,\"TimeoutMs\":60000}}"), u"true"));
}

struct Result {
  HResult status;
  std::u16string document;
};

inline Result resultOf(HcsOperation* operation) {
  char16_t* document = nullptr;
  const HResult status = HcsGetOperationResult(operation, &document);
  return {status, take(document)};
}
inline Result wait(HcsOperation* operation, std::uint32_t timeoutMs = kForEver) {
  char16_t* document = nullptr;
  const HResult status = HcsWaitForOperationResult(operation, timeoutMs, &document);
  return {status, take(document)};
}

// An operation that is closed at the end.
class Operation {
 public:
  explicit Operation(void* context = nullptr, HcsOperationCallback callback = nullptr)
      : handle_(HcsCreateOperation(context, callback)) {}
  ~Operation() { close(); }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  operator HcsOperation*() const { return handle_; }  // NOLINT(google-explicit-constructor)
  void close() {
    if (HcsOperation* const handle = std::exchange(handle_, nullptr)) HcsCloseOperation(handle);
  }

 private:
  HcsOperation* handle_;
};

constexpr const char16_t* kContainer =
    u"{\"Owner\":\"test\",\"SchemaVersion\":{\"Major\":2,\"Minor\":1},\"Container\":{\"Storage\":"
    u"{\"Layers\":[{\"Id\":\"a0000000-0000-0000-0000-000000000000\",\"Path\":\"C:\\\\layer\"}],"
    u"\"Path\":\"\\\\\\\\?\\\\Volume{a0000000-0000-0000-0000-000000000000}\\\\\"}}}";

constexpr const char16_t* kMachine =
    u"{\"Owner\":\"test\",\"SchemaVersion\":{\"Major\":2,\"Minor\":1},\"VirtualMachine\":"
    u"{\"GuestConnection\":{},\"Chipset\":{\"Uefi\":{}},\"ComputeTopology\":{\"Memory\":"
    u"{\"SizeInMB\":1024},\"Processor\":{\"Count\":1}}}}";

inline HcsSystem* create(const char16_t* id, const char16_t* document = kContainer) {
  Operation operation;
  HcsSystem* system = nullptr;
  CHECK(HcsCreateComputeSystem(id, document, operation, nullptr, &system) == kOk);
  CHECK(wait(operation).status == kOk && system != nullptr);
  return system;
}

inline HcsSystem* running(const char16_t* id, const char16_t* document = kContainer) {
  HcsSystem* const system = create(id, document);
  Operation operation;
  CHECK(HcsStartComputeSystem(system, operation, nullptr) == kOk);
  CHECK(wait(operation).status == kOk);
  return system;
}

struct Received {
  std::uint32_t type;
  std::u16string data;
  HcsOperation* operation;
};

// The events of a handle.
class Events {
 public:
  static void HC_CALL receive(HcsEvent* event, void* self) {
    auto& events = *static_cast<Events*>(self);
    std::lock_guard lock(events.mutex_);
    events.all_.push_back(
        {event->type, event->data != nullptr ? event->data : u"", event->operation});
  }
  std::vector<Received> all() {
    std::lock_guard lock(mutex_);
    return all_;
  }
  std::size_t count(Event type) {
    std::size_t count = 0;
    for (const auto& each : all()) count += each.type == static_cast<std::uint32_t>(type);
    return count;
  }

 private:
  std::mutex mutex_;
  std::vector<Received> all_;
};

}  // namespace hc::test
