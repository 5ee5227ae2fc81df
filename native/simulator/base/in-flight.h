// Counts what is in flight (calls, notifications, programs, handles), and lets calls wait
// (call-waits.cc). Each change of a count wakes whoever awaits one, so that HcSimulatorControl
// needs no polling.
//
// The lock here may be taken under any other, and nothing is called under it but what this header
// says. An epoch lasts from one Reset to the next: its end ends the waits of all calls of before.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "../../abi/functions.h"
#include "clock.h"

namespace hc::simulator {

// Which call has made something: its function, and its number since the last Reset.
struct CallSite {
  std::size_t function = 0;
  std::uint64_t call = 0;
};

// Network: of any object of the network service, and of ports reserved there. Operation: of
// computecore.dll.
enum class HandleKind : std::size_t { System, Process, Registration, Network, Operation, Disk };
constexpr std::size_t kHandleKinds = 6;

class OperationRun;

// Where a call finds out that the operation it began has completed. Guarded by the lock of
// InFlight.
struct CompletionState {
  bool completed = false;
  bool delivered = false;  // the notification has been, to everyone registered
  HResult status = kOk;
  // What of computecore.dll completes with it. Guarded by the lock of the host.
  std::vector<std::shared_ptr<OperationRun>> operations;
};

// How the wait for an operation or an exit has ended. Reset: the epoch is over.
enum class WaitEnd : std::uint8_t { Ready, TimedOut, Reset };

class InFlight {
 public:
  // Never destroyed: threads may be counted in it when the process ends.
  static InFlight& instance();

  // Any thread, under any lock. Plain atomics, so that no call takes a lock for them unless someone
  // awaits a change.
  std::atomic<std::int64_t> inside{0};       // calls of the host's functions that have not returned
  std::atomic<std::int64_t> blocked{0};      // those of them that a rule holds
  std::atomic<std::int64_t> undelivered{0};  // notifications queued or being delivered
  std::atomic<std::int64_t> pipes{0};        // ends of pipes that guests have open
  std::atomic<std::int64_t> programs{0};     // of guests, running
  std::atomic<std::int64_t> working{0};      // those of them that do not wait
  std::atomic<std::int64_t> scheduled{0};    // tasks of the scheduler that are not done
  std::atomic<std::int64_t> publishedPorts{0};  // of endpoints, listened on
  std::atomic<std::int64_t> returning{0};       // calls that virtual time has woken
  std::array<std::atomic<std::int64_t>, kHandleKinds> handles{};
  std::array<std::atomic<std::uint64_t>, kFunctionCount> calls{};
  std::atomic<std::uint64_t> allCalls{0};

  void change(std::atomic<std::int64_t>& count, std::int64_t by) {
    count.fetch_add(by);
    if (awaiting_.load() != 0) wake();
  }
  void change(HandleKind kind, std::int64_t by) {
    change(handles[static_cast<std::size_t>(kind)], by);
  }

  // Any thread, without the lock: changes something that a wait below looks at, under the lock, and
  // wakes it.
  void update(const std::function<void()>& action);

  // On the thread of the call, without any lock of the host. Waits until `ready` holds. False: the
  // epoch has ended first. `ready` only looks, unless the wait is for a turn, which it takes.
  bool wait(std::uint64_t epoch, const std::function<bool()>& ready);
  bool waitTurn(std::uint64_t epoch, const std::function<bool()>& take);
  bool sleep(std::uint64_t epoch, Duration duration);
  // No longer than the limit, if there is one. `ready` may take a lock that nothing is done under.
  WaitEnd waitFor(std::uint64_t epoch, const std::function<bool()>& ready,
                  std::optional<Duration> limit);
  // Like wait, counted as blocked.
  bool block(std::uint64_t epoch, const std::function<bool()>& ready);

  // At the end of each call: it is not returning any more.
  void returned();

  // Waits for counts, in real time; no epoch ends it. False: the time is over.
  bool awaitCounts(const std::function<bool()>& reached, Duration timeout);
  // Waits until every program waits, and with `all` until nothing is to be delivered either and
  // the calls that were woken have returned. False: the epoch has ended first.
  bool awaitQuiet(std::uint64_t epoch, bool all);

  std::uint64_t epoch() const { return epoch_.load(); }
  // Ends the epoch, and with it the waits of all its calls; returns when they have all noticed.
  void endEpoch();

 private:
  // A call that waits. While time is virtual, update() marks it woken before it runs: whoever moves
  // time then waits for it to return.
  struct Waiter {
    const std::function<bool()>& ready;
    bool woken = false;  // and counted as returning, before it notices
  };

  // With mutex_ held.
  bool await(std::unique_lock<std::mutex>& lock, std::uint64_t epoch,
             const std::function<bool()>& ready);
  void arrive(std::uint64_t epoch);
  bool depart(std::uint64_t epoch);
  // Without it.
  void wake();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::uint64_t> epoch_{1};
  std::atomic<int> awaiting_{0};
  std::list<Waiter> waiters_;
  int waiting_[2] = {0, 0};  // calls inside wait, sleep or block, by the parity of their epoch
};

}  // namespace hc::simulator
