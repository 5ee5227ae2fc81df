// A host whose every answer a test decides. It is opened as a library, and linked for its controls.
// It exports what handle.cc calls and no more: what is missing is missing on purpose.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "../../../native/abi/functions.h"

#if defined(_WIN32)
#define FAKE_EXPORT __declspec(dllexport)
#else
#define FAKE_EXPORT __attribute__((visibility("default")))
#endif

namespace hc::test {

class FakeHost {
 public:
  using Answer = std::function<HResult()>;

  // Run on the thread of the call, under no lock, before anything happens. Set them while nothing
  // runs.
  Answer onCreate, onStart, onRegister, onUnregister, onClose;

  std::atomic<int> created{0};
  std::atomic<int> closed{0};
  std::atomic<int> refused{0};  // calls with something that is not open, or no longer
  std::atomic<int> starts{0};
  std::atomic<int> unregistered{0};

  FAKE_EXPORT void reset();
  FAKE_EXPORT int open();
  // Tells all registrations, under no lock.
  FAKE_EXPORT void notify(Notification notification, HResult status = kOk,
                          const char16_t* data = nullptr);

  // What the exports do.
  void* add();
  bool has(void* handle);
  HResult remove(void* handle);
  HResult addRegistration(void* handle, NotificationCallback callback, void* context, void** out);
  HResult removeRegistration(void* registration);

 private:
  struct Registered {
    NotificationCallback callback;
    void* context;
  };
  std::mutex mutex_;
  std::uintptr_t last_ = 0;
  std::set<void*> handles_;
  std::map<void*, Registered> registrations_;
};

FAKE_EXPORT FakeHost& fakeHost();

}  // namespace hc::test
