// The functions of computecore.dll for operations themselves.
#include "../base/platform.h"
#include "../guest/streams.h"
#include "../host/call-dispatch.h"
#include "../operations/choices.h"
#include "exports.h"

namespace hc::simulator {
namespace {

namespace core = functions::computecore;

using OperationPointer = std::shared_ptr<ClientOperation>;

// Runs `body(call, operation)` for an operation that there is.
template <class Function, class Body>
HResult on(HcsOperation* handle, const Texts& texts, Body&& body) {
  return run<Function>({}, texts, [&](const Call& call) -> Outcome {
    const OperationPointer operation = Operations::instance().find(handle);
    if (call.epoch != InFlight::instance().epoch()) return kAbort;
    return operation ? body(call, *operation) : Outcome(choices::kUnknownOperation);
  });
}

template <class Function, class Value, class Read>
Value read(HcsOperation* handle, Value none, Read&& read) {
  Value value = none;
  const HResult status = on<Function>(handle, {}, [&](const Call&, ClientOperation& operation) {
    value = read(operation);
    return Outcome();
  });
  return failed(status) ? none : value;
}

template <class Function, class... How>
HcsOperation* create(void* context, How... how) {
  HcsOperation* made = nullptr;
  const HResult status = run<Function>({}, {}, [&](const Call& call) -> Outcome {
    if (call.epoch != InFlight::instance().epoch()) return kAbort;
    made = Operations::instance().create(call.site, context, how...);
    return {};
  });
  if (failed(status) && made != nullptr) Operations::instance().remove(made);
  return failed(status) ? nullptr : made;
}

// The result document may go unwanted, and so may the information of a process.
template <class Function, class Take>
HResult take(HcsOperation* handle, ProcessInformation* information, bool wantsInformation,
             char16_t** result, Take&& take) {
  if (result != nullptr) *result = nullptr;
  if (wantsInformation && !clear(information)) return kInvalidArgument;
  const HResult status = on<Function>(handle, {nullptr, nullptr, result}, take);
  // A Reset, or a rule, fails a call after its work was done.
  if (failed(status) && information != nullptr) {
    discardStreams(information);
    clear(information);
  }
  return status;
}

std::optional<Duration> limitOf(std::uint32_t timeoutMs) {
  constexpr std::uint32_t kForEver = 0xFFFFFFFF;
  if (timeoutMs == kForEver) return std::nullopt;
  return milliseconds(timeoutMs);
}

}  // namespace

HcsOperation* HC_CALL exports::computecore::HcsCreateOperation(void* context,
                                                               HcsOperationCallback callback) {
  return create<core::HcsCreateOperation>(context, callback);
}

HcsOperation* HC_CALL exports::computecore::HcsCreateOperationWithNotifications(
    std::uint32_t eventTypes, void* context, HcsEventCallback callback) {
  if (callback == nullptr) return nullptr;
  return create<core::HcsCreateOperationWithNotifications>(
      context, (eventTypes & choices::kProgressEvents) != 0, callback);
}

void HC_CALL exports::computecore::HcsCloseOperation(HcsOperation* handle) {
  run<core::HcsCloseOperation>({}, {}, [&](const Call&) -> Outcome {
    const OperationPointer operation = Operations::instance().remove(handle);
    if (!operation) return choices::kUnknownOperation;
    operation->close();
    return {};
  });
}

HResult HC_CALL exports::computecore::HcsSetOperationContext(HcsOperation* handle, void* context) {
  return on<core::HcsSetOperationContext>(handle, {}, [&](const Call&, ClientOperation& operation) {
    operation.setContext(context);
    return Outcome();
  });
}

void* HC_CALL exports::computecore::HcsGetOperationContext(HcsOperation* handle) {
  return read<core::HcsGetOperationContext>(
      handle, static_cast<void*>(nullptr),
      [](ClientOperation& operation) { return operation.context(); });
}

HcsSystem* HC_CALL exports::computecore::HcsGetComputeSystemFromOperation(HcsOperation* handle) {
  return read<core::HcsGetComputeSystemFromOperation>(
      handle, static_cast<HcsSystem*>(nullptr),
      [](ClientOperation& operation) { return operation.system(); });
}

HcsProcess* HC_CALL exports::computecore::HcsGetProcessFromOperation(HcsOperation* handle) {
  return read<core::HcsGetProcessFromOperation>(
      handle, static_cast<HcsProcess*>(nullptr),
      [](ClientOperation& operation) { return operation.process(); });
}

std::uint32_t HC_CALL exports::computecore::HcsGetOperationType(HcsOperation* handle) {
  return read<core::HcsGetOperationType>(
      handle, static_cast<std::uint32_t>(OperationType::None),
      [](ClientOperation& operation) { return static_cast<std::uint32_t>(operation.type()); });
}

std::uint64_t HC_CALL exports::computecore::HcsGetOperationId(HcsOperation* handle) {
  return read<core::HcsGetOperationId>(handle, kInvalidOperationId, [](ClientOperation& operation) {
    return std::uint64_t{idOf(operation.handle)};
  });
}

HResult HC_CALL exports::computecore::HcsGetOperationResult(HcsOperation* handle,
                                                            char16_t** result) {
  return take<core::HcsGetOperationResult>(
      handle, nullptr, false, result,
      [](const Call&, ClientOperation& operation) { return operation.result(nullptr); });
}

HResult HC_CALL exports::computecore::HcsGetOperationResultAndProcessInfo(
    HcsOperation* handle, ProcessInformation* information, char16_t** result) {
  return take<core::HcsGetOperationResultAndProcessInfo>(
      handle, information, true, result,
      [&](const Call&, ClientOperation& operation) { return operation.result(information); });
}

HResult HC_CALL exports::computecore::HcsWaitForOperationResult(HcsOperation* handle,
                                                                std::uint32_t timeoutMs,
                                                                char16_t** result) {
  return take<core::HcsWaitForOperationResult>(
      handle, nullptr, false, result, [&](const Call& call, ClientOperation& operation) {
        return operation.wait(call.epoch, limitOf(timeoutMs), nullptr);
      });
}

HResult HC_CALL exports::computecore::HcsWaitForOperationResultAndProcessInfo(
    HcsOperation* handle, std::uint32_t timeoutMs, ProcessInformation* information,
    char16_t** result) {
  return take<core::HcsWaitForOperationResultAndProcessInfo>(
      handle, information, true, result, [&](const Call& call, ClientOperation& operation) {
        return operation.wait(call.epoch, limitOf(timeoutMs), information);
      });
}

HResult HC_CALL exports::computecore::HcsSetOperationCallback(HcsOperation* handle, void* context,
                                                              HcsOperationCallback callback) {
  return on<core::HcsSetOperationCallback>(handle, {},
                                           [&](const Call&, ClientOperation& operation) -> Outcome {
                                             return operation.setCallback(context, callback);
                                           });
}

// As documented: nothing can be cancelled.
HResult HC_CALL exports::computecore::HcsCancelOperation(HcsOperation* handle) {
  return on<core::HcsCancelOperation>(handle, {}, [](const Call&, ClientOperation&) -> Outcome {
    return choices::kNotImplemented;
  });
}

HResult HC_CALL exports::computecore::HcsAddResourceToOperation(HcsOperation* handle,
                                                                std::uint32_t type,
                                                                const char16_t* uri,
                                                                void* resource) {
  return on<core::HcsAddResourceToOperation>(
      handle, {}, [&](const Call&, ClientOperation& operation) -> Outcome {
        const bool known = type != 0 && type <= static_cast<std::uint32_t>(ResourceType::Socket);
        if (!known || uri == nullptr || *uri == u'\0' || resource == nullptr)
          return kInvalidArgument;
        return operation.addResource(static_cast<ResourceType>(type), uri, resource);
      });
}

HResult HC_CALL exports::computecore::HcsGetOperationProperties(HcsOperation* handle,
                                                                const char16_t* /*options*/,
                                                                char16_t** result) {
  if (result != nullptr) *result = nullptr;
  return on<core::HcsGetOperationProperties>(
      handle, {nullptr, nullptr, result},
      [](const Call&, ClientOperation&) { return answer(u"{}"); });
}

}  // namespace hc::simulator
