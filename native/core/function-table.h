// The list of functions as data, for what need not be compiled once for each of them.
#pragma once

#include <array>
#include <cstddef>

#include "../abi/signatures.h"
#include "handle.h"
#include "host-operation.h"
#include "network-objects.h"

namespace hc {

struct ParameterEntry {
  const char* way;  // "In", "Out" or "Release"
  const char* kind;
  const char* name;
  HandleKind handle;              // where it is a handle
  const ObjectFunctions* object;  // where it is an object of HCN, else null
};

struct FunctionEntry {
  Library library;
  const char* name;
  const char* key;
  Notification completion;
  bool creates;             // what it opens is terminated unless somebody owns it
  bool opens;               // a handle
  OperationKind operation;  // that it ends with, if any
  bool needsWatch;          // of its own: it is made on no handle
  const ParameterEntry* parameters;
  std::size_t parameterCount;
  Invoke invoke;
};

// In the order of the list.
extern const std::array<FunctionEntry, kFunctionCount> kFunctions;

template <class Function>
const FunctionEntry& entryOf() {
  return kFunctions[kIndexOf<Function>];
}

// Of the list, by the number of a function.
inline std::size_t indexOf(const FunctionEntry& function) {
  return static_cast<std::size_t>(&function - kFunctions.data());
}

// What closes handles, registers callbacks and knows operations as such is the core's alone.
template <class Function, class Parameters = typename Function::Parameters>
constexpr bool kCoreOnly = false;
template <class Function, class... Parameters>
constexpr bool kCoreOnly<Function, std::tuple<Parameters...>> =
    !std::is_same_v<typename Function::Result, HResult> ||
    ((kIsRelease<Parameters> || std::is_same_v<Parameters, Out<Registration>> ||
      std::is_same_v<Parameters, In<EventCallback>> ||
      std::is_same_v<Parameters, In<OperationHandle>>) ||
     ...);

}  // namespace hc
