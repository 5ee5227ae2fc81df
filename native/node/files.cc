#include "files.h"

#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>

#include "../files/file.h"
#include "../files/privileges.h"
#include "../files/volume.h"
#include "values.h"

namespace hc::node {

namespace {

using files::File;
using files::Status;

constexpr napi_type_tag kFilesTag = {0x5f1d2a7c9b3e4806, 0x93c4e8a17d550021};

// Privileges are given back when the files that they were for are closed.
struct Files {
  files::Privileges privileges;
  std::unordered_map<std::uint32_t, File> open;
  std::uint32_t last = 0;

  void end() {
    open.clear();
    privileges.release();
  }
};

void onEnvironmentEnd(void* data) { static_cast<Files*>(data)->end(); }

void finalizeFiles(napi_env env, void* data, void*) {
  const std::unique_ptr<Files> files(static_cast<Files*>(data));
  napi_remove_env_cleanup_hook(env, onEnvironmentEnd, files.get());
}

struct Bytes {
  void* data = nullptr;
  std::uint32_t size = 0;
};

// The arguments of one call. After the first that is wrong an exception is pending, and all are
// refused.
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info) : env_(env) {
    napi_value self = nullptr;
    std::size_t count = kMost;
    napi_get_cb_info(env, info, &count, values_, &self, nullptr);
    bool tagged = false;
    void* data = nullptr;
    napi_check_object_type_tag(env, self, &kFilesTag, &tagged);
    if (tagged) napi_unwrap(env, self, &data);
    files_ = static_cast<Files*>(data);
    good_ = files_ != nullptr || refuse(env, "called on something that is no Files");
  }

  bool good() const { return good_; }
  Files& files() const { return *files_; }

  std::uint32_t number(const char* name) {
    std::uint32_t number = 0;
    good_ = good_ && readUint32(env_, values_[next_++], name, number);
    return number;
  }

  bool boolean() {
    bool value = false;
    if (good_) napi_get_value_bool(env_, values_[next_++], &value);
    return value;
  }

  std::u16string text(const char* name) {
    OptionalText text;
    good_ = good_ && readText(env_, values_[next_++], name, text) &&
            (text || refuse(env_, std::string(name) + " must be a string"));
    return good_ ? *text : std::u16string();
  }

  Bytes bytes(std::size_t least = 0) {
    Bytes bytes;
    std::size_t size = 0;
    if (!good_) return bytes;
    if (napi_get_buffer_info(env_, values_[next_++], &bytes.data, &size) != napi_ok ||
        size < least || size > 0xFFFFFFFFu) {
      good_ = refuse(env_, "expected bytes, at least " + std::to_string(least));
    }
    bytes.size = static_cast<std::uint32_t>(size);
    return bytes;
  }

  // Only to be used when good().
  File& file() {
    const std::uint32_t id = number("file");
    if (!good_) return none_;
    const auto found = files_->open.find(id);
    if (found != files_->open.end()) return found->second;
    good_ = refuse(env_, "expected an open file");
    return none_;
  }

 private:
  static constexpr std::size_t kMost = 6;
  napi_env env_;
  napi_value values_[kMost] = {};
  std::size_t next_ = 0;
  Files* files_ = nullptr;
  File none_;
  bool good_ = false;
};

// The number of a file that has been opened, or why it was not.
napi_value opened(napi_env env, Files& files, Status result, File file) {
  if (result < 0) return makeNumber(env, result);
  files.open.emplace(++files.last, std::move(file));
  return makeNumber(env, files.last);
}

napi_value constructFiles(napi_env env, napi_callback_info info) {
  napi_value self = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, &self, nullptr);
  auto files = std::make_unique<Files>();
  napi_type_tag_object(env, self, &kFilesTag);
  napi_add_env_cleanup_hook(env, onEnvironmentEnd, files.get());
  napi_wrap(env, self, files.release(), finalizeFiles, nullptr, nullptr);
  return self;
}

// acquire(privileges) -> the bits of those that the process does not have
napi_value acquire(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const std::uint32_t wanted = arguments.number("privileges");
  if (!arguments.good()) return nullptr;
  return makeNumber(env, arguments.files().privileges.acquire(wanted));
}

// end(): closes every file and gives the privileges back
napi_value end(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info);
  if (arguments.good()) arguments.files().end();
  return nullptr;
}

// openRoot(path) -> file
napi_value openRoot(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const std::u16string path = arguments.text("path");
  if (!arguments.good()) return nullptr;
  File file;
  const Status result = files::openRoot(path, file);
  return opened(env, arguments.files(), result, std::move(file));
}

// open(root, path, access, share, disposition, options) -> file
napi_value open(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const File& root = arguments.file();
  std::u16string path = arguments.text("path");
  files::Opening opening{};
  opening.access = arguments.number("access");
  opening.share = arguments.number("share");
  opening.disposition = arguments.number("disposition");
  opening.options = arguments.number("options");
  if (!arguments.good()) return nullptr;
  File file;
  const Status result = files::open(root, std::move(path), opening, file);
  return opened(env, arguments.files(), result, std::move(file));
}

// close(file)
napi_value close(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const std::uint32_t id = arguments.number("file");
  if (arguments.good()) arguments.files().open.erase(id);
  return nullptr;
}

