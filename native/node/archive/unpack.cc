#include "unpack.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "../../archive/unpack/unpack.h"
#include "../base/loop-waker.h"
#include "../base/values.h"

namespace hc::node {

namespace {

using archive::Turn;
using archive::Unpack;
using std::chrono::milliseconds;

// Those that somebody reads, by the number that JavaScript knows them by: the two threads have
// nothing else in common.
struct Registry {
  std::mutex mutex;
  std::unordered_map<std::uint32_t, std::weak_ptr<Unpack>> unpacks;
  std::uint32_t last = 0;
};

// Never destroyed: threads outlive static objects.
Registry& registry() {
  static Registry& registry = *new Registry;
  return registry;
}

struct RoomWaker : Unpack::Reader {
  void onRoom() override { loop.wakeAlways(); }
  LoopWaker loop;
};

struct Buffer {
  std::uint8_t* data = nullptr;
  std::size_t size = 0;
};

bool readBuffer(const Napi::CallbackInfo& info, std::size_t place, Buffer& buffer) {
  const Napi::Value value = info[place];
  if (!value.IsBuffer()) return refuse(info.Env(), "\"bytes\" must be a Buffer");
  const auto given = value.As<Napi::Buffer<std::uint8_t>>();
  buffer = {given.Data(), given.Length()};
  return true;
}

bool readLimit(const Napi::CallbackInfo& info, std::size_t place, milliseconds& limit) {
  std::uint32_t number = 0;
  if (!readUint32(info.Env(), info[place], "waitMs", number)) return false;
  limit = milliseconds(number);
  return true;
}

Napi::Value numberOf(Napi::Env env, Turn turn) {
  return Napi::Number::New(env, static_cast<std::int32_t>(turn));
}

class NodeUnpack : public Napi::ObjectWrap<NodeUnpack>, private Drained {
 public:
  // new Unpack(onRoom)
  explicit NodeUnpack(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NodeUnpack>(info) {
    const Napi::Env env = info.Env();
    if (!info[0].IsFunction()) {
      refuse(env, "\"onRoom\" must be a function");
      return;
    }
    waker_ = std::make_shared<RoomWaker>();
    if (!waker_->loop.open(env, *this)) return;
    onRoom_ = Napi::Persistent(info[0].As<Napi::Function>());
    unpack_ = Unpack::create(waker_);
    Registry& all = registry();
    std::lock_guard<std::mutex> lock(all.mutex);
    id_ = ++all.last;
    all.unpacks[id_] = unpack_;
    napi_add_env_cleanup_hook(env, onEnvironmentEnd, this);
  }

  ~NodeUnpack() override {
    napi_remove_env_cleanup_hook(Env(), onEnvironmentEnd, this);
    end();
  }

  Napi::Value id(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), id_); }

  // push(bytes) -> whether there is room for more now; otherwise onRoom() is called when there is
  Napi::Value push(const Napi::CallbackInfo& info) {
    Buffer bytes;
    if (!isOpen(info) || !readBuffer(info, 0, bytes)) return {};
    return Napi::Boolean::New(info.Env(), unpack_->push(bytes.data, bytes.size));
  }

  // end(cut): no more comes; `cut` when that is no end of the archive
  void endSource(const Napi::CallbackInfo& info) {
    if (isOpen(info)) unpack_->end(info[0].ToBoolean().Value());
  }

  // abort(): nothing more is begun
  void abort(const Napi::CallbackInfo& info) {
    if (isOpen(info)) unpack_->abort();
  }

  // close(): nobody reads any more
  void close(const Napi::CallbackInfo&) { end(); }

 private:
  static void onEnvironmentEnd(void* self) { static_cast<NodeUnpack*>(self)->end(); }

  void drain() override {
    if (unpack_ == nullptr) return;
    const Napi::HandleScope scope(Env());
    onRoom_.Call({});
  }

  bool isOpen(const Napi::CallbackInfo& info) const {
    return unpack_ != nullptr || refuse(info.Env(), "the archive is closed");
  }

  void end() {
    if (unpack_ == nullptr) return;
    unpack_->abort();
    unpack_.reset();
    waker_->loop.close();
    Registry& all = registry();
    std::lock_guard<std::mutex> lock(all.mutex);
    all.unpacks.erase(id_);
  }

