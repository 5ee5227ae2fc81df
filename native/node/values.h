// How each kind of value looks in JavaScript, in both directions, and nothing else. Plain Node-API, so that the addon
// needs no headers but Node-API's own. All of it runs on the JavaScript thread.
#pragma once

#include <node_api.h>

#include <memory>
#include <string>

#include "../core/call.h"

namespace hc::node {

napi_value makeNumber(napi_env env, double number);
napi_value makeText(napi_env env, const OptionalText& text);  // null where there is none
napi_value makeAscii(napi_env env, const char* text);
// A handle as JavaScript holds it: an object tagged with its kind. Collected while open, it closes the handle and says
// so in the inbox.
napi_value makeHandle(napi_env env, const std::shared_ptr<Host>& host,
                      const std::shared_ptr<Handle>& handle);

// Throws a TypeError unless one is pending. Returns false, to be returned.
bool refuse(napi_env env, const std::string& message);

bool readText(napi_env env, napi_value value, const char* name, OptionalText& text);
bool readUint32(napi_env env, napi_value value, const char* name, std::uint32_t& number);
bool readId(napi_env env, napi_value value, std::uint64_t& id);
// Null, with an exception pending, unless `value` is a handle of this addon and of this kind.
std::shared_ptr<Handle> readHandle(napi_env env, napi_value value, HandleKind kind);
std::shared_ptr<Handle> readAnyHandle(napi_env env, napi_value value);

}  // namespace hc::node
