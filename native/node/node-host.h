// The class `Host` of the addon: a library that is open for one environment. Everything that the
// environment owns hangs on its Host objects; each ends by end(), or by its cleanup hook.
#pragma once

#include <napi.h>

#include <chrono>
#include <memory>

#include "../core/host.h"
#include "base/descriptors.h"
#include "base/loop-waker.h"
#include "pump.h"

namespace hc::node {

// All of it is on the JavaScript thread. V8 refuses to call a method on anything but a Host.
class NodeHost : public Napi::ObjectWrap<NodeHost> {
 public:
  static Napi::Function define(Napi::Env env);
  // new Host(path | null, maxWorkers, deliver, fields)
  explicit NodeHost(const Napi::CallbackInfo& info);
  ~NodeHost() override;

 private:
  // How long an environment waits, while it ends, for the calls it still has inside the host. Those
  // that stay longer are left to their threads.
  static constexpr std::chrono::milliseconds kEndLimit{1000};

  // call(function, paired, ...In parameters) -> id of the completion, and of the handle's watch if
  // it opens one
  Napi::Value call(const Napi::CallbackInfo& info);
  // close(kind, handle, discard) -> id of the completion. `discard`: first end what the handle is
  // of.
  Napi::Value close(const Napi::CallbackInfo& info);
  // cancel(id, watch): nobody waits for the call. It completes as Cancelled if no worker has taken
  // it.
  void cancel(const Napi::CallbackInfo& info);
  // abandon(id, watch): the call does not wait for its notification any longer
  void abandon(const Napi::CallbackInfo& info);
  // take(id) -> the streams that the call has brought; see descriptors.h
  Napi::Value take(const Napi::CallbackInfo& info);
  // hold(held): whether this host keeps the event loop alive
  void hold(const Napi::CallbackInfo& info);
  // drain(): delivers the next batch
  void drain(const Napi::CallbackInfo& info);
  // requestDrain(): asks for the next batch in a later turn of the event loop
  void requestDrain(const Napi::CallbackInfo& info);
  // end(limitMs): what the end of its environment would do
  void end(const Napi::CallbackInfo& info);
  // has(function) -> whether the host exports it; opens its library
  Napi::Value has(const Napi::CallbackInfo& info);
  // problem(function) -> why its library could not be opened; null when it was
  Napi::Value problem(const Napi::CallbackInfo& info);
  // threads() -> how many threads this host has for its calls
  Napi::Value threads(const Napi::CallbackInfo& info);

  // The first argument: the number of a function.
  bool readFunction(const Napi::CallbackInfo& info, std::uint32_t& function) const;
  // False with an exception pending once the host has ended.
  bool isOpen(const Napi::CallbackInfo& info) const;
  // The first two arguments: a call, and the watch that it may wait on.
  bool readCall(const Napi::CallbackInfo& info, std::uint64_t& call, std::uint64_t& watch) const;
  void endWithin(std::chrono::milliseconds limit);
  static void onEnvironmentEnd(void* host);

  std::shared_ptr<Inbox> inbox_;
  std::shared_ptr<LoopWaker> waker_;
  std::shared_ptr<Host> host_;
  Descriptors descriptors_;
  std::unique_ptr<Pump> pump_;
  bool ended_ = true;  // until it has been opened
};

}  // namespace hc::node
