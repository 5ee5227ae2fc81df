// How each shape of value of a client's request looks in JavaScript, and how its answer is put:
// there is an overload for each type of slot. On the JavaScript thread.
#pragma once

#include <node_api.h>

#include <cstdint>
#include <type_traits>

#include "../../abi/signatures.h"
#include "../../remote/values.h"
#include "../base/values.h"

namespace hc::node {

// Inputs, to JavaScript.

inline napi_value give(napi_env env, const OptionalText& text) { return makeText(env, text); }
inline napi_value give(napi_env env, const GuidData& guid) { return makeGuid(env, guid); }
template <class Number>
std::enable_if_t<std::is_arithmetic_v<Number>, napi_value> give(napi_env env, Number number) {
  return makeNumber(env, static_cast<double>(number));
}
inline napi_value give(napi_env env, void* handle) {
  return makeNumber(env, static_cast<double>(remote::numberOf(handle)));
}
inline napi_value give(napi_env env, const shape::ObjectSlot<void>& slot) {
  return give(env, slot.handle);
}
inline napi_value give(napi_env env, shape::Null::InSlot) { return makeText(env, {}); }
// A callback.
template <class... Arguments>
napi_value give(napi_env env, void(HC_CALL*)(Arguments...)) {
  return makeText(env, {});
}
napi_value give(napi_env env, const shape::Driver::InSlot& driver);
napi_value give(napi_env env, const shape::Layers::InSlot& slot);
napi_value give(napi_env env, const shape::DiskCreation::InSlot& slot);
napi_value give(napi_env env, const DiskTypeData& type);
napi_value give(napi_env env, const OpenDiskParameters& parameters);
napi_value give(napi_env env, const SetDiskInformation& setting);

// Outputs, from JavaScript: undefined and null for what the host has not given. The last argument
// is the slot that the client's wish was read into. False with an exception pending when one is
// wrong.

bool isNull(napi_env env, napi_value value);

template <class Number>
bool putNumber(napi_env env, napi_value value, const char* name, remote::Frame& frame) {
  Number number = 0;
  if (!isNull(env, value) && !read(env, value, name, number)) return false;
  frame.put(number);
  return true;
}
template <class Number>
std::enable_if_t<std::is_arithmetic_v<Number>, bool> put(napi_env env, napi_value value,
                                                         const char* name, remote::Frame& frame,
                                                         Number) {
  return putNumber<Number>(env, value, name, frame);
}
inline bool put(napi_env env, napi_value value, const char* name, remote::Frame& frame, void*) {
  return putNumber<std::uint64_t>(env, value, name, frame);
}
bool put(napi_env env, napi_value value, const char* name, remote::Frame& frame, char16_t*);
bool put(napi_env env, napi_value value, const char* name, remote::Frame& frame, const GuidData&);
// [startingPort, endingPort]
bool put(napi_env env, napi_value value, const char* name, remote::Frame& frame,
         const PortRangeData&);
// An array of arrays: the members in their order.
bool put(napi_env env, napi_value value, const char* name, remote::Frame& frame,
         const shape::PortEntries::OutSlot&);
// As much as the memory of the client holds; the length that it takes in any case.
bool put(napi_env env, napi_value value, const char* name, remote::Frame& frame,
         const shape::SizedText::Buffer& wish);
bool put(napi_env env, napi_value value, const char* name, remote::Frame& frame,
         const shape::DiskPath::OutSlot& wish);
bool put(napi_env env, napi_value value, const char* name, remote::Frame& frame,
         const shape::DiskInformation::OutSlot& wish);
// [process id, three descriptors or null]
bool put(napi_env env, napi_value value, const char* name, remote::Frame& frame,
         const ProcessInformation&);

}  // namespace hc::node
