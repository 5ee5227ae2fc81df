#include "client-operation.h"

#include <utility>

#include "../guest/streams.h"
#include "choices.h"

namespace hc::simulator {
namespace {

void discard(std::optional<ProcessInformation> streams) {
  if (streams) discardStreams(&*streams);
}

}  // namespace

// The completion of one run on its way to the client: to the callback of the operation, which is
// called even when the next run has begun, or to that of a handle.
class ClientOperation::Completing final : public OperationCompletion {
 public:
  Completing(std::shared_ptr<ClientOperation> operation, std::uint64_t run, bool own)
      : operation_(std::move(operation)), run_(run), own_(own) {}
  HcsOperation* claim(const Registration& registration) override {
    return own_ ? operation_->claim() : operation_->claim(run_, registration);
  }

 private:
  const std::shared_ptr<ClientOperation> operation_;
  const std::uint64_t run_;
  const bool own_;
};

ClientOperation::ClientOperation(HcsOperation* handle, CallSite site, void* context, bool progress,
                                 HcsEventCallback events)
    : handle(handle),
      site(site),
      context_(context),
      callback_(nullptr),
      progress_(progress),
      notifies_(true),
      calling_(std::make_shared<Registration>(events, 0, kEventsOfOperations, context)),
      callings_({calling_}) {}

ClientOperation::~ClientOperation() { discard(dropStreams()); }

HResult ClientOperation::begin(OperationType type, HcsSystem* system, HcsProcess* process,
                               OperationPlan plan, OperationPlace place, bool eventsOfHandle,
                               std::uint64_t* run) {
  std::optional<ProcessInformation> former;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return choices::kUnknownOperation;
    if (phase_ == Phase::Running) return kOperationAlreadyStarted;
    if (eventsOfHandle && callback_ != nullptr) return choices::kSecondCallback;
    former = dropStreams();
    phase_ = Phase::Running;
    *run = ++run_;
    type_ = type;
    system_ = system;
    process_ = process;
    plan_ = std::move(plan);
    place_ = std::move(place);
    document_.reset();
    announcements_ = 0;
    delivered_ = std::make_shared<CompletionState>();
  }
  discard(std::move(former));
  if (progress_ && choices::hasProgress(type)) reportProgress(0);
  return kOk;
}

void ClientOperation::attach(std::uint64_t run, OperationPlace place) {
  std::lock_guard lock(mutex_);
  if (runs(run)) place_ = std::move(place);
}

void ClientOperation::opened(std::uint64_t run, HcsSystem* system, HcsProcess* process) {
  std::lock_guard lock(mutex_);
  if (run != run_) return;
  if (system != nullptr) system_ = system;
  if (process != nullptr) process_ = process;
}

void ClientOperation::keep(std::uint64_t run, const ProcessInformation& information) {
  {
    std::lock_guard lock(mutex_);
    if (runs(run) && !closed_) {
      streams_ = information;
      return;
    }
  }
  discard(information);
}

std::optional<ProcessInformation> ClientOperation::dropStreams() {
  return std::exchange(streams_, std::nullopt);
}

void ClientOperation::finish(HResult status, std::optional<std::u16string> document) {
  phase_ = Phase::Completed;
  status_ = status;
  document_ = std::move(document);
}

// On any thread, perhaps under the lock of the host.
void ClientOperation::complete(std::uint64_t run, HResult status,
                               std::optional<std::u16string> document) {
  std::optional<ProcessInformation> unwanted;
  {
    std::lock_guard lock(mutex_);
    if (!runs(run) || plan_.style == Completion::Lost) return;
    if (plan_.status && *plan_.status != status) {
      status = *plan_.status;
      document.reset();
      if (failed(status)) document = errorDocument(Outcome(status));
    }
    if (plan_.document) document = plan_.document;
    if (failed(status)) unwanted = dropStreams();
    announcements_ = plan_.style == Completion::Twice ? 2 : 1;
    finish(status, std::move(document));
  }
  discard(std::move(unwanted));
  announce();
}

