// The documents of HcsCreateComputeSystem, in both schemas.
#include "documents.h"
#include "shape.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;

// Schema 2. Members below the root that are not named here are accepted: the real tables are long
// and grow.
constexpr Member kVersionMembers[] = {{u"Major", Kind::Uint32, true}, {u"Minor", Kind::Uint32}};
constexpr Shape kVersion = closedShape(kVersionMembers);

constexpr Member kLayerMembers[] = {{u"Id", Kind::String, true}, {u"Path", Kind::String, true}};
constexpr Shape kLayer = openShape(kLayerMembers);
constexpr Member kQosMembers[] = {{u"IopsMaximum", Kind::Uint64},
                                  {u"BandwidthMaximum", Kind::Uint64}};
constexpr Shape kQos = openShape(kQosMembers);
constexpr Member kStorageMembers[] = {{u"Path", Kind::String, true},
                                      {u"Layers", Kind::Objects, true, &kLayer},
                                      {u"QoS", Kind::Object, false, &kQos}};
constexpr Shape kStorage = openShape(kStorageMembers);
constexpr Member kDirectoryMembers[] = {{u"HostPath", Kind::String, true},
                                        {u"HostPathType", Kind::String},
                                        {u"ContainerPath", Kind::String, true},
                                        {u"ReadOnly", Kind::Boolean}};
constexpr Shape kDirectory = openShape(kDirectoryMembers);
constexpr Member kPipeMembers[] = {{u"HostPath", Kind::String, true},
                                   {u"HostPathType", Kind::String},
                                   {u"ContainerPipeName", Kind::String, true}};
constexpr Shape kPipe = openShape(kPipeMembers);
constexpr Member kGuestOsMembers[] = {{u"HostName", Kind::String}};
constexpr Shape kGuestOs = openShape(kGuestOsMembers);
constexpr Member kMemoryMembers[] = {{u"SizeInMB", Kind::Uint64}};
constexpr Shape kMemory = openShape(kMemoryMembers);
constexpr Member kProcessorMembers[] = {
    {u"Count", Kind::Uint32}, {u"Weight", Kind::Signed}, {u"Maximum", Kind::Signed}};
constexpr Shape kProcessor = openShape(kProcessorMembers);
constexpr Member kNetworkingMembers[] = {{u"AllowUnqualifiedDnsQuery", Kind::Boolean},
                                         {u"DnsSearchList", Kind::String},
                                         {u"NetworkSharedContainerName", Kind::String},
                                         {u"Namespace", Kind::String},
                                         {u"NetworkAdapters", Kind::Strings}};
constexpr Shape kNetworking = openShape(kNetworkingMembers);
constexpr Member kContainerMembers[] = {{u"GuestOs", Kind::Object, false, &kGuestOs},
                                        {u"Storage", Kind::Object, true, &kStorage},
                                        {u"MappedDirectories", Kind::Objects, false, &kDirectory},
                                        {u"MappedPipes", Kind::Objects, false, &kPipe},
                                        {u"Memory", Kind::Object, false, &kMemory},
                                        {u"Processor", Kind::Object, false, &kProcessor},
                                        {u"Networking", Kind::Object, false, &kNetworking},
                                        {u"HvSocket", Kind::Object},
                                        {u"ContainerCredentialGuard", Kind::Object},
                                        {u"RegistryChanges", Kind::Object},
                                        {u"AssignedDevices", Kind::Array},
                                        {u"AdditionalDeviceNamespace", Kind::Object}};
constexpr Shape kContainer = openShape(kContainerMembers);

constexpr Member kVmProcessorMembers[] = {
    {u"Count", Kind::Uint32}, {u"Limit", Kind::Uint64}, {u"Weight", Kind::Uint64}};
constexpr Shape kVmProcessor = openShape(kVmProcessorMembers);
constexpr Member kTopologyMembers[] = {{u"Memory", Kind::Object, false, &kMemory},
                                       {u"Processor", Kind::Object, false, &kVmProcessor}};
constexpr Shape kTopology = openShape(kTopologyMembers);
constexpr Member kChipsetMembers[] = {{u"Uefi", Kind::Object},
                                      {u"LinuxKernelDirect", Kind::Object}};
