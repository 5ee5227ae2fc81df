// The class `Server` of the addon: serves clients in other processes, whose calls JavaScript
// answers.
#pragma once

#include <napi.h>

#include <memory>

#include "../../remote/server.h"
#include "../base/loop-waker.h"
#include "remote-service.h"

namespace hc::node {

// All of it is on the JavaScript thread.
class NodeServer : public Napi::ObjectWrap<NodeServer>, private Drained {
 public:
  static Napi::Function define(Napi::Env env);
  // new Server(name, users, deliver): deliver(events) gets [session, question, function, inputs],
  // [session, question, peer] of a client that comes, and [session] of one that has gone.
  explicit NodeServer(const Napi::CallbackInfo& info);
  ~NodeServer() override;

 private:
  // answer(question, status, outputs)
  void answer(const Napi::CallbackInfo& info);
  // admit(question, served)
  void admit(const Napi::CallbackInfo& info);
  // notify(session, listener, type, status, data)
  void notify(const Napi::CallbackInfo& info);
  // disconnect(session)
  void disconnect(const Napi::CallbackInfo& info);
  // hold(held): whether this server keeps the event loop alive
  void hold(const Napi::CallbackInfo& info);
  // close(): nobody is served any more, and each client is disconnected
  void close(const Napi::CallbackInfo& info);

  void drain() override;
  napi_value toValue(RemoteService::Event& event);
  bool isOpen(const Napi::CallbackInfo& info) const;
  void end();
  static void onEnvironmentEnd(void* server);

  std::shared_ptr<LoopWaker> waker_;
  std::shared_ptr<RemoteService> service_;
  std::shared_ptr<remote::Server> server_;  // null: not open
  Napi::FunctionReference deliver_;
};

}  // namespace hc::node
