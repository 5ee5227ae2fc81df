#include "streams.h"

#if defined(__linux__)

#include <memory>

#include "../sockets/stream-set.h"
#include "base/values.h"

// Of libuv, which Node exports. Declared here, as libuv's header is no part of Node-API's: a handle
// is as large as it says.
extern "C" {
std::size_t uv_handle_size(int type);
int uv_poll_init(uv_loop_s* loop, void* handle, int descriptor);
int uv_poll_start(void* handle, int events, void (*ready)(void* handle, int status, int events));
void uv_close(void* handle, void (*closed)(void* handle));
void uv_ref(void* handle);
void uv_unref(void* handle);
void* uv_handle_get_data(const void* handle);
void uv_handle_set_data(void* handle, void* data);
}

namespace hc::node {

namespace {

constexpr int kPoll = 8;      // UV_POLL
constexpr int kReadable = 1;  // UV_READABLE
constexpr std::size_t kMostReady = 64;

class NodeStreams;

// The set and the handle of the event loop that waits for it, which outlives its owner until the
// loop has closed it. An environment that ends waits for that.
struct LoopEnd {
  std::unique_ptr<char[]> handle{new char[uv_handle_size(kPoll)]};
  sockets::StreamSet set;
  NodeStreams* owner = nullptr;
  napi_async_cleanup_hook_handle hook = nullptr;

  static LoopEnd* of(void* handle) { return static_cast<LoopEnd*>(uv_handle_get_data(handle)); }
  void close() {
    owner = nullptr;
    set.closeAll();
    uv_close(handle.get(), [](void* closed) {
      const std::unique_ptr<LoopEnd> self(of(closed));
      napi_remove_async_cleanup_hook(self->hook);
    });
  }
};

class NodeStreams : public Napi::ObjectWrap<NodeStreams> {
 public:
  explicit NodeStreams(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NodeStreams>(info) {
    const Napi::Env env = info.Env();
    if (!info[0].IsFunction() || !readReady(info[1])) {
      refuse(env, "expected a function, and an Int32Array");
      return;
    }
    auto end = std::make_unique<LoopEnd>();
    uv_loop_s* loop = nullptr;
    if (napi_get_uv_event_loop(env, &loop) != napi_ok || end->set.descriptor() < 0 ||
        uv_poll_init(loop, end->handle.get(), end->set.descriptor()) != 0) {
      Napi::Error::New(env, "no stream can be waited for").ThrowAsJavaScriptException();
      return;
    }
    deliver_ = Napi::Persistent(info[0].As<Napi::Function>());
    end_ = end.release();
    end_->owner = this;
    uv_handle_set_data(end_->handle.get(), end_);
    uv_poll_start(end_->handle.get(), kReadable, onReady);
    uv_unref(end_->handle.get());
    napi_add_async_cleanup_hook(env, onEnvironmentEnd, end_, &end_->hook);
  }
  ~NodeStreams() override {
    if (end_ != nullptr && end_->owner == this) end_->close();
  }

  Napi::Value add(const Napi::CallbackInfo& info) {
    return number(info, end_->set.add(streamOf(info)));
  }
  void close(const Napi::CallbackInfo& info) { end_->set.close(streamOf(info)); }
  Napi::Value read(const Napi::CallbackInfo& info) {
    Bytes into;
    if (!readBytes(info, into)) return {};
    return number(info, end_->set.read(streamOf(info), into.data, into.size));
  }
  Napi::Value write(const Napi::CallbackInfo& info) {
    Bytes bytes;
    std::uint32_t from = 0;
    if (!readBytes(info, bytes) || !readUint32(info.Env(), info[2], "from", from)) return {};
    if (from > bytes.size) from = static_cast<std::uint32_t>(bytes.size);
    return number(info, end_->set.write(streamOf(info), bytes.data + from, bytes.size - from));
  }
  Napi::Value await(const Napi::CallbackInfo& info) {
    return number(info, end_->set.await(streamOf(info), info[1].ToBoolean().Value()));
  }
  void hold(const Napi::CallbackInfo& info) {
    if (info[0].ToBoolean().Value()) {
      uv_ref(end_->handle.get());
    } else {
      uv_unref(end_->handle.get());
    }
  }

 private:
  struct Bytes {
    std::uint8_t* data = nullptr;
    std::size_t size = 0;
  };

  static int streamOf(const Napi::CallbackInfo& info) {
    std::int32_t stream = -1;
    napi_get_value_int32(info.Env(), info[0], &stream);
    return stream;
  }
  static Napi::Value number(const Napi::CallbackInfo& info, std::int64_t value) {
    return Napi::Number::New(info.Env(), static_cast<double>(value));
  }
  static bool readBytes(const Napi::CallbackInfo& info, Bytes& bytes) {
    napi_typedarray_type type = napi_int8_array;
    void* data = nullptr;
    const napi_status status =
        napi_get_typedarray_info(info.Env(), info[1], &type, &bytes.size, &data, nullptr, nullptr);
    if (status != napi_ok || type != napi_uint8_array)
      return refuse(info.Env(), "\"bytes\" must be a Uint8Array");
    bytes.data = static_cast<std::uint8_t*>(data);
    return true;
  }

  bool readReady(const Napi::Value& value) {
    const bool typed =
        value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_int32_array;
    if (!typed || value.As<Napi::Int32Array>().ElementLength() < kMostReady) return false;
    ready_ = value.As<Napi::Int32Array>().Data();
    readyReference_ = Napi::Persistent(value.As<Napi::Object>());
    return true;
  }

  static void onReady(void* handle, int, int) {
    NodeStreams* const owner = LoopEnd::of(handle)->owner;
    if (owner != nullptr) owner->deliver();
  }

  // From the event loop: as many as fit; the others are ready in its next turn.
  void deliver() {
    const Napi::Env env = Env();
    const Napi::HandleScope scope(env);
    const std::size_t count = end_->set.takeReady(ready_, kMostReady);
    if (count == 0) return;
    const napi_value argument = makeNumber(env, static_cast<double>(count));
    const napi_status status =
        napi_make_callback(env, nullptr, env.Global(), deliver_.Value(), 1, &argument, nullptr);
    if (status != napi_pending_exception) return;
    napi_value error = nullptr;
    napi_get_and_clear_last_exception(env, &error);
    napi_fatal_exception(env, error);
  }

  static void onEnvironmentEnd(napi_async_cleanup_hook_handle, void* data) {
    auto* const end = static_cast<LoopEnd*>(data);
    if (end->owner == nullptr) return;  // it is being closed
    end->owner->end_ = nullptr;
    end->close();
  }

  LoopEnd* end_ = nullptr;
  Napi::FunctionReference deliver_;
  Napi::ObjectReference readyReference_;
  std::int32_t* ready_ = nullptr;
};

}  // namespace

Napi::Function defineStreams(Napi::Env env) {
  using Self = NodeStreams;
  return NodeStreams::DefineClass(
      env, "Streams",
      {Self::InstanceMethod<&Self::add>("add"), Self::InstanceMethod<&Self::close>("close"),
       Self::InstanceMethod<&Self::read>("read"), Self::InstanceMethod<&Self::write>("write"),
       Self::InstanceMethod<&Self::await>("await"), Self::InstanceMethod<&Self::hold>("hold")});
}

}  // namespace hc::node

#endif
