#include "pack.h"

namespace hc::node {

void hintMemory(const Napi::CallbackInfo& info) {
  constexpr std::int64_t kLimit = 64 * 1024 * 1024;
  std::int64_t now = 0;
  napi_adjust_external_memory(info.Env(), kLimit, &now);
  napi_adjust_external_memory(info.Env(), -kLimit, &now);
}

}  // namespace hc::node

#if !defined(_WIN32)

#include <memory>
#include <string>

#include "../../archive/pack/tree-reader.h"
#include "../base/values.h"

namespace hc::node {

namespace {

using pack::TreeReader;

class NodeTreeReader : public Napi::ObjectWrap<NodeTreeReader> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit NodeTreeReader(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

 private:
  // open(root, suffix) -> 0, or an errno
  Napi::Value open(const Napi::CallbackInfo& info);
  // walk(path, alone)
  Napi::Value walk(const Napi::CallbackInfo& info);
  // next(bytes) -> how many entries
  Napi::Value next(const Napi::CallbackInfo& info);
  // read(file, bytes, position) -> how many bytes
  Napi::Value read(const Napi::CallbackInfo& info);
  // load(file, position, length)
  Napi::Value load(const Napi::CallbackInfo& info);
  // take(bytes, at, length) -> how many bytes
  Napi::Value take(const Napi::CallbackInfo& info);
  // close(file)
  Napi::Value close(const Napi::CallbackInfo& info);
  // end()
  Napi::Value end(const Napi::CallbackInfo& info);

  std::unique_ptr<TreeReader> reader_;
};

// The arguments of one call, read in order. After the first that is wrong an exception is pending.
class Arguments {
 public:
  Arguments(const Napi::CallbackInfo& info, bool isOpen) : info_(info) {
    if (!isOpen) good_ = refuse(info.Env(), "the tree must be open");
  }

  bool good() const { return good_; }

  std::string text(const char* name) {
    const Napi::Value value = next();
    if (good_ && !value.IsString()) {
      good_ = refuse(info_.Env(), std::string("\"") + name + "\" must be a string");
    }
    std::string text = good_ ? value.As<Napi::String>().Utf8Value() : std::string();
    if (text.find('\0') != std::string::npos) {
      good_ = refuse(info_.Env(), std::string("\"") + name + "\" must not contain a NUL character");
    }
    return text;
  }

  template <class Number>
  Number number(const char* name) {
    Number number = 0;
    const Napi::Value value = next();
    good_ = good_ && node::read(info_.Env(), value, name, number);
    return number;
  }

  bool boolean() {
    const Napi::Value value = next();
    return value.IsBoolean() && value.As<Napi::Boolean>().Value();
  }

  std::uint8_t* bytes(std::size_t least, std::size_t* length = nullptr) {
    const Napi::Value value = next();
    if (!good_) return nullptr;
    void* data = nullptr;
    std::size_t size = 0;
    if (!value.IsBuffer() || napi_get_buffer_info(info_.Env(), value, &data, &size) != napi_ok ||
        size < least) {
      good_ = refuse(info_.Env(),
                     "\"bytes\" must be a Uint8Array of at least " + std::to_string(least));
      return nullptr;
    }
    if (length != nullptr) *length = size;
    return static_cast<std::uint8_t*>(data);
  }

 private:
  Napi::Value next() { return info_[next_++]; }

  const Napi::CallbackInfo& info_;
  std::size_t next_ = 0;
  bool good_ = true;
};

Napi::Function NodeTreeReader::define(Napi::Env env) {
  return DefineClass(
      env, "TreeReader",
      {InstanceMethod<&NodeTreeReader::open>("open"), InstanceMethod<&NodeTreeReader::walk>("walk"),
       InstanceMethod<&NodeTreeReader::next>("next"), InstanceMethod<&NodeTreeReader::read>("read"),
       InstanceMethod<&NodeTreeReader::load>("load"), InstanceMethod<&NodeTreeReader::take>("take"),
       InstanceMethod<&NodeTreeReader::close>("close"),
       InstanceMethod<&NodeTreeReader::end>("end")});
}

Napi::Value NodeTreeReader::open(const Napi::CallbackInfo& info) {
  Arguments arguments(info, true);
  const std::string root = arguments.text("root");
  std::string suffix = arguments.text("suffix");
  if (!arguments.good()) return {};
  auto reader = std::make_unique<TreeReader>();
  const int error = reader->open(root, std::move(suffix));
  if (error == 0) reader_ = std::move(reader);
  return Napi::Number::New(info.Env(), error);
}

Napi::Value NodeTreeReader::walk(const Napi::CallbackInfo& info) {
  Arguments arguments(info, reader_ != nullptr);
  std::string path = arguments.text("path");
  const bool alone = arguments.boolean();
  if (arguments.good()) reader_->walk(std::move(path), alone);
  return info.Env().Undefined();
}

Napi::Value NodeTreeReader::next(const Napi::CallbackInfo& info) {
  Arguments arguments(info, reader_ != nullptr);
  std::uint8_t* const bytes = arguments.bytes(pack::kBatchSize);
  if (!arguments.good()) return {};
  return Napi::Number::New(info.Env(), static_cast<double>(reader_->next(bytes)));
}

Napi::Value NodeTreeReader::read(const Napi::CallbackInfo& info) {
  Arguments arguments(info, reader_ != nullptr);
  const auto file = arguments.number<std::int32_t>("file");
  std::size_t length = 0;
  std::uint8_t* const bytes = arguments.bytes(0, &length);
  const auto position = arguments.number<std::uint64_t>("position");
  if (!arguments.good()) return {};
  return Napi::Number::New(info.Env(),
                           static_cast<double>(reader_->read(file, bytes, length, position)));
}

Napi::Value NodeTreeReader::load(const Napi::CallbackInfo& info) {
  Arguments arguments(info, reader_ != nullptr);
  const auto file = arguments.number<std::int32_t>("file");
  const auto position = arguments.number<std::uint64_t>("position");
  const auto length = arguments.number<std::uint32_t>("length");
  if (!arguments.good()) return {};
  if (!reader_->load(file, position, length)) refuse(info.Env(), "\"file\" must be an open file");
  return info.Env().Undefined();
}

Napi::Value NodeTreeReader::take(const Napi::CallbackInfo& info) {
  Arguments arguments(info, reader_ != nullptr);
  std::size_t size = 0;
  std::uint8_t* const bytes = arguments.bytes(0, &size);
  const auto at = arguments.number<std::uint32_t>("at");
  const auto length = arguments.number<std::uint32_t>("length");
  if (!arguments.good()) return {};
  if (at > size || length > size - at) {
    refuse(info.Env(), "\"length\" must be within the bytes");
    return {};
  }
  return Napi::Number::New(info.Env(), static_cast<double>(reader_->take(bytes + at, length)));
}

Napi::Value NodeTreeReader::close(const Napi::CallbackInfo& info) {
  Arguments arguments(info, reader_ != nullptr);
  const auto file = arguments.number<std::int32_t>("file");
  if (arguments.good()) reader_->close(file);
  return info.Env().Undefined();
}

Napi::Value NodeTreeReader::end(const Napi::CallbackInfo& info) {
  reader_.reset();
  return info.Env().Undefined();
}

}  // namespace

Napi::Function defineTreeReader(Napi::Env env) { return NodeTreeReader::define(env); }

}  // namespace hc::node

#endif
