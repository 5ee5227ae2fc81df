// The documents of HcsCreateComputeSystem, in both schemas.
#include "requests.h"
#include "schema-tables.h"
#include "value-kinds.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;

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
  const Dialect host = spoken();
  if (host.schema2 && major == 2 && minor <= host.minor) return {};
  std::u16string knows = u"1.0";
  if (host.schema2) knows += u" and 2.0 to 2." + json::decimalText(host.minor);
  return refuse(u"$.SchemaVersion", u" " + json::decimalText(major) + u"." +
                                        json::decimalText(minor) +
                                        u" is not supported; this host knows " + knows + u".");
}

// Go clients write null for what is absent. An array keeps its items.
void dropNulls(Value* value) {
  for (std::size_t i = value->items.size(); i-- > 0;) {
    if (value->is(Type::Object) && value->items[i].is(Type::Null)) {
      value->names.erase(value->names.begin() + static_cast<std::ptrdiff_t>(i));
      value->items.erase(value->items.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      dropNulls(&value->items[i]);
    }
  }
}

std::vector<std::u16string> textsOf(const Value* list) {
  std::vector<std::u16string> texts;
  if (list == nullptr) return texts;
  for (const Value& item : list->items) texts.push_back(item.text);
  return texts;
}

bool isDrive(std::u16string_view path) {
  const auto letter = static_cast<char16_t>(path.empty() ? 0 : path[0] | 0x20);
  return path.size() >= 2 && letter >= u'a' && letter <= u'z' && path[1] == u':';
}

Outcome checkTargets(const Value* directories, const std::u16string& path,
                     SystemDocument* document) {
  if (directories == nullptr || document->linuxGuest) return {};
  for (std::size_t i = 0; i < directories->items.size(); ++i) {
    const Value& directory = directories->items[i];
    MappedTarget target = checkTarget(directory, path + u'[' + json::decimalText(i) + u']');
    if (!target.refusal.ok()) return target.refusal;
    if (target.unmapped) document->unmapped = textOf(directory, u"ContainerPath");
  }
  return {};
}

// Of a process-isolated container. What else it says is for the resolver in the guest.
Outcome readNetworking(const Value& networking, SystemDocument* document) {
  constexpr Member kGuid = {u"", Kind::Guid};
  document->networkOf = textOf(networking, u"NetworkSharedContainerName");
  document->endpoints = textsOf(networking.find(u"NetworkAdapters"));
  const Value* name = networking.find(u"Namespace");
  if (name == nullptr || name->text.empty()) return {};
  document->networkNamespace = name->text;
  if (hasKind(*name, kGuid)) return {};
  return fail(kNotFound, u"$.Container.Networking.Namespace names no namespace.", name->text);
}

std::vector<std::u16string> pathsOf(const Value* layers) {
  std::vector<std::u16string> paths;
  if (layers == nullptr) return paths;
  for (const Value& layer : layers->items) paths.push_back(textOf(layer, u"Path"));
  return paths;
}

Outcome readContainer(const Value& container, SystemDocument* document) {
  document->processIsolated = true;
  if (const Value* guest = container.find(u"GuestOs"))
    document->hostName = textOf(*guest, u"HostName");
  document->memoryInMB = countOf(member(&container, u"Memory"), u"SizeInMB", 0);
  document->processors = countOf(member(&container, u"Processor"), u"Count", 2);
  if (const Value* storage = container.find(u"Storage")) {
    document->volume = textOf(*storage, u"Path");
    document->layers = pathsOf(storage->find(u"Layers"));
  }
  if (const Value* networking = container.find(u"Networking"))
    if (Outcome read = readNetworking(*networking, document); !read.ok()) return read;
  return checkTargets(container.find(u"MappedDirectories"), u"$.Container.MappedDirectories",
                      document);
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
  if (const Value* migration = machine.find(u"MigrationOptions"))
    document->destination = textOf(*migration, u"Origin") == u"Destination";
  document->linuxGuest = bootsLinux(machine.find(u"Chipset"));
  if (const Value* adapters = member(machine.find(u"Devices"), u"NetworkAdapters")) {
    for (std::size_t i = 0; i < adapters->items.size(); ++i)
      document->adapters.emplace_back(adapters->names[i],
                                      textOf(adapters->items[i], u"EndpointId"));
  }
  document->memoryInMB = countOf(member(topology, u"Memory"), u"SizeInMB", 1024);
  document->processors = countOf(member(topology, u"Processor"), u"Count", 2);
  return {};
}

Outcome readHosted(const Value& root, SystemDocument* document) {
  document->hostingSystemId = textOf(root, u"HostingSystemId");
  // What starts a guest of its own from firmware does not say which; the container in it does.
  const Value* hosted = root.find(u"HostedSystem");
  document->linuxGuest = member(hosted, u"OciSpecification") != nullptr;
  if (document->hostingSystemId.empty())
    return refuse(u"$.HostingSystemId", u" must not be empty.");
  return checkTargets(member(member(hosted, u"Container"), u"MappedDirectories"),
                      u"$.HostedSystem.Container.MappedDirectories", document);
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
  if (spoken().strict && document->name != id)
    return refuse(u"$.Name", u" must be the id of the system.");
  document->terminateOnLastHandleClosed = flagOf(root, u"TerminateOnLastHandleClosed");
  document->hostName = textOf(root, u"HostName");
  document->ownMachine = flagOf(root, u"HvPartition");
  document->processIsolated = !document->ownMachine;
  document->linuxGuest = equalWithoutCase(textOf(root, u"ContainerType"), u"linux");
  document->memoryInMB = countOf(&root, u"MemoryMaximumInMB", 0);
  document->processors = countOf(&root, u"ProcessorCount", 2);
  document->networkOf = textOf(root, u"NetworkSharedContainerName");
  document->endpoints = textsOf(root.find(u"EndpointList"));
  document->volume = textOf(root, u"VolumePath");
  document->layers = pathsOf(root.find(u"Layers"));
  return checkTargets(root.find(u"MappedDirectories"), u"$.MappedDirectories", document);
}

}  // namespace

MappedTarget checkTarget(const Value& directory, const std::u16string& path) {
  const std::u16string target = textOf(directory, u"ContainerPath");
  if (isDrive(target) && target.size() == 2) return {};
  const bool folder = isDrive(target) && target.size() > 3 && target.find(u'/') == target.npos;
  const bool bare = isDrive(target) && (target.size() == 3 || target.substr(2) == u"\\.");
  if (bare || target.find(u'/') != target.npos || (!target.empty() && target.back() == u'\\'))
    return {fail(kInvalidArgument, path + u".ContainerPath is a form that hosts refuse.", target),
            false};
  return {{}, folder && (target[0] | 0x20) != u'c'};
}

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
  dropNulls(document);
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
