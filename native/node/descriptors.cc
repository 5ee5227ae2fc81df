#include "descriptors.h"

#include <utility>

#include "values.h"

#if defined(_WIN32)
// Of libuv, which node.exe exports: a C runtime descriptor of Node's own runtime. Declared here, as
// libuv's header is no part of Node-API's.
extern "C" __declspec(dllimport) int uv_open_osfhandle(void* handle);
#endif

namespace hc::node {
namespace {

int openDescriptor(void* stream) {
#if defined(_WIN32)
  return uv_open_osfhandle(stream);
#else
  return static_cast<int>(reinterpret_cast<std::intptr_t>(stream));
#endif
}

}  // namespace

void Descriptors::hold(std::uint64_t call, ProcessStreams streams) {
  held_.emplace(call, std::move(streams));
}

napi_value Descriptors::take(napi_env env, std::uint64_t call) {
  taken_.clear();
  napi_value array = nullptr;
  const auto found = held_.find(call);
  if (found == held_.end()) {
    napi_get_null(env, &array);
    return array;
  }
  ProcessStreams streams = std::move(found->second);
  held_.erase(found);
  napi_create_array_with_length(env, 4, &array);
  napi_set_element(env, array, 0, makeNumber(env, streams.processId));
  napi_set_element(env, array, 1, open(env, streams.stdInput));
  napi_set_element(env, array, 2, open(env, streams.stdOutput));
  napi_set_element(env, array, 3, open(env, streams.stdError));
  return array;
}

napi_value Descriptors::open(napi_env env, Stream& stream) {
  if (stream.absent()) {
    napi_value null = nullptr;
    napi_get_null(env, &null);
    return null;
  }
  const int descriptor = openDescriptor(stream.value());
  if (descriptor < 0) {
    Stream closed(std::move(stream));
    return makeNumber(env, -1);
  }
  stream.take();
  taken_.emplace_back(descriptor);
  return makeNumber(env, descriptor);
}

void Descriptors::closeTaken() {
  for (const GivenDescriptor& taken : taken_) taken.closeIfOpen();
  taken_.clear();
}

}  // namespace hc::node
