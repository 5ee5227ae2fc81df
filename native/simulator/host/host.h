// The simulated host: its systems, their handles, and what each call does to them. `exports` calls
// it, through call-dispatch.h, on the thread of the client; `control` changes and reads it; timers
// and programs use it on threads of their own.
//
// One lock guards all state. It is held for short, plain work only: documents are read before it is
// taken, answers are written after it is released, and no client is called and nothing is waited
// for under it. Locks are taken in the order host, network service, queue, delivery threads;
// streams may be locked under the host, `InFlight` under any of them.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "../base/in-flight.h"
#include "../base/outcome.h"
#include "../base/scheduler.h"
#include "../base/status-codes.h"
#include "../documents/requests.h"
#include "../faults/fault-rules.h"
#include "../faults/settings.h"
#include "../guest/launch.h"
#include "../layers/layers.h"
#include "../migration/migration.h"
#include "../notifications/notification-queue.h"
#include "../operations/operations.h"
#include "compute-system.h"
#include "processes.h"
#include "service.h"

namespace hc::simulator {

// One call of a client, from its begin to its return.
struct Call {
  std::uint64_t epoch = 0;  // of the host when the call came in; a Reset since then ends the call
  const Effect* effect = nullptr;
  CallSite site;
  std::shared_ptr<OperationRun> operation = nullptr;  // of computecore.dll, that follows the call
};

using SystemPointer = std::shared_ptr<ComputeSystem>;
using ProcessPointer = std::shared_ptr<GuestProcess>;

// Handles are numbers that only look like pointers: they are looked up, never followed, and never
// given out twice.
using HandleId = std::uint64_t;

// A handle of a system, and the id of a process in it.
using Turn = std::pair<HandleId, std::uint32_t>;

class Host {
 public:
  // Never destroyed: threads may be inside it when the process ends.
  static Host& instance();

  InFlight& inFlight = InFlight::instance();
  FaultRules faults;
  LayerStore layers;

  // The functions of the host. Any thread; some wait. A namespace of ids may be null: that is the
  // one which those who name none have.
  Outcome create(const Call& call, const char16_t* id, const char16_t* configuration,
                 HcsSystem** handle, const char16_t* idNamespace = nullptr);
  Outcome open(const Call& call, const char16_t* id, HcsSystem** handle,
               const char16_t* idNamespace = nullptr);
  Outcome close(const Call& call, HandleId handle, HandleKind kind);
  Outcome enumerate(const Call& call, const char16_t* query, const char16_t* idNamespace = nullptr);
  Outcome operate(const Call& call, Operation operation, HcsSystem* handle,
                  const char16_t* options);
  Outcome systemProperties(const Call& call, HcsSystem* handle, const char16_t* query);
  Outcome modifySystem(const Call& call, HcsSystem* handle, const char16_t* request);
  Outcome serviceProperties(const Call& call, const char16_t* query);
  Outcome modifyService(const Call& call, const char16_t* settings);
  // Of computecore.dll alone: an exception in the guest of a virtual machine; a report of one.
  Outcome crash(const Call& call, HcsSystem* handle, const char16_t* options);
  Outcome submitReport(const Call& call, const char16_t* report);
  // Live migration. The socket is the resource of the operation, or null.
  Outcome initializeMigration(const Call& call, HcsSystem* handle, const char16_t* options);
  Outcome startMigration(const Call& call, HcsSystem* handle, const char16_t* options,
                         void* socket);
  // Whether the options of a start are those of a destination.
  static bool startsMigration(const char16_t* options);
  Outcome startDestination(const Call& call, HcsSystem* handle, const char16_t* options,
                           void* socket);
  Outcome transferMigration(const Call& call, HcsSystem* handle, const char16_t* options);
  Outcome finalizeMigration(const Call& call, HcsSystem* handle, const char16_t* options);
  Outcome cancelMigration(const Call& call, HcsSystem* handle, const char16_t* options);
  // Of the processor that a state was saved on, by the path of its file.
  Outcome featuresOf(std::u16string_view savedState);
  Outcome subscribe(const Call& call, HandleId handle, HandleKind kind,
                    NotificationCallback callback, void* context, HcsRegistration** registration);
  // The one callback of a handle of computecore.dll. After it, what of its operations has completed
  // unheard is reported as events, if the options ask for that.
  Outcome setCallback(const Call& call, HandleId handle, HandleKind kind, std::uint32_t options,
                      HcsEventCallback callback, void* context);
  // Until the system or the process has ended; the payload is how.
  Outcome waitForExit(const Call& call, HandleId handle, HandleKind kind, std::uint32_t timeoutMs);
  // How an operation on this handle is to complete, and where that is notified.
  struct OperationTerms {
    OperationPlan plan;
    OperationPlace place;
    bool eventsOfHandle = false;
  };
  OperationTerms termsOf(const Call& call, HandleId handle);
  Outcome unsubscribe(const Call& call, HandleId registration, HandleKind kind);
  void notifyLate(const Registration& former, std::shared_ptr<NotificationSource> source,
                  HandleKind kind, Duration late);