// write(file, bytes)
napi_value write(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  File& file = arguments.file();
  const Bytes bytes = arguments.bytes();
  if (!arguments.good()) return nullptr;
  return makeNumber(env, file.write(bytes.data, bytes.size));
}

// backupWrite(file, bytes, withSecurity)
napi_value backupWrite(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  File& file = arguments.file();
  const Bytes bytes = arguments.bytes();
  const bool security = arguments.boolean();
  if (!arguments.good()) return nullptr;
  return makeNumber(env, file.writeBackup(bytes.data, bytes.size, security));
}

// backupRead(file, bytes, withSecurity) -> how many bytes it has put there
napi_value backupRead(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  File& file = arguments.file();
  const Bytes bytes = arguments.bytes();
  const bool security = arguments.boolean();
  if (!arguments.good()) return nullptr;
  return makeNumber(env, file.readBackup(bytes.data, bytes.size, security));
}

// backupSkip(file, count) -> how many bytes it has passed over
napi_value backupSkip(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  File& file = arguments.file();
  const std::uint32_t count = arguments.number("count");
  if (!arguments.good()) return nullptr;
  return makeNumber(env, file.skipBackup(count));
}

// backupEnd(file): the next backup of it begins anew
napi_value backupEnd(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  File& file = arguments.file();
  if (arguments.good()) file.endBackup();
  return nullptr;
}

// setInfo(file, FILE_BASIC_INFO)
napi_value setInfo(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  File& file = arguments.file();
  const Bytes bytes = arguments.bytes(sizeof(files::BasicInfo));
  if (!arguments.good()) return nullptr;
  files::BasicInfo basic;
  std::memcpy(&basic, bytes.data, sizeof basic);
  return makeNumber(env, file.setInfo(basic));
}

// info(file, bytes): fills them with an Info
napi_value getInfo(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const File& file = arguments.file();
  const Bytes bytes = arguments.bytes(sizeof(files::Info));
  if (!arguments.good()) return nullptr;
  files::Info found{};
  const Status result = file.info(found);
  std::memcpy(bytes.data, &found, sizeof found);
  return makeNumber(env, result);
}

// link(file, folder, name)
napi_value link(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  File& file = arguments.file();
  const File& folder = arguments.file();
  const std::u16string name = arguments.text("name");
  if (!arguments.good()) return nullptr;
  return makeNumber(env, file.link(folder, name));
}

// remove(file): it is gone when it is closed
napi_value remove(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  File& file = arguments.file();
  if (!arguments.good()) return nullptr;
  return makeNumber(env, file.remove());
}

// list(folder) -> [name, attributes, name, attributes ...], or what went wrong
napi_value list(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const File& folder = arguments.file();
  if (!arguments.good()) return nullptr;
  std::vector<files::Entry> entries;
  const Status result = folder.list(entries);
  if (result < 0) return makeNumber(env, result);
  napi_value array = nullptr;
  napi_create_array_with_length(env, 2 * entries.size(), &array);
  std::uint32_t at = 0;
  for (auto& [name, attributes] : entries) {
    napi_set_element(env, array, at++, makeText(env, std::move(name)));
    napi_set_element(env, array, at++, makeNumber(env, attributes));
  }
  return array;
}

// fileSystem(file) -> its name, or what went wrong
napi_value fileSystem(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const File& file = arguments.file();
  if (!arguments.good()) return nullptr;
  std::u16string name;
  const Status result = file.fileSystem(name);
  return result < 0 ? makeNumber(env, result) : makeText(env, std::move(name));
}

// attachDisk(path) -> file: the disk is detached when it is closed
napi_value attachDisk(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const std::u16string path = arguments.text("path");
  if (!arguments.good()) return nullptr;
  File disk;
  const Status result = files::attachDisk(path, disk);
  return opened(env, arguments.files(), result, std::move(disk));
}

// extendVolume(path) -> 1 when it has grown
napi_value extendVolume(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  std::u16string path = arguments.text("path");
  if (!arguments.good()) return nullptr;
  return makeNumber(env, files::extendVolume(std::move(path)));
}

}  // namespace

void defineFiles(napi_env env, napi_value exports) {
  const auto method = [](const char* name, napi_callback callback) {
    return napi_property_descriptor{name,    nullptr, callback,     nullptr,
                                    nullptr, nullptr, napi_default, nullptr};
  };
  const napi_property_descriptor methods[] = {method("acquire", acquire),
                                              method("end", end),
                                              method("openRoot", openRoot),
                                              method("open", open),
                                              method("close", close),
                                              method("write", write),
                                              method("backupWrite", backupWrite),
                                              method("backupRead", backupRead),
                                              method("backupSkip", backupSkip),
                                              method("backupEnd", backupEnd),
                                              method("setInfo", setInfo),
                                              method("info", getInfo),
                                              method("link", link),
                                              method("remove", remove),
                                              method("list", list),
                                              method("fileSystem", fileSystem),
                                              method("attachDisk", attachDisk),
                                              method("extendVolume", extendVolume)};
  napi_value constructor = nullptr;
  napi_define_class(env, "Files", NAPI_AUTO_LENGTH, constructFiles, nullptr,
                    sizeof(methods) / sizeof(methods[0]), methods, &constructor);
  napi_set_named_property(env, exports, "Files", constructor);
}

}  // namespace hc::node
