// What passes between a process that serves a host and its clients: frames of bytes, with streams
// of processes beside them.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace hc::remote {

// Written from front to back and read likewise. Values lie in it as they lie in memory: both ends
// are of one machine, and of one version, which they check first.
class Frame {
 public:
  Frame() = default;
  // Closes the streams that nobody took.
  ~Frame();
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  template <class Value>
  void put(Value value) {
    static_assert(std::is_trivially_copyable_v<Value>);
    const auto* bytes = reinterpret_cast<const char*>(&value);
    bytes_.append(bytes, sizeof value);
  }
  // Null stays null.
  void putText(const char16_t* text);
  // A stream of HCS_PROCESS_INFORMATION, which the frame owns from now on.
  void putStream(void* stream);
  // One that its owner has lost: the receiver lacks it.
  void putLostStream();

  // What is not there reads as zero, and makes the frame bad.
  template <class Value>
  Value take() {
    static_assert(std::is_trivially_copyable_v<Value>);
    Value value{};
    if (const char* bytes = next(sizeof value)) std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  std::optional<std::u16string> takeText();
  void* takeStream();
  bool bad() const { return bad_; }
  // Fewer streams came than belong to it: this process had no descriptors left.
  bool lacksStreams() const { return lacksStreams_; }

  std::size_t size() const { return bytes_.size(); }

 private:
  friend class Channel;
  const char* next(std::size_t size);

  std::string bytes_;
  std::size_t at_ = 0;
  std::vector<void*> streams_;  // null once taken
  std::size_t taken_ = 0;
  bool bad_ = false;
  bool lacksStreams_ = false;
};

}  // namespace hc::remote
