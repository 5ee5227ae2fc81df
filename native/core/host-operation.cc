#include "host-operation.h"

#include <unordered_map>
#include <utility>
#include <vector>

#include "libraries.h"
#include "sync.h"
#include "watch.h"

namespace hc {

namespace {

namespace computecore = functions::computecore;

// One that never completes stays open as long as the handle it is of, and must not keep the
// environment of its call.
struct OpenOperation {
  std::shared_ptr<const Libraries> libraries;
  std::weak_ptr<Watch> watch;
  OperationKind kind = OperationKind::None;
  HcsOperation* handle = nullptr;
};

struct OpenOperations {
  Mutex mutex;
  std::unordered_map<std::uint64_t, OpenOperation> byCall;
};

// Never destroyed: threads of the host may complete operations while the process exits.
OpenOperations& openOperations() {
  static OpenOperations* const instance = new OpenOperations;
  return *instance;
}

// Whoever takes it closes the operation.
bool take(std::uint64_t id, OpenOperation& operation) {
  OpenOperations& open = openOperations();
  std::lock_guard<Mutex> lock(open.mutex);
  const auto found = open.byCall.find(id);
  if (found == open.byCall.end()) return false;
  operation = std::move(found->second);
  open.byCall.erase(found);
  return true;
}

OptionalText takeText(const Libraries& libraries, char16_t* text) {
  OptionalText taken;
  if (text != nullptr) taken.emplace(text);
  libraries.freeText(text, Library::computecore);
  return taken;
}

void close(const Libraries& libraries, HcsOperation* operation) {
  const auto function = libraries.get<computecore::HcsCloseOperation>();
  if (function != nullptr) function(operation);
}

ReceivedNotification resultOf(const Libraries& libraries, HcsOperation* operation) {
  const auto function = libraries.get<computecore::HcsGetOperationResult>();
  if (function == nullptr) return {Notification::None, 0, kFunctionMissing, {}};
  char16_t* document = nullptr;
  const HResult status = function(operation, &document);
  return {Notification::None, 0, status, takeText(libraries, document)};
}

ReceivedNotification resultOf(const Libraries& libraries, HcsOperation* operation,
                              ProcessStreams& streams) {
  const auto function = libraries.get<computecore::HcsGetOperationResultAndProcessInfo>();
  if (function == nullptr) return {Notification::None, 0, kFunctionMissing, {}};
  ProcessInformation information{};
  char16_t* document = nullptr;
  const HResult status = function(operation, &information, &document);
  // What a call that failed has left there means nothing.
  if (!failed(status)) streams = ProcessStreams(information);
  return {Notification::None, 0, status, takeText(libraries, document)};
}

// On a thread of the host, perhaps before the call has returned. The host waits for nothing here:
// the result of an operation that has completed is there. The operation may be closed from inside
// its callback.
void HC_CALL onCompleted(HcsOperation* operation, void* context) {
  const std::uint64_t id = reinterpret_cast<std::uintptr_t>(context);
  OpenOperation open;
  if (!take(id, open)) return;
  ProcessStreams streams;
  auto result = open.kind == OperationKind::Process ? resultOf(*open.libraries, operation, streams)
                                                    : resultOf(*open.libraries, operation);
  close(*open.libraries, operation);
  const auto watch = open.watch.lock();
  if (watch == nullptr) return;
  watch->countOperations(-1);
  watch->completeOperation(id, std::move(result), std::move(streams));
}

// Of an operation with notifications, which has no other callback. What is not its completion goes
// to the watch of the call.
void HC_CALL onOperationEvent(HcsEvent* event, void* context) {
  if (event == nullptr) return;
  if (static_cast<Event>(event->type) == Event::OperationCallback) {
    onCompleted(event->operation, context);
    return;
  }
  std::shared_ptr<Watch> watch;
  {
    OpenOperations& open = openOperations();
    std::lock_guard<Mutex> lock(open.mutex);
    const auto found = open.byCall.find(reinterpret_cast<std::uintptr_t>(context));
    if (found != open.byCall.end()) watch = found->second.watch.lock();
  }
  if (watch) watch->notify(copyEvent(*event));
}

HcsOperation* create(const Libraries& libraries, std::uint64_t id, std::uint32_t eventTypes,
                     HResult* status) {
  void* const context = reinterpret_cast<void*>(static_cast<std::uintptr_t>(id));
  const auto plain = libraries.get<computecore::HcsCreateOperation>();
  const auto notifying = libraries.get<computecore::HcsCreateOperationWithNotifications>();
  *status = kFunctionMissing;
  if (eventTypes != 0 ? notifying == nullptr : plain == nullptr) return nullptr;
  HcsOperation* const operation = eventTypes != 0
                                      ? notifying(eventTypes, context, &onOperationEvent)
                                      : plain(context, &onCompleted);
  *status = operation == nullptr ? kOutOfMemory : kOk;
  return operation;
}

HResult addResources(const Libraries& libraries, HcsOperation* operation,
                     const OperationExtras& extras) {
  if (extras.resources.empty()) return kOk;
  const auto add = libraries.get<computecore::HcsAddResourceToOperation>();
  if (add == nullptr) return kFunctionMissing;
  for (const auto& resource : extras.resources) {
    const HResult status = add(operation, resource.type, resource.uri.c_str(), resource.handle);
    if (failed(status)) return status;
  }
  return kOk;
}

}  // namespace

HcsOperation* openOperation(std::shared_ptr<const Libraries> libraries, std::uint64_t id,
                            const std::shared_ptr<Watch>& watch, OperationKind kind,
                            const OperationExtras& extras, HResult* status) {
  {
    OpenOperations& open = openOperations();
    std::lock_guard<Mutex> lock(open.mutex);
    open.byCall[id] = {libraries, watch, kind, nullptr};
    watch->countOperations(1);
  }
  HcsOperation* const operation = create(*libraries, id, extras.eventTypes, status);
  if (operation != nullptr) *status = addResources(*libraries, operation, extras);
  if (operation == nullptr || failed(*status)) {
    OpenOperation none;
    take(id, none);
    watch->countOperations(-1);
    if (operation != nullptr) close(*libraries, operation);
    return nullptr;
  }
  OpenOperations& open = openOperations();
  std::lock_guard<Mutex> lock(open.mutex);
  open.byCall[id].handle = operation;  // nothing has completed it: no call has it yet
  return operation;
}

OptionalText closeRefused(const Libraries& libraries, std::uint64_t id, HcsOperation* operation) {
  OpenOperation open;
  if (!take(id, open)) return {};  // it has completed all the same
  if (const auto watch = open.watch.lock()) watch->countOperations(-1);
  OptionalText document = resultOf(libraries, operation).data;
  close(libraries, operation);
  return document;
}

void closeOperationsOf(const Libraries& libraries, const std::shared_ptr<Watch>& watch) {
  if (watch->operations() == 0) return;  // as nearly always: all of them are looked through below
  std::vector<HcsOperation*> handles;
  {
    OpenOperations& open = openOperations();
    std::lock_guard<Mutex> lock(open.mutex);
    for (auto each = open.byCall.begin(); each != open.byCall.end();) {
      const auto& of = each->second.watch;
      if (of.owner_before(watch) || watch.owner_before(of)) {
        ++each;
        continue;
      }
      handles.push_back(each->second.handle);
      each = open.byCall.erase(each);
      watch->countOperations(-1);
    }
  }
  for (HcsOperation* const handle : handles) close(libraries, handle);
}

}  // namespace hc
