// A plain client of the simulated host for its native tests, which are linked with it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "../../../native/abi/functions.h"
#include "check.h"

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
// After windows.h, which it needs.
#include <objbase.h>
#else
extern "C" void CoTaskMemFree(void* text);
extern "C" void* LocalFree(void* text);
#endif

// Those of computecore.dll have names in common with these: core-client.h has them.
#define HC_CLIENT_OF_computecore(...)
#define HC_CLIENT_OF_vmcompute HC_CLIENT
#define HC_CLIENT_OF_computenetwork HC_CLIENT
#define HC_CLIENT_OF_computestorage HC_CLIENT
#define HC_CLIENT_OF_virtdisk HC_CLIENT
#define HC_CLIENT_OF_simulator HC_CLIENT
#define HC_CLIENT(library, function) \
  extern "C" std::remove_pointer_t<hc::functions::library::function::Pointer> function;
#define HC_FUNCTION(library, function, completion, ...) HC_CLIENT_OF_##library(library, function)
#include "../../../native/abi/functions.def"
#undef HC_FUNCTION

namespace hc::test {

constexpr HResult kPending = kOperationPending;
constexpr HResult kInvalidState = 0xC0370105;
constexpr HResult kInvalidJson = 0xC037010D;
constexpr HResult kSystemNotFound = 0xC037010E;
constexpr HResult kSystemExists = 0xC037010F;
constexpr HResult kSystemStopped = 0xC0370110;
constexpr HResult kBadArgument = 0x80070057;
constexpr HResult kBadHandle = 0x80070006;
constexpr HResult kAborted = 0x80004004;

inline std::u16string take(char16_t* text) {
  if (text == nullptr) return {};
  std::u16string copy = text;
  CoTaskMemFree(text);
  return copy;
}

inline bool contains(const std::u16string& text, const std::u16string& piece) {
  return text.find(piece) != std::u16string::npos;
}

inline void show(const char* what, const std::u16string& text) {
  std::string narrow;
  for (const char16_t c : text) narrow.push_back(c < 0x80 ? static_cast<char>(c) : '?');
  std::fprintf(stderr, "%s: %s\n", what, narrow.c_str());
}

// The texts of the last call of the main thread. (Not thread_local: MinGW destroys such strings
// after it has freed them.)
inline std::u16string result;
inline std::u16string payload;
inline const std::thread::id mainThread = std::this_thread::get_id();

inline void keep(std::u16string* where, char16_t* text) {
  std::u16string copy = take(text);
  if (std::this_thread::get_id() == mainThread) *where = std::move(copy);
}

template <class Function, class... Arguments>
HResult call(Function* function, Arguments... arguments) {
  char16_t* text = nullptr;
  const HResult status = function(arguments..., &text);
  keep(&result, text);
  return status;
}

template <class Function, class... Arguments>
HResult ask(Function* function, Arguments... arguments) {
  char16_t* answer = nullptr;
  char16_t* text = nullptr;
  const HResult status = function(arguments..., &answer, &text);
  keep(&payload, answer);
  keep(&result, text);
  return status;
}

inline std::u16string control(const std::u16string& request, bool good = true) {
  char16_t* response = nullptr;
  const HResult status = HcSimulatorControl(request.c_str(), &response);
  std::u16string text = take(response);
  if (!CHECK(status == (good ? kOk : kBadArgument)) || text.empty()) {
    show("request", request);
    show("response", text);
  }
  return text;
}

inline void reset() { control(u"{\"Reset\":{}}"); }

// What registrations have received. It ends its registrations with itself.
class Log {
 public:
  struct Event {
    std::uint32_t type;
    HResult status;
    std::u16string data;
    bool hasData;
  };

  static void HC_CALL onNotification(std::uint32_t type, void* context, HResult status,
                                     const char16_t* data) {
    auto* log = static_cast<Log*>(context);
    std::lock_guard lock(log->mutex_);
    log->events_.push_back({type, status, data != nullptr ? data : u"", data != nullptr});
    log->changed_.notify_all();
  }

  // Refused where the test has done it already: by hand, by closing the handle, or by Reset.
  ~Log() {
    for (HcsRegistration* registration : registrations_) {
      HcsUnregisterComputeSystemCallback(registration);
      HcsUnregisterProcessCallback(registration);
    }
  }
  Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  HcsRegistration* on(HcsSystem* system) {
    HcsRegistration* registration = nullptr;
    CHECK(HcsRegisterComputeSystemCallback(system, onNotification, this, &registration) == kOk);
    registrations_.push_back(registration);
    return registration;
  }

