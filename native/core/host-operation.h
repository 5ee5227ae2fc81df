// The operations of computecore.dll. An asynchronous call has one, whose completion callback takes
// the result, closes the operation and gives the result to the watch of the call. No thread waits
// for an operation.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "notification.h"

namespace hc {

class Libraries;
class Watch;

// What the result of an operation has beside its document.
enum class OperationKind { None, Text, Process };

// What a call hands over with its operation.
struct OperationExtras {
  struct Resource {
    std::uint32_t type;
    std::u16string uri;
    void* handle;  // stays the caller's
  };
  std::vector<Resource> resources;
  std::uint32_t eventTypes = 0;  // of which it is notified; 0: none
};

// On a worker, before the call. `id` is the number of the call, which its watch expects. Null with
// a status: the host makes no operation.
HcsOperation* openOperation(std::shared_ptr<const Libraries> libraries, std::uint64_t id,
                            const std::shared_ptr<Watch>& watch, OperationKind kind,
                            const OperationExtras& extras, HResult* status);

// On a worker: the host has refused the call, so that nothing completes its operation. What the
// host says about it.
OptionalText closeRefused(const Libraries& libraries, std::uint64_t id, HcsOperation* operation);

// On a worker, after the handle of the watch was closed, so that no call of it is inside the host:
// what has not completed goes on there, and its result is nobody's.
void closeOperationsOf(const Libraries& libraries, const std::shared_ptr<Watch>& watch);

}  // namespace hc
