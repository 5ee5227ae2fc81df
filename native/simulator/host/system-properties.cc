#include "system-properties.h"

#include "../base/outcome.h"

namespace hc::simulator {
namespace {

using Writer = json::Writer;

std::uint64_t uptime100ns(const SystemSnapshot& snapshot) {
  if (!snapshot.started) return 0;
  const Duration ran = snapshot.ranBefore + (snapshot.until - *snapshot.started);
  return static_cast<std::uint64_t>(ran.count() / 100);
}

void writeNetwork(Writer& writer, const SystemSnapshot& snapshot, std::uint64_t uptime) {
  writer.key(u"Network").beginArray();
  for (const std::u16string& endpoint : snapshot.endpoints) {
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
void writeStatistics(Writer& writer, const SystemSnapshot& snapshot) {
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
  if (!snapshot.endpoints.empty()) writeNetwork(writer, snapshot, uptime);
  writer.endObject();
}

void writeProcesses(Writer& writer, const SystemSnapshot& snapshot) {
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

void writeMemory(Writer& writer, const SystemSnapshot& snapshot) {
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

}  // namespace

SystemSnapshot snapshotOf(const std::shared_ptr<ComputeSystem>& system) {
  SystemSnapshot snapshot;
  snapshot.system = system;
  snapshot.state = system->state;
  snapshot.exitType = system->exitType;
  snapshot.memoryInMB = system->memoryInMB;
  snapshot.ranBefore = system->ranBefore;
  snapshot.started = system->started;
  if (system->document.schema == 1) snapshot.endpoints = system->networks.endpoints;
  snapshot.until = system->stopped.value_or(Clock::now());
  return snapshot;
}

void writeBasics(json::Writer& writer, const SystemSnapshot& snapshot) {
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

bool writeProperty(json::Writer* writer, const SystemSnapshot& snapshot, std::u16string_view type) {
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

void writeResponses(json::Writer& writer, const SystemSnapshot& snapshot,
                    const std::vector<std::u16string>& names) {
  writer.key(u"PropertyResponses").beginObject();
  for (const std::u16string& name : names) {
    writer.key(name).beginObject();
    if (writeProperty(nullptr, snapshot, name)) {
      writer.key(u"Response").beginObject();
      writeProperty(&writer, snapshot, name);
      writer.endObject();
    } else {
      writer.key(u"Error").raw(errorDocument(
          fail(kNotSupported, u"The query must name a property, not " + name + u'.', name)));
    }
    writer.endObject();
  }
  writer.endObject();
}

}  // namespace hc::simulator
