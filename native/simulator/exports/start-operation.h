// What the asynchronous functions of computecore.dll have in common: each begins a run of the
// operation that it is given, and answers when the request has been accepted.
#pragma once

#include <type_traits>

#include "../host/call-dispatch.h"

namespace hc::simulator {

struct OperationStart {
  HcsOperation* operation;
  OperationType type;
  HcsSystem* system;
  HcsProcess* process;
  Subject subject;
  bool hostCompletes;  // when the host settles it; else what the call does is all there is to it
};

// A body that gives streams keeps them in `information`, those of the process it has opened in
// `opened`.
struct OperationOutputs {
  ProcessInformation information{};
  HcsProcess* opened = nullptr;
};

using OperationBody = Outcome (*)(void* state, const Call& call, OperationOutputs& outputs);
HResult startOperation(std::size_t function, const OperationStart& start, OperationBody body,
                       void* state);

// Runs `body(call, outputs)` as the function of the list.
template <class Function, class Body>
HResult start(const OperationStart& start, Body&& body) {
  using Plain = std::remove_reference_t<Body>;
  return startOperation(
      kIndexOf<Function>, start,
      [](void* state, const Call& call, OperationOutputs& outputs) {
        return (*static_cast<Plain*>(state))(call, outputs);
      },
      &body);
}

}  // namespace hc::simulator