constexpr Shape kChipset = openShape(kChipsetMembers);
constexpr Member kRestoreMembers[] = {{u"SaveStateFilePath", Kind::String},
                                      {u"TemplateSystemId", Kind::String}};
constexpr Shape kRestore = openShape(kRestoreMembers);
constexpr Member kGuestStateMembers[] = {{u"GuestStateFilePath", Kind::String},
                                         {u"RuntimeStateFilePath", Kind::String},
                                         {u"ForceTransientState", Kind::Boolean}};
constexpr Shape kGuestState = openShape(kGuestStateMembers);
constexpr Member kConnectionMembers[] = {{u"UseVsock", Kind::Boolean},
                                         {u"UseConnectedSuspend", Kind::Boolean},
                                         {u"UseHostTimeZone", Kind::Boolean}};
constexpr Shape kConnection = openShape(kConnectionMembers);
constexpr Member kMachineMembers[] = {{u"StopOnReset", Kind::Boolean},
                                      {u"Chipset", Kind::Object, false, &kChipset},
                                      {u"ComputeTopology", Kind::Object, false, &kTopology},
                                      {u"Devices", Kind::Object},
                                      {u"GuestState", Kind::Object, false, &kGuestState},
                                      {u"RestoreState", Kind::Object, false, &kRestore},
                                      {u"RegistryChanges", Kind::Object},
                                      {u"GuestConnection", Kind::Object, false, &kConnection}};
constexpr Shape kMachine = openShape(kMachineMembers);

constexpr Member kRootMembers[] = {{u"Owner", Kind::String},
                                   {u"SchemaVersion", Kind::Object, true, &kVersion},
                                   {u"HostingSystemId", Kind::String},
                                   {u"HostedSystem", Kind::Object},
                                   {u"Container", Kind::Object, false, &kContainer},
                                   {u"VirtualMachine", Kind::Object, false, &kMachine},
                                   {u"ShouldTerminateOnLastHandleClosed", Kind::Boolean}};
constexpr Shape kRoot = closedShape(kRootMembers);

// Schema 1: hcsshim's members and the older ones that only the .NET client knows.
constexpr Member kOldLayerMembers[] = {
    {u"ID", Kind::String}, {u"Id", Kind::String}, {u"Path", Kind::String, true}};
constexpr Shape kOldLayer = openShape(kOldLayerMembers);
constexpr Member kOldRuntimeMembers[] = {{u"ImagePath", Kind::String}};
constexpr Shape kOldRuntime = openShape(kOldRuntimeMembers);
constexpr Member kOldRootMembers[] = {{u"SystemType", Kind::String, true},
                                      {u"Name", Kind::String},
                                      {u"Owner", Kind::String},
                                      {u"VolumePath", Kind::String},
                                      {u"IgnoreFlushesDuringBoot", Kind::Boolean},
                                      {u"LayerFolderPath", Kind::String},
                                      {u"Layers", Kind::Objects, false, &kOldLayer},
                                      {u"Credentials", Kind::String},
                                      {u"ProcessorCount", Kind::Uint32},
                                      {u"ProcessorWeight", Kind::Uint64},
                                      {u"ProcessorMaximum", Kind::Signed},
                                      {u"StorageIOPSMaximum", Kind::Uint64},
                                      {u"StorageBandwidthMaximum", Kind::Uint64},
                                      {u"StorageSandboxSize", Kind::Uint64},
                                      {u"MemoryMaximumInMB", Kind::Signed},
                                      {u"HostName", Kind::String},
                                      {u"MappedDirectories", Kind::Objects, false, &kDirectory},
                                      {u"MappedPipes", Kind::Objects, false, &kPipe},
                                      {u"HvPartition", Kind::Boolean},
                                      {u"NetworkSharedContainerName", Kind::String},
                                      {u"EndpointList", Kind::Strings},
                                      {u"HvRuntime", Kind::Object, false, &kOldRuntime},
                                      {u"Servicing", Kind::Boolean},
                                      {u"AllowUnqualifiedDNSQuery", Kind::Boolean},
                                      {u"DNSSearchList", Kind::String},
                                      {u"ContainerType", Kind::String},
                                      {u"TerminateOnLastHandleClosed", Kind::Boolean},
                                      {u"MappedVirtualDisks", Kind::Array},
                                      {u"AssignedDevices", Kind::Array},
                                      {u"IsDummy", Kind::Boolean},
                                      {u"SandboxPath", Kind::String},
                                      {u"Devices", Kind::Strings},
                                      {u"NetworkEndpoints", Kind::Array}};
