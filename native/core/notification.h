// A notification as it is kept once the callback of the host has returned.
#pragma once

#include <cstdint>

#include "../abi/hcs.h"
#include "../abi/shapes.h"

namespace hc {

struct ReceivedNotification {
  std::uint32_t type = 0;
  HResult status = kOk;
  OptionalText data;
};

// `data` belongs to the host and ends with its callback, so it is copied there; null stays absent.
inline ReceivedNotification copyNotification(std::uint32_t type, HResult status,
                                             const char16_t* data) {
  ReceivedNotification copy{type, status, {}};
  if (data != nullptr) copy.data.emplace(data);
  return copy;
}

}  // namespace hc
