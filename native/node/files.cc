#include "files.h"

#include <cstring>
#include <string>
#include <unordered_map>

#include "../files/file.h"
#include "../files/privileges.h"
#include "../files/volume.h"
#include "base/values.h"

namespace hc::node {

namespace {

using files::File;
using files::Status;

// Privileges are released when the files that they were for are closed. V8 refuses to call a method
// on anything but a Files.
class Files : public Napi::ObjectWrap<Files> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit Files(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Files>(info) {
    napi_add_env_cleanup_hook(info.Env(), onEnvironmentEnd, this);
  }
  ~Files() override { napi_remove_env_cleanup_hook(Env(), onEnvironmentEnd, this); }

  File* find(std::uint32_t id) {
    const auto found = open_.find(id);
    return found == open_.end() ? nullptr : &found->second;
  }

 private:
  // acquire(privileges) -> the bits of those that the process does not have
  Napi::Value acquire(const Napi::CallbackInfo& info);
  // end(): closes every file and releases the privileges
  Napi::Value end(const Napi::CallbackInfo& info);
  // openRoot(path) -> file
  Napi::Value openRoot(const Napi::CallbackInfo& info);
  // open(root, path, access, share, disposition, options) -> file
  Napi::Value open(const Napi::CallbackInfo& info);
  // close(file)
  Napi::Value close(const Napi::CallbackInfo& info);
  // write(file, bytes)
  Napi::Value write(const Napi::CallbackInfo& info);
  // backupWrite(file, bytes, withSecurity)
  Napi::Value backupWrite(const Napi::CallbackInfo& info);
  // backupRead(file, bytes, withSecurity) -> how many bytes it has put there
  Napi::Value backupRead(const Napi::CallbackInfo& info);
  // backupSkip(file, count) -> how many bytes it has passed over
  Napi::Value backupSkip(const Napi::CallbackInfo& info);
  // backupEnd(file): the next backup of it begins anew
  Napi::Value backupEnd(const Napi::CallbackInfo& info);
  // setInfo(file, FILE_BASIC_INFO)
  Napi::Value setInfo(const Napi::CallbackInfo& info);
  // info(file, bytes): fills them with an Info
  Napi::Value getInfo(const Napi::CallbackInfo& info);
  // link(file, folder, name)
  Napi::Value link(const Napi::CallbackInfo& info);
  // remove(file): it is gone when it is closed
  Napi::Value remove(const Napi::CallbackInfo& info);
  // list(folder) -> [name, attributes, name, attributes ...], or what went wrong
  Napi::Value list(const Napi::CallbackInfo& info);
  // fileSystem(file) -> its name, or what went wrong
  Napi::Value fileSystem(const Napi::CallbackInfo& info);
  // attachDisk(path) -> file: the disk is detached when it is closed
  Napi::Value attachDisk(const Napi::CallbackInfo& info);
  // extendVolume(path) -> 1 when it has grown
  Napi::Value extendVolume(const Napi::CallbackInfo& info);

  static void onEnvironmentEnd(void* files) { static_cast<Files*>(files)->closeAll(); }
  void closeAll() {
    open_.clear();
    privileges_.release();
  }
  // The number of a file that has been opened, or why it was not.
  Napi::Value opened(Napi::Env env, Status result, File file) {
    if (result < 0) return Napi::Number::New(env, result);
    open_.emplace(++last_, std::move(file));
    return Napi::Number::New(env, last_);
  }

  files::Privileges privileges_;
  std::unordered_map<std::uint32_t, File> open_;
  std::uint32_t last_ = 0;
};

struct Bytes {
  void* data = nullptr;
  std::uint32_t size = 0;
};

// The arguments of one call. After the first that is wrong an exception is pending, and all are
// refused.
class FileArguments {
 public:
  FileArguments(Files& files, const Napi::CallbackInfo& info) : files_(files), info_(info) {}

  bool good() const { return good_; }

