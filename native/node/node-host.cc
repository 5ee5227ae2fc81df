#include "node-host.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "../core/libraries.h"
#include "base/values.h"
#include "calls.h"

namespace hc::node {

namespace {

bool readPath(Napi::Env env, Napi::Value value, const char* name, Libraries::Path& path) {
  OptionalText utf16;
  if (!readText(env, value, name, utf16)) return false;
  if (!utf16) return true;
  path.utf16 = *utf16;
  path.utf8 = value.As<Napi::String>().Utf8Value();
  return true;
}

// { vmcompute: path, ... }; null for the libraries of the system. Null with an exception pending.
std::shared_ptr<const Libraries> openLibraries(Napi::Env env, Napi::Value value) {
  Libraries::Paths paths;
  if (!value.IsNull()) {
    if (!value.IsObject()) {
      refuse(env, "libraries must be an object or null");
      return nullptr;
    }
    for (std::size_t i = 0; i < kLibraryCount; ++i) {
      const Napi::Value path = value.As<Napi::Object>().Get(kLibraryNames[i]);
      if (env.IsExceptionPending() || !readPath(env, path, kLibraryNames[i], paths[i]))
        return nullptr;
    }
  }
  auto opened = value.IsNull() ? Libraries::openSystem() : Libraries::open(paths);
  if (!opened.libraries) {
    Napi::Error error = Napi::Error::New(env, opened.error);
    error.Set("code", "ERR_HC_LIBRARY");
    error.ThrowAsJavaScriptException();
  }
  return opened.libraries;
}

// Waking a sleeping thread takes some 25 microseconds; a program that awaits one call after another
// makes the next within this.
constexpr std::chrono::microseconds kLookout{100};

bool isTrue(Napi::Value value) { return value.IsBoolean() && value.As<Napi::Boolean>().Value(); }

Napi::Value makeId(Napi::Env env, std::uint64_t id) {
  return Napi::Number::New(env, static_cast<double>(id));
}

}  // namespace

Napi::Function NodeHost::define(Napi::Env env) {
  return DefineClass(
      env, "Host",
      {InstanceMethod<&NodeHost::call>("call"), InstanceMethod<&NodeHost::close>("close"),
       InstanceMethod<&NodeHost::cancel>("cancel"), InstanceMethod<&NodeHost::abandon>("abandon"),
       InstanceMethod<&NodeHost::take>("take"), InstanceMethod<&NodeHost::hold>("hold"),
       InstanceMethod<&NodeHost::drain>("drain"),
       InstanceMethod<&NodeHost::requestDrain>("requestDrain"),
       InstanceMethod<&NodeHost::end>("end"), InstanceMethod<&NodeHost::has>("has"),
       InstanceMethod<&NodeHost::problem>("problem"),
       InstanceMethod<&NodeHost::threads>("threads")});
}

NodeHost::NodeHost(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NodeHost>(info) {
  const Napi::Env env = info.Env();
  std::uint32_t most = 0;
  if (!readUint32(env, info[1], "maxWorkers", most)) return;
  auto libraries = openLibraries(env, info[0]);
  if (!libraries) return;
  inbox_ = std::make_shared<Inbox>();
  waker_ = std::make_shared<LoopWaker>();
  Workers::Limits limits;
  limits.most = most < limits.resident ? limits.resident : most;
  if (std::thread::hardware_concurrency() > 1) limits.lookout = kLookout;
  host_ = std::make_shared<Host>(std::move(libraries), inbox_, waker_, limits);
  pump_ = std::make_unique<Pump>(inbox_, waker_, env, descriptors_);
  if (!pump_->connect(info[2], info[3])) return;
  // After the thread-safe function, whose own hook would otherwise free it before ours has closed
  // it.
  napi_add_env_cleanup_hook(env, onEnvironmentEnd, this);
  ended_ = false;
}

NodeHost::~NodeHost() {
  if (ended_) return;
  napi_remove_env_cleanup_hook(Env(), onEnvironmentEnd, this);
  endWithin(kEndLimit);
}

// Node runs this when it has closed the streams of the environment.
void NodeHost::onEnvironmentEnd(void* data) {
  auto* const host = static_cast<NodeHost*>(data);
  host->endWithin(kEndLimit);
  host->descriptors_.closeTaken();
}

// In this order: no more wake-ups, then the records and handles, then the references and streams.
void NodeHost::endWithin(std::chrono::milliseconds limit) {
  if (ended_) return;
  ended_ = true;
  waker_->close();
  host_->end(limit);
  pump_->disconnect();
  descriptors_.drop();
  // With the last call and handle, its threads end.
  host_.reset();
}

bool NodeHost::isOpen(const Napi::CallbackInfo& info) const {
  return !ended_ || refuse(info.Env(), "the host is closed");
}

bool NodeHost::readCall(const Napi::CallbackInfo& info, std::uint64_t& call,
                        std::uint64_t& watch) const {
  return isOpen(info) && readId(info.Env(), info[0], call) && readId(info.Env(), info[1], watch);
}

Napi::Value NodeHost::call(const Napi::CallbackInfo& info) {
  // No function of a host has more In parameters.
  constexpr std::size_t kMost = 8;
  const Napi::Env env = info.Env();
  std::uint32_t index = 0;
  if (!isOpen(info) || !readUint32(env, info[0], "function", index)) return {};
  napi_value arguments[kMost] = {};
  const std::size_t given = info.Length() < 2 ? 0 : std::min(info.Length() - 2, kMost);
  for (std::size_t i = 0; i < given; ++i) arguments[i] = info[i + 2];
  const std::uint64_t id = nextId();
  if (!beginCall(env, host_, id, index, isTrue(info[1]), arguments, given)) return {};
  return makeId(env, id);
}

Napi::Value NodeHost::close(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::uint32_t kind = 0;
  if (!isOpen(info) || !readUint32(env, info[0], "kind", kind)) return {};
  const auto handle = readHandle(env, info[1], *host_, static_cast<HandleKind>(kind));
  if (!handle) return {};
  if (isTrue(info[2])) handle->terminateOnClose(true);
  const std::uint64_t id = nextId();
  beginClose(host_, id, handle);
  return makeId(env, id);
}

void NodeHost::cancel(const Napi::CallbackInfo& info) {
  std::uint64_t id = 0;
  std::uint64_t watchId = 0;
  if (!readCall(info, id, watchId)) return;
  if (auto operation = host_->workers().cancel(id)) {
    operation->ending = Ending::Cancelled;
    host_->finish(std::move(operation));
  } else if (const auto watch = findWatch(watchId)) {
    watch->detach(id);
  }
}

void NodeHost::abandon(const Napi::CallbackInfo& info) {
  std::uint64_t id = 0;
  std::uint64_t watchId = 0;
  if (!readCall(info, id, watchId)) return;
  if (const auto watch = findWatch(watchId)) watch->abandon(id);
}

Napi::Value NodeHost::take(const Napi::CallbackInfo& info) {
  std::uint64_t id = 0;
  if (!isOpen(info) || !readId(info.Env(), info[0], id)) return {};
  return descriptors_.take(info.Env(), id);
}

void NodeHost::hold(const Napi::CallbackInfo& info) {
  if (isOpen(info)) waker_->keepLoopAlive(info.Env(), isTrue(info[0]));
}

void NodeHost::drain(const Napi::CallbackInfo& info) {
  if (isOpen(info)) pump_->drain();
}

void NodeHost::requestDrain(const Napi::CallbackInfo& info) {
  if (isOpen(info)) waker_->wakeAlways();
}

void NodeHost::end(const Napi::CallbackInfo& info) {
  std::uint32_t limit = 0;
  if (!isOpen(info) || !readUint32(info.Env(), info[0], "limitMs", limit)) return;
  napi_remove_env_cleanup_hook(info.Env(), onEnvironmentEnd, this);
  endWithin(std::chrono::milliseconds(limit));
}

bool NodeHost::readFunction(const Napi::CallbackInfo& info, std::uint32_t& function) const {
  if (!isOpen(info) || !readUint32(info.Env(), info[0], "function", function)) return false;
  return function < kFunctionCount || refuse(info.Env(), "no function has this number");
}

Napi::Value NodeHost::has(const Napi::CallbackInfo& info) {
  std::uint32_t function = 0;
  if (!readFunction(info, function)) return {};
  return Napi::Boolean::New(info.Env(), host_->libraries().has(function));
}

Napi::Value NodeHost::problem(const Napi::CallbackInfo& info) {
  std::uint32_t function = 0;
  if (!readFunction(info, function)) return {};
  const std::string& problem = host_->libraries().problemOf(function);
  if (problem.empty()) return info.Env().Null();
  return Napi::String::New(info.Env(), problem);
}

Napi::Value NodeHost::threads(const Napi::CallbackInfo& info) {
  if (!isOpen(info)) return {};
  return Napi::Number::New(info.Env(), static_cast<double>(host_->workers().threads()));
}

}  // namespace hc::node
