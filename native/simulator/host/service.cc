#include "service.h"

#include <algorithm>
#include <utility>

#include "../documents/requests.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;
using json::Writer;

constexpr std::uint32_t kProcessors = 8;  // logical processors of the host, in two per core

// Codes of the hypervisor that real hosts pass on.
constexpr HResult kInvalidCpuGroup = 0xC035006F;  // HV_INVALID_CPU_GROUP_ID

constexpr Member kGroupMembers[] = {{u"GroupId", Kind::String, true},
                                    {u"LogicalProcessorCount", Kind::Uint32},
                                    {u"LogicalProcessors", Kind::Array}};
constexpr Member kGroupIdMembers[] = {{u"GroupId", Kind::String, true}};
constexpr Member kPropertyMembers[] = {{u"GroupId", Kind::String, true},
                                       {u"PropertyCode", Kind::Uint32, true},
                                       {u"PropertyValue", Kind::Uint64, true}};
constexpr Member kGuardMembers[] = {{u"Id", Kind::String, true},
                                    {u"CredentialSpec", Kind::String},
                                    {u"Transport", Kind::String, true}};
constexpr Member kGuardIdMembers[] = {{u"Id", Kind::String, true}};

// What may be asked of the service: the table decides, the functions below only act on checked
// details.
struct ServiceCommand {
  std::u16string_view propertyType;
  std::u16string_view operation;
  Shape details;
  Outcome (*run)(Service& service, const Value& details);
};

Outcome invalid(std::u16string_view path, std::u16string_view why) {
  return fail(Condition::InvalidJson, std::u16string(path).append(why), std::u16string(path));
}

Outcome createGroup(Service& service, const Value& details) {
  CpuGroup group;
  if (const Value* list = details.find(u"LogicalProcessors"); list != nullptr) {
    for (const Value& item : list->items) {
      const auto number = json::toUnsigned(item);
      if (!number || *number >= kProcessors)
        return invalid(u"$.Settings.OperationDetails.LogicalProcessors",
                       u" must name processors of this host, 0 to 7.");
      group.processors.push_back(static_cast<std::uint32_t>(*number));
    }
  }
  const Value* count = details.find(u"LogicalProcessorCount");
  if (count != nullptr && json::toUnsigned(*count) != group.processors.size())
    return invalid(u"$.Settings.OperationDetails.LogicalProcessorCount",
                   u" must be the length of LogicalProcessors.");
  const std::u16string& id = details.find(u"GroupId")->text;
  if (service.cpuGroups.count(id) != 0)
    return fail(kInvalidArgument, u"GroupId must be new: a CPU group with that id exists.", id);
  group.hypervisorGroup = ++service.lastHypervisorGroup;
  service.cpuGroups.emplace(id, std::move(group));
  return {};
}

Outcome deleteGroup(Service& service, const Value& details) {
  const std::u16string& id = details.find(u"GroupId")->text;
  if (service.cpuGroups.erase(id) != 0) return {};
  return fail(kInvalidCpuGroup, u"GroupId must be the id of a CPU group that exists.", id);
}

Outcome setGroupProperty(Service& service, const Value& details) {
  const std::u16string& id = details.find(u"GroupId")->text;
  const auto group = service.cpuGroups.find(id);
  if (group == service.cpuGroups.end())
    return fail(kInvalidCpuGroup, u"GroupId must be the id of a CPU group that exists.", id);
  const auto code = json::toUnsigned(*details.find(u"PropertyCode")).value_or(0);
  if (code != 0x10000 && code != 0x20000 && code != 0x30000)
    return invalid(u"$.Settings.OperationDetails.PropertyCode",
                   u" must be 65536, 131072 or 196608.");
  group->second.properties[static_cast<std::uint32_t>(code)] =
      json::toUnsigned(*details.find(u"PropertyValue")).value_or(0);
  return {};
}

Outcome addGuard(Service& service, const Value& details) {
  const std::u16string& id = details.find(u"Id")->text;
  const std::u16string& transport = details.find(u"Transport")->text;
  if (transport != u"LRPC" && transport != u"HvSocket")
    return invalid(u"$.Settings.OperationDetails.Transport", u" must be LRPC or HvSocket.");
  if (service.credentialGuards.count(id) != 0)
    return fail(kInvalidArgument, u"Id must be new: an instance with that id exists.", id);
  const Value* spec = details.find(u"CredentialSpec");
  service.credentialGuards[id] = {u"cookie-" + id, transport,
                                  spec != nullptr ? spec->text : std::u16string()};
  return {};
}

Outcome removeGuard(Service& service, const Value& details) {
  const std::u16string& id = details.find(u"Id")->text;
  if (service.credentialGuards.erase(id) != 0) return {};
  return fail(kNotFound, u"Id must be the id of an instance that exists.", id);
}

constexpr ServiceCommand kCommands[] = {
    {u"CpuGroup", u"CreateGroup", closedShape(kGroupMembers), createGroup},
    {u"CpuGroup", u"DeleteGroup", closedShape(kGroupIdMembers), deleteGroup},
    {u"CpuGroup", u"SetProperty", closedShape(kPropertyMembers), setGroupProperty},
    {u"ContainerCredentialGuard", u"AddInstance", closedShape(kGuardMembers), addGuard},
    {u"ContainerCredentialGuard", u"RemoveInstance", closedShape(kGuardIdMembers), removeGuard},
};

constexpr Member kSettingsMembers[] = {{u"Operation", Kind::String, true},
                                       {u"OperationDetails", Kind::Object, true}};
