// The calls that enumerate systems, read properties and modify. What is needed is copied under the
// lock of the host; the answer is written after it (system-properties.cc).
#include <algorithm>
#include <utility>

#include "../documents/requests.h"
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

Outcome Host::enumerate(const Call& call, const char16_t* text) {
  SystemQuery query;
  if (Outcome read = readSystemQuery(text, &query); !read.ok()) return read;
  std::vector<SystemSnapshot> found;
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
