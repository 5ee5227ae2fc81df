// The State and Await commands.
#include <utility>

#include "../base/returned-texts.h"
#include "../base/threads.h"
#include "../base/trace.h"
#include "../disks/disks.h"
#include "../documents/shape.h"
#include "../host/host.h"
#include "../network/store.h"
#include "../ports/published-ports.h"
#include "control.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;
using json::Writer;

constexpr Member kHandleMembers[] = {{u"System", Kind::Uint32},       {u"Process", Kind::Uint32},
                                     {u"Registration", Kind::Uint32}, {u"Network", Kind::Uint32},
                                     {u"Operation", Kind::Uint32},    {u"Disk", Kind::Uint32}};
constexpr Shape kHandles = closedShape(kHandleMembers);
constexpr Member kAwaitMembers[] = {
    {u"CallsInside", Kind::Uint32},    {u"BlockedCalls", Kind::Uint32},
    {u"Undelivered", Kind::Uint32},    {u"Pipes", Kind::Uint32},
    {u"Programs", Kind::Uint32},       {u"Scheduled", Kind::Uint32},
    {u"PublishedPorts", Kind::Uint32}, {u"Handles", Kind::Object, false, &kHandles},
    {u"TimeoutMs", Kind::Number}};
constexpr Shape kAwait = closedShape(kAwaitMembers);

std::atomic<std::int64_t>& handleCount(HandleKind kind) {
  return Host::instance().inFlight.handles[static_cast<std::size_t>(kind)];
}

std::uint64_t read(const std::atomic<std::int64_t>& count) {
  const std::int64_t value = count.load();
  return value > 0 ? static_cast<std::uint64_t>(value) : 0;
}

void writeCalls(Writer& writer) {
  writer.key(u"Calls").beginObject();
  for (std::size_t function = 0; function < kFunctionCount; ++function) {
    const std::uint64_t count = Host::instance().inFlight.calls[function].load();
    if (count != 0) writer.key(functionKey(function)).number(count);
  }
  writer.endObject();
}

// Those that are attached. What is open is among the handles.
void writeDisks(Writer& writer) {
  writer.key(u"Disks").beginArray();
  for (const AttachedDisk& disk : DiskStore::instance().attached()) {
    writer.beginObject().key(u"Path").string(toText(disk.file));
    writer.key(u"Drive").number(disk.drive);
    writer.key(u"ReadOnly").boolean(disk.readOnly);
    writer.key(u"Permanent").boolean(disk.owner == 0);
    writer.key(u"Call").number(disk.site.call).endObject();
  }
  writer.endArray();
}

void writeLayers(Writer& writer) {
  writer.key(u"Layers").beginArray();
  for (const LayerUse& layer : Host::instance().layers.active()) {
    writer.beginObject().key(u"Name").string(layer.name);
    writer.key(u"Activations").number(layer.active);
    writer.key(u"Prepared").boolean(layer.prepared);
    writer.key(u"Volume").string(layer.volume);
    writer.key(u"Call").number(layer.site.call).endObject();
  }
  writer.endArray().key(u"LayerError").string(Host::instance().layers.lastError());
}

// How many objects the network service has.
void writeNetworks(Writer& writer) {
  const auto counts = network::Store::instance().counts();
  writer.key(u"Networks").beginObject();
  writer.key(u"Networks").number(counts.networks).key(u"Endpoints").number(counts.endpoints);
  writer.key(u"Namespaces").number(counts.namespaces);
  writer.key(u"LoadBalancers").number(counts.loadBalancers);
  writer.key(u"Routes").number(counts.routes);
  writer.key(u"GuestNetworkServices").number(counts.services).endObject();
}

// Of endpoints that are attached, and where each is listened on.
void writePublishedPorts(Writer& writer) {
  writer.key(u"PublishedPorts").beginArray();
  for (const PublishedPorts::Report& port : PublishedPorts::instance().all()) {
    writer.beginObject().key(u"Endpoint").string(port.endpoint);
    writer.key(u"Protocol").string(port.mapping.udp ? u"UDP" : u"TCP");
    writer.key(u"ExternalPort").number(port.mapping.external);
    writer.key(u"InternalPort").number(port.mapping.internal);
    writer.key(u"Systems").beginArray();
    for (const auto& system : port.systems) writer.string(system);
    writer.endArray().key(u"Address").string(port.mapping.v6 ? u"::1" : u"127.0.0.1");
    writer.key(u"HostPort").number(port.hostPort).endObject();
  }
  writer.endArray();
}

void writeOpenings(Writer& writer) {
  writer.key(u"Open").beginArray();
  for (const Host::Opening& opening : Host::instance().openings()) {
    writer.beginObject().key(u"Kind").string(opening.kind);
    writer.key(u"Function").string(functionKey(opening.site.function));
    writer.key(u"Call").number(opening.site.call).key(u"System").string(opening.system);
    if (opening.process != 0) writer.key(u"Process").number(opening.process);
    if (opening.pipes) writer.key(u"Pipes").number(*opening.pipes);
    writer.endObject();
  }
  writer.endArray();
}

