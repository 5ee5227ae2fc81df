#include "held-paths.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "../files/held-path.h"
#include "base/values.h"

namespace hc::node {

namespace {

using files::HeldFacts;
using files::Status;

// On the JavaScript thread; what is released while it is being opened is closed when that ends.
struct Holding {
  files::HeldPath path;
  bool begun = false;
};

// One call of hold(): made on the JavaScript thread, run on one of libuv's, ended on the first.
struct Work {
  napi_async_work work = nullptr;
  napi_deferred deferred = nullptr;
  std::shared_ptr<Holding> holding;
  files::HeldRequest request;
  HeldFacts facts;
  Status status = 0;
  std::uint32_t at = 0;
};

std::string identityOf(const HeldFacts& facts) {
  char volume[20];
  std::snprintf(volume, sizeof volume, "%llx:", static_cast<unsigned long long>(facts.volume));
  std::string text = volume;
  for (const std::uint8_t byte : facts.id) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%02x", byte);
    text += digits;
  }
  return text;
}

// [status, at, path, identity, attributes, links, found, caseSensitive]
napi_value valueOf(napi_env env, const Work& work) {
  const HeldFacts& facts = work.facts;
  napi_value array = nullptr;
  napi_create_array(env, &array);
  std::uint32_t next = 0;
  const auto add = [&](napi_value value) { napi_set_element(env, array, next++, value); };
  const auto boolean = [&](bool value) {
    napi_value result = nullptr;
    napi_get_boolean(env, value, &result);
    return result;
  };
  add(makeNumber(env, work.status));
  add(makeNumber(env, work.at));
  add(makeText(env, OptionalText(facts.path)));
  add(makeAscii(env, identityOf(facts).c_str()));
  add(makeNumber(env, facts.attributes));
  add(makeNumber(env, facts.links));
  add(boolean(facts.found));
  add(boolean(facts.caseSensitive));
  return array;
}

void execute(napi_env /*env*/, void* data) {
  auto& work = *static_cast<Work*>(data);
  work.status = work.holding->path.hold(work.request, &work.facts, &work.at);
}

// An environment that ends cancels what has not begun; nobody waits for it.
void complete(napi_env env, napi_status status, void* data) {
  const std::unique_ptr<Work> work(static_cast<Work*>(data));
  if (status == napi_ok) napi_resolve_deferred(env, work->deferred, valueOf(env, *work));
  napi_delete_async_work(env, work->work);
}

class HeldPath : public Napi::ObjectWrap<HeldPath> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "HeldPath",
        {InstanceMethod<&HeldPath::hold>("hold"), InstanceMethod<&HeldPath::release>("release")});
  }
  explicit HeldPath(const Napi::CallbackInfo& info) : Napi::ObjectWrap<HeldPath>(info) {}

 private:
  // hold(drive, names, folder, mayLack) -> a promise of what valueOf() makes. Once.
  Napi::Value hold(const Napi::CallbackInfo& info);
  // release(): closes all of it
  Napi::Value release(const Napi::CallbackInfo& info) {
    holding_.reset();
    return info.Env().Undefined();
  }

  std::shared_ptr<Holding> holding_ = std::make_shared<Holding>();
};

bool readRequest(const Napi::CallbackInfo& info, files::HeldRequest& request) {
  OptionalText drive;
  if (!readText(info.Env(), info[0], "drive", drive)) return false;
  if (!drive || drive->size() != 1 || !info[1].IsArray() || !info[2].IsBoolean() ||
      !info[3].IsBoolean())
    return refuse(info.Env(), "\"drive\" must be a letter, \"names\" an array");
  request.drive = drive->front();
  const auto names = info[1].As<Napi::Array>();
  for (std::uint32_t i = 0; i < names.Length(); ++i) {
    OptionalText name;
    if (!readText(info.Env(), names.Get(i), "names", name)) return false;
    if (!name) return refuse(info.Env(), "\"names\" must be strings");
    request.names.push_back(*name);
  }
  request.folder = info[2].As<Napi::Boolean>().Value();
  request.mayLack = info[3].As<Napi::Boolean>().Value();
  return true;
}

Napi::Value HeldPath::hold(const Napi::CallbackInfo& info) {
  const napi_env env = info.Env();
  auto work = std::make_unique<Work>();
  if (!readRequest(info, work->request)) return {};
  if (!holding_ || std::exchange(holding_->begun, true)) {
    refuse(env, "a HeldPath must hold one path");
    return {};
  }
  work->holding = holding_;
  napi_value promise = nullptr;
  if (napi_create_promise(env, &work->deferred, &promise) != napi_ok ||
      napi_create_async_work(env, nullptr, makeAscii(env, "hostcompute.HeldPath"), execute,
                             complete, work.get(), &work->work) != napi_ok ||
      napi_queue_async_work(env, work->work) != napi_ok) {
    refuse(env, "the path cannot be opened: Node has no room for the task");
    return {};
  }
  work.release();
  return {env, promise};
}

}  // namespace

Napi::Function defineHeldPath(Napi::Env env) { return HeldPath::define(env); }

}  // namespace hc::node
