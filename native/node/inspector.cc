#include "inspector.h"

#include <memory>
#include <string>
#include <utility>

#include "../inspect/answers.h"
#include "../inspect/asker.h"
#include "base/enter.h"
#include "base/loop-waker.h"
#include "base/values.h"

namespace hc::node {

namespace {

using inspect::Asker;

// Kept by the threads of the questions; closed, it wakes nobody.
struct AnswerWaker : Asker::Reader {
  void onAnswer() override { loop.wakeAlways(); }
  LoopWaker loop;
};

class Inspector : public Napi::ObjectWrap<Inspector>, private Drained {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Inspector",
        {InstanceMethod<&Inspector::ask>("ask"), InstanceMethod<&Inspector::hold>("hold")});
  }

  // new Inspector(onAnswer)
  explicit Inspector(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Inspector>(info) {
    const Napi::Env env = info.Env();
    if (!info[0].IsFunction()) {
      refuse(env, "\"onAnswer\" must be a function");
      return;
    }
    auto waker = std::make_shared<AnswerWaker>();
    if (!waker->loop.open(env, *this)) return;
    waker_ = std::move(waker);
    onAnswer_ = Napi::Persistent(info[0].As<Napi::Function>());
    asker_ = Asker::create(inspect::answer, waker_);
    napi_add_env_cleanup_hook(env, onEnvironmentEnd, this);
  }

  ~Inspector() override {
    if (asker_ == nullptr) return;
    napi_remove_env_cleanup_hook(Env(), onEnvironmentEnd, this);
    waker_->loop.close();
  }

 private:
  // ask(id, question) -> whether a thread asks it; onAnswer(id, JSON) comes when it is back
  Napi::Value ask(const Napi::CallbackInfo& info);

  // hold(alive): whether the answers that are to come keep the event loop alive
  void hold(const Napi::CallbackInfo& info) {
    if (asker_ != nullptr) waker_->loop.keepLoopAlive(info.Env(), info[0].ToBoolean().Value());
  }

  static void onEnvironmentEnd(void* self) { static_cast<Inspector*>(self)->waker_->loop.close(); }

  void drain() override {
    const Napi::HandleScope scope(Env());
    for (const auto& [id, json] : asker_->take()) {
      const Napi::HandleScope each(Env());
      const napi_value arguments[] = {makeNumber(Env(), id), makeText(Env(), json)};
      enterJavaScript(Env(), onAnswer_.Value(), 2, arguments);
    }
  }

  std::shared_ptr<AnswerWaker> waker_;
  std::shared_ptr<Asker> asker_;  // null: it was not made
  Napi::FunctionReference onAnswer_;
};

Napi::Value Inspector::ask(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::uint32_t id = 0;
  OptionalText text;
  if (asker_ == nullptr || !readUint32(env, info[0], "id", id) ||
      !readText(env, info[1], "question", text)) {
    return {};
  }
  std::string why;
  auto question = inspect::readQuestion(text.value_or(u""), why);
  if (!question) {
    refuse(env, "the question " + why);
    return {};
  }
  return Napi::Boolean::New(env, asker_->ask(id, std::move(*question)));
}

}  // namespace

Napi::Function defineInspector(Napi::Env env) { return Inspector::define(env); }

}  // namespace hc::node
