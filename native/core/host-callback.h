// Where notifications of the host arrive. HCS gets one callback for all handles, with the id of a
// watch as its context, never a pointer: a late callback finds no watch and is ignored.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "../abi/computecore.h"

namespace hc {

class Inbox;
class Watch;

// The one callback given to HCS; `context` is the id of a watch. Runs on a thread of the host,
// which must not wait: it copies the notification, hands it to the watch and returns. It calls
// neither HCS nor JavaScript.
void HC_CALL onNotification(std::uint32_t type, void* context, HResult status,
                            const char16_t* data);

// The same of computecore.dll.
void HC_CALL onEvent(HcsEvent* event, void* context);

// The only process-wide state: id -> watch. Any thread. Ids are never used twice and start at 1, as
// 0 reads as "none".
std::uint64_t nextId();
void addWatch(std::shared_ptr<Watch> watch);
void removeWatch(std::uint64_t id);
std::shared_ptr<Watch> findWatch(std::uint64_t id);
// Those whose records go to this inbox.
std::vector<std::shared_ptr<Watch>> watchesOf(const Inbox& inbox);

}  // namespace hc
