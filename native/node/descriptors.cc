#include "descriptors.h"

#include <utility>

#include "values.h"

#if defined(_WIN32)
// Of libuv, which node.exe exports: a C runtime descriptor of Node's own runtime. Declared here, as
// libuv's header is no part of Node-API's.
extern "C" __declspec(dllimport) int uv_open_osfhandle(void* handle);
#else
#include <sys/stat.h>
#include <unistd.h>
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

// What tells an open file from one that has its number later.
void identify(int descriptor, std::uint64_t& device, std::uint64_t& file) {
  device = file = 0;
#if !defined(_WIN32)
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return;
  device = static_cast<std::uint64_t>(status.st_dev);
  file = static_cast<std::uint64_t>(status.st_ino);
#else
  static_cast<void>(descriptor);
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
  Taken taken{descriptor, 0, 0};
  identify(descriptor, taken.device, taken.file);
  taken_.push_back(taken);
  return makeNumber(env, descriptor);
}

void Descriptors::closeTaken() {
#if !defined(_WIN32)
  for (const Taken& taken : taken_) {
    std::uint64_t device = 0;
    std::uint64_t file = 0;
    identify(taken.descriptor, device, file);
    if (file != 0 && device == taken.device && file == taken.file) close(taken.descriptor);
  }
#endif
  taken_.clear();
}

}  // namespace hc::node
