// The module: its classes, and the list of functions that it was compiled with. Nothing of it is
// unloaded, as threads of a host may be inside.
#include <napi.h>

#include "../core/libraries.h"
#include "archive/pack.h"
#include "archive/unpack.h"
#include "calls.h"
#include "files.h"
#include "held-paths.h"
#include "inspector.h"
#include "node-host.h"
#include "protection.h"
#include "remote/node-server.h"
#include "streams.h"

namespace hc::node {

namespace {

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  pinThisModule();
  exports.Set("Host", NodeHost::define(env));
  exports.Set("Server", NodeServer::define(env));
  exports.Set("Unpack", defineUnpack(env));
  exports.Set("UnpackPlanner", defineUnpackPlanner(env));
  exports.Set("functions", describeFunctions(env));
  exports.Set("hintMemory", Napi::Function::New<hintMemory>(env, "hintMemory"));
#if defined(__linux__)
  exports.Set("Streams", defineStreams(env));
#endif
#if defined(_WIN32)
  exports.Set("Files", defineFiles(env));
  exports.Set("HeldPath", defineHeldPath(env));
  exports.Set("Inspector", defineInspector(env));
  exports.Set("protectionOf", Napi::Function::New<protectionOf>(env, "protectionOf"));
#else
  exports.Set("TreeReader", defineTreeReader(env));
#endif
  return exports;
}

}  // namespace

}  // namespace hc::node

static Napi::Object initializeModule(Napi::Env env, Napi::Object exports) {
  return hc::node::initialize(env, exports);
}

NODE_API_MODULE(hostcompute, initializeModule)
