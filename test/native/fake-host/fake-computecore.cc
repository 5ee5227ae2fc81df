#include "fake-computecore.h"

#include <cstdlib>
#include <cstring>
#include <vector>

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#undef CreateProcess  // of an operation, here
#endif

namespace hc::test {

namespace {

constexpr HResult kBadHandle = 0x80070006;
constexpr HResult kInvalidArgument = 0x80070057;

// Freed by the caller, as the library wants it.
char16_t* give(const OptionalText& text) {
  if (!text) return nullptr;
  const std::size_t size = (text->size() + 1) * sizeof(char16_t);
#if defined(_WIN32)
  void* const given = LocalAlloc(LMEM_FIXED, size);
#else
  void* const given = std::malloc(size);
  ++fakeComputecore().texts;
#endif
  std::memcpy(given, text->c_str(), size);
  return static_cast<char16_t*>(given);
}

}  // namespace

FakeComputecore& fakeComputecore() {
  static auto* const host = new FakeComputecore;
  return *host;
}

void FakeComputecore::reset() {
  onCall = nullptr;
  onCloseOperation = nullptr;
  makesNoOperation = false;
  for (std::atomic<int>* count : {&calls, &closed, &refused, &texts, &wronglyFreed}) *count = 0;
  std::lock_guard<std::mutex> lock(mutex_);
  operations_.clear();
  opened_.clear();
}

int FakeComputecore::operations() {
  std::lock_guard<std::mutex> lock(mutex_);
  int open = 0;
  for (const auto& [handle, operation] : operations_) open += operation.closed ? 0 : 1;
  return open;
}

int FakeComputecore::handles() {
  std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int>(opened_.size());
}

FakeComputecore::Operation* FakeComputecore::find(HcsOperation* operation) {
  const auto found = operations_.find(operation);
  return found == operations_.end() || found->second.closed ? nullptr : &found->second;
}

void FakeComputecore::complete(HcsOperation* operation, HResult status,
                               const OptionalText& document,
                               const ProcessInformation& information) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    Operation* const found = find(operation);
    if (found == nullptr) return;
    found->state = State::Completed;
    found->status = status;
    found->document = document;
    found->information = information;
  }
  callBack(operation);
}

void FakeComputecore::explain(HcsOperation* operation, const OptionalText& document) {
  std::lock_guard<std::mutex> lock(mutex_);
  operations_.at(operation).document = document;
}

void FakeComputecore::callBack(HcsOperation* operation) {
  HcsOperationCallback callback = nullptr;
  void* context = nullptr;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    callback = operations_.at(operation).callback;
    context = operations_.at(operation).context;
  }
  if (callback != nullptr) callback(operation, context);
}

void FakeComputecore::event(Event type, const char16_t* data) {
  std::vector<void*> all;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto& [handle, opened] : opened_) {
      if (opened.callback == nullptr) continue;
      ++opened.running;
      all.push_back(handle);
    }
  }
  for (void* const handle : all) {
    std::unique_lock<std::mutex> lock(mutex_);
    Opened& opened = opened_.at(handle);
    lock.unlock();
    HcsEvent event{static_cast<std::uint32_t>(type), data, nullptr};
    opened.callback(&event, opened.context);
    lock.lock();
    --opened.running;
    quiet_.notify_all();
  }
}

HcsOperation* FakeComputecore::createOperation(void* context, HcsOperationCallback callback) {
  if (makesNoOperation) return nullptr;
  std::lock_guard<std::mutex> lock(mutex_);
  auto* const operation = reinterpret_cast<HcsOperation*>(++last_);
  Operation& created = operations_[operation];
  created.context = context;
  created.callback = callback;
  return operation;
}

void FakeComputecore::closeOperation(HcsOperation* operation) {
  if (onCloseOperation) onCloseOperation();
  std::lock_guard<std::mutex> lock(mutex_);
  Operation* const found = find(operation);
  if (found == nullptr) ++refused;
  if (found != nullptr) found->closed = true;
}

HResult FakeComputecore::call(OperationType type, HcsOperation* operation) {
  ++calls;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    Operation* const found = find(operation);
    if (found == nullptr || found->state != State::New) {
      ++refused;
      return kBadHandle;
    }
    found->state = State::Running;
    found->type = type;
  }
  if (onCall) {
    const HResult status = onCall(type, operation);
    std::lock_guard<std::mutex> lock(mutex_);
    Operation* const found = find(operation);
    const bool accepts =
        !failed(status) || status == kOperationPending || status == kComputecorePending;
    if (!accepts && found != nullptr && found->state == State::Running) found->state = State::New;
    return status;
  }
  complete(operation);
  return kOk;
}

HResult FakeComputecore::result(HcsOperation* operation, ProcessInformation* information,
                                char16_t** document) {
  std::lock_guard<std::mutex> lock(mutex_);
  const Operation* const found = find(operation);
  if (found == nullptr) {
    ++refused;
    return kBadHandle;
  }
  if (found->state == State::Running) return kComputecorePending;
  *document = give(found->document);
  if (found->state == State::New) return kOperationNotStarted;
  const bool ofProcess =
      found->type == OperationType::CreateProcess || found->type == OperationType::GetProcessInfo;
  if (information != nullptr && !ofProcess) return kInvalidArgument;
  if (information != nullptr) *information = found->information;
  return found->status;
}

