// What happened at the host, as lines of text: calls as they return, notifications as they are
// sent, and what was skipped in documents. Without addresses and real times, so that the same
// scenario on virtual time gives the same lines.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "../../abi/hcs.h"
#include "json.h"

namespace hc::simulator {

class Trace {
 public:
  // Never destroyed, as calls may be inside when the process ends.
  static Trace& instance();

  // False keeps everyone off the lock below.
  bool on() const { return on_.load(std::memory_order_acquire); }
  // Forgets what was recorded, and records from now on.
  void start();
  void stop();
  void clear();

  // Any thread, under any lock. Subjects are names as nameOf gives them, or empty.
  void call(std::size_t function, std::u16string_view subject, HResult status);
  void notification(std::uint32_t type, std::u16string_view subject, HResult status,
                    std::uint64_t count, std::u16string_view remark);
  // Something in a document that this host does not know and takes.
  void skipped(std::u16string_view what, std::u16string_view name);

  void write(json::Writer& writer);
  // What was skipped since it was cleared, each once, whether or not it was recorded.
  void writeSkipped(json::Writer& writer);

 private:
  void add(std::u16string line);
  void forgetLines();

  std::atomic<bool> on_{false};
  std::mutex mutex_;
  std::deque<std::u16string> lines_;
  std::set<std::u16string> skipped_;
  std::uint64_t dropped_ = 0;
};

// Of the list of functions, by its index there.
std::u16string functionKey(std::size_t index);

// "\"web\"", or "\"web\"/4" of a process.
std::u16string nameOf(std::u16string_view system, std::uint32_t process = 0);

}  // namespace hc::simulator
