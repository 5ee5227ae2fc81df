// The documents of HcsCreateComputeSystem, in both schemas.
#include "requests.h"
#include "schema-tables.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;

std::u16string textOf(const Value& object, std::u16string_view name) {
  const Value* value = object.find(name);
  return value != nullptr ? value->text : std::u16string();
}

bool flagOf(const Value& object, std::u16string_view name) {
  const Value* value = object.find(name);
  return value != nullptr && value->boolean;
}

std::uint64_t countOf(const Value* object, std::u16string_view name, std::uint64_t otherwise) {
  const Value* value = object != nullptr ? object->find(name) : nullptr;
  return value != nullptr ? json::toUnsigned(*value).value_or(otherwise) : otherwise;
}

const Value* member(const Value* object, std::u16string_view name) {
  return object != nullptr ? object->find(name) : nullptr;
}

// The host reads what its version of the schema has, whatever the document states.
Outcome checkVersion(const Value& version) {
  const std::uint64_t major = countOf(&version, u"Major", 0);
  const std::uint64_t minor = countOf(&version, u"Minor", 0);
  if (major == 2 && minor <= kSchemaMinor) return {};
  return refuse(u"$.SchemaVersion", u" " + json::decimalText(major) + u"." +
                                        json::decimalText(minor) +
                                        u" is not supported; this host knows 1.0 and 2.0 to 2.5.");
}

std::vector<std::u16string> pathsOf(const Value* layers) {
  std::vector<std::u16string> paths;
  if (layers == nullptr) return paths;
  for (const Value& layer : layers->items) paths.push_back(textOf(layer, u"Path"));
  return paths;
}

Outcome checkStorage(const Value& storage) {
  constexpr std::u16string_view kVolume = u"\\\\?\\Volume";
  const std::u16string& path = storage.find(u"Path")->text;
  if (path.compare(0, kVolume.size(), kVolume) == 0 && path.back() != u'\\')
    return refuse(u"$.Container.Storage.Path", u" names a volume and must end with a backslash.");
  return {};
}

Outcome readContainer(const Value& container, SystemDocument* document) {
  document->processIsolated = true;
  if (const Value* guest = container.find(u"GuestOs"))
    document->hostName = textOf(*guest, u"HostName");
  document->memoryInMB = countOf(member(&container, u"Memory"), u"SizeInMB", 0);
  document->processors = countOf(member(&container, u"Processor"), u"Count", 2);
  const Value& storage = *container.find(u"Storage");
  document->volume = textOf(storage, u"Path");
  document->layers = pathsOf(storage.find(u"Layers"));
  return checkStorage(storage);
}

// A Linux kernel starts directly, or from UEFI with its arguments: Windows is given none.
bool bootsLinux(const Value* chipset) {
  const Value* entry = member(member(chipset, u"Uefi"), u"BootThis");
  return member(chipset, u"LinuxKernelDirect") != nullptr ||
         member(entry, u"OptionalData") != nullptr;
}

Outcome readMachine(const Value& machine, SystemDocument* document) {
  const Value* topology = machine.find(u"ComputeTopology");
  document->systemType = u"VirtualMachine";
  document->ownMachine = true;
  document->guestConnection = machine.find(u"GuestConnection") != nullptr;
  if (const Value* state = machine.find(u"GuestState"))
    document->runtimeStatePath = textOf(*state, u"RuntimeStateFilePath");
  if (const Value* restore = machine.find(u"RestoreState")) {
    document->restorePath = textOf(*restore, u"SaveStateFilePath");
    document->templateId = textOf(*restore, u"TemplateSystemId");
  }
  document->linuxGuest = bootsLinux(machine.find(u"Chipset"));
  document->memoryInMB = countOf(member(topology, u"Memory"), u"SizeInMB", 1024);
  document->processors = countOf(member(topology, u"Processor"), u"Count", 2);
  return {};
}

Outcome readHosted(const Value& root, SystemDocument* document) {
  document->hostingSystemId = textOf(root, u"HostingSystemId");
  // What starts a guest of its own from firmware does not say which; the container in it does.
  document->linuxGuest = member(root.find(u"HostedSystem"), u"OciSpecification") != nullptr;
  if (!document->hostingSystemId.empty()) return {};
  return refuse(u"$.HostingSystemId", u" must not be empty.");
}

Outcome readSchema2(const Value& root, SystemDocument* document) {
  if (Outcome checked = refused(check(root, schema2::kComputeSystem)); !checked.ok())
    return checked;
  const Value* version = root.find(u"SchemaVersion");
  if (Outcome known = checkVersion(*version); !known.ok()) return known;
  const Value* container = root.find(u"Container");
  const Value* machine = root.find(u"VirtualMachine");
  document->schema = 2;
  document->owner = textOf(root, u"Owner");
  document->terminateOnLastHandleClosed = flagOf(root, u"ShouldTerminateOnLastHandleClosed");
  if (container != nullptr) return readContainer(*container, document);
  return machine != nullptr ? readMachine(*machine, document) : readHosted(root, document);
}

Outcome readSchema1(std::u16string_view id, const Value& root, SystemDocument* document) {
  if (Outcome checked = refused(check(root, schema1::kContainerConfig)); !checked.ok())
    return checked;
  document->schema = 1;
  document->owner = textOf(root, u"Owner");
  document->name = textOf(root, u"Name");
  if (document->name != id) return refuse(u"$.Name", u" must be the id of the system.");
  document->terminateOnLastHandleClosed = flagOf(root, u"TerminateOnLastHandleClosed");
  document->hostName = textOf(root, u"HostName");
  document->ownMachine = flagOf(root, u"HvPartition");
  document->processIsolated = !document->ownMachine;
  document->linuxGuest = equalWithoutCase(textOf(root, u"ContainerType"), u"linux");
  document->memoryInMB = countOf(&root, u"MemoryMaximumInMB", 0);
  document->processors = countOf(&root, u"ProcessorCount", 2);
  if (const Value* endpoints = root.find(u"EndpointList"))
    for (const Value& endpoint : endpoints->items) document->endpoints.push_back(endpoint.text);
  document->volume = textOf(root, u"VolumePath");
  document->layers = pathsOf(root.find(u"Layers"));
  return {};
}

}  // namespace

Outcome parseDocument(const char16_t* text, json::Value* document) {
  json::Error error;
  auto parsed = json::parse(text != nullptr ? text : u"", &error);
  if (!parsed) {
    return fail(Condition::InvalidJson, std::u16string(u"Not valid JSON at offset ") +
                                            json::decimalText(error.offset) + u": " + error.what +
                                            u'.');
  }
  if (!parsed->is(Type::Object)) return refuse(u"$", u" must be an object.");
  *document = std::move(*parsed);
  return {};
}

Outcome readSystemDocument(const char16_t* id, const char16_t* text, SystemDocument* document) {
  Value root;
  if (Outcome parsed = parseDocument(text, &root); !parsed.ok()) return parsed;
  if (root.find(u"SchemaVersion") != nullptr) return readSchema2(root, document);
  if (root.find(u"SystemType") != nullptr) return readSchema1(id, root, document);
  return refuse(u"$.SchemaVersion", u" is required (or SystemType, for schema 1).");
}

}  // namespace hc::simulator