// Texts that were freed by the function for those of other libraries.
void writeMisfreed(Writer& writer) {
  writer.key(u"Misfreed").beginArray();
  for (const ReturnedTexts::Entry& text : ReturnedTexts::instance().misfreed()) {
    writer.beginObject().key(u"Function").string(functionKey(text.site.function));
    writer.key(u"Call").number(text.site.call).endObject();
  }
  writer.endArray();
}

}  // namespace

void writeState(Writer& writer) {
  Host& host = Host::instance();
  DiskStore::instance().closeAbandoned();
  writer.beginObject().key(u"Systems").beginArray();
  for (const auto& summary : host.summaries()) {
    writer.beginObject().key(u"Id").string(summary.system->id);
    if (!summary.system->idNamespace.empty())
      writer.key(u"Namespace").string(summary.system->idNamespace);
    writer.key(u"State").string(summary.activity);
    writer.key(u"Owner").string(summary.system->document.owner);
    writer.key(u"Handles").number(summary.handles);
    writer.key(u"Registrations").number(summary.registrations);
    writer.key(u"Processes").number(summary.processes);
    writer.key(u"Call").number(summary.system->site.call).endObject();
  }
  writer.endArray().key(u"Handles").beginObject();
  writer.key(u"System").number(read(handleCount(HandleKind::System)));
  writer.key(u"Process").number(read(handleCount(HandleKind::Process)));
  writer.key(u"Registration").number(read(handleCount(HandleKind::Registration)));
  writer.key(u"Network").number(read(handleCount(HandleKind::Network)));
  writer.key(u"Operation").number(read(handleCount(HandleKind::Operation)));
  writer.key(u"Disk").number(read(handleCount(HandleKind::Disk)));
  writer.endObject().key(u"CallsInside").number(read(host.inFlight.inside));
  writer.key(u"BlockedCalls").number(read(host.inFlight.blocked));
  writer.key(u"Undelivered").number(read(host.inFlight.undelivered));
  writer.key(u"Pipes").number(read(host.inFlight.pipes));
  writer.key(u"Programs").number(read(host.inFlight.programs));
  writer.key(u"Scheduled").number(read(host.inFlight.scheduled));
  writeCalls(writer);
  writeOpenings(writer);
  writeLayers(writer);
  writeMisfreed(writer);
  writeDisks(writer);
  writeNetworks(writer);
  writePublishedPorts(writer);
  Trace::instance().writeSkipped(writer.key(u"Skipped"));
  writer.key(u"Threads").number(static_cast<std::uint64_t>(threadCount()));
  writer.key(u"Rules").number(host.faults.count()).endObject();
}

Refusal stateCommand(const Value& arguments, Writer& writer) {
  if (!arguments.is(Type::Object) || !arguments.items.empty())
    return u"$.State must be an empty object: {}.";
  writeState(writer);
  return std::nullopt;
}

// Each count that is given is awaited; the wait ends when all hold at one moment.
Refusal awaitCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kAwait, u"$.Await")) return problem->text;
  const Value* limit = arguments.find(u"TimeoutMs");
  const auto timeout = limit != nullptr ? millisecondsOf(*limit) : std::nullopt;
  if (!timeout) return u"$.Await.TimeoutMs is required: milliseconds, 0 to 86400000.";
  DiskStore::instance().closeAbandoned();
  InFlight& inFlight = Host::instance().inFlight;
  std::vector<std::pair<std::atomic<std::int64_t>*, std::int64_t>> wanted;
  const auto want = [&](const Value& object, std::u16string_view name,
                        std::atomic<std::int64_t>& count) {
    if (const Value* value = object.find(name))
      wanted.emplace_back(&count, json::toSigned(*value).value_or(0));
  };
  want(arguments, u"CallsInside", inFlight.inside);
  want(arguments, u"BlockedCalls", inFlight.blocked);
  want(arguments, u"Undelivered", inFlight.undelivered);
  want(arguments, u"Pipes", inFlight.pipes);
  want(arguments, u"Programs", inFlight.programs);
  want(arguments, u"Scheduled", inFlight.scheduled);
  want(arguments, u"PublishedPorts", inFlight.publishedPorts);
  if (const Value* handles = arguments.find(u"Handles")) {
    want(*handles, u"System", handleCount(HandleKind::System));
    want(*handles, u"Process", handleCount(HandleKind::Process));
    want(*handles, u"Registration", handleCount(HandleKind::Registration));
    want(*handles, u"Network", handleCount(HandleKind::Network));
    want(*handles, u"Operation", handleCount(HandleKind::Operation));
    want(*handles, u"Disk", handleCount(HandleKind::Disk));
  }
  const bool reached = inFlight.awaitCounts(
      [&] {
        for (const auto& [count, value] : wanted)
          if (count->load() != value) return false;
        return true;
      },
      milliseconds(*timeout));
  writer.beginObject().key(u"Reached").boolean(reached).endObject();
  return std::nullopt;
}

}  // namespace hc::simulator