void* FakeComputecore::open() {
  std::lock_guard<std::mutex> lock(mutex_);
  void* const handle = reinterpret_cast<void*>(++last_);
  opened_[handle] = {};
  return handle;
}

bool FakeComputecore::has(void* handle) {
  std::lock_guard<std::mutex> lock(mutex_);
  const bool known = opened_.count(handle) != 0;
  if (!known) ++refused;
  return known;
}

// One callback per handle.
HResult FakeComputecore::setCallback(void* handle, void* context, HcsEventCallback callback) {
  if (!has(handle)) return kBadHandle;
  std::lock_guard<std::mutex> lock(mutex_);
  Opened& opened = opened_[handle];
  if (opened.callback != nullptr) return kOperationCallbackAlreadySet;
  opened.context = context;
  opened.callback = callback;
  return kOk;
}

// Returns when no callback runs, and none does afterwards.
void FakeComputecore::close(void* handle) {
  if (!has(handle)) return;
  std::unique_lock<std::mutex> lock(mutex_);
  quiet_.wait(lock, [&] { return opened_[handle].running == 0; });
  opened_.erase(handle);
  ++closed;
}

}  // namespace hc::test

using namespace hc;        // NOLINT(google-build-using-namespace): the C functions are global
using namespace hc::test;  // NOLINT(google-build-using-namespace)

#define EXPORT extern "C" FAKE_EXPORT

EXPORT HcsOperation* HC_CALL HcsCreateOperation(void* context, HcsOperationCallback callback) {
  return fakeComputecore().createOperation(context, callback);
}
EXPORT void HC_CALL HcsCloseOperation(HcsOperation* operation) {
  fakeComputecore().closeOperation(operation);
}
EXPORT HResult HC_CALL HcsGetOperationResult(HcsOperation* operation, char16_t** document) {
  return fakeComputecore().result(operation, nullptr, document);
}
EXPORT HResult HC_CALL HcsGetOperationResultAndProcessInfo(HcsOperation* operation,
                                                           ProcessInformation* information,
                                                           char16_t** document) {
  return fakeComputecore().result(operation, information, document);
}

EXPORT HResult HC_CALL HcsEnumerateComputeSystems(const char16_t*, HcsOperation* operation) {
  return fakeComputecore().call(OperationType::Enumerate, operation);
}
EXPORT HResult HC_CALL HcsCreateComputeSystem(const char16_t*, const char16_t*,
                                              HcsOperation* operation, void*, HcsSystem** system) {
  const HResult status = fakeComputecore().call(OperationType::Create, operation);
  if (!failed(status)) *system = static_cast<HcsSystem*>(fakeComputecore().open());
  return status;
}
EXPORT HResult HC_CALL HcsCreateProcess(HcsSystem* system, const char16_t*, HcsOperation* operation,
                                        void*, HcsProcess** process) {
  if (!fakeComputecore().has(system)) return kBadHandle;
  const HResult status = fakeComputecore().call(OperationType::CreateProcess, operation);
  if (!failed(status)) *process = static_cast<HcsProcess*>(fakeComputecore().open());
  return status;
}

#define CALL(name, Opaque, type)                                                          \
  EXPORT HResult HC_CALL name(Opaque* handle, HcsOperation* operation, const char16_t*) { \
    if (!fakeComputecore().has(handle)) return kBadHandle;                                \
    return fakeComputecore().call(OperationType::type, operation);                        \
  }
CALL(HcsStartComputeSystem, HcsSystem, Start)
CALL(HcsShutDownComputeSystem, HcsSystem, Shutdown)
CALL(HcsTerminateComputeSystem, HcsSystem, Terminate)
CALL(HcsGetComputeSystemProperties, HcsSystem, GetProperties)
CALL(HcsTerminateProcess, HcsProcess, Terminate)
CALL(HcsSignalProcess, HcsProcess, SignalProcess)

EXPORT HResult HC_CALL HcsSetComputeSystemCallback(HcsSystem* system, std::uint32_t, void* context,
                                                   HcsEventCallback callback) {
  return fakeComputecore().setCallback(system, context, callback);
}
EXPORT HResult HC_CALL HcsSetProcessCallback(HcsProcess* process, std::uint32_t, void* context,
                                             HcsEventCallback callback) {
  return fakeComputecore().setCallback(process, context, callback);
}
EXPORT void HC_CALL HcsCloseComputeSystem(HcsSystem* system) { fakeComputecore().close(system); }
EXPORT void HC_CALL HcsCloseProcess(HcsProcess* process) { fakeComputecore().close(process); }

#if !defined(_WIN32)
EXPORT void LocalFree(void* text) {
  --fakeComputecore().texts;
  std::free(text);
}
EXPORT void CoTaskMemFree(void* text) {
  ++fakeComputecore().wronglyFreed;
  std::free(text);
}
#endif