constexpr Shape kSettings = closedShape(kSettingsMembers);
constexpr Member kRequestMembers[] = {{u"PropertyType", Kind::String, true},
                                      {u"Settings", Kind::Object, true, &kSettings}};
constexpr Shape kRequest = closedShape(kRequestMembers);

void writeBasic(Writer& writer) {
  writer.beginObject().key(u"SupportedSchemaVersions").beginArray();
  writer.beginObject().key(u"Major").number(1).key(u"Minor").number(0).endObject();
  if (const Dialect host = spoken(); host.schema2)
    writer.beginObject().key(u"Major").number(2).key(u"Minor").number(host.minor).endObject();
  writer.endArray().endObject();
}

void writeGroups(Writer& writer, const Service& service) {
  writer.beginObject().key(u"CpuGroups").beginArray();
  for (const auto& [id, group] : service.cpuGroups) {
    writer.beginObject().key(u"GroupId").string(id).key(u"Affinity").beginObject();
    writer.key(u"LogicalProcessorCount").number(group.processors.size());
    writer.key(u"LogicalProcessors").beginArray();
    for (const std::uint32_t processor : group.processors) writer.number(processor);
    writer.endArray().endObject().key(u"GroupProperties").beginArray();
    for (const auto& [code, value] : group.properties) {
      writer.beginObject().key(u"PropertyCode").number(code);
      writer.key(u"PropertyValue").number(value).endObject();
    }
    writer.endArray().key(u"HypervisorGroupId").number(group.hypervisorGroup).endObject();
  }
  writer.endArray().endObject();
}

void writeTopology(Writer& writer) {
  writer.beginObject().key(u"LogicalProcessorCount").number(kProcessors);
  writer.key(u"LogicalProcessors").beginArray();
  for (std::uint32_t i = 0; i < kProcessors; ++i) {
    writer.beginObject().key(u"LpIndex").number(i).key(u"NodeNumber").number(0);
    writer.key(u"PackageId").number(0).key(u"CoreId").number(i / 2);
    writer.key(u"RootVpIndex").number(i).endObject();
  }
  writer.endArray().endObject();
}

void writeGuards(Writer& writer, const Service& service) {
  writer.beginObject().key(u"Instances").beginArray();
  for (const auto& [id, guard] : service.credentialGuards) {
    writer.beginObject().key(u"Id").string(id).key(u"CredentialGuard").beginObject();
    writer.key(u"Cookie").string(guard.cookie).key(u"RpcEndpoint").string(u"endpoint-" + id);
    writer.key(u"Transport").string(guard.transport);
    writer.key(u"CredentialSpec").string(guard.credentialSpec).endObject();
    if (guard.transport == u"HvSocket") {
      writer.key(u"HvSocketConfig").beginObject().key(u"ServiceId").string(id);
      writer.key(u"ServiceConfig").beginObject().endObject().endObject();
    }
    writer.endObject();
  }
  writer.endArray().endObject();
}

// False, and nothing written, when there is no such property.
bool writeProperty(Writer& writer, const Service& service, std::u16string_view type) {
  if (type == u"Basic") {
    writeBasic(writer);
  } else if (type == u"CpuGroup") {
    writeGroups(writer, service);
  } else if (type == u"ProcessorTopology") {
    writeTopology(writer);
  } else if (type == u"ContainerCredentialGuard") {
    writeGuards(writer, service);
  } else if (type == u"QoSCapabilities") {
    writer.beginObject().key(u"ProcessorQoSSupported").boolean(true).endObject();
  } else {
    return false;
  }
  return true;
}

}  // namespace

Outcome queryService(const Service& service, const PropertyQuery& query) {
  Writer writer;
  writer.beginObject();
  if (!query.types.empty()) {
    writer.key(u"Properties").beginArray();
    for (const std::u16string& type : query.types) {
      if (!writeProperty(writer, service, type))
        return invalid(u"$.PropertyTypes",
                       u" must name properties of the service, not " + type + u'.');
    }
    writer.endArray();
  }
  if (!query.queries.empty()) {
    writer.key(u"PropertyResponses").beginObject();
    for (const std::u16string& name : query.queries) {
      Writer response;
      const bool known = writeProperty(response, service, name);
      writer.key(name).beginObject().key(known ? u"Response" : u"Error");
      writer.raw(
          known ? response.text()
                : errorDocument(fail(kNotSupported,
                                     u"The query must name a property, not " + name + u'.', name)));
      writer.endObject();
    }
    writer.endObject();
  }
  return answer(writer.endObject().take());
}

Outcome changeService(Service& service, const Value& request) {
  if (Outcome checked = refused(check(request, kRequest)); !checked.ok()) return checked;
  const Value& settings = *request.find(u"Settings");
  const std::u16string& type = request.find(u"PropertyType")->text;
  const std::u16string& operation = settings.find(u"Operation")->text;
  const Value& details = *settings.find(u"OperationDetails");
  bool typeKnown = false;
  for (const ServiceCommand& command : kCommands) {
    typeKnown = typeKnown || command.propertyType == type;
    if (command.propertyType != type || command.operation != operation) continue;
    Outcome checked = refused(check(details, command.details, u"$.Settings.OperationDetails"));
    if (!checked.ok()) return checked;
    return command.run(service, details);
  }
  return typeKnown ? invalid(u"$.Settings.Operation", u" is not known.")
                   : invalid(u"$.PropertyType", u" must be CpuGroup or ContainerCredentialGuard.");
}

}  // namespace hc::simulator
