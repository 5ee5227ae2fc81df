// How each shape of value looks in JavaScript, in both directions, and nothing else. Plain
// Node-API, so that the addon needs no headers but Node-API's own. All of it runs on the JavaScript
// thread.
#pragma once

#include <node_api.h>

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "../../core/call.h"

namespace hc::node {

napi_value makeNumber(napi_env env, double number);
napi_value makeText(napi_env env, const OptionalText& text);  // null where there is none
napi_value makeAscii(napi_env env, const char* text);
napi_value makeGuid(napi_env env, const GuidData& guid);
// Throws a TypeError unless one is pending. Returns false, to be returned.
bool refuse(napi_env env, const std::string& message);

// An input, as the slot of its shape wants it. What there is no `read` for is not given by
// JavaScript.
bool readText(napi_env env, napi_value value, const char* name, OptionalText& slot);
bool readInteger(napi_env env, napi_value value, const char* name, double least, double most,
                 double& number);
inline bool read(napi_env env, napi_value value, const char* name, OptionalText& slot) {
  return readText(env, value, name, slot);
}
bool read(napi_env env, napi_value value, const char* name, GuidData& slot);
template <class Opaque>
bool read(napi_env env, napi_value value, const char* name, shape::ObjectSlot<Opaque>& slot) {
  return read(env, value, name, slot.id);
}
// [id, path, id, path ...]
bool read(napi_env env, napi_value value, const char* name, Layers::InSlot& slot);
bool read(napi_env env, napi_value value, const char* name, DiskCreation::InSlot& slot);
bool read(napi_env env, napi_value value, const char* name, OpenDiskParameters& slot);
bool read(napi_env env, napi_value value, const char* name, SetDiskInformation& slot);
template <class Number>
std::enable_if_t<std::is_integral_v<Number>, bool> read(napi_env env, napi_value value,
                                                        const char* name, Number& slot) {
  constexpr double kMost = 9007199254740991;  // beyond it a number of JavaScript has gaps
  using Limits = std::numeric_limits<Number>;
  constexpr bool kWide = Limits::digits > 53;
  constexpr double kLowest = Limits::is_signed ? -kMost : 0;
  double number = 0;
  if (!readInteger(env, value, name, kWide ? kLowest : static_cast<double>(Limits::min()),
                   kWide ? kMost : static_cast<double>(Limits::max()), number)) {
    return false;
  }
  slot = static_cast<Number>(number);
  return true;
}
inline bool readUint32(napi_env env, napi_value value, const char* name, std::uint32_t& number) {
  return read(env, value, name, number);
}

// An output, from the result of its shape; null where there is none.
inline napi_value write(napi_env env, const OptionalText& text) { return makeText(env, text); }
inline napi_value write(napi_env env, const std::optional<GuidData>& guid) {
  return guid ? makeGuid(env, *guid) : makeText(env, {});
}
napi_value write(napi_env env, const std::optional<PortRangeData>& range);
napi_value write(napi_env env, const std::optional<std::vector<PortRangeEntry>>& entries);
napi_value write(napi_env env, const std::optional<DiskInformation::Facts>& facts);
template <class Number>
std::enable_if_t<std::is_integral_v<Number>, napi_value> write(
    napi_env env, const std::optional<Number>& number) {
  return number ? makeNumber(env, static_cast<double>(*number)) : makeText(env, {});
}

bool readId(napi_env env, napi_value value, std::uint64_t& id);
// A handle is a number to JavaScript, looked up in its host and checked for its kind: one that is
// stale, forged, of another kind or of another host is refused and never followed. Null with an
// exception pending.
std::shared_ptr<Handle> readHandle(napi_env env, napi_value value, Host& host, HandleKind kind);

}  // namespace hc::node