void ClientOperation::disconnect(HResult status) {
  std::optional<ProcessInformation> unwanted;
  {
    std::lock_guard lock(mutex_);
    if (phase_ != Phase::Running) return;
    if (plan_.style != Completion::Now) plan_.style = Completion::Pending;
    unwanted = dropStreams();
    announcements_ = 1;
    finish(status, errorDocument(Outcome(status)));
  }
  discard(std::move(unwanted));
  announce();
}

void ClientOperation::refuse(std::uint64_t run, HResult status,
                             std::optional<std::u16string> document) {
  std::optional<ProcessInformation> unwanted;
  {
    std::lock_guard lock(mutex_);
    if (run != run_) return;
    unwanted = dropStreams();
    announcements_ = 0;
    finish(status, std::move(document));
  }
  discard(std::move(unwanted));
  InFlight::instance().update([] {});
}

void ClientOperation::refuse(HResult status, std::optional<std::u16string> document) {
  std::uint64_t run = 0;
  {
    std::lock_guard lock(mutex_);
    if (phase_ == Phase::Running) return;
    run = ++run_;
  }
  refuse(run, status, std::move(document));
}

// Wakes those who wait, and has the client called: by its callback, or by the event callback of the
// handle that reports operations. With neither nobody hears of it.
void ClientOperation::announce() {
  std::unique_lock lock(mutex_);
  const OperationPlace place = place_;
  const auto delivered = delivered_;
  const bool calls = (callback_ != nullptr || notifies_) && !closed_;
  const bool inlined = calls && !notifies_ && plan_.style == Completion::Now;
  const bool reports = progress_ && !closed_ && choices::hasProgress(type_) && !failed(status_);
  resources_.clear();
  if (calls && !calling_) {
    calling_ = std::make_shared<Registration>(callback_, context_);
    callings_.push_back(calling_);
  }
  const auto calling = calls ? calling_ : nullptr;
  const std::uint64_t run = run_;
  const std::uint64_t copies = announcements_;
  const HResult status = status_;
  lock.unlock();
  InFlight::instance().update([] {});
  if (reports) reportProgress(100);
  bool posts = calls && !inlined;
  if (!calls && place.handle != 0) {
    for (const auto& each : place.queue->subscribers(*place.source))
      posts |= each->has(kEventsOfOperations) && each->handle() == place.handle;
  }
  if (!posts) {
    InFlight::instance().update([&] { delivered->delivered = true; });
    return;
  }
  Delivery delivery(place.source, NotificationMessage(Notification::SystemOperationCompletion,
                                                      status, std::nullopt));
  delivery.count = copies;
  delivery.only = calling;
  delivery.completion = delivered;
  delivery.operation = std::make_shared<Completing>(shared_from_this(), run, calls);
  place.queue->post(std::move(delivery));
}

void ClientOperation::reportProgress(std::uint32_t percent) {
  std::unique_lock lock(mutex_);
  const OperationPlace place = place_;
  const auto calling = calling_;
  lock.unlock();
  NotificationMessage message(Notification::None, kOk, choices::progressDocument(percent));
  message.rawType = static_cast<std::uint32_t>(Event::GroupOperationInfo);
  Delivery delivery(place.source, std::move(message));
  delivery.only = calling;
  place.queue->post(std::move(delivery));
}

HResult ClientOperation::addResource(ResourceType type, std::u16string uri, void* resource) {
  std::lock_guard lock(mutex_);
  if (closed_) return choices::kUnknownOperation;
  if (phase_ == Phase::Running) return kOperationAlreadyStarted;
  resources_[std::move(uri)] = {type, resource};
  return kOk;
}

void* ClientOperation::resource(const std::u16string& uri, ResourceType type) {
  std::lock_guard lock(mutex_);
  const auto at = resources_.find(uri);
  return at != resources_.end() && at->second.type == type ? at->second.handle : nullptr;
}

HcsOperation* ClientOperation::claim() {
  std::lock_guard lock(mutex_);
  return closed_ ? nullptr : handle;
}

HcsOperation* ClientOperation::claim(std::uint64_t run, const Registration& registration) {
  std::lock_guard lock(mutex_);
  const bool hears =
      registration.has(kEventsOfOperations) && registration.handle() == place_.handle;
  if (closed_ || !hears || run != run_ || announcements_ == 0) return nullptr;
  --announcements_;
  return handle;
}