  std::uint32_t number(const char* name) {
    std::uint32_t number = 0;
    good_ = good_ && readUint32(env(), next(), name, number);
    return number;
  }

  bool boolean() {
    const Napi::Value value = next();
    return good_ && value.IsBoolean() && value.As<Napi::Boolean>().Value();
  }

  std::u16string text(const char* name) {
    OptionalText text;
    good_ = good_ && readText(env(), next(), name, text) &&
            (text || refuse(env(), std::string("\"") + name + "\" must be a string"));
    return good_ ? *text : std::u16string();
  }

  Bytes bytes(std::size_t least = 0) {
    const Napi::Value value = next();
    if (!good_) return {};
    if (value.IsBuffer()) {
      const auto buffer = value.As<Napi::Buffer<std::uint8_t>>();
      if (buffer.Length() >= least && buffer.Length() <= 0xFFFFFFFFu) {
        return {buffer.Data(), static_cast<std::uint32_t>(buffer.Length())};
      }
    }
    good_ = refuse(env(), "\"bytes\" must be a Uint8Array of at least " + std::to_string(least));
    return {};
  }

  // Only to be used when good().
  File& file() {
    const std::uint32_t id = number("file");
    if (!good_) return none_;
    if (File* const found = files_.find(id)) return *found;
    good_ = refuse(env(), "\"file\" must be an open file");
    return none_;
  }

 private:
  Napi::Env env() const { return info_.Env(); }
  Napi::Value next() { return info_[next_++]; }

