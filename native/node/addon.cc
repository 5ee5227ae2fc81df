// The module: a class `Host` that opens a library for one environment, and the list of functions it
// was compiled with. Everything an environment owns hangs on its Host objects; each is undone by
// end(), or by its cleanup hook.
#include <node_api.h>

#include <memory>

#include "calls.h"
#include "files.h"
#include "pump.h"
#include "values.h"

namespace hc::node {

namespace {

constexpr napi_type_tag kHostTag = {0x8c1f4f0f6b1d4c52, 0xa1d3b7c5e9f20010};
// How long an environment waits, while it ends, for the calls it still has inside the host. Those
// that stay longer are left to their threads.
constexpr std::chrono::milliseconds kEndLimit{1000};

struct NodeHost {
  napi_env env;
  std::shared_ptr<Inbox> inbox;
  std::shared_ptr<Bell> bell;
  std::shared_ptr<Host> host;
  Descriptors descriptors;
  std::unique_ptr<Pump> pump;
  bool ended = false;

  // In this order: no more wakes, then the records and handles, then the references and streams.
  void end(std::chrono::milliseconds limit = kEndLimit) {
    if (ended) return;
    ended = true;
    bell->silence();
    host->end(limit);
    pump->disconnect();
    descriptors.drop();
  }
};

// Node runs this when it has closed the streams of the environment.
void onEnvironmentEnd(void* data) {
  auto* const node = static_cast<NodeHost*>(data);
  node->end();
  node->descriptors.closeTaken();
}

void finalizeHost(napi_env env, void* data, void*) {
  const std::unique_ptr<NodeHost> node(static_cast<NodeHost*>(data));
  if (!node->ended) napi_remove_env_cleanup_hook(env, onEnvironmentEnd, node.get());
  node->end();
}

struct Arguments {
  static constexpr std::size_t kMost = 8;
  napi_value self = nullptr;
  napi_value values[kMost] = {};
  std::size_t count = kMost;
  NodeHost* host = nullptr;
};

// Null when `this` is no Host that is open; an exception is pending then.
bool begin(napi_env env, napi_callback_info info, Arguments& arguments) {
  napi_get_cb_info(env, info, &arguments.count, arguments.values, &arguments.self, nullptr);
  bool tagged = false;
  void* data = nullptr;
  napi_check_object_type_tag(env, arguments.self, &kHostTag, &tagged);
  if (tagged) napi_unwrap(env, arguments.self, &data);
  arguments.host = static_cast<NodeHost*>(data);
  if (arguments.host == nullptr) return refuse(env, "called on something that is no Host");
  return !arguments.host->ended || refuse(env, "the host is closed");
}

// The same for a method about a call and the watch that it may wait on.
bool beginAbout(napi_env env, napi_callback_info info, Arguments& arguments, std::uint64_t& call,
                std::uint64_t& watch) {
  return begin(env, info, arguments) && readId(env, arguments.values[0], call) &&
         readId(env, arguments.values[1], watch);
}

bool readPath(napi_env env, napi_value value, Library::Path& path) {
  OptionalText utf16;
  if (!readText(env, value, "path", utf16)) return false;
  if (!utf16) return true;
  path.utf16 = *utf16;
  std::size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  path.utf8.resize(length);
  napi_get_value_string_utf8(env, value, path.utf8.data(), length + 1, &length);
  return true;
}

// new Host(path | null, maxWorkers, deliver, fields)
napi_value constructHost(napi_env env, napi_callback_info info) {
  napi_value self = nullptr;
  napi_value arguments[4] = {};
  std::size_t count = 4;
  napi_get_cb_info(env, info, &count, arguments, &self, nullptr);
  Library::Path path;
  std::uint32_t most = 0;
  if (!readPath(env, arguments[0], path) || !readUint32(env, arguments[1], "maxWorkers", most)) {
    return nullptr;
  }
  const auto opened = Library::open(path);
  if (!opened.library) {
    napi_throw_error(env, "ERR_HC_LIBRARY", opened.error.c_str());
    return nullptr;
  }
  auto node = std::make_unique<NodeHost>();
  node->env = env;
  node->inbox = std::make_shared<Inbox>();
  node->bell = std::make_shared<Bell>();
  Workers::Limits limits;
  limits.most = most < limits.resident ? limits.resident : most;
  node->host = std::make_shared<Host>(opened.library, node->inbox, node->bell, limits);
  node->pump = std::make_unique<Pump>(node->inbox, node->bell, env, node->descriptors);
  if (!node->pump->connect(arguments[2], arguments[3])) return nullptr;
  // After the thread-safe function, whose own hook would otherwise free it before ours has silenced
  // it.
  napi_add_env_cleanup_hook(env, onEnvironmentEnd, node.get());
  napi_type_tag_object(env, self, &kHostTag);
  napi_wrap(env, self, node.release(), finalizeHost, nullptr, nullptr);
  return self;
}

// call(function, paired, ...In parameters) -> id of the completion, and of the handle's watch if it
// opens one
napi_value call(napi_env env, napi_callback_info info) {
  Arguments arguments;
  if (!begin(env, info, arguments)) return nullptr;
  std::uint32_t index = 0;
  bool paired = true;
  if (!readUint32(env, arguments.values[0], "function", index)) return nullptr;
  napi_get_value_bool(env, arguments.values[1], &paired);
  const std::uint64_t id = nextId();
  const std::size_t given = arguments.count < 2 ? 0 : arguments.count - 2;
  if (!beginCall(env, arguments.host->host, id, index, paired, arguments.values + 2, given)) {
    return nullptr;
  }
  return makeNumber(env, static_cast<double>(id));
}

// close(kind, handle, discard) -> id of the completion. `discard`: first end what the handle is of.
napi_value close(napi_env env, napi_callback_info info) {
  Arguments arguments;
  if (!begin(env, info, arguments)) return nullptr;
  std::uint32_t kind = 0;
  if (!readUint32(env, arguments.values[0], "kind", kind)) return nullptr;
  const auto handle =
      readHandle(env, arguments.values[1], *arguments.host->host, static_cast<HandleKind>(kind));
  if (!handle) return nullptr;
  bool discard = false;
  napi_get_value_bool(env, arguments.values[2], &discard);
  if (discard) handle->claim(false);
  const std::uint64_t id = nextId();
  beginClose(arguments.host->host, id, handle);
  return makeNumber(env, static_cast<double>(id));
}

// cancel(id, watch): nobody waits for the call. It completes as Cancelled if no worker has taken
// it.
napi_value cancel(napi_env env, napi_callback_info info) {
  Arguments arguments;
  std::uint64_t id = 0;
  std::uint64_t watchId = 0;
  if (!beginAbout(env, info, arguments, id, watchId)) return nullptr;
  const auto& host = arguments.host->host;
  if (auto operation = host->workers().cancel(id)) {
    operation->ending = Ending::Cancelled;
    host->finish(std::move(operation));
  } else if (const auto watch = findWatch(watchId)) {
    watch->disown(id);
  }
  return nullptr;
}

// take(id) -> the streams that the call has brought; see descriptors.h
napi_value take(napi_env env, napi_callback_info info) {
  Arguments arguments;
  std::uint64_t id = 0;
  if (!begin(env, info, arguments) || !readId(env, arguments.values[0], id)) return nullptr;
  return arguments.host->descriptors.take(env, id);
}

// abandon(id, watch): the call does not wait for its notification any longer
napi_value abandon(napi_env env, napi_callback_info info) {
  Arguments arguments;
  std::uint64_t id = 0;
  std::uint64_t watchId = 0;
  if (!beginAbout(env, info, arguments, id, watchId)) return nullptr;
  if (const auto watch = findWatch(watchId)) watch->abandon(id);
  return nullptr;
}

// hold(held): whether this host keeps the event loop alive
napi_value hold(napi_env env, napi_callback_info info) {
  Arguments arguments;
  bool held = false;
  if (!begin(env, info, arguments)) return nullptr;
  napi_get_value_bool(env, arguments.values[0], &held);
  arguments.host->bell->hold(env, held);
  return nullptr;
}

// drain(): delivers the next batch
napi_value drain(napi_env env, napi_callback_info info) {
  Arguments arguments;
  if (begin(env, info, arguments)) arguments.host->pump->drain();
  return nullptr;
}

// ring(): asks for the next batch in a later turn of the event loop
napi_value ring(napi_env env, napi_callback_info info) {
  Arguments arguments;
  if (begin(env, info, arguments)) arguments.host->bell->ring();
  return nullptr;
}

// end(limitMs): what its environment's end would do
napi_value end(napi_env env, napi_callback_info info) {
  Arguments arguments;
  if (!begin(env, info, arguments)) return nullptr;
  std::uint32_t limit = 0;
  if (!readUint32(env, arguments.values[0], "limitMs", limit)) return nullptr;
  napi_remove_env_cleanup_hook(env, onEnvironmentEnd, arguments.host);
  arguments.host->end(std::chrono::milliseconds(limit));
  return nullptr;
}

// exports() -> a boolean per function of the list
napi_value present(napi_env env, napi_callback_info info) {
  Arguments arguments;
  if (!begin(env, info, arguments)) return nullptr;
  napi_value array = nullptr;
  napi_create_array_with_length(env, kFunctionCount, &array);
  for (std::size_t i = 0; i < kFunctionCount; ++i) {
    napi_value has = nullptr;
    napi_get_boolean(env, arguments.host->host->library().has(i), &has);
    napi_set_element(env, array, static_cast<std::uint32_t>(i), has);
  }
  return array;
}

// threads() -> how many threads this host has for its calls
napi_value threads(napi_env env, napi_callback_info info) {
  Arguments arguments;
  if (!begin(env, info, arguments)) return nullptr;
  return makeNumber(env, static_cast<double>(arguments.host->host->workers().threads()));
}

napi_value initialize(napi_env env, napi_value exports) {
  pinThisModule();
  const auto method = [](const char* name, napi_callback callback) {
    return napi_property_descriptor{name,    nullptr, callback,     nullptr,
                                    nullptr, nullptr, napi_default, nullptr};
  };
  const napi_property_descriptor methods[] = {
      method("call", call),       method("close", close), method("cancel", cancel),
      method("abandon", abandon), method("hold", hold),   method("drain", drain),
      method("ring", ring),       method("end", end),     method("present", present),
      method("threads", threads), method("take", take)};
  napi_value constructor = nullptr;
  napi_define_class(env, "Host", NAPI_AUTO_LENGTH, constructHost, nullptr,
                    sizeof(methods) / sizeof(methods[0]), methods, &constructor);
  napi_set_named_property(env, exports, "Host", constructor);
  napi_set_named_property(env, exports, "functions", describeFunctions(env));
#if defined(_WIN32)
  defineFiles(env, exports);
#endif
  return exports;
}

}  // namespace

}  // namespace hc::node

NAPI_MODULE_INIT() { return hc::node::initialize(env, exports); }
