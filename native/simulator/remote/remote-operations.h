// What a client keeps of its operations of computecore.dll, whose states and results are the
// host's: whom the completion of each is to be notified to, so that a lost connection completes
// those that run. Any thread; no client is called under the lock.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "../notifications/registration.h"

namespace hc::simulator {

// The callback of an operation, which changes while it is open.
struct OperationCallbacks {
  void* context = nullptr;
  HcsOperationCallback completed = nullptr;
  std::shared_ptr<Registration> calling;  // null: there is none
};

class RemoteOperations {
 public:
  // One that nothing will complete any more.
  struct Lost {
    HcsOperation* operation;
    std::shared_ptr<Registration> calling;  // null: the events of the handle have it
    std::uint64_t handle;                   // that it was used with; 0: none
  };

  void add(HcsOperation* operation, OperationCallbacks callbacks);
  // Null: it is none.
  std::optional<OperationCallbacks> find(HcsOperation* operation);
  void change(HcsOperation* operation, OperationCallbacks callbacks);
  void remove(HcsOperation* operation);

  // Before the request of a call. False: it runs already, as far as is known here.
  bool begin(HcsOperation* operation, std::uint64_t handle);
  // The host has accepted the call, which may have made the handle. What is returned the caller
  // completes: the connection has been lost meanwhile.
  std::optional<Lost> accept(HcsOperation* operation, std::uint64_t made);
  // It has completed, or was refused.
  void end(HcsOperation* operation);
  // Of the operations whose handles are such, those that run.
  template <class Predicate>
  std::vector<Lost> lose(Predicate isSuch) {
    std::lock_guard lock(mutex_);
    std::vector<Lost> lost;
    for (auto& [operation, entry] : entries_) {
      if (!isSuch(reinterpret_cast<std::uintptr_t>(operation))) continue;
      entry.lost = true;
      if (entry.phase == Phase::Running) lost.push_back(ended(operation, entry));
    }
    return lost;
  }

 private:
  // Starting: whether the host has accepted the call is not known yet.
  enum class Phase : std::uint8_t { Idle, Starting, Running };
  struct Entry {
    OperationCallbacks callbacks;
    Phase phase = Phase::Idle;
    std::uint64_t handle = 0;
    bool lost = false;
  };

  // All with the lock held.
  Entry* entryOf(HcsOperation* operation);
  static Lost ended(HcsOperation* operation, Entry& entry);

  std::mutex mutex_;
  std::unordered_map<HcsOperation*, Entry> entries_;
};

}  // namespace hc::simulator
