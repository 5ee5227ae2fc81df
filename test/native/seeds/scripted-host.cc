#include "scripted-host.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "scheduler.h"

namespace hc::seeds {

namespace {

constexpr HResult kRefused = 0xC0370105;

Scheduler& scheduler() { return Scheduler::get(); }

bool isPending(HResult status) { return status == kOperationPending; }

}  // namespace

ScriptedHost& ScriptedHost::get() {
  static auto* const host = new ScriptedHost;
  return *host;
}

void ScriptedHost::open() {
  ordered_ = !scheduler().oneIn(4);
  const std::uint64_t deliverers = 1 + scheduler().choose(3);
  for (std::uint64_t i = 0; i < deliverers; ++i)
    scheduler().start(Scheduler::Kind::Host, [this] { deliver(); });
  const std::uint64_t completers = 1 + scheduler().choose(2);
  for (std::uint64_t i = 0; i < completers; ++i)
    scheduler().start(Scheduler::Kind::Host, [this] { completeAll(); });
  scheduler().start(Scheduler::Kind::Host, [this] { happen(); });
}

void ScriptedHost::close() {
  closing_ = true;
  scheduler().wait("the threads of the host to end",
                   [] { return scheduler().running(Scheduler::Kind::Host) == 0; });
}

std::size_t ScriptedHost::seen(std::uint64_t call) const {
  const auto place = seen_.find(call);
  return place == seen_.end() ? 0 : place->second;
}

const ScriptedHost::Object* ScriptedHost::openedBy(std::uint64_t call) const {
  for (const auto& object : objects_) {
    if (object->opener == call) return object.get();
  }
  return nullptr;
}

bool ScriptedHost::anyStuckOn(std::uint64_t watch) const {
  const Object* const object = openedBy(watch);
  for (const auto& [call, on] : stuck_) {
    if (on == object && on != nullptr) return true;
  }
  return false;
}

// --- calls ---------------------------------------------------------------------------------------

void ScriptedHost::begin(const char* name, std::uint64_t call, Object* object) {
  HOLDS(scheduler().locks() == 0);
  HOLDS(scheduler().kind() == Scheduler::Kind::Core);
  if (call != 0) HOLDS(++seen_[call] == 1);
  scheduler().note(name, call);
  if (object != nullptr) ++object->inside;
  scheduler().point(name);
}

char16_t* ScriptedHost::give(const std::u16string& text, std::uint64_t& texts) {
  const std::size_t bytes = (text.size() + 1) * sizeof(char16_t);
  auto* const given = static_cast<char16_t*>(std::malloc(bytes));
  std::memcpy(given, text.c_str(), bytes);
  ++texts;
  return given;
}

void ScriptedHost::end(std::uint64_t call, Object* object, char16_t** result) {
  if (result != nullptr && scheduler().oneIn(4)) *result = give(textOf(call), texts_);
  scheduler().point("returning from the host");
  if (object != nullptr) {
    HOLDS(!object->closed);
    --object->inside;
  }
}

ScriptedHost::Object* ScriptedHost::known(void* handle, bool system) {
  auto* const object = static_cast<Object*>(handle);
  HOLDS(object != nullptr && !object->closed && object->system == system);
  return object;
}

ScriptedHost::Object& ScriptedHost::add(std::uint64_t opener, bool system, bool created) {
  objects_.push_back(std::make_unique<Object>());
  objects_.back()->opener = opener;
  objects_.back()->system = system;
  objects_.back()->created = created;
  return *objects_.back();
}

// The thread is gone for the others, who must not notice. Only what would complete a later call of
// its kind is taken for its own.
void ScriptedHost::stick(std::uint64_t call, Object* object, Notification completion) {
  if (released_ || mayStick == 0 || !scheduler().oneIn(8)) return;
  --mayStick;
  stuck_[call] = object;
  if (object != nullptr) ++object->withheld[completion];
  scheduler().wait("a call that never returns", [this] { return released_; });
  stuck_.erase(call);
}

// A notification may come before the call returns, after it, twice, or never. What an answer that
// is final finds there already is taken for its own.
HResult ScriptedHost::answer(std::uint64_t call, Object& object, Notification completion) {
  stick(call, &object, completion);
  if (object.exited && (completion == Notification::None || !scheduler().oneIn(3))) return kRefused;
  if (completion == Notification::None) return scheduler().oneIn(6) ? kRefused : kOk;
  switch (scheduler().choose(8)) {
    case 0:
      return kRefused;
    case 1:
      ++object.withheld[completion];
      return kOk;
    case 2:
      notify(object, completion);
      return kOk;
    case 3:
      ++object.withheld[completion];
      return kOperationPending;
    case 4:
      notify(object, completion);
      notify(object, completion);
      return kOperationPending;
    case 5:
      notify(object, completion);
      if (object.registered) {
        scheduler().wait("its notification, before the call returns",
                         [&] { return object.due.empty() && object.running == 0; });
      }
      return kOperationPending;
    default:
      notify(object, completion);
      return kOperationPending;
  }
}

HResult ScriptedHost::create(const char16_t* id, const char16_t* configuration, HcsSystem** out,
                             char16_t** result, bool pends, bool core) {
  const std::uint64_t call = numberIn(configuration != nullptr ? configuration : id);
  begin("create", call, nullptr);
  stick(call, nullptr, Notification::None);
  Object& object = add(call, true, pends);
  object.core = core;
  ++object.inside;
  const HResult status =
      answer(call, object, pends ? Notification::SystemCreateCompleted : Notification::None);
  end(call, &object, result);
  const bool opened = isPending(status) || !failed(status);
  object.opened = opened;
  object.closed = !opened;
  if (opened) *out = reinterpret_cast<HcsSystem*>(&object);
  return status;
}

HResult ScriptedHost::call(void* handle, bool system, Notification completion,
                           const char16_t* options, char16_t** result) {
  Object* const object = known(handle, system);
  const std::uint64_t call = numberIn(options);
  begin("call", call, object);
  HResult status = kOk;
  if (call == 0) {  // terminated by its close
    ++object->terminated;
    notify(*object, completion);
  } else {
    status = answer(call, *object, completion);
  }
  end(call, object, result);
  return status;
}

HResult ScriptedHost::createProcess(void* system, const char16_t* parameters,
                                    ProcessInformation* information, HcsProcess** out,
                                    char16_t** result) {
  Object* const parent = known(system, true);
  const std::uint64_t call = numberIn(parameters);
  begin("create process", call, parent);
  const HResult status = answer(call, *parent, Notification::None);
  if (!failed(status)) {
    Object& object = add(call, false, true);
    object.opened = true;
    for (void** const stream : {&information->stdInput, &information->stdOutput}) {
      const int descriptor = dup(STDERR_FILENO);
      object.descriptors.push_back(descriptor);
      *stream = reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor));
    }
    information->stdError = kInvalidStream;
    *out = reinterpret_cast<HcsProcess*>(&object);
  }
  end(call, parent, result);
  return status;
}

