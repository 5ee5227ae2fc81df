// What the properties of a system say: a copy of it taken under the lock of the host, and the JSON
// that is written from the copy without it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../base/json.h"
#include "compute-system.h"
#include "processes.h"

namespace hc::simulator {

struct SystemSnapshot {
  std::shared_ptr<ComputeSystem> system;
  State state = State::Unknown;
  std::u16string_view exitType;
  std::uint64_t memoryInMB = 0;
  Duration ranBefore{0};
  std::optional<Time> started;
  Time until;  // now, or when it stopped
  std::vector<GuestProcess> processes;
  std::vector<std::u16string> endpoints;  // of schema 1

  bool isMachine() const { return system->document.systemType == u"VirtualMachine"; }
  // HCS has a connection to a guest of the system's own.
  bool connected() const {
    const SystemDocument& document = system->document;
    return document.ownMachine && document.guestConnection &&
           (state == State::Running || state == State::Paused);
  }
};

// With the lock of the host held. Without the processes: the caller copies them where it needs
// them.
SystemSnapshot snapshotOf(const std::shared_ptr<ComputeSystem>& system);

// The members that every answer has.
void writeBasics(json::Writer& writer, const SystemSnapshot& snapshot);
// The member that a property type fills, with its value; false when there is no such type. A null
// writer only asks.
bool writeProperty(json::Writer* writer, const SystemSnapshot& snapshot, std::u16string_view type);
// The answers of the newer form of query, one by one; each is a response or an error.
void writeResponses(json::Writer& writer, const SystemSnapshot& snapshot,
                    const std::vector<std::u16string>& names);

}  // namespace hc::simulator
