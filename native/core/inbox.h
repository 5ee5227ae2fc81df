// What goes to the JavaScript thread, in order: finished operations and notifications. Any
// thread appends; one wake is due when the inbox stops being empty. Notifications beyond a bound,
// of their number or of the bytes of their texts, become one explicit overflow record for their
// watch; completions and terminal notifications are never dropped.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "operation.h"
#include "sync.h"

namespace hc {

struct Record {
  enum class Tag : std::uint32_t {
    Notification = 0,  // id: the watch
    Completion = 1,    // id: the operation
    Overflow = 2,      // id: the watch; type: how many notifications were lost here
  };
  Tag tag;
  std::uint64_t id;
  std::uint32_t type;
  HResult status;
  OptionalText text;
  std::unique_ptr<Operation> operation;
};

class Inbox {
 public:
  static constexpr std::size_t kBound = std::size_t{1} << 20;
  static constexpr std::size_t kByteBound = std::size_t{256} << 20;

  explicit Inbox(std::size_t bound = kBound, std::size_t byteBound = kByteBound)
      : bound_(bound), byteBound_(byteBound) {}

  // True when the caller must wake the reader, after it has let go of its own locks.
  [[nodiscard]] bool append(Record record);
  // All that is here, oldest first.
  std::vector<Record> take();
  bool empty();
  // From now on records are refused; `append` destroys what it is given.
  void close();

 private:
  const std::size_t bound_;
  const std::size_t byteBound_;
  Mutex mutex_;
  bool closed_ = false;
  std::vector<Record> records_;
  std::size_t bytes_ = 0;  // of the texts of notifications in records_
  std::unordered_map<std::uint64_t, std::size_t> overflows_;  // watch -> its record in records_
};

}  // namespace hc