constexpr Shape kOldRoot = closedShape(kOldRootMembers);

constexpr std::uint64_t kSchemaMinor = 5;  // the highest 2.x this host answers for

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

Outcome refuse(std::u16string_view path, std::u16string_view why) {
  return fail(Condition::InvalidJson, std::u16string(path).append(why), std::u16string(path));
}

Outcome checkVersion(const Value& version) {
  const std::uint64_t major = countOf(&version, u"Major", 0);
  const std::uint64_t minor = countOf(&version, u"Minor", 0);
  if (major == 2 && minor <= kSchemaMinor) return {};
  return refuse(u"$.SchemaVersion", u" " + json::decimalText(major) + u"." +
                                        json::decimalText(minor) +
                                        u" is not supported; this host knows 1.0 and 2.0 to 2.5.");
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
  return checkStorage(*container.find(u"Storage"));
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
  return refuse(u"$.HostingSystemId", u" is required with HostedSystem.");
}

Outcome readSchema2(const Value& root, SystemDocument* document) {
  if (auto problem = check(root, kRoot))
    return fail(Condition::InvalidJson, problem->text, problem->path);
  if (Outcome version = checkVersion(*root.find(u"SchemaVersion")); !version.ok()) return version;
  const Value* container = root.find(u"Container");
  const Value* machine = root.find(u"VirtualMachine");
  const Value* hosted = root.find(u"HostedSystem");
  const int kinds = (container != nullptr) + (machine != nullptr) + (hosted != nullptr);
  if (kinds != 1)
    return refuse(u"$", u" must have exactly one of Container, VirtualMachine, HostedSystem.");
  if (hosted == nullptr && root.find(u"HostingSystemId") != nullptr)
    return refuse(u"$.HostingSystemId", u" is only allowed with HostedSystem.");
  document->schema = 2;
  document->owner = textOf(root, u"Owner");
  document->terminateOnLastHandleClosed = flagOf(root, u"ShouldTerminateOnLastHandleClosed");
  if (container != nullptr) return readContainer(*container, document);
  return machine != nullptr ? readMachine(*machine, document) : readHosted(root, document);
}

Outcome checkOldLayers(const Value& layers) {
  for (std::size_t i = 0; i < layers.items.size(); ++i) {
    const Value& layer = layers.items[i];
    if (layer.find(u"ID") != nullptr || layer.find(u"Id") != nullptr) continue;
    return refuse(u"$.Layers[" + json::decimalText(i) + u"].ID", u" is required.");
  }
  return {};
}

Outcome readSchema1(std::u16string_view id, const Value& root, SystemDocument* document) {
  if (auto problem = check(root, kOldRoot))
    return fail(Condition::InvalidJson, problem->text, problem->path);
  if (!equalWithoutCase(root.find(u"SystemType")->text, u"Container"))
    return refuse(u"$.SystemType", u" must be \"Container\".");
  document->schema = 1;
  document->owner = textOf(root, u"Owner");
  document->name = textOf(root, u"Name");
  if (root.find(u"Name") != nullptr && document->name != id)
    return refuse(u"$.Name", u" must be the id of the system.");
  document->terminateOnLastHandleClosed = flagOf(root, u"TerminateOnLastHandleClosed");
  document->hostName = textOf(root, u"HostName");
  document->ownMachine = flagOf(root, u"HvPartition");
  document->processIsolated = !document->ownMachine;
  document->linuxGuest = equalWithoutCase(textOf(root, u"ContainerType"), u"linux");
  document->memoryInMB = countOf(&root, u"MemoryMaximumInMB", 0);
  document->processors = countOf(&root, u"ProcessorCount", 2);
  if (const Value* endpoints = root.find(u"EndpointList"))
    for (const Value& endpoint : endpoints->items) document->endpoints.push_back(endpoint.text);
  const Value* layers = root.find(u"Layers");
  return layers != nullptr ? checkOldLayers(*layers) : Outcome();
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