  Files& files_;
  const Napi::CallbackInfo& info_;
  std::size_t next_ = 0;
  File none_;
  bool good_ = true;
};

Napi::Function Files::define(Napi::Env env) {
  return DefineClass(
      env, "Files",
      {InstanceMethod<&Files::acquire>("acquire"), InstanceMethod<&Files::end>("end"),
       InstanceMethod<&Files::openRoot>("openRoot"), InstanceMethod<&Files::open>("open"),
       InstanceMethod<&Files::close>("close"), InstanceMethod<&Files::write>("write"),
       InstanceMethod<&Files::backupWrite>("backupWrite"),
       InstanceMethod<&Files::backupRead>("backupRead"),
       InstanceMethod<&Files::backupSkip>("backupSkip"),
       InstanceMethod<&Files::backupEnd>("backupEnd"), InstanceMethod<&Files::setInfo>("setInfo"),
       InstanceMethod<&Files::getInfo>("info"), InstanceMethod<&Files::link>("link"),
       InstanceMethod<&Files::remove>("remove"), InstanceMethod<&Files::list>("list"),
       InstanceMethod<&Files::fileSystem>("fileSystem"),
       InstanceMethod<&Files::attachDisk>("attachDisk"),
       InstanceMethod<&Files::extendVolume>("extendVolume")});
}

Napi::Value Files::acquire(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  const std::uint32_t wanted = arguments.number("privileges");
  if (!arguments.good()) return {};
  return Napi::Number::New(info.Env(), privileges_.acquire(wanted));
}

Napi::Value Files::end(const Napi::CallbackInfo& info) {
  closeAll();
  return info.Env().Undefined();
}

Napi::Value Files::openRoot(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  const std::u16string path = arguments.text("path");
  if (!arguments.good()) return {};
  File file;
  const Status result = files::openRoot(path, file);
  return opened(info.Env(), result, std::move(file));
}

Napi::Value Files::open(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  const File& root = arguments.file();
  std::u16string path = arguments.text("path");
  files::Opening opening{};
  opening.access = arguments.number("access");
  opening.share = arguments.number("share");
  opening.disposition = arguments.number("disposition");
  opening.options = arguments.number("options");
  if (!arguments.good()) return {};
  File file;
  const Status result = files::open(root, std::move(path), opening, file);
  return opened(info.Env(), result, std::move(file));
}

Napi::Value Files::close(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  const std::uint32_t id = arguments.number("file");
  if (arguments.good()) open_.erase(id);
  return {};
}

Napi::Value Files::write(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  File& file = arguments.file();
  const Bytes bytes = arguments.bytes();
  if (!arguments.good()) return {};
  return Napi::Number::New(info.Env(), file.write(bytes.data, bytes.size));
}

Napi::Value Files::backupWrite(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  File& file = arguments.file();
  const Bytes bytes = arguments.bytes();
  const bool security = arguments.boolean();
  if (!arguments.good()) return {};
  return Napi::Number::New(info.Env(), file.writeBackup(bytes.data, bytes.size, security));
}

Napi::Value Files::backupRead(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  File& file = arguments.file();
  const Bytes bytes = arguments.bytes();
  const bool security = arguments.boolean();
  if (!arguments.good()) return {};
  return Napi::Number::New(info.Env(), file.readBackup(bytes.data, bytes.size, security));
}

Napi::Value Files::backupSkip(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  File& file = arguments.file();
  const std::uint32_t count = arguments.number("count");
  if (!arguments.good()) return {};
  return Napi::Number::New(info.Env(), file.skipBackup(count));
}

Napi::Value Files::backupEnd(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  File& file = arguments.file();
  if (arguments.good()) file.endBackup();
  return {};
}

Napi::Value Files::setInfo(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  File& file = arguments.file();
  const Bytes bytes = arguments.bytes(sizeof(files::BasicInfo));
  if (!arguments.good()) return {};
  files::BasicInfo basic;
  std::memcpy(&basic, bytes.data, sizeof basic);
  return Napi::Number::New(info.Env(), file.setInfo(basic));
}

Napi::Value Files::getInfo(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  const File& file = arguments.file();
  const Bytes bytes = arguments.bytes(sizeof(files::Info));
  if (!arguments.good()) return {};
  files::Info found{};
  const Status result = file.info(found);
  std::memcpy(bytes.data, &found, sizeof found);
  return Napi::Number::New(info.Env(), result);
}

Napi::Value Files::link(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  File& file = arguments.file();
  const File& folder = arguments.file();
  const std::u16string name = arguments.text("name");
  if (!arguments.good()) return {};
  return Napi::Number::New(info.Env(), file.link(folder, name));
}

Napi::Value Files::remove(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  File& file = arguments.file();
  if (!arguments.good()) return {};
  return Napi::Number::New(info.Env(), file.remove());
}

Napi::Value Files::list(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  const File& folder = arguments.file();
  if (!arguments.good()) return {};
  std::vector<files::Entry> entries;
  const Status result = folder.list(entries);
  if (result < 0) return Napi::Number::New(info.Env(), result);
  Napi::Array array = Napi::Array::New(info.Env(), 2 * entries.size());
  std::uint32_t at = 0;
  for (const auto& [name, attributes] : entries) {
    array.Set(at++, Napi::String::New(info.Env(), name));
    array.Set(at++, Napi::Number::New(info.Env(), attributes));
  }
  return array;
}

Napi::Value Files::fileSystem(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  const File& file = arguments.file();
  if (!arguments.good()) return {};
  std::u16string name;
  const Status result = file.fileSystem(name);
  if (result < 0) return Napi::Number::New(info.Env(), result);
  return Napi::String::New(info.Env(), name);
}

Napi::Value Files::attachDisk(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  const std::u16string path = arguments.text("path");
  if (!arguments.good()) return {};
  File disk;
  const Status result = files::attachDisk(path, disk);
  return opened(info.Env(), result, std::move(disk));
}

Napi::Value Files::extendVolume(const Napi::CallbackInfo& info) {
  FileArguments arguments(*this, info);
  std::u16string path = arguments.text("path");
  if (!arguments.good()) return {};
  return Napi::Number::New(info.Env(), files::extendVolume(std::move(path)));
}

}  // namespace

Napi::Function defineFiles(Napi::Env env) { return Files::define(env); }

}  // namespace hc::node