  HcsRegistration* on(HcsProcess* process) {
    HcsRegistration* registration = nullptr;
    CHECK(HcsRegisterProcessCallback(process, onNotification, this, &registration) == kOk);
    registrations_.push_back(registration);
    return registration;
  }

  // Waits for that many events in all; false after ten seconds.
  bool wait(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10),
                             [&] { return events_.size() >= count; });
  }

  std::vector<Event> events() {
    std::lock_guard lock(mutex_);
    return {events_.begin(), events_.end()};
  }

  std::vector<std::uint32_t> types() {
    std::vector<std::uint32_t> types;
    for (const Event& event : events()) types.push_back(event.type);
    return types;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> events_;
  std::vector<HcsRegistration*> registrations_;
};

// Waits until nothing is queued, so that what has not been received by then was never sent.
inline void quiet() { control(u"{\"Await\":{\"Undelivered\":0,\"TimeoutMs\":10000}}"); }

constexpr const char16_t* kStorage =
    u"\"Storage\":{\"Layers\":[{\"Id\":\"b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02\","
    u"\"Path\":\"C:\\\\layer\"}],\"Path\":\"C:\\\\scratch\"}";

inline std::u16string container(const std::u16string& more = u"") {
  return u"{\"Owner\":\"test\",\"SchemaVersion\":{\"Major\":2,\"Minor\":1}" + more +
         u",\"Container\":{" + kStorage + u"}}";
}

// A container of schema 1 with other members.
inline std::u16string container1(const std::u16string& id, const std::u16string& more = u"") {
  return u"{\"SystemType\":\"Container\",\"Name\":\"" + id + u"\"" + more +
         u",\"Layers\":[{\"ID\":\"b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02\",\"Path\":\"C:\\\\layer\"}]"
         u"}";
}

inline std::u16string linuxContainer(const std::u16string& id) {
  return container1(id, u",\"ContainerType\":\"linux\",\"HvPartition\":true");
}

// A virtual machine that HCS can talk to; other members replace that.
inline std::u16string machine(const std::u16string& more = u",\"GuestConnection\":{}") {
  const bool boots = more.find(u"\"Chipset\"") != std::u16string::npos;
  return std::u16string(
             u"{\"Owner\":\"test\",\"SchemaVersion\":{\"Major\":2,\"Minor\":5},"
             u"\"VirtualMachine\":{\"ComputeTopology\":{\"Memory\":{\"SizeInMB\":256},"
             u"\"Processor\":{\"Count\":2}}") +
         (boots ? u"" : u",\"Chipset\":{\"Uefi\":{}}") + more + u"}}";
}

inline std::u16string hostedIn(const std::u16string& machine,
                               const std::u16string& hosted = std::u16string(u"\"Container\":{") +
                                                              kStorage + u"}") {
  return u"{\"SchemaVersion\":{\"Major\":2,\"Minor\":1},\"HostingSystemId\":\"" + machine +
         u"\",\"HostedSystem\":{" + hosted + u"}}";
}

// What a create answers that is to fail.
inline HResult refusal(const std::u16string& id, const std::u16string& document) {
  HcsSystem* system = nullptr;
  const HResult status = call(HcsCreateComputeSystem, id.c_str(), document.c_str(),
                              static_cast<void*>(nullptr), &system);
  CHECK(system == nullptr);
  return status;
}

inline HcsSystem* create(const std::u16string& id, const std::u16string& document = container()) {
  HcsSystem* system = nullptr;
  const HResult status = call(HcsCreateComputeSystem, id.c_str(), document.c_str(),
                              static_cast<void*>(nullptr), &system);
  if (!CHECK(status == kOk || status == kPending)) show("create", result);
  return system;
}

inline HcsSystem* running(const std::u16string& id, const std::u16string& document = container()) {
  HcsSystem* system = create(id, document);
  CHECK(call(HcsStartComputeSystem, system, u"") == kPending);
  return system;
}

inline HcsRegistration* listen(HcsSystem* system, Log* log) { return log->on(system); }

inline std::u16string stateOf(HcsSystem* system) {
  if (ask(HcsGetComputeSystemProperties, system, static_cast<const char16_t*>(nullptr)) != kOk)
    return u"?";
  const std::size_t at = payload.find(u"\"State\":\"") + 9;
  return payload.substr(at, payload.find(u'"', at) - at);
}

}  // namespace hc::test