bool ClientOperation::over() {
  std::lock_guard lock(mutex_);
  return phase_ != Phase::Running || closed_;
}

bool ClientOperation::conclude(std::uint64_t epoch, std::uint64_t run) {
  InFlight& inFlight = InFlight::instance();
  std::unique_lock lock(mutex_);
  if (run != run_) return true;
  const Completion style = plan_.style;
  const auto delivered = delivered_;
  lock.unlock();
  if (style == Completion::Now) {
    if (!inFlight.wait(epoch, [&] { return over(); })) return false;
    callInline();
    return true;
  }
  // A client that calls from its callback would wait for the thread it is on.
  return style != Completion::Early || Registration::onCallbackThread() ||
         inFlight.wait(epoch, [&] { return delivered->delivered; });
}

// From within the starting call.
void ClientOperation::callInline() {
  std::unique_lock lock(mutex_);
  const auto calling = calling_;
  lock.unlock();
  if (!calling) return;
  Registration::nested([&] {
    if (!calling->enter()) return;
    if (HcsOperation* const claimed = claim()) calling->call(0, kOk, nullptr, claimed);
    calling->leave();
  });
}

Outcome ClientOperation::result(ProcessInformation* information) {
  std::lock_guard lock(mutex_);
  if (closed_) return choices::kUnknownOperation;
  const bool hasStreams =
      type_ == OperationType::CreateProcess || type_ == OperationType::GetProcessInfo;
  if (information != nullptr && phase_ != Phase::Idle && !hasStreams) return kInvalidArgument;
  if (phase_ == Phase::Idle) return kOperationNotStarted;
  if (phase_ == Phase::Running) return kComputecorePending;
  Outcome outcome(status_);
  outcome.payload = document_;
  if (information != nullptr && streams_) {
    *information = *streams_;
    streams_->stdInput = streams_->stdOutput = streams_->stdError = nullptr;
  }
  return outcome;
}

Outcome ClientOperation::wait(std::uint64_t epoch, std::optional<Duration> limit,
                              ProcessInformation* information) {
  switch (InFlight::instance().waitFor(
      epoch, [this] { return over(); }, limit)) {
    case WaitEnd::TimedOut:
      return kOperationTimeout;
    case WaitEnd::Reset:
      return kAbort;
    default:
      return result(information);
  }
}

void ClientOperation::setContext(void* context) {
  std::lock_guard lock(mutex_);
  context_ = context;
  if (!notifies_) calling_.reset();
}

void* ClientOperation::context() {
  std::lock_guard lock(mutex_);
  return context_;
}

HResult ClientOperation::setCallback(void* context, HcsOperationCallback callback) {
  std::lock_guard lock(mutex_);
  if (closed_) return choices::kUnknownOperation;
  if (notifies_) return choices::kSecondCallback;
  context_ = context;
  callback_ = callback;
  calling_.reset();
  return kOk;
}

OperationType ClientOperation::type() {
  std::lock_guard lock(mutex_);
  return type_;
}

HcsSystem* ClientOperation::system() {
  std::lock_guard lock(mutex_);
  return system_;
}

HcsProcess* ClientOperation::process() {
  std::lock_guard lock(mutex_);
  return process_;
}

bool ClientOperation::awaitsEvent(std::uint64_t ofHandle) {
  std::lock_guard lock(mutex_);
  return phase_ == Phase::Completed && announcements_ != 0 && callback_ == nullptr &&
         place_.handle == ofHandle;
}

std::shared_ptr<OperationCompletion> ClientOperation::completion() {
  std::lock_guard lock(mutex_);
  return std::make_shared<Completing>(shared_from_this(), run_, false);
}

void ClientOperation::close() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  auto streams = dropStreams();
  const auto callings = std::exchange(callings_, {});
  lock.unlock();
  discard(std::move(streams));
  InFlight::instance().update([] {});
  for (const auto& calling : callings) calling->stopOrLeave();
}

}  // namespace hc::simulator