HResult ScriptedHost::addCallback(void* handle, bool system, NotificationCallback callback,
                                  void* context, HcsRegistration** out) {
  Object* const object = known(handle, system);
  begin("register", 0, object);
  HOLDS(!std::exchange(object->wasAsked, true));
  const bool refuses = scheduler().oneIn(16);
  if (!refuses) {
    object->callback = callback;
    object->context = context;
    object->registered = true;
    *out = reinterpret_cast<HcsRegistration*>(object);
  }
  end(0, object, nullptr);
  return refuses ? kRefused : kOk;
}

// Returns when no callback runs, and begins none afterwards.
HResult ScriptedHost::removeCallback(HcsRegistration* registration, bool system) {
  auto* const object = known(registration, system);
  begin("unregister", 0, nullptr);
  HOLDS(object->registered);
  object->registered = false;
  scheduler().wait("callbacks that run", [&] { return object->running == 0; });
  end(0, nullptr, nullptr);
  return kOk;
}

HResult ScriptedHost::closeHandle(void* handle, bool system) {
  Object* const object = known(handle, system);
  begin("close", 0, nullptr);
  HOLDS(object->inside == 0 && (!object->registered || object->core) && !object->closed);
  if (object->core) {  // its callback ends with it
    object->registered = false;
    scheduler().wait("callbacks that run", [&] { return object->running == 0; });
  }
  const bool refuses = refusesToClose && !object->core && scheduler().oneIn(8);
  if (refuses) object->closeRefused = true;
  if (!refuses) object->closed = true;
  end(0, nullptr, nullptr);
  HOLDS(object->inside == 0);
  return refuses ? kRefused : kOk;
}

// --- notifications -------------------------------------------------------------------------------

void ScriptedHost::notify(Object& object, Notification notification) {
  const bool disconnects = notification == Notification::ServiceDisconnect;
  if (object.disconnected || (object.exited && !disconnects)) return;
  if (terminal(notification)) object.exited = true;
  object.disconnected = disconnects;
  object.due.push_back(notification);
}

// Ordered, a handle has one callback at a time; otherwise any number.
bool ScriptedHost::deliverable(const Object& object) const {
  return object.registered && !object.due.empty() && (!ordered_ || object.running == 0);
}

