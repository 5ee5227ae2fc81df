#include "protection.h"

#include "../files/protection.h"
#include "base/values.h"

namespace hc::node {

Napi::Value protectionOf(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  OptionalText path;
  if (!readText(env, info[0], "path", path)) return {};
  if (!path) {
    refuse(env, "\"path\" must be a string");
    return {};
  }
  files::Protection protection;
  const files::Status status = files::protectionOf(*path, &protection);
  if (status < 0) return Napi::Number::New(env, status);
  Napi::Array array = Napi::Array::New(env);
  std::uint32_t next = 0;
  array.Set(next++, Napi::String::New(env, protection.owner));
  if (!protection.entries) array.Set(next++, env.Null());
  for (const auto& [who, kind, flags, rights] :
       protection.entries.value_or(std::vector<files::AccessEntry>())) {
    array.Set(next++, Napi::String::New(env, who));
    for (const std::uint32_t number : {kind, flags, rights})
      array.Set(next++, Napi::Number::New(env, number));
  }
  return array;
}

}  // namespace hc::node
