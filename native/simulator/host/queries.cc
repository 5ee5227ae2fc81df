// Enumerating systems and their properties. What is needed is copied under the lock; the answer is
// written after it.
#include <algorithm>
#include <utility>

#include "../documents/requests.h"
#include "host.h"

namespace hc::simulator {
namespace {

using Writer = json::Writer;

struct Snapshot {
  SystemPointer system;
  State state = State::Unknown;
  std::u16string_view exitType;
  std::uint64_t memoryInMB = 0;
  Duration ranBefore{0};
  std::optional<Time> started;
  Time until;  // now, or when it stopped
  std::vector<GuestProcess> processes;

  bool isMachine() const { return system->document.systemType == u"VirtualMachine"; }
  // HCS has a connection to a guest of the system's own.
  bool connected() const {
    const SystemDocument& document = system->document;
    return document.ownMachine && document.guestConnection &&
           (state == State::Running || state == State::Paused);
  }
};

// With the lock of the host held. Processes are copied only where they are asked for.
Snapshot snapshotOf(const SystemPointer& system) {
  Snapshot snapshot;
  snapshot.system = system;
  snapshot.state = system->state;
  snapshot.exitType = system->exitType;
  snapshot.memoryInMB = system->memoryInMB;
  snapshot.ranBefore = system->ranBefore;
  snapshot.started = system->started;
  snapshot.until = system->stopped.value_or(Clock::now());
  return snapshot;
}

void writeBasics(Writer& writer, const Snapshot& snapshot) {
  const ComputeSystem& system = *snapshot.system;
  const SystemDocument& document = system.document;
  writer.key(u"Id").string(system.id).key(u"SystemType").string(document.systemType);
  writer.key(u"RuntimeOsType").string(document.linuxGuest ? u"Linux" : u"Windows");
  writer.key(u"Name").string(document.name.empty() ? system.id : document.name);
  writer.key(u"Owner").string(document.owner).key(u"RuntimeId").string(system.runtimeId);
  writer.key(u"State").string(stateName(snapshot.state));
  if (!document.templateId.empty()) writer.key(u"RuntimeTemplateId").string(document.templateId);
  if (!document.hostingSystemId.empty())
    writer.key(u"HostingSystemId").string(document.hostingSystemId);
  if (snapshot.state != State::Stopped) return;
  writer.key(u"Stopped").boolean(true);
  if (!snapshot.exitType.empty()) writer.key(u"ExitType").string(snapshot.exitType);
}

std::uint64_t uptime100ns(const Snapshot& snapshot) {
  if (!snapshot.started) return 0;
  const Duration ran = snapshot.ranBefore + (snapshot.until - *snapshot.started);
  return static_cast<std::uint64_t>(ran.count() / 100);
}

void writeNetwork(Writer& writer, const Snapshot& snapshot, std::uint64_t uptime) {
  writer.key(u"Network").beginArray();
  for (const std::u16string& endpoint : snapshot.system->document.endpoints) {
    writer.beginObject().key(u"EndpointId").string(endpoint);
    writer.key(u"BytesReceived").number(uptime / 40'000 * 1400);
    writer.key(u"BytesSent").number(uptime / 70'000 * 600);
    writer.key(u"PacketsReceived").number(uptime / 40'000);
    writer.key(u"PacketsSent").number(uptime / 70'000);
    writer.key(u"DroppedPacketsIncoming").number(uptime / 9'000'000);
    writer.key(u"DroppedPacketsOutgoing").number(uptime / 13'000'000).endObject();
  }
  writer.endArray();
}

// Invented, but they move as real ones do: counters with the time the system has run, memory with
// its processes. The factors differ so that no two members are equal, which would hide a client
// that mixes them up.
void writeStatistics(Writer& writer, const Snapshot& snapshot) {
  const std::uint64_t uptime = uptime100ns(snapshot);
  const std::uint64_t count = snapshot.processes.size() + 1;
  writer.beginObject().key(u"Timestamp").string(Clock::dateTime(snapshot.until));
  if (snapshot.started)
    writer.key(u"ContainerStartTime").string(Clock::dateTime(*snapshot.started));
  writer.key(u"Uptime100ns").number(uptime).key(u"Memory").beginObject();
  writer.key(u"MemoryUsageCommitBytes").number(count * 24'117'248);
  writer.key(u"MemoryUsageCommitPeakBytes").number(count * 31'457'280);
  writer.key(u"MemoryUsagePrivateWorkingSetBytes").number(count * 17'825'792);
  writer.endObject().key(u"Processor").beginObject();
  writer.key(u"TotalRuntime100ns").number(uptime / 5 + uptime / 11);
  writer.key(u"RuntimeUser100ns").number(uptime / 5);
  writer.key(u"RuntimeKernel100ns").number(uptime / 11);
  writer.endObject().key(u"Storage").beginObject();
  writer.key(u"ReadCountNormalized").number(uptime / 20'000);
  writer.key(u"ReadSizeBytes").number(uptime / 20'000 * 8192);
  writer.key(u"WriteCountNormalized").number(uptime / 50'000);
  writer.key(u"WriteSizeBytes").number(uptime / 50'000 * 4096);
  writer.endObject();
  if (!snapshot.system->document.endpoints.empty()) writeNetwork(writer, snapshot, uptime);
  writer.endObject();
}

void writeProcesses(Writer& writer, const Snapshot& snapshot) {
  writer.beginArray();
  for (const GuestProcess& process : snapshot.processes) {
    const auto age = static_cast<std::uint64_t>((snapshot.until - process.created).count() / 100);
    writer.beginObject().key(u"ProcessId").number(process.id);
    writer.key(u"ImageName").string(process.imageName);
    writer.key(u"CreateTimestamp").string(Clock::dateTime(process.created));
    writer.key(u"UserTime100ns").number(age / 7).key(u"KernelTime100ns").number(age / 13);
    writer.key(u"MemoryCommitBytes").number(2'097'152);
    writer.key(u"MemoryWorkingSetPrivateBytes").number(1'048'576);
    writer.key(u"MemoryWorkingSetSharedBytes").number(3'145'728).endObject();
  }
  writer.endArray();
}

void writeMemory(Writer& writer, const Snapshot& snapshot) {
  const std::uint64_t pages = snapshot.memoryInMB * 256;  // of 4 KiB
  writer.beginObject().key(u"VirtualNodeCount").number(1);
  writer.key(u"VirtualMachineMemory").beginObject();
  writer.key(u"AvailableMemory").number(pages / 2).key(u"AvailableMemoryBuffer").number(20);
  writer.key(u"ReservedMemory").number(pages).key(u"AssignedMemory").number(pages);
  writer.key(u"SlpActive").boolean(false).key(u"BalancingEnabled").boolean(false);
  writer.key(u"DmOperationInProgress").boolean(false).endObject();
  writer.key(u"VirtualNodes").beginArray().beginObject().key(u"VirtualNodeIndex").number(0);
  writer.key(u"PhysicalNodeNumber").number(0);
  writer.key(u"VirtualProcessorCount").number(snapshot.system->document.processors);
  writer.key(u"MemoryUsageInPages").number(pages).endObject().endArray().endObject();
}

void writeGuestConnection(Writer& writer) {
  writer.beginObject().key(u"SupportedSchemaVersions").beginArray().beginObject();
  writer.key(u"Major").number(2).key(u"Minor").number(5).endObject().endArray();
  writer.key(u"ProtocolVersion").number(4).key(u"GuestDefinedCapabilities").beginObject();
  for (const auto name : {u"NamespaceAddRequestSupported", u"SignalProcessSupported",
                          u"DumpStacksSupported", u"DeleteContainerStateSupported"})
    writer.key(name).boolean(true);
  writer.endObject().endObject();
}

// The member that a property type fills, with its value; false when there is no such type. A null
// writer only asks.
bool writeProperty(Writer* writer, const Snapshot& snapshot, std::u16string_view type) {
  const auto member = [&](std::u16string_view name) -> Writer& { return writer->key(name); };
  if (type == u"Statistics") {
    if (writer != nullptr) writeStatistics(member(type), snapshot);
  } else if (type == u"ProcessList") {
    if (writer != nullptr) writeProcesses(member(type), snapshot);
  } else if (type == u"Memory") {
    if (writer != nullptr && snapshot.isMachine()) writeMemory(member(type), snapshot);
  } else if (type == u"GuestConnection") {
    if (writer != nullptr && snapshot.connected())
      writeGuestConnection(member(u"GuestConnectionInfo"));
  } else if (type == u"TerminateOnLastHandleClosed") {
    if (writer != nullptr)
      member(type).boolean(snapshot.system->document.terminateOnLastHandleClosed);
  } else if (type == u"SharedMemoryRegion") {
    if (writer != nullptr) member(u"SharedMemoryRegionInfo").beginArray().endArray();
  } else if (type == u"MappedVirtualDisk") {
    if (writer != nullptr) member(u"MappedVirtualDiskControllers").beginObject().endObject();
  } else if (type == u"PendingUpdates") {
    if (writer != nullptr) member(u"AreUpdatesPending").boolean(false);
  } else if (type == u"SystemGUID") {
    if (writer != nullptr) member(type).string(snapshot.system->runtimeId);
  } else {
    return type == u"Basic" || type == u"GuestMemory" ||
           type == u"ICHeartbeatStatus";  // known, and answered with nothing
  }
  return true;
}

void writeResponses(Writer& writer, const Snapshot& snapshot,
                    const std::vector<std::u16string>& names) {
  writer.key(u"PropertyResponses").beginObject();
  for (const std::u16string& name : names) {
    writer.key(name).beginObject();
    if (writeProperty(nullptr, snapshot, name)) {
      writer.key(u"Response").beginObject();
      writeProperty(&writer, snapshot, name);
      writer.endObject();
    } else {
      writer.key(u"Error").raw(
          errorDocument(fail(kNotSupported, u"There is no property " + name + u'.', name)));
    }
    writer.endObject();
  }
  writer.endObject();
}

bool contains(const std::vector<std::u16string>& list, std::u16string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool containsWithoutCase(const std::vector<std::u16string>& list, std::u16string_view text) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::u16string& item) { return equalWithoutCase(item, text); });
}

// Ids and names are compared exactly. Owners and types are not: clients write and read owners in
// either case.
bool matches(const SystemQuery& query, const ComputeSystem& system) {
  const SystemDocument& document = system.document;
  const std::u16string& name = document.name.empty() ? system.id : document.name;
  return (!query.ids || contains(*query.ids, system.id)) &&
         (!query.names || contains(*query.names, name)) &&
         (!query.types || containsWithoutCase(*query.types, document.systemType)) &&
         (!query.owners || containsWithoutCase(*query.owners, document.owner));
}

}  // namespace

Outcome Host::enumerate(const Call& call, const char16_t* text) {
  SystemQuery query;
  if (Outcome read = readSystemQuery(text, &query); !read.ok()) return read;
  std::vector<Snapshot> found;
  {
    std::lock_guard lock(mutex_);
    if (const HResult status = admit(call); status != kOk) return status;
    if (query.ids) {
      for (const std::u16string& id : *query.ids) {
        const SystemPointer system = findSystem(id);
        if (system && matches(query, *system)) found.push_back(snapshotOf(system));
      }
    } else {
      for (const auto& entry : systems_)
        if (matches(query, *entry.second)) found.push_back(snapshotOf(entry.second));
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Snapshot& a, const Snapshot& b) { return a.system->order < b.system->order; });
  // An id that was asked for twice is listed once.
  found.erase(
      std::unique(found.begin(), found.end(),
                  [](const Snapshot& a, const Snapshot& b) { return a.system == b.system; }),
      found.end());
  Writer writer;
  writer.beginArray();
  for (const Snapshot& snapshot : found) {
    writer.beginObject();
    writeBasics(writer, snapshot);
    writer.endObject();
  }
  return answer(writer.endArray().take());
}

Outcome Host::systemProperties(const Call& call, HcsSystem* handle, const char16_t* text) {
  PropertyQuery query;
  Outcome read = readPropertyQuery(text, &query);
  Snapshot snapshot;
  {
    std::lock_guard lock(mutex_);
    Handle* found = nullptr;
    const HResult status = find(call, idOf(handle), HandleKind::System, &found);
    if (status != kOk) return status;
    snapshot = snapshotOf(found->system);
    for (const auto& entry : found->system->processes) snapshot.processes.push_back(*entry.second);
  }
  if (!read.ok()) return read;
  Writer writer;
  writer.beginObject();
  writeBasics(writer, snapshot);
  std::vector<std::u16string> types;
  for (std::u16string& type : query.types) {
    if (!writeProperty(nullptr, snapshot, type)) {
      return fail(Condition::InvalidJson, u"$.PropertyTypes: there is no property " + type + u'.',
                  type);
    }
    if (!contains(types, type)) types.push_back(std::move(type));
  }
  for (const std::u16string& type : types) writeProperty(&writer, snapshot, type);
  if (!query.queries.empty()) writeResponses(writer, snapshot, query.queries);
  return answer(writer.endObject().take());
}

Outcome Host::modifySystem(const Call& call, HcsSystem* handle, const char16_t* text) {
  ModifyRequest request;
  Outcome read = readModifyRequest(text, &request);
  std::lock_guard lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::System, &found); status != kOk)
    return status;
  read.failure = u"Modify";
  if (!read.ok()) return read;
  ComputeSystem& system = *found->system;
  if (!system.alive()) return fail(Condition::InvalidState, u"The system has stopped.", u"Stopped");
  if (request.memoryInMB) system.memoryInMB = *request.memoryInMB;
  return {};
}

Outcome Host::serviceProperties(const Call& call, const char16_t* text) {
  PropertyQuery query;
  if (Outcome read = readPropertyQuery(text, &query); !read.ok()) return read;
  if (query.types.empty() && query.queries.empty()) query.types.push_back(u"Basic");
  std::lock_guard lock(mutex_);
  if (const HResult status = admit(call); status != kOk) return status;
  return queryService(service_, query);
}

Outcome Host::modifyService(const Call& call, const char16_t* text) {
  json::Value request;
  if (Outcome read = parseDocument(text, &request); !read.ok()) return read;
  std::lock_guard lock(mutex_);
  if (const HResult status = admit(call); status != kOk) return status;
  return changeService(service_, request);
}

}  // namespace hc::simulator