  std::shared_ptr<RoomWaker> waker_;
  std::shared_ptr<Unpack> unpack_;  // null: not open
  Napi::FunctionReference onRoom_;
  std::uint32_t id_ = 0;
};

class NodePlanner : public Napi::ObjectWrap<NodePlanner> {
 public:
  // new UnpackPlanner(id)
  explicit NodePlanner(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NodePlanner>(info) {
    std::uint32_t id = 0;
    if (!readUint32(info.Env(), info[0], "id", id)) return;
    Registry& all = registry();
    std::lock_guard<std::mutex> lock(all.mutex);
    const auto found = all.unpacks.find(id);
    if (found != all.unpacks.end()) unpack_ = found->second.lock();
    if (unpack_ == nullptr) refuse(info.Env(), "\"id\" must be that of an open archive");
  }

  // take(bytes, waitMs) -> how many headers it has put there; a Turn; below -10 how many bytes the
  // next header needs
  Napi::Value take(const Napi::CallbackInfo& info) {
    Buffer bytes;
    milliseconds limit{};
    if (!readBuffer(info, 0, bytes) || !readLimit(info, 1, limit)) return {};
    std::size_t count = 0, needed = 0;
    const Turn turn = unpack_->take(bytes.data, bytes.size, limit, count, needed);
    if (turn != Turn::goOn) return numberOf(info.Env(), turn);
    const double number = needed > 0 ? -static_cast<double>(needed) : static_cast<double>(count);
    return Napi::Number::New(info.Env(), number);
  }

  // plan(bytes, size) -> a Turn
  Napi::Value plan(const Napi::CallbackInfo& info) {
    Buffer bytes;
    std::uint32_t size = 0;
    if (!readBuffer(info, 0, bytes) || !readUint32(info.Env(), info[1], "size", size)) return {};
    if (size > bytes.size) return numberOf(info.Env(), Turn::malformed);
    const std::string_view steps(reinterpret_cast<const char*>(bytes.data), size);
    return numberOf(info.Env(), unpack_->plan(steps));
  }

  // finish(waitMs) -> a Turn
  Napi::Value finish(const Napi::CallbackInfo& info) {
    milliseconds limit{};
    if (!readLimit(info, 0, limit)) return {};
    return numberOf(info.Env(), unpack_->finish(limit));
  }

  // settle(waitMs) -> a Turn
  Napi::Value settle(const Napi::CallbackInfo& info) {
    milliseconds limit{};
    if (!readLimit(info, 0, limit)) return {};
    return numberOf(info.Env(), unpack_->settle(limit));
  }

  // failure() -> [entry, number of the system, what failed]
  Napi::Value failure(const Napi::CallbackInfo& info) {
    const archive::Failure failure = unpack_->failure();
    const Napi::Array array = Napi::Array::New(info.Env(), 3);
    array.Set(0u, Napi::Buffer<char>::Copy(info.Env(), failure.entry.data(), failure.entry.size()));
    array.Set(1u, Napi::Number::New(info.Env(), failure.outcome));
    array.Set(2u, Napi::String::New(info.Env(), failure.what));
    return array;
  }

 private:
  std::shared_ptr<Unpack> unpack_;
};

}  // namespace

Napi::Function defineUnpack(Napi::Env env) {
  return NodeUnpack::DefineClass(env, "Unpack",
                                 {NodeUnpack::InstanceMethod<&NodeUnpack::id>("id"),
                                  NodeUnpack::InstanceMethod<&NodeUnpack::push>("push"),
                                  NodeUnpack::InstanceMethod<&NodeUnpack::endSource>("end"),
                                  NodeUnpack::InstanceMethod<&NodeUnpack::abort>("abort"),
                                  NodeUnpack::InstanceMethod<&NodeUnpack::close>("close")});
}

Napi::Function defineUnpackPlanner(Napi::Env env) {
  return NodePlanner::DefineClass(env, "UnpackPlanner",
                                  {NodePlanner::InstanceMethod<&NodePlanner::take>("take"),
                                   NodePlanner::InstanceMethod<&NodePlanner::plan>("plan"),
                                   NodePlanner::InstanceMethod<&NodePlanner::finish>("finish"),
                                   NodePlanner::InstanceMethod<&NodePlanner::settle>("settle"),
                                   NodePlanner::InstanceMethod<&NodePlanner::failure>("failure")});
}

}  // namespace hc::node
