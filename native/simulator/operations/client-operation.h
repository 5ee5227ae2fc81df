// One operation of a client of computecore.dll. It is created idle, runs from a call that takes it
// until that has completed, and may then be used for the next. Each use is a run with a number of
// its own: what completes late completes nothing of the next run.
//
// Any thread. Its lock is taken under any other, and nothing is called or locked under it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "../../abi/computecore.h"
#include "../base/in-flight.h"
#include "../base/outcome.h"
#include "../faults/fault-rules.h"
#include "../notifications/notification-queue.h"

namespace hc::simulator {

// Where the completion of a run is notified: at the queue of a system, for its order with the
// events of that, or at one for all operations without a system.
struct OperationPlace {
  std::uint64_t handle = 0;  // whose event callback hears of it; 0: nobody's
  std::shared_ptr<NotificationQueue> queue;
  std::shared_ptr<NotificationSource> source;
};

// How a run is to complete, from the rule that applies and the settings.
struct OperationPlan {
  Completion style = Completion::Pending;
  std::optional<HResult> status;
  std::optional<std::u16string> document;
};

// What a client hands over with a call, named by a URI.
struct OperationResource {
  ResourceType type;
  void* handle;
};

class ClientOperation : public std::enable_shared_from_this<ClientOperation> {
 public:
  ClientOperation(HcsOperation* handle, CallSite site, void* context, HcsOperationCallback callback)
      : handle(handle), site(site), context_(context), callback_(callback) {}
  // Whose completion, and with `progress` how far it is, is reported as events.
  ClientOperation(HcsOperation* handle, CallSite site, void* context, bool progress,
                  HcsEventCallback events);
  ~ClientOperation();
  ClientOperation(const ClientOperation&) = delete;
  ClientOperation& operator=(const ClientOperation&) = delete;

  HcsOperation* const handle;
  const CallSite site;  // of the call that created it

  // Begins a run and gives its number. Refused while one is under way, and with `eventsOfHandle`
  // where it has a callback of its own.
  HResult begin(OperationType type, HcsSystem* system, HcsProcess* process, OperationPlan plan,
                OperationPlace place, bool eventsOfHandle, std::uint64_t* run);
  // Of a run that makes a system or a process: the handle is known only now.
  void attach(std::uint64_t run, OperationPlace place);
  void opened(std::uint64_t run, HcsSystem* system, HcsProcess* process);
  // The operation owns the streams until they are taken.
  void keep(std::uint64_t run, const ProcessInformation& information);
  void complete(std::uint64_t run, HResult status, std::optional<std::u16string> document);
  // The starting call fails.
  void refuse(std::uint64_t run, HResult status, std::optional<std::u16string> document);
  // The same for one that has begun no run.
  void refuse(HResult status, std::optional<std::u16string> document);
  // The service is lost: it completes however it was to.
  void disconnect(HResult status);

  // On the thread of the starting call, outside every lock, when its work is done: waits as the
  // plan asks. False: the epoch has ended first.
  bool conclude(std::uint64_t epoch, std::uint64_t run);

  // The status and the document of a run that has completed. With `information` also the streams.
  Outcome result(ProcessInformation* information);
  // Waits for it first, in no lock.
  Outcome wait(std::uint64_t epoch, std::optional<Duration> limit, ProcessInformation* information);

  void setContext(void* context);
  void* context();
  HResult setCallback(void* context, HcsOperationCallback callback);
  // For the next run, after which it is forgotten.
  HResult addResource(ResourceType type, std::u16string uri, void* resource);
  // Null: there is none of that name and type.
  void* resource(const std::u16string& uri, ResourceType type);
  OperationType type();
  HcsSystem* system();
  HcsProcess* process();
  // Whether a run is over whose completion the event callback of this handle has yet to hear of.
  bool awaitsEvent(std::uint64_t handle);
  std::shared_ptr<OperationCompletion> completion();

  // Nobody finds it any more: what runs goes on, and its result is dropped. Outside every lock.
  void close();

 private:
  class Completing;
  enum class Phase : std::uint8_t { Idle, Running, Completed };

  // All below: with mutex_ held.
  bool runs(std::uint64_t run) const { return phase_ == Phase::Running && run == run_; }
  void finish(HResult status, std::optional<std::u16string> document);
  std::optional<ProcessInformation> dropStreams();
  // Without it.
  void announce();
  void reportProgress(std::uint32_t percent);
  void callInline();
  HcsOperation* claim();
  HcsOperation* claim(std::uint64_t run, const Registration& registration);
  bool over();

  std::mutex mutex_;
  Phase phase_ = Phase::Idle;
  bool closed_ = false;
  std::uint64_t run_ = 0;
  OperationType type_ = OperationType::None;
  HcsSystem* system_ = nullptr;
  HcsProcess* process_ = nullptr;
  OperationPlan plan_;
  OperationPlace place_;
  HResult status_ = kOk;
  std::optional<std::u16string> document_;
  std::optional<ProcessInformation> streams_;
  std::shared_ptr<CompletionState> delivered_;  // of a call that waits for the callback
  std::uint64_t announcements_ = 0;  // to event callbacks, that are still to be made of this run
  void* context_;
  HcsOperationCallback callback_;
  const bool progress_ = false;
  const bool notifies_ = false;
  std::map<std::u16string, OperationResource> resources_;  // by their URIs
  std::shared_ptr<Registration> calling_;                  // the callback, once it is needed
  std::vector<std::shared_ptr<Registration>> callings_;    // it, and those of before it was changed
};

// A run, as what completes it has it.
class OperationRun {
 public:
  OperationRun(std::shared_ptr<ClientOperation> operation, std::uint64_t number)
      : operation_(std::move(operation)), number_(number) {}

  void attach(OperationPlace place, HcsSystem* system) {
    operation_->attach(number_, std::move(place));
    operation_->opened(number_, system, nullptr);
  }
  void complete(HResult status, std::optional<std::u16string> document) {
    operation_->complete(number_, status, std::move(document));
  }

 private:
  const std::shared_ptr<ClientOperation> operation_;
  const std::uint64_t number_;
};

}  // namespace hc::simulator
