// Makes the calls of clients at a host of this process. What a client leaves open when it ends is
// closed for it, as Windows does.
#pragma once

#include <memory>

#include "../abi/functions.h"
#include "service.h"

namespace hc::remote {

struct ServedHost {
  const Slot* functions = nullptr;  // in the order of the list
  // What frees the texts that the functions of a library return.
  FreeText (*freeTexts)(TextMemory memory) = nullptr;
  // False when the system has no more.
  bool (*startThread)(std::function<void()> body) = nullptr;
};

// A process serves one host, once.
std::shared_ptr<Service> makeHostService(const ServedHost& host);

}  // namespace hc::remote
