// What native tests of archives have in common: a folder, a tar, a plan.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>

#include "archive/unpack/unpack.h"

namespace hc::test {

using namespace hc::archive;
namespace fs = std::filesystem;

// A folder of its own, removed with all in it.
struct Place {
  fs::path path;
  Place() {
    static std::atomic<int> count{0};
    const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count();
    path = fs::temp_directory_path() /
           ("hostcompute-unpack-" + std::to_string(ticks) + "-" + std::to_string(++count));
    fs::create_directories(path);
  }
  ~Place() { fs::remove_all(path); }
  std::string text() const {
#if defined(_WIN32)
    return "\\\\?\\" + path.string();
#else
    return path.string();
#endif
  }
  std::string contentOf(const std::string& name) const {
    std::ifstream file(path / name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
};

inline std::string block(const std::string& name, char type, std::size_t size) {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  char number[13];
  std::snprintf(number, sizeof number, "%011zo", size);
  header.replace(124, 11, number);
  header.replace(136, 11, "00000000000");
  header[156] = type;
  header.replace(257, 8, std::string("ustar\00000", 8));
  header.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const unsigned char byte : header) sum += byte;
  std::snprintf(number, sizeof number, "%06o", sum);
  header.replace(148, 7, std::string(number, 7));
  return header;
}

inline std::string padded(std::string text) {
  text.resize((text.size() + 511) / 512 * 512);
  return text;
}

struct Steps {
  std::string bytes;
  void add(Step step, std::uint32_t parent, std::uint32_t folder, const std::string& name,
           const std::string& body = {}, const std::string& between = {}) {
    const std::size_t variable = between.size() + name.size() + body.size();
    const auto size = static_cast<std::uint32_t>(24 + (variable + 7) / 8 * 8);
    const std::uint32_t words[] = {static_cast<std::uint32_t>(step),
                                   size,
                                   parent,
                                   folder,
                                   static_cast<std::uint32_t>(name.size()),
                                   static_cast<std::uint32_t>(body.size())};
    std::string all(reinterpret_cast<const char*>(words), sizeof words);
    all += between + name + body;
    all.resize(size);
    bytes += all;
  }
};

struct Signal : Unpack::Reader {
  std::mutex mutex;
  std::condition_variable changed;
  bool room = false;
  void onRoom() override {
    std::lock_guard<std::mutex> lock(mutex);
    room = true;
    changed.notify_all();
  }
  // False when there was none for long.
  bool wait() {
    std::unique_lock<std::mutex> lock(mutex);
    const bool there = changed.wait_for(lock, std::chrono::seconds(60), [&] { return room; });
    room = false;
    return there;
  }
};

inline std::uint32_t wordAt(const std::uint8_t* record, std::size_t at) {
  std::uint32_t word;
  std::memcpy(&word, record + at, sizeof word);
  return word;
}

}  // namespace hc::test
