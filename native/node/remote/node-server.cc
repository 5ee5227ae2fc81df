#include "node-server.h"

#include <string>
#include <utility>

#include "../../remote/session.h"
#include "../base/enter.h"
#include "../base/values.h"

namespace hc::node {
namespace {

napi_value makeAsciiList(napi_env env, const std::vector<std::string>& texts) {
  napi_value array = nullptr;
  napi_create_array(env, &array);
  std::uint32_t next = 0;
  for (const std::string& text : texts)
    napi_set_element(env, array, next++, makeAscii(env, text.c_str()));
  return array;
}

napi_value makePeer(Napi::Env env, const remote::Peer& peer) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("user", makeAscii(env, peer.user.c_str()));
  object.Set("groups", makeAsciiList(env, peer.groups));
  object.Set("elevated", peer.elevated);
  object.Set("integrity", makeNumber(env, peer.integrity));
  object.Set("appContainer", peer.appContainer);
  object.Set("restricted", peer.restricted);
  object.Set("processId", makeNumber(env, peer.processId));
  object.Set("logon", makeAscii(env, peer.logon.c_str()));
  return object;
}

bool isTrue(Napi::Value value) { return value.IsBoolean() && value.As<Napi::Boolean>().Value(); }

bool readTexts(Napi::Env env, Napi::Value value, std::vector<std::string>& texts) {
  if (!value.IsArray()) return refuse(env, "users must be an array");
  const Napi::Array array = value.As<Napi::Array>();
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value each = array.Get(i);
    if (!each.IsString()) return refuse(env, "users must be strings");
    texts.push_back(each.As<Napi::String>().Utf8Value());
  }
  return true;
}

}  // namespace

Napi::Function NodeServer::define(Napi::Env env) {
  return DefineClass(
      env, "Server",
      {InstanceMethod<&NodeServer::answer>("answer"), InstanceMethod<&NodeServer::admit>("admit"),
       InstanceMethod<&NodeServer::notify>("notify"),
       InstanceMethod<&NodeServer::disconnect>("disconnect"),
       InstanceMethod<&NodeServer::hold>("hold"), InstanceMethod<&NodeServer::close>("close")});
}

NodeServer::NodeServer(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NodeServer>(info) {
  const Napi::Env env = info.Env();
  OptionalText name;
  std::vector<std::string> users;
  if (!readText(env, info[0], "name", name) || !readTexts(env, info[1], users)) return;
  if (!name || !info[2].IsFunction()) {
    refuse(env, "expected a name and a function");
    return;
  }
  waker_ = std::make_shared<LoopWaker>();
  if (!waker_->open(env, *this)) return;
  service_ = std::make_shared<RemoteService>(waker_);
  std::string why;
  server_ = remote::Server::open(info[0].As<Napi::String>().Utf8Value(), users, service_, &why);
  if (!server_) {
    waker_->close();
    Napi::Error error = Napi::Error::New(env, why);
    error.Set("code", "ERR_HC_SERVE");
    error.ThrowAsJavaScriptException();
    return;
  }
  deliver_ = Napi::Persistent(info[2].As<Napi::Function>());
  waker_->keepLoopAlive(env, true);
  // After the thread-safe function, whose own hook would otherwise free it before ours has closed
  // it.
  napi_add_env_cleanup_hook(env, onEnvironmentEnd, this);
}

NodeServer::~NodeServer() {
  if (!server_) return;
  napi_remove_env_cleanup_hook(Env(), onEnvironmentEnd, this);
  end();
}

void NodeServer::onEnvironmentEnd(void* server) { static_cast<NodeServer*>(server)->end(); }

// In this order: no more wake-ups, then nobody waits, then nobody comes.
void NodeServer::end() {
  waker_->close();
  service_->close();
  std::exchange(server_, nullptr)->close();
  deliver_.Reset();
}

bool NodeServer::isOpen(const Napi::CallbackInfo& info) const {
  return server_ || refuse(info.Env(), "the server is closed");
}

void NodeServer::answer(const Napi::CallbackInfo& info) {
  std::uint64_t number = 0;
  std::uint32_t status = 0;
  if (!isOpen(info) || !readId(info.Env(), info[0], number) ||
      !readUint32(info.Env(), info[1], "status", status))
    return;
  const auto question = service_->find(number);
  if (!question || !question->request) return;
  const bool put = question->request->putAnswer(info.Env(), status, info[2], *question->answer);
  service_->settle(number, put);
}

void NodeServer::admit(const Napi::CallbackInfo& info) {
  std::uint64_t number = 0;
  if (isOpen(info) && readId(info.Env(), info[0], number))
    service_->settle(number, isTrue(info[1]));
}

void NodeServer::notify(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::uint64_t session = 0;
  std::uint64_t listener = 0;
  std::uint32_t type = 0;
  std::uint32_t status = 0;
  OptionalText data;
  if (!isOpen(info) || !readId(env, info[0], session) ||
      !read(env, info[1], "listener", listener) || !readUint32(env, info[2], "type", type) ||
      !readUint32(env, info[3], "status", status) || !readText(env, info[4], "data", data))
    return;
  if (const auto client = service_->client(session))
    client->notify(listener, type, status, data ? data->c_str() : nullptr);
}

void NodeServer::disconnect(const Napi::CallbackInfo& info) {
  std::uint64_t session = 0;
  if (!isOpen(info) || !readId(info.Env(), info[0], session)) return;
  if (const auto client = service_->client(session)) client->disconnect();
}

void NodeServer::hold(const Napi::CallbackInfo& info) {
  if (isOpen(info)) waker_->keepLoopAlive(info.Env(), isTrue(info[0]));
}

void NodeServer::close(const Napi::CallbackInfo& info) {
  if (!server_) return;
  napi_remove_env_cleanup_hook(info.Env(), onEnvironmentEnd, this);
  end();
}

void NodeServer::drain() {
  if (!server_) return;
  const Napi::Env env = Env();
  auto events = service_->take();
  if (events.empty()) return;
  napi_value array = nullptr;
  napi_create_array_with_length(env, events.size(), &array);
  for (std::uint32_t i = 0; i < events.size(); ++i)
    napi_set_element(env, array, i, toValue(events[i]));
  enterJavaScript(env, deliver_.Value(), 1, &array);
}

napi_value NodeServer::toValue(RemoteService::Event& event) {
  const Napi::Env env = Env();
  Napi::Array array = Napi::Array::New(env);
  array.Set(0u, makeNumber(env, static_cast<double>(event.session)));
  if (!event.question) return array;
  array.Set(1u, makeNumber(env, static_cast<double>(event.number)));
  if (const auto& request = event.question->request) {
    array.Set(2u, makeNumber(env, request->function()));
    array.Set(3u, request->inputs(env));
  } else {
    array.Set(2u, makePeer(env, event.question->peer));
  }
  return array;
}

}  // namespace hc::node