void ScriptedHost::deliver() {
  std::vector<Object*> able;
  const auto look = [&] {
    able.clear();
    for (const auto& object : objects_) {
      if (deliverable(*object)) able.push_back(object.get());
    }
    return closing_ || !able.empty();
  };
  for (;;) {
    scheduler().wait("something to notify", look);
    if (closing_) return;
    look();
    if (able.empty()) continue;
    Object& object = *able[scheduler().choose(able.size())];
    const Notification notification = object.due.front();
    const std::uint32_t type =
        object.core ? eventOf(notification) : static_cast<std::uint32_t>(notification);
    object.due.pop_front();
    object.sent.push_back({type});
    const std::size_t number = object.sent.size();
    ++object.running;
    scheduler().note("notified", reinterpret_cast<std::uintptr_t>(object.context), number);
    scheduler().point("a callback");
    const std::u16string text = textOf(number);
    HcsEvent event{type, text.c_str(), nullptr};
    if (object.core) {
      object.onEvent(&event, object.context);
    } else {
      object.callback(type, object.context, static_cast<HResult>(number), text.c_str());
    }
    HOLDS(scheduler().locks() == 0);
    object.sent[number - 1].returned = scheduler().turns();
    scheduler().point("the end of a callback");
    --object.running;
  }
}

// What nobody has asked for: reports in twos and threes, and sometimes an exit.
void ScriptedHost::happen() {
  const std::uint64_t times = scheduler().choose(30);
  for (std::uint64_t i = 0; i < times && !closing_; ++i) {
    scheduler().point("what happens unasked");
    if (objects_.empty()) continue;
    Object& object = *objects_[scheduler().choose(objects_.size())];
    if (!object.registered) continue;
    const std::uint64_t count = 1 + scheduler().choose(3);
    for (std::uint64_t j = 0; j < count; ++j) notify(object, Notification::SystemCrashReport);
    if (scheduler().oneIn(12))
      notify(object, object.system ? Notification::SystemExited : Notification::ProcessExited);
    if (object.core && scheduler().oneIn(16)) notify(object, Notification::ServiceDisconnect);
  }
}

}  // namespace hc::seeds

// --- what the host exports -----------------------------------------------------------------------

using namespace hc;         // NOLINT(google-build-using-namespace): the C functions are global
using namespace hc::seeds;  // NOLINT(google-build-using-namespace)

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT HResult HcsCreateComputeSystem(const char16_t* id, const char16_t* configuration, void*,
                                      HcsSystem** system, char16_t** result) {
  return ScriptedHost::get().create(id, configuration, system, result, true);
}

EXPORT HResult HcsOpenComputeSystem(const char16_t* id, HcsSystem** system, char16_t** result) {
  return ScriptedHost::get().create(id, nullptr, system, result, false);
}

#define CALL(name, completion)                                                                \
  EXPORT HResult name(HcsSystem* system, const char16_t* options, char16_t** result) {        \
    return ScriptedHost::get().call(system, true, Notification::completion, options, result); \
  }
CALL(HcsStartComputeSystem, SystemStartCompleted)
CALL(HcsPauseComputeSystem, SystemPauseCompleted)
CALL(HcsTerminateComputeSystem, SystemExited)
CALL(HcsModifyComputeSystem, None)

EXPORT HResult HcsCreateProcess(HcsSystem* system, const char16_t* parameters,
                                ProcessInformation* information, HcsProcess** process,
                                char16_t** result) {
  return ScriptedHost::get().createProcess(system, parameters, information, process, result);
}

EXPORT HResult HcsModifyProcess(HcsProcess* process, const char16_t* settings, char16_t** result) {
  return ScriptedHost::get().call(process, false, Notification::None, settings, result);
}

EXPORT HResult HcsTerminateProcess(HcsProcess* process, char16_t** result) {
  return ScriptedHost::get().call(process, false, Notification::ProcessExited, nullptr, result);
}

EXPORT HResult HcsCloseComputeSystem(HcsSystem* system) {
  return ScriptedHost::get().closeHandle(system, true);
}

EXPORT HResult HcsCloseProcess(HcsProcess* process) {
  return ScriptedHost::get().closeHandle(process, false);
}

EXPORT HResult HcsRegisterComputeSystemCallback(HcsSystem* system, NotificationCallback callback,
                                                void* context, HcsRegistration** registration) {
  return ScriptedHost::get().addCallback(system, true, callback, context, registration);
}

EXPORT HResult HcsRegisterProcessCallback(HcsProcess* process, NotificationCallback callback,
                                          void* context, HcsRegistration** registration) {
  return ScriptedHost::get().addCallback(process, false, callback, context, registration);
}

EXPORT HResult HcsUnregisterComputeSystemCallback(HcsRegistration* registration) {
  return ScriptedHost::get().removeCallback(registration, true);
}

EXPORT HResult HcsUnregisterProcessCallback(HcsRegistration* registration) {
  return ScriptedHost::get().removeCallback(registration, false);
}

EXPORT void CoTaskMemFree(void* text) {
  ScriptedHost::get().freed();
  std::free(text);
}