  Outcome createProcess(const Call& call, HcsSystem* handle, const char16_t* parameters,
                        ProcessInformation* information, HcsProcess** process);
  // Leaves the client's ends of its streams with the process.
  void leaveStreams(HcsProcess* process, const ProcessInformation& information);
  Outcome openProcess(const Call& call, HcsSystem* handle, std::uint32_t id, HcsProcess** process);
  Outcome terminateProcess(const Call& call, HcsProcess* handle);
  Outcome signalProcess(const Call& call, HcsProcess* handle, const char16_t* options);
  Outcome processInformation(const Call& call, HcsProcess* handle, ProcessInformation* information);
  Outcome processProperties(const Call& call, HcsProcess* handle);
  Outcome modifyProcess(const Call& call, HcsProcess* handle, const char16_t* settings);

  // Whose turn a call on a process needs: HCS takes signals and terminations of a process one at a
  // time for each handle of the system, so that another handle overtakes one that is stuck. Null:
  // the handle is unknown.
  std::optional<Turn> turnOf(HandleId process);
  std::set<Turn> turns;  // taken; guarded by the lock of the inFlight

  // The id of the system that a handle or registration belongs to, for rules; empty when it is
  // unknown.
  std::u16string systemOf(HandleId handle);
  // What it is about, for the trace.
  std::u16string sourceOf(HandleId handle);

  // Whether a system that has been started has this volume.
  bool uses(std::u16string_view volume);

  // For HcSimulatorControl.
  void reset();
  Settings settings();
  void configure(const Settings& settings, bool reseed);
  struct SystemEnd {
    HResult status = kOk;
    std::u16string_view exitType;  // a constant: it is kept
    std::optional<std::u16string> data;
    bool lost = false;
    bool crash = false;
  };
  // What is wrong, or null.
  const char16_t* exit(std::u16string_view system, SystemEnd end);
  struct ProcessEnd {
    std::uint32_t process = 0;
    std::uint32_t exitCode = 0;
    std::int32_t lastWaitResult = 0;
    HResult status = kOk;
    std::optional<std::u16string> data;
    bool lost = false;
  };
  // False: no such process runs.
  bool exitProcess(std::u16string_view system, const ProcessEnd& end);
  // The status is what every call answers from then on.
  void disconnect(HResult status);
  void reconnect();
  // The source that notifications of a system, or of its process, come from. False: there is none.
  bool findSource(std::u16string_view system, std::optional<std::uint32_t> process,
                  std::shared_ptr<NotificationQueue>* queue,
                  std::shared_ptr<NotificationSource>* source);
  struct SystemSummary {
    SystemPointer system;
    std::u16string_view activity;
    std::size_t handles, registrations, processes;
  };
  std::vector<SystemSummary> summaries();
  // What is open at this moment, and which call has opened it; in the order of those calls.
  struct Opening {
    std::u16string_view kind;
    CallSite site;
    std::u16string system;
    std::uint32_t process = 0;              // 0: it is about a system
    std::optional<std::size_t> pipes = {};  // ends that the guest has open, of a program
  };
  std::vector<Opening> openings();

 private:
  struct Handle {
    HandleKind kind;
    SystemPointer system;
    ProcessPointer process;  // of a process handle
    HandleId origin;         // of a process handle: the system handle, which may be closed
    CallSite site;
    std::uint64_t connection;  // the one the handle came by
    std::vector<HandleId> registrations;
  };
  struct Registered {
    HandleKind kind;  // of the handle it was made on
    HandleId owner;
    SystemPointer system;
    std::shared_ptr<NotificationSource> source;
    std::shared_ptr<Registration> registration;
    CallSite site;
    std::uint32_t process;  // 0: it is about the system
  };
  // A migration moves it to another system, as another process.
  struct Program {
    CallSite site;
    SystemPointer system;
    ProcessPointer process;
    bool onlyWaits = false;                  // and so has no thread
    std::optional<Scheduler::Key> due = {};  // of its end, if it comes by itself
  };
  // How an operation is to go, from the rule that applies and the settings.
  struct Plan {
    Completion style;
    Duration latency;
    HResult status;
    std::optional<std::u16string> data;
    std::u16string savePath;
    std::shared_ptr<OperationRun> operation;
  };
  struct Exit {
    HResult status = kOk;
    std::u16string_view type;
    bool crash = false;  // of the guest
    std::optional<std::u16string> data;
    std::uint64_t copies = 1;
    std::shared_ptr<CompletionState> completion;
    std::uint32_t processExitCode = kAbortedExitCode;
  };
  struct ProcessExit {
    HResult status = kOk;
    std::optional<std::u16string> data;
    std::uint64_t copies = 1;
    std::shared_ptr<CompletionState> completion;
  };

