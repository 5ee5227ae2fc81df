// A store of layers in a folder of the test's own, and a plain client of the storage functions.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "simulator-client.h"

namespace hc::test {

constexpr DriverInformation kDriver{kFilterDriver, u""};

class LayerFolder {
 public:
  explicit LayerFolder(const char* name)
      : folder_(std::filesystem::temp_directory_path() /
                (std::string("hostcompute-") + name +
                 std::to_string(std::hash<std::thread::id>()(std::this_thread::get_id())))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~LayerFolder() { std::filesystem::remove_all(folder_); }
  LayerFolder(const LayerFolder&) = delete;
  LayerFolder& operator=(const LayerFolder&) = delete;

  std::u16string path(const char* name) const { return (folder_ / name).u16string(); }

  void write(const char* name, const std::string& bytes) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }

  // A base layer with one file.
  void base(const char* name) const {
    const std::string side("\x10\0\0\0", 4);
    write((std::string(name) + "/Files/a.txt").c_str(), std::string("\x20\0\0\0", 4));
    write((std::string(name) + "/Files.$wcidirs$").c_str(), side);
    CHECK(ProcessBaseImage(path(name).c_str()) == kOk);
  }

 private:
  const std::filesystem::path folder_;
};

inline LayerDescriptor descriptor(const std::u16string& path) { return {{}, 0, path.c_str()}; }

// As clients of Windows ask: first for the length, then for the text.
inline std::u16string mountPath(const std::u16string& layer, HResult expected = kOk) {
  std::size_t length = 0;
  CHECK(GetLayerMountPath(&kDriver, layer.c_str(), &length, nullptr) == expected);
  if (length == 0) return {};
  std::u16string path(length, u'?');
  CHECK(GetLayerMountPath(&kDriver, layer.c_str(), &length, path.data()) == expected);
  CHECK(length == path.size() && path.back() == u'\0');
  path.pop_back();
  return path;
}

}  // namespace hc::test
