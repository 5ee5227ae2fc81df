// What the host remembers about a compute system. The mutable members are guarded by the lock of
// the host.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../base/scheduler.h"
#include "../documents/documents.h"
#include "../documents/operation.h"
#include "../network/objects.h"
#include "../notifications/notification-queue.h"

namespace hc::simulator {

class GuestFiles;
struct GuestProcess;
struct Migration;

enum class State : std::uint8_t { Unknown, Created, Running, Paused, SavedAsTemplate, Stopped };

// An operation that has begun and is not over.
struct Pending {
  Operation operation = Operation::Create;
  State target = State::Unknown;
  HResult status = kOk;                         // what it will end with
  std::optional<std::u16string> data;           // verbatim notification data of a rule
  std::uint64_t copies = 1;                     // how often the notification is delivered
  std::shared_ptr<CompletionState> completion;  // of a call that waits for the end
  std::optional<Scheduler::Key> due;            // when it takes time
  std::u16string savePath;                      // the file of a save, else empty
};

// How a system or a process has ended, for who waits for that. Guarded by the lock of InFlight.
struct ExitRecord {
  bool exited = false;
  std::u16string document;
};

// What a saved state brings back. Programs are threads of the simulator and cannot be saved.
struct SavedState {
  bool linuxGuest = false;
  std::uint64_t memoryInMB = 0;
  Duration ran{0};
};

struct ComputeSystem {
  std::u16string id;
  std::u16string idNamespace;  // empty: that of whoever names none
  std::u16string runtimeId;
  std::uint64_t order = 0;  // systems are listed in the order of their creation
  CallSite site;
  std::u16string creator;  // the user
  SystemDocument document;

  // Set once. The queue also carries the exits of the processes, the source only what is about the
  // system.
  std::shared_ptr<NotificationQueue> queue;
  std::shared_ptr<NotificationSource> source;
  std::shared_ptr<GuestFiles> files;  // of its guest; null before the first process

  State state = State::Unknown;
  std::optional<Pending> pending;
  std::uint64_t operations =
      0;  // begun so far: a late completion of an operation that was overtaken is dropped
  std::size_t handles = 0;
  bool exitLost = false;                 // a rule wants its exit never notified
  std::shared_ptr<Migration> migration;  // that it is in
  const std::shared_ptr<ExitRecord> exitRecord = std::make_shared<ExitRecord>();
  std::u16string_view exitType;  // a constant; empty while it lives, or when its create failed
  Duration ranBefore{0};         // the time that its guest had run when its state was saved
  std::optional<Time> started;
  std::optional<Time> stopped;
  std::uint64_t memoryInMB = 0;
  network::Attachment networks;
  std::map<std::u16string, std::u16string> adapters;  // endpoints by the ids of adapters
  std::map<std::uint32_t, std::shared_ptr<GuestProcess>> processes;  // running, by id
  std::vector<std::weak_ptr<ComputeSystem>> hosted;

  bool alive() const { return state != State::Stopped; }
  // Whether processes, hosted systems and a shutdown can get through to the guest.
  bool reachable() const { return !document.ownMachine || document.guestConnection; }
};

SavedState savedStateOf(const ComputeSystem& system);
std::u16string_view stateName(State state);
// The error document of an operation that failed after it was accepted.
std::u16string failureText(Operation operation, HResult status);
// "Starting" while an operation is under way, else the state.
std::u16string_view activityName(const ComputeSystem& system);

}  // namespace hc::simulator
