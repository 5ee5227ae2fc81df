// How each kind of value looks in JavaScript, in both directions, and nothing else. Plain Node-API,
// so that the addon needs no headers but Node-API's own. All of it runs on the JavaScript thread.
#pragma once

#include <node_api.h>

#include <memory>
#include <string>

#include "../core/call.h"

namespace hc::node {

napi_value makeNumber(napi_env env, double number);
napi_value makeText(napi_env env, const OptionalText& text);  // null where there is none
napi_value makeAscii(napi_env env, const char* text);
napi_value makeGuid(napi_env env, const GuidData& guid);
// Throws a TypeError unless one is pending. Returns false, to be returned.
bool refuse(napi_env env, const std::string& message);

bool readText(napi_env env, napi_value value, const char* name, OptionalText& text);
bool readUint32(napi_env env, napi_value value, const char* name, std::uint32_t& number);
bool readUint64(napi_env env, napi_value value, const char* name, std::uint64_t& number);
// [id, path, id, path ...]
bool readLayers(napi_env env, napi_value value, const char* name, Layers::InSlot& slot);
bool readId(napi_env env, napi_value value, std::uint64_t& id);
// A handle is a number to JavaScript, looked up in its host and checked for its kind: one that is
// stale, forged, of another kind or of another host is refused and never followed. Null with an
// exception pending.
std::shared_ptr<Handle> readHandle(napi_env env, napi_value value, Host& host, HandleKind kind);

}  // namespace hc::node
