// What passes between a process that serves its simulated host and the clients of it: frames of
// bytes, with descriptors beside them, over sockets of one machine. Linux and macOS.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace hc::simulator {

// Written from front to back and read likewise. Values lie in it as they lie in memory: both ends
// are of one machine, and of one version, which they check first.
class Frame {
 public:
  Frame() = default;
  // Closes the descriptors that nobody took.
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

 private:
  friend class Channel;
  const char* next(std::size_t size);

  std::string bytes_;
  std::size_t at_ = 0;
  std::vector<int> descriptors_;  // -1 once taken
  std::size_t taken_ = 0;
  bool bad_ = false;
};

// One end of a connection. One thread sends and one receives at a time.
class Channel {
 public:
  explicit Channel(int socket) : socket_(socket) {}
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Null: no process listens there.
  static std::unique_ptr<Channel> connect(const std::string& path);

  // False: the other end is gone, or sends what is no frame.
  bool send(const Frame& frame);
  bool receive(Frame* frame);
  // Any thread: from now on both fail, also those under way.
  void shut();

 private:
  bool receiveBytes(char* bytes, std::size_t size, std::vector<int>* descriptors);

  const int socket_;
};

// The listening socket of a server.
class ListeningSocket {
 public:
  // Replaces a socket whose process has ended. Null: *why has the reason.
  static std::unique_ptr<ListeningSocket> open(const std::string& path, std::string* why);
  ~ListeningSocket();
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;

  // Waits for a client, on the one thread that accepts. Null: the socket is broken.
  std::unique_ptr<Channel> accept();

 private:
  explicit ListeningSocket(int socket) : socket_(socket) {}

  const int socket_;
};

}  // namespace hc::simulator
