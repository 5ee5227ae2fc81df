#include "fake-host.h"

#include <cstdlib>
#include <cstring>
#include <vector>

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
// After windows.h, which it needs.
#include <objbase.h>
#endif

namespace hc::test {

namespace {

constexpr HResult kBadHandle = 0x80070006;

HResult ask(const FakeHost::Answer& answer) { return answer ? answer() : kOk; }

// Freed by the caller, the host's way.
void give(char16_t** out, const char16_t* text, std::size_t length) {
  const std::size_t size = (length + 1) * sizeof(char16_t);
#if defined(_WIN32)
  *out = static_cast<char16_t*>(CoTaskMemAlloc(size));
#else
  *out = static_cast<char16_t*>(std::malloc(size));
#endif
  std::memcpy(*out, text, size);
}

}  // namespace

FakeHost& fakeHost() {
  static auto* const host = new FakeHost;
  return *host;
}

void FakeHost::reset() {
  for (Answer* answer : {&onCreate, &onStart, &onRegister, &onUnregister, &onClose}) {
    *answer = nullptr;
  }
  for (std::atomic<int>* count : {&created, &closed, &refused, &starts, &unregistered}) *count = 0;
  std::lock_guard<std::mutex> lock(mutex_);
  handles_.clear();
  registrations_.clear();
}

int FakeHost::open() {
  std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int>(handles_.size() + registrations_.size());
}

void FakeHost::notify(Notification notification, HResult status, const char16_t* data) {
  std::vector<Registered> all;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [key, registered] : registrations_) all.push_back(registered);
  }
  for (const Registered& registered : all) {
    registered.callback(static_cast<std::uint32_t>(notification), registered.context, status, data);
  }
}

void* FakeHost::add() {
  std::lock_guard<std::mutex> lock(mutex_);
  ++created;
  return *handles_.insert(reinterpret_cast<void*>(++last_)).first;
}

bool FakeHost::has(void* handle) {
  std::lock_guard<std::mutex> lock(mutex_);
  const bool known = handles_.count(handle) != 0;
  if (!known) ++refused;
  return known;
}

HResult FakeHost::remove(void* handle) {
  std::lock_guard<std::mutex> lock(mutex_);
  const bool known = handles_.erase(handle) != 0;
  ++(known ? closed : refused);
  return known ? kOk : kBadHandle;
}

HResult FakeHost::addRegistration(void* handle, NotificationCallback callback, void* context,
                                  void** out) {
  if (!has(handle)) return kBadHandle;
  std::lock_guard<std::mutex> lock(mutex_);
  *out = reinterpret_cast<void*>(++last_);
  registrations_[*out] = {callback, context};
  return kOk;
}

HResult FakeHost::removeRegistration(void* registration) {
  std::lock_guard<std::mutex> lock(mutex_);
  const bool known = registrations_.erase(registration) != 0;
  ++(known ? unregistered : refused);
  return known ? kOk : kBadHandle;
}

}  // namespace hc::test

using namespace hc;        // NOLINT(google-build-using-namespace): the C functions are global
using namespace hc::test;  // NOLINT(google-build-using-namespace)

#define EXPORT extern "C" FAKE_EXPORT HResult HC_CALL

EXPORT HcsCreateComputeSystem(const char16_t* id, const char16_t*, void*, HcsSystem** system,
                              char16_t** result) {
  const HResult status = ask(fakeHost().onCreate);
  give(result, id, std::char_traits<char16_t>::length(id));
  if (status == kOk || status == kOperationPending) {
    *system = static_cast<HcsSystem*>(fakeHost().add());
  }
  return status;
}

EXPORT HcsStartComputeSystem(HcsSystem* system, const char16_t*, char16_t**) {
  ++fakeHost().starts;
  const HResult status = ask(fakeHost().onStart);
  return fakeHost().has(system) ? status : kBadHandle;
}

EXPORT HcsCreateProcess(HcsSystem* system, const char16_t*, ProcessInformation* information,
                        HcsProcess** process, char16_t**) {
  if (!fakeHost().has(system)) return kBadHandle;
  information->processId = 42;
  *process = static_cast<HcsProcess*>(fakeHost().add());
  return kOk;
}

EXPORT HcsCloseComputeSystem(HcsSystem* system) {
  const HResult status = ask(fakeHost().onClose);
  return status == kOk ? fakeHost().remove(system) : status;
}

EXPORT HcsRegisterComputeSystemCallback(HcsSystem* system, NotificationCallback callback,
                                        void* context, HcsRegistration** registration) {
  const HResult status = ask(fakeHost().onRegister);
  if (status != kOk) return status;
  void* out = nullptr;
  const HResult added = fakeHost().addRegistration(system, callback, context, &out);
  *registration = static_cast<HcsRegistration*>(out);
  return added;
}

EXPORT HcsUnregisterComputeSystemCallback(HcsRegistration* registration) {
  const HResult status = ask(fakeHost().onUnregister);
  return status == kOk ? fakeHost().removeRegistration(registration) : status;
}
