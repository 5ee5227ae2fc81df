#include "descriptors.h"

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

napi_value makeDescriptor(napi_env env, Stream& stream) {
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
  return makeNumber(env, descriptor);
}

}  // namespace hc::node