  // All below: with the lock held, unless they say otherwise.
  HResult admit(const Call& call) const;
  HResult find(const Call& call, HandleId handle, HandleKind kind, Handle** found);
  // Ok when the system is driven through the library of this call.
  static Outcome mayDrive(const Call& call, const ComputeSystem& system);
  // The origin of a process handle is the handle of the system it was opened through.
  HandleId addHandle(const Call& call, HandleKind kind, SystemPointer system,
                     ProcessPointer process, HandleId origin = 0);
  SystemPointer findSystem(std::u16string_view id, std::u16string_view idNamespace = {});
  std::u16string newGuid();
  Registrations dropRegistrations(const std::vector<HandleId>& ids);
  void releaseHandle(const Handle& handle);

  Outcome adopt(const SystemPointer& system);
  Outcome restore(ComputeSystem& system);
  Outcome joinNetworks(ComputeSystem& system);
  Outcome addEndpoint(ComputeSystem& system, const EndpointChange& change);
  Outcome removeEndpoint(ComputeSystem& system, const EndpointChange& change);
  Plan plan(const Call& call, Operation operation);
  std::shared_ptr<CompletionState> begin(const SystemPointer& system, Operation operation,
                                         State target, Plan plan);
  void finish(const SystemPointer& system);
  void finishExit(const SystemPointer& system, Pending pending);
  void failPending(ComputeSystem& system);
  void endSystem(const SystemPointer& system, Exit exit);
  void postCrash(ComputeSystem& system);
  void forget(const SystemPointer& system);
  void post(ComputeSystem& system, const std::shared_ptr<NotificationSource>& source,
            NotificationMessage message, std::uint64_t copies, bool retain,
            std::shared_ptr<CompletionState> completion);
  // The document is what an operation of computecore.dll has as its result.
  void settle(const std::shared_ptr<CompletionState>& completion, HResult status,
              const std::optional<std::u16string>& document = std::nullopt);
  void recordExit(const std::shared_ptr<ExitRecord>& record, bool lost,
                  const std::optional<std::u16string>& data);
  void addRegistration(const Call& call, HandleId id, Handle& handle,
                       const std::shared_ptr<Registration>& made, HandleId* number);
  // Without the lock: waits as the style asks and gives the status of the call.
  HResult conclude(const Call& call, Completion style,
                   const std::shared_ptr<CompletionState>& completion);

  Outcome findMigrating(const Call& call, HcsSystem* handle, SystemPointer* system);
  static Outcome mayCancel(const Migration& migration);
  Outcome connectMigration(const SystemPointer& system, void* socket, std::uint32_t session);
  static void postMigration(ComputeSystem& system, bool destination, std::u16string_view event,
                            std::u16string_view result = {});
  void hearMigration(const SystemPointer& system, const std::string* line);
  void sendState(const SystemPointer& system);
  void receiveState(const SystemPointer& system);
  void takeOver(const SystemPointer& system);
  void moveGuest(ComputeSystem& source, const SystemPointer& target);
  void leave(const SystemPointer& system);
  void loseMigration(const SystemPointer& system);
  void cancelMigration(const SystemPointer& system, HResult status, std::u16string_view result,
                       bool tell);
  static void dropMigration(ComputeSystem& system, HResult status, bool tell);

  Outcome findRunning(const Call& call, HandleId handle, SystemPointer* system);
  // Without the lock. False when there are no more threads.
  bool runProgram(const Call& call, const SystemPointer& system, const ProcessPointer& process,
                  Launch launch);
  // Without the lock.
  void startWaiting(const std::shared_ptr<Program>& program, Time until);
  void stopWaiting(const ProcessPointer& process);
  void endProcess(ComputeSystem& system, const ProcessPointer& process, std::uint32_t exitCode,
                  ProcessExit exit);

  std::mutex mutex_;
  Settings settings_;
  SeededRandom random_{1};
  Service service_;
  std::unordered_map<std::u16string, SystemPointer> systems_;   // alive, by keyOf()
  std::unordered_set<SystemPointer> stopped_;                   // kept by handles only
  std::unordered_map<std::u16string, SavedState> savedStates_;  // by the path of the file
  std::unordered_map<HandleId, Handle> handles_;
  std::unordered_map<HandleId, Registered> registrations_;
  std::unordered_map<ProcessPointer, std::shared_ptr<Program>> programs_;  // that run
  HandleId lastHandle_ = 0;
  std::uint64_t lastSystem_ = 0;
  std::uint32_t lastProcess_ = 0;
  bool connected_ = true;
  HResult lost_ = kServerUnavailable;  // what calls answer while it is not
  std::uint64_t losses_ = 0;           // guarded by the lock of the inFlight
  std::uint64_t connection_ = 1;
};

// What needs a connection to the guest is refused. How real hosts do so is not known: the code is
// our choice.
Outcome unreachable(std::u16string_view what);

// What a system is found by.
std::u16string keyOf(std::u16string_view id, std::u16string_view idNamespace);

template <class Opaque>
HandleId idOf(Opaque* handle) {
  return static_cast<HandleId>(reinterpret_cast<std::uintptr_t>(handle));
}
template <class Opaque>
Opaque* handleOf(HandleId id) {
  return reinterpret_cast<Opaque*>(static_cast<std::uintptr_t>(id));
}

}  // namespace hc::simulator
