// Operations of computecore.dll: each is accepted or not, and completes inside its call, before
// that returns, later, twice or never, whatever was answered. They are closed once, by whoever has
// them, and asked for nothing afterwards.
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "scheduler.h"
#include "scripted-computecore.h"
#include "scripted-host.h"

namespace hc::seeds {

namespace {

constexpr HResult kRefused = 0xC0370105;
constexpr HResult kInvalidArgument = 0x80070057;

Scheduler& scheduler() { return Scheduler::get(); }

using Operation = ScriptedHost::Operation;
using State = Operation::State;

// A call of core from whichever thread is in a callback or makes a call.
void step(const char* name) {
  HOLDS(scheduler().locks() == 0);
  HOLDS(scheduler().kind() != Scheduler::Kind::Script);
  scheduler().point(name);
}

}  // namespace

std::uint32_t eventOf(Notification notification) {
  switch (notification) {
    case Notification::SystemExited:
      return static_cast<std::uint32_t>(Event::SystemExited);
    case Notification::ProcessExited:
      return static_cast<std::uint32_t>(Event::ProcessExited);
    case Notification::ServiceDisconnect:
      return static_cast<std::uint32_t>(Event::ServiceDisconnect);
    default:
      return static_cast<std::uint32_t>(Event::SystemCrashReport);
  }
}

// A host without memory makes none for a call; a close that terminates gets one.
Operation* ScriptedHost::createOperation(void* context, HcsOperationCallback callback) {
  step("create an operation");
  if (callback != nullptr && scheduler().oneIn(20)) return nullptr;
  operations_.push_back(std::make_unique<Operation>());
  operations_.back()->context = context;
  operations_.back()->callback = callback;
  return operations_.back().get();
}

void ScriptedHost::closeOperation(Operation* operation) {
  step("close an operation");
  HOLDS(!operation->closed);
  operation->closed = true;
}

HResult ScriptedHost::resultOf(Operation* operation, ProcessInformation* information,
                               char16_t** document) {
  step("the result of an operation");
  HOLDS(!operation->closed);
  if (operation->state == State::Running) return kComputecorePending;
  *document = give(textOf(operation->call), localTexts_);
  if (operation->state == State::New) return kOperationNotStarted;
  if (information == nullptr) return operation->status;
  if (!operation->ofProcess) return kInvalidArgument;
  if (failed(operation->status)) return operation->status;
  for (void** const stream : {&information->stdInput, &information->stdOutput}) {
    const int descriptor = dup(STDERR_FILENO);
    operation->object->descriptors.push_back(descriptor);
    *stream = reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor));
  }
  information->stdError = kInvalidStream;
  return operation->status;
}

const Operation* ScriptedHost::operationOf(std::uint64_t call) const {
  for (const auto& operation : operations_)
    if (operation->call == call) return operation.get();
  return nullptr;
}

// --- calls ---

// A call that ends with an exit may get it without its operation, before it, or not at all.
HResult ScriptedHost::accept(std::uint64_t call, Object* object, bool exits, Operation& operation) {
  HOLDS(!operation.closed && operation.state == State::New && operation.object == nullptr);
  operation.call = call;
  operation.object = object;
  operation.refused = scheduler().oneIn(6);
  if (operation.refused && !scheduler().oneIn(3)) return kRefused;
  operation.state = State::Running;
  if (scheduler().oneIn(4)) operation.status = kRefused;
  const bool exitsNow =
      exits && !failed(operation.status) && !operation.refused && !scheduler().oneIn(4);
  const auto exit = [&] {
    if (exitsNow)
      notify(*object, object->system ? Notification::SystemExited : Notification::ProcessExited);
  };
  const bool exitsFirst = scheduler().oneIn(2);
  if (exitsFirst) exit();
  switch (scheduler().choose(6)) {
    case 0:
      complete(operation);
      break;
    case 1:
      operation.never = true;
      break;
    case 2:
      operation.due = 2;
      break;
    case 3:
      operation.due = 1;
      scheduler().wait("its completion, before the call returns",
                       [&] { return operation.due == 0 && operation.running == 0; });
      break;
    default:
      operation.due = 1;
      break;
  }
  if (!exitsFirst) exit();
  if (operation.refused) return kRefused;
  return scheduler().oneIn(8) ? kComputecorePending : kOk;
}

HResult ScriptedHost::enumerate(const char16_t* query, Operation* operation) {
  const std::uint64_t call = numberIn(query);
  begin("enumerate", call, nullptr);
  stick(call, nullptr, Notification::None);
  const HResult status = accept(call, nullptr, false, *operation);
  end(call, nullptr, nullptr);
  return status;
}

HResult ScriptedHost::createCore(const char16_t* configuration, Operation* operation,
                                 HcsSystem** out) {
  const std::uint64_t call = numberIn(configuration);
  begin("create by an operation", call, nullptr);
  Object& object = add(call, true, true);
  object.core = true;
  ++object.inside;
  stick(call, nullptr, Notification::None);
  const HResult status = accept(call, &object, false, *operation);
  end(call, &object, nullptr);
  object.opened = status != kRefused;
  object.closed = !object.opened;
  if (object.opened) *out = reinterpret_cast<HcsSystem*>(&object);
  return status;
}

