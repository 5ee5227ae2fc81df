// Many streams of one thread: reads, writes, and which of them are ready. Whoever waits for the
// descriptor of the set waits for all of them, so that they cost an event loop one handle and one
// wake-up together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hc::sockets {

class StreamSet {
 public:
  StreamSet();
  ~StreamSet();
  StreamSet(const StreamSet&) = delete;
  StreamSet& operator=(const StreamSet&) = delete;

  // Readable while a stream that is waited for is ready. Negative: the system has no more.
  int descriptor() const { return epoll_; }

  // Takes ownership of a descriptor. 0, or an errno as a negative number: then it stays the
  // caller's.
  int add(int stream);
  // Closes it. What is not in the set stays open.
  void close(int stream);
  void closeAll();

  // How many bytes, 0 at the end, or an errno as a negative number: EAGAIN when it has to be waited
  // for.
  std::int64_t read(int stream, void* into, std::size_t size);
  std::int64_t write(int stream, const void* bytes, std::size_t size);

  // It is ready once, to be read or to be written. 0, or an errno as a negative number.
  int await(int stream, bool writable);
  // Those that are ready by now. Each has to be waited for anew.
  std::size_t takeReady(std::int32_t* streams, std::size_t most);

 private:
  enum class State : std::uint8_t { Absent, Idle, Registered };

  State& stateOf(int stream);

  const int epoll_;
  std::vector<State> states_;  // by descriptor
};

}  // namespace hc::sockets
