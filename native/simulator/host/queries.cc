// The calls that enumerate systems, read properties and modify. What is needed is copied under the
// lock of the host; the answer is written after it (system-properties.cc).
#include <algorithm>
#include <utility>

#include "../documents/requests.h"
#include "../network/codes.h"
#include "../network/store.h"
#include "host.h"
#include "system-properties.h"

namespace hc::simulator {
namespace {

using Writer = json::Writer;

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

Outcome Host::enumerate(const Call& call, const char16_t* text, const char16_t* idNamespace) {
  const std::u16string_view space = idNamespace != nullptr ? idNamespace : u"";
  SystemQuery query;
  if (Outcome read = readSystemQuery(text, &query); !read.ok()) return read;
  std::vector<SystemSnapshot> found;
  {
    std::lock_guard lock(mutex_);
    if (const HResult status = admit(call); status != kOk) return status;
    if (query.ids) {
      for (const std::u16string& id : *query.ids) {
        const SystemPointer system = findSystem(id, space);
        if (system && matches(query, *system)) found.push_back(snapshotOf(system));
      }
    } else {
      for (const auto& entry : systems_)
        if (entry.second->idNamespace == space && matches(query, *entry.second))
          found.push_back(snapshotOf(entry.second));
    }
  }
  std::sort(found.begin(), found.end(), [](const SystemSnapshot& a, const SystemSnapshot& b) {
    return a.system->order < b.system->order;
  });
  // An id that was asked for twice is listed once.
  found.erase(std::unique(found.begin(), found.end(),
                          [](const SystemSnapshot& a, const SystemSnapshot& b) {
                            return a.system == b.system;
                          }),
              found.end());
  Writer writer;
  writer.beginArray();
  for (const SystemSnapshot& snapshot : found) {
    writer.beginObject();
    writeBasics(writer, snapshot);
    writer.endObject();
  }
  return answer(writer.endArray().take());
}

Outcome Host::systemProperties(const Call& call, HcsSystem* handle, const char16_t* text) {
  PropertyQuery query;
  Outcome read = readPropertyQuery(text, &query);
  SystemSnapshot snapshot;
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
      return fail(Condition::InvalidJson,
                  u"$.PropertyTypes must name properties of a system, not " + type + u'.', type);
    }
    if (!contains(types, type)) types.push_back(std::move(type));
  }
  for (const std::u16string& type : types) writeProperty(&writer, snapshot, type);
  if (!query.queries.empty()) writeResponses(writer, snapshot, query.queries);
  return answer(writer.endObject().take());
}

// To a container itself, or as an adapter of a machine, which may also be connected to a switch.
Outcome Host::addEndpoint(ComputeSystem& system, const EndpointChange& change) {
  const std::u16string adapter = network::lowerCase(change.adapter);
  const auto at = system.adapters.find(adapter);
  if (at != system.adapters.end() && !equalWithoutCase(at->second, change.endpoint))
    return fail(kAlreadyExists, u"The adapter has another endpoint.", change.adapter);
  if (!change.endpoint.empty()) {
    const HResult status = network::Store::instance().plug(system.id, change.endpoint);
    const bool unknown = status == network::kEndpointNotFound;
    if (status != kOk && !(unknown && settings_.unknownNetworks))
      return fail(status, meaningOf(status), change.endpoint);
    system.networks.endpoints.push_back(change.endpoint);
  }
  if (!adapter.empty()) system.adapters[adapter] = change.endpoint;
  return {};
}

// An adapter goes even when its endpoint is gone already.
Outcome Host::removeEndpoint(ComputeSystem& system, const EndpointChange& change) {
  std::u16string endpoint = change.endpoint;
  if (!change.adapter.empty()) {
    const auto at = system.adapters.find(network::lowerCase(change.adapter));
    if (at == system.adapters.end()) {
      if (settings_.unknownNetworks) return {};
      return fail(kNotFound, u"The machine has no such adapter.", change.adapter);
    }
    endpoint = at->second;
    system.adapters.erase(at);
    if (endpoint.empty()) return {};
  }
  auto& own = system.networks.endpoints;
  own.erase(std::remove_if(own.begin(), own.end(),
                           [&](const auto& each) { return equalWithoutCase(each, endpoint); }),
            own.end());
  const HResult status = network::Store::instance().unplug(system.id, endpoint);
  const bool gone = status == network::kEndpointNotFound;
  if (status == kOk || (gone && (!change.adapter.empty() || settings_.unknownNetworks))) return {};
  return fail(status, meaningOf(status), endpoint);
}

Outcome Host::modifySystem(const Call& call, HcsSystem* handle, const char16_t* text) {
  ModifyRequest request;
  Outcome read = readModifyRequest(text, &request);
  std::lock_guard lock(mutex_);
  Handle* found = nullptr;
  if (const HResult status = find(call, idOf(handle), HandleKind::System, &found); status != kOk)
    return status;
  read.failure = u"Modify";
  ComputeSystem& system = *found->system;
  if (Outcome may = mayDrive(call, system); !may.ok()) return may;
  if (!read.ok()) return read;
  if (!system.alive()) return fail(Condition::InvalidState, u"The system has stopped.", u"Stopped");
  if (request.endpoint) {
    Outcome changed = request.endpoint->adds ? addEndpoint(system, *request.endpoint)
                                             : removeEndpoint(system, *request.endpoint);
    changed.failure = u"Modify";
    if (!changed.ok()) return changed;
  }
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