HResult ScriptedHost::createCoreProcess(void* system, const char16_t* parameters,
                                        Operation* operation, HcsProcess** out) {
  Object* const parent = known(system, true);
  const std::uint64_t call = numberIn(parameters);
  begin("create a process by an operation", call, parent);
  Object& object = add(call, false, true);
  object.core = true;
  operation->ofProcess = true;
  stick(call, parent, Notification::None);
  const HResult status = accept(call, &object, false, *operation);
  object.opened = status != kRefused;
  object.closed = !object.opened;
  if (object.opened) *out = reinterpret_cast<HcsProcess*>(&object);
  end(call, parent, nullptr);
  return status;
}

HResult ScriptedHost::operate(void* handle, bool system, bool exits, const char16_t* options,
                              Operation* operation) {
  Object* const object = known(handle, system);
  const std::uint64_t call = numberIn(options);
  begin("call by an operation", call, object);
  HResult status = kOk;
  if (call == 0) {  // terminated by its close
    ++object->terminated;
    operation->state = State::Running;
    operation->never = true;
    notify(*object, system ? Notification::SystemExited : Notification::ProcessExited);
  } else {
    stick(call, object, Notification::None);
    status = accept(call, object, exits, *operation);
  }
  end(call, object, nullptr);
  return status;
}

HResult ScriptedHost::setCallback(void* handle, bool system, HcsEventCallback callback,
                                  void* context) {
  Object* const object = known(handle, system);
  begin("set the callback", 0, object);
  HOLDS(object->core && !std::exchange(object->wasAsked, true));
  const bool refuses = scheduler().oneIn(16);
  if (!refuses) {
    object->onEvent = callback;
    object->context = context;
    object->registered = true;
  }
  end(0, object, nullptr);
  return refuses ? kRefused : kOk;
}

// --- completion ---

// On a thread of the host, or inside the call. One that is closed has no callback, unless it was
// on its way.
void ScriptedHost::complete(Operation& operation) {
  operation.state = State::Completed;
  ++operation.running;
  scheduler().note("completed", reinterpret_cast<std::uintptr_t>(operation.context));
  scheduler().point("a completion");
  operation.callback(reinterpret_cast<HcsOperation*>(&operation), operation.context);
  HOLDS(scheduler().locks() == 0);
  scheduler().point("the end of a completion");
  --operation.running;
}

// All that is due, also when everybody else has gone.
void ScriptedHost::completeAll() {
  std::vector<Operation*> able;
  const auto look = [&] {
    able.clear();
    for (const auto& operation : operations_)
      if (operation->due != 0) able.push_back(operation.get());
    return closing_ || !able.empty();
  };
  for (;;) {
    scheduler().wait("an operation to complete", look);
    look();
    if (able.empty() && closing_) return;
    if (able.empty()) continue;
    Operation& operation = *able[scheduler().choose(able.size())];
    --operation.due;
    complete(operation);
  }
}

// --- what the library calls ---

namespace {
ScriptedHost& scripted() { return ScriptedHost::get(); }
Operation* known(HcsOperation* operation) { return reinterpret_cast<Operation*>(operation); }
}  // namespace

HcsOperation* ScriptedComputecore::createOperation(void* context, HcsOperationCallback callback) {
  return reinterpret_cast<HcsOperation*>(scripted().createOperation(context, callback));
}
void ScriptedComputecore::closeOperation(HcsOperation* operation) {
  scripted().closeOperation(known(operation));
}
HResult ScriptedComputecore::resultOf(HcsOperation* operation, ProcessInformation* information,
                                      char16_t** document) {
  return scripted().resultOf(known(operation), information, document);
}
HResult ScriptedComputecore::enumerate(const char16_t* query, HcsOperation* operation) {
  return scripted().enumerate(query, known(operation));
}
HResult ScriptedComputecore::create(const char16_t* configuration, HcsOperation* operation,
                                    HcsSystem** out) {
  return scripted().createCore(configuration, known(operation), out);
}
HResult ScriptedComputecore::open(const char16_t* id, HcsSystem** out) {
  return scripted().create(id, nullptr, out, nullptr, false, true);
}
HResult ScriptedComputecore::createProcess(HcsSystem* system, const char16_t* parameters,
                                           HcsOperation* operation, HcsProcess** out) {
  return scripted().createCoreProcess(system, parameters, known(operation), out);
}
HResult ScriptedComputecore::operate(void* handle, bool system, bool exits, const char16_t* options,
                                     HcsOperation* operation) {
  return scripted().operate(handle, system, exits, options, known(operation));
}
HResult ScriptedComputecore::setCallback(void* handle, bool system, HcsEventCallback callback,
                                         void* context) {
  return scripted().setCallback(handle, system, callback, context);
}
void ScriptedComputecore::close(void* handle, bool system) {
  scripted().closeHandle(handle, system);
}
void ScriptedComputecore::freed(void* text) {
  scripted().freedLocally();
  std::free(text);
}

}  // namespace hc::seeds
