#include "descriptors.h"

#include <utility>

#if defined(_WIN32)
// Of libuv, which node.exe exports: a C runtime descriptor of Node's own runtime. Declared here, as
// libuv's header is no part of Node-API's.
extern "C" __declspec(dllimport) int uv_open_osfhandle(void* handle);
extern "C" __declspec(dllimport) void* uv_get_osfhandle(int descriptor);
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

void* streamOf(int descriptor) {
#if defined(_WIN32)
  return uv_get_osfhandle(descriptor);
#else
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor));
#endif
}

void Descriptors::hold(std::uint64_t call, ProcessStreams streams) {
  held_.emplace(call, std::move(streams));
}

Napi::Value Descriptors::take(Napi::Env env, std::uint64_t call) {
  taken_.clear();
  const auto found = held_.find(call);
  if (found == held_.end()) return env.Null();
  ProcessStreams streams = std::move(found->second);
  held_.erase(found);
  Napi::Array array = Napi::Array::New(env, 4);
  array.Set(0u, Napi::Number::New(env, streams.processId));
  array.Set(1u, open(env, streams.stdInput));
  array.Set(2u, open(env, streams.stdOutput));
  array.Set(3u, open(env, streams.stdError));
  return array;
}

Napi::Value Descriptors::open(Napi::Env env, Stream& stream) {
  if (stream.absent()) return env.Null();
  const int descriptor = openDescriptor(stream.value());
  if (descriptor < 0) {
    Stream closed(std::move(stream));
    return Napi::Number::New(env, -1);
  }
  stream.take();
  taken_.emplace_back(descriptor);
  return Napi::Number::New(env, descriptor);
}

void Descriptors::closeTaken() {
  for (const TransferredDescriptor& taken : taken_) taken.closeIfOpen();
  taken_.clear();
}

}  // namespace hc::node
