// Documents of systems, queries, and the service. Arguments are files of documents that must be
// accepted, for an id c1.
#include <fstream>
#include <iterator>

#include "../support/simulator-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

HResult tryCreate(const std::u16string& document) {
  HcsSystem* system = nullptr;
  const HResult status =
      call(HcsCreateComputeSystem, u"c1", document.c_str(), static_cast<void*>(nullptr), &system);
  if (status == kPending) {
    const std::u16string kept = result;
    call(HcsTerminateComputeSystem, system, u"");
    HcsCloseComputeSystem(system);
    result = kept;
  }
  return status;
}

std::u16string replace(std::u16string text, const std::u16string& from, const std::u16string& to) {
  const std::size_t at = text.find(from);
  if (CHECK(at != std::u16string::npos)) text.replace(at, from.size(), to);
  return text;
}

void accepted(const std::u16string& document) {
  if (!CHECK(tryCreate(document) == kPending)) show("result", result);
}

void refused(const std::u16string& document, const std::u16string& named) {
  CHECK(tryCreate(document) == kInvalidJson);
  if (!CHECK(contains(result, u"\"Message\":\"" + named))) show("result", result);
  CHECK(contains(result, u"{\"Error\":-1070137075,\"ErrorMessage\":") &&
        contains(result, u"\"EventId\":11000,\"Flags\":0,\"Data\":[{\"Type\":\"String\""));
}

// A host that refuses what it does not know.
void resetStrict() {
  reset();
  control(u"{\"Configure\":{\"Strict\":true}}");
}

void schema2() {
  resetStrict();
  const std::u16string good = container(u",\"ShouldTerminateOnLastHandleClosed\":true");
  accepted(good);
  accepted(machine());
  accepted(replace(good, u"\"Minor\":1", u"\"Minor\":5"));
  accepted(
      replace(good, u"\"Path\":\"C:\\\\scratch\"", u"\"Path\":\"\\\\\\\\?\\\\Volume{1}\\\\\""));
  refused(u"{\"a\":", u"Not valid JSON at offset 5");
  refused(u"{} ", u"$.SchemaVersion is required");
  refused(u"[]", u"$ must be an object");
  refused(replace(good, u"\"Minor\":1", u"\"Minor\":6"), u"$.SchemaVersion 2.6");
  refused(replace(good, u"\"Major\":2", u"\"Major\":3"), u"$.SchemaVersion 3.1");
  refused(replace(good, u"\"Major\":2", u"\"Major\":\"2\""), u"$.SchemaVersion.Major must be");
  refused(replace(good, u"\"Owner\":\"test\"", u"\"Owner\":1"), u"$.Owner must be a string");
  refused(replace(good, u"\"Owner\"", u"\"owner\""), u"$.owner is not a known member");
  refused(replace(good, u"true", u"1"), u"$.ShouldTerminateOnLastHandleClosed must be");
  refused(replace(good, u"\"Container\"",
                  u"\"VirtualMachine\":{\"Chipset\":{\"Uefi\":{}}},\"Container\""),
          u"$ must have exactly one");
  refused(u"{\"SchemaVersion\":{\"Major\":2}}", u"$ must have exactly one");
  refused(replace(good, u"\"Container\"", u"\"HostingSystemId\":\"x\",\"Container\""),
          u"$ must have all or none of HostedSystem, HostingSystemId");
  refused(u"{\"SchemaVersion\":{\"Major\":2},\"HostedSystem\":{}}",
          u"$ must have all or none of HostedSystem, HostingSystemId");
  refused(replace(good, u"\"Storage\"", u"\"Storag\""),
          u"$.Container.Storag is not a known member");
  accepted(u"{\"SchemaVersion\":{\"Major\":2},\"Container\":{}}");
  refused(replace(good, u"\"Path\":\"C:\\\\scratch\"", u"\"Path\":7"),
          u"$.Container.Storage.Path must be a string");
  const auto with = [&](const std::u16string& member) {
    return replace(good, u"\"Storage\"", member + u",\"Storage\"");
  };
  accepted(with(u"\"Memory\":{\"SizeInMB\":512},\"Processor\":{\"Maximum\":10000}"));
  refused(with(u"\"Processor\":{\"Maximum\":10001}"),
          u"$.Container.Processor.Maximum must be from");
  refused(with(u"\"Processor\":{\"Count\":2,\"Weight\":1}"),
          u"$.Container.Processor must have at most one");
  refused(with(u"\"Memoryy\":{}"), u"$.Container.Memoryy is not a known member");
  refused(
      with(u"\"MappedPipes\":[{\"HostPathType\":\"Absolute\"}]"),
      u"$.Container.MappedPipes[0].HostPathType must be one of AbsolutePath, VirtualSmbPipeName");
  refused(with(u"\"Memory\":{\"SizeInMB\":1.5}"),
          u"$.Container.Memory.SizeInMB must be an integer");
  refused(with(u"\"Processor\":{\"Count\":-1}"), u"$.Container.Processor.Count must be");
  refused(with(u"\"MappedDirectories\":{}"), u"$.Container.MappedDirectories must be an array");
  refused(with(u"\"MappedPipes\":[1]"), u"$.Container.MappedPipes[0] must be an object");
}

// A host skips what it does not know, but for a known name in other letters; null is absent.
void skipped() {
  reset();
  const std::u16string good = container();
  const auto with = [&](const std::u16string& member) {
    return replace(good, u"\"Storage\"", member + u",\"Storage\"");
  };
  accepted(with(u"\"Memoryy\":{}"));
  accepted(with(u"\"MappedPipes\":[{\"HostPathType\":\"Absolute\"}]"));
  accepted(with(u"\"MappedPipes\":null,\"Memory\":null,\"Processor\":{\"Count\":null}"));
  accepted(replace(good, u"\"Container\"", u"\"VirtualMachine\":null,\"Container\""));
  refused(replace(good, u"\"Owner\"", u"\"owner\""), u"$.owner is not a known member");
  refused(replace(good, u"\"Storage\"", u"\"storage\""), u"$.Container.storage is not a known");
  refused(with(u"\"MappedPipes\":[null]"), u"$.Container.MappedPipes[0] must be an object");
  const auto machineWith = [](const std::u16string& members) {
    return u"{\"SchemaVersion\":{\"Major\":2},\"VirtualMachine\":{\"Chipset\":{\"Uefi\":{"
           u"\"Console\":3}},"
           u"\"ComputeTopology\":{\"Memory\":{\"SizeInMB\":1024" +
           members + u"},\"Processor\":{\"Count\":2}}}}";
  };
  accepted(machineWith(u",\"HostingProcessNameSuffix\":\"a\",\"Newest\":1"));
  const std::u16string state = control(u"{\"State\":{}}");
  CHECK(contains(state, u"\"member \\\"$.Container.Memoryy\\\"\""));
  CHECK(contains(state, u"\"word \\\"$.Container.MappedPipes[0].HostPathType: Absolute\\\"\""));
  reset();
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Skipped\":[]"));
}

// Where a container of Windows has a mapped directory.
void targets() {
  reset();
  const auto mapped = [](const std::u16string& target) {
    return replace(container(), u"\"Storage\"",
                   u"\"MappedDirectories\":[{\"HostPath\":\"C:\\\\a\",\"ContainerPath\":\"" +
                       target + u"\"}],\"Storage\"");
  };
  for (const char16_t* good : {u"C:\\\\a", u"D:", u"d:"}) accepted(mapped(good));
  for (const char16_t* bad : {u"d:\\\\", u"E:.", u"c:/x", u"/x", u"C:\\\\a\\\\"})
    CHECK(tryCreate(mapped(bad)) == kBadArgument);
  HcsSystem* system = nullptr;
  CHECK(call(HcsCreateComputeSystem, u"c2", mapped(u"D:\\\\build").c_str(),
             static_cast<void*>(nullptr), &system) == kPending);
  control(u"{\"Configure\":{\"Completion\":\"now\"}}");
  CHECK(call(HcsStartComputeSystem, system, u"") == 0xC0370106);
  HcsCloseComputeSystem(system);
}

// It can be an older host, or a newer one.
void versions() {
  reset();
  const std::u16string good = container();
  const auto stated = [&](const std::u16string& minor) {
    return replace(good, u"\"Minor\":1", u"\"Minor\":" + minor);
  };
  const auto plays = [](const std::u16string& version) {
    control(u"{\"Configure\":{\"Strict\":true,\"SchemaVersion\":\"" + version + u"\"}}");
  };
  plays(u"2.11");
  accepted(stated(u"11"));
  refused(stated(u"12"),
          u"$.SchemaVersion 2.12 is not supported; this host knows 1.0 and 2.0 to 2.11");
  plays(u"2.0");
  refused(good, u"$.SchemaVersion 2.1");
  refused(replace(stated(u"0"), u"\"Storage\"", u"\"AssignedDevices\":[],\"Storage\""),
          u"$.Container.AssignedDevices is not a known member");
  plays(u"1.0");
  refused(stated(u"0"), u"$.SchemaVersion 2.0 is not supported; this host knows 1.0.");
  for (const char16_t* bad : {u"2", u"3.0", u"2.x", u"2.256"})
    control(std::u16string(u"{\"Configure\":{\"SchemaVersion\":\"") + bad + u"\"}}", false);
}

void schema1() {
  resetStrict();
  const std::u16string good =
      u"{\"SystemType\":\"Container\",\"Name\":\"c1\",\"Owner\":\"o\",\"HvPartition\":false,"
      u"\"VolumePath\":\"v\",\"Layers\":[{\"ID\":\"b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02\",\"Path\":"
      u"\"p\"}],\"EndpointList\":null}";
  accepted(good);
  accepted(replace(good, u"\"Container\"", u"\"container\""));
  accepted(replace(good, u"\"ID\"", u"\"Id\""));
  refused(replace(good, u"\"c1\"", u"\"c2\""), u"$.Name must be the id");
  refused(replace(good, u"\"VolumePath\"", u"\"Volumepath\""), u"$.Volumepath is not a known");
  refused(replace(good, u"false", u"\"no\""), u"$.HvPartition must be");
}

void properties() {
  resetStrict();
  HcsSystem* system = running(u"p", machine());
  const auto query = [&](const char16_t* text) {
    return ask(HcsGetComputeSystemProperties, system, text);
  };
  CHECK(query(nullptr) == kOk);
  const std::u16string basic = payload;
  CHECK(query(u"") == kOk && payload == basic && query(u"{}") == kOk && payload == basic);
  CHECK(contains(basic,
                 u"{\"Id\":\"p\",\"SystemType\":\"VirtualMachine\",\"RuntimeOsType\":"
                 u"\"Windows\",\"Name\":\"p\",\"Owner\":\"test\",\"RuntimeId\":\""));
  CHECK(contains(basic, u"\"State\":\"Running\"}"));
  CHECK(
      query(
          u"{\"PropertyTypes\":[\"Statistics\",\"Memory\",\"GuestConnection\",\"Statistics\"]}") ==
      kOk);
  CHECK(contains(payload, u"\"Uptime100ns\":") && contains(payload, u"\"AssignedMemory\":65536"));
  CHECK(contains(payload, u"\"GuestConnectionInfo\":{"));
  CHECK(query(u"{\"PropertyTypes\":[\"Statistic\"]}") == kInvalidJson &&
        contains(result, u"not Statistic"));
  CHECK(query(u"{\"PropertyTypes\":\"Memory\"}") == kInvalidJson && query(u"x") == kInvalidJson);
  CHECK(query(u"{\"Queries\":{\"Memory\":{},\"Odd\":{}}}") == kOk);
  CHECK(contains(payload, u"\"PropertyResponses\":{\"Memory\":{\"Response\":{\"Memory\":{") &&
        contains(payload, u"\"Odd\":{\"Error\":{\"Error\":-2147024846"));

  const auto modify = [&](const char16_t* text) {
    return call(HcsModifyComputeSystem, system, text);
  };
  CHECK(modify(u"{\"ResourcePath\":\"VirtualMachine/ComputeTopology/Memory/SizeInMB\","
               u"\"RequestType\":\"Update\",\"Settings\":512}") == kOk);
  CHECK(query(u"{\"PropertyTypes\":[\"Memory\"]}") == kOk &&
        contains(payload, u"\"AssignedMemory\":131072"));
  CHECK(modify(u"{\"RequestType\":\"Add\"}") == kInvalidJson &&
        contains(result, u"$ must have one of ResourcePath, GuestRequest"));
  CHECK(modify(u"{\"ResourcePath\":\"VirtualMachine/ComputeTopology/Memory/SizeInMB\","
               u"\"Settings\":256}") == kOk);
  CHECK(query(u"{\"PropertyTypes\":[\"Memory\"]}") == kOk &&
        contains(payload, u"\"AssignedMemory\":65536"));
  CHECK(modify(u"{\"GuestRequest\":{\"RequestType\":\"Add\"}}") == kInvalidJson &&
        contains(result, u"$.GuestRequest.ResourceType is required"));
  CHECK(modify(u"{\"GuestRequest\":{\"ResourceType\":\"NetworkNamespace\"}}") == kOk);
  CHECK(
      modify(
          u"{\"GuestRequest\":{\"ResourceType\":\"MappedDirectory\",\"Settings\":{\"Odd\":1}}}") ==
          kInvalidJson &&
      contains(result, u"$.GuestRequest.Settings.Odd is not a known member"));
  const std::u16string attach =
      u"{\"ResourcePath\":\"VirtualMachine/Devices/Scsi/0/Attachments/1\",";
  CHECK(modify((attach + u"\"RequestType\":\"Add\"}").c_str()) == kInvalidJson &&
        contains(result, u"$.Settings is required"));
  CHECK(modify((attach + u"\"RequestType\":\"Remove\"}").c_str()) == kOk);
  CHECK(modify((attach + u"\"Settings\":{\"Type\":\"Disk\"}}").c_str()) == kInvalidJson &&
        contains(result, u"$.Settings.Type must be one of VirtualDisk, Iso, PassThru"));
  CHECK(modify(u"{\"ResourcePath\":\"VirtualMachine/Devices/MappedPipes/\\\\\\\\.\\\\pipe\\\\a/"
               u"b\",\"Settings\":1}") == kInvalidJson);
  CHECK(modify(u"{\"ResourcePath\":\"VirtualMachine/Unheard/Of\",\"Settings\":1}") ==
            kInvalidJson &&
        contains(result, u"$.ResourcePath is not a known resource"));
  control(u"{\"Configure\":{\"Strict\":false}}");
  CHECK(modify(u"{\"ResourcePath\":\"VirtualMachine/Unheard/Of\",\"Settings\":1}") == kOk);
  CHECK(modify(u"{\"ResourcePath\":\"VirtualMachine/Devices/VirtualSmb/Shares/1\"}") ==
        kBadArgument);
  CHECK(modify(u"{\"ResourcePath\":\"VirtualMachine/ComputeTopology/Memory/SizeInMB\","
               u"\"Settings\":257}") == kInvalidJson);
  CHECK(query(u"{\"PropertyTypes\":[\"Basic\"]}") == kOk && contains(payload, u"\"Id\":\"p\""));
  control(u"{\"Configure\":{\"Strict\":true}}");
  CHECK(modify(u"{\"ResourceType\":\"Network\",\"RequestType\":\"Odd\"}") == kInvalidJson &&
        contains(result, u"$.RequestType must be"));
  CHECK(modify(u"{\"ResourceType\":\"Network\",\"RequestType\":\"Add\",\"Settings\":{}}") == kOk);
}

// Counters move with time; the network is notified of to clients of schema 1.
void statistics() {
  reset();
  control(u"{\"Configure\":{\"Clock\":\"virtual\",\"UnknownNetworks\":true}}");
  HcsSystem* old = running(u"old", container1(u"old", u",\"EndpointList\":[\"e1\",\"e2\"]"));
  HcsSystem* young = running(u"young");
  const auto ask = [](HcsSystem* system) {
    const char16_t* query = u"{\"PropertyTypes\":[\"Statistics\"]}";
    CHECK(test::ask(HcsGetComputeSystemProperties, system, query) == kOk);
    return payload;
  };
  CHECK(contains(ask(old), u"\"Network\":[{\"EndpointId\":\"e1\",\"BytesReceived\":0,"));
  control(u"{\"Advance\":{\"Ms\":4000}}");
  CHECK(contains(ask(old),
                 u"{\"EndpointId\":\"e2\",\"BytesReceived\":1400000,\"BytesSent\":342600,"
                 u"\"PacketsReceived\":1000,\"PacketsSent\":571,"
                 u"\"DroppedPacketsIncoming\":4,\"DroppedPacketsOutgoing\":3}]"));
  CHECK(contains(payload, u"\"Uptime100ns\":40000000,"));
  CHECK(contains(ask(young), u"\"Uptime100ns\":40000000,") && !contains(payload, u"Network"));
}

void enumerate() {
  reset();
  create(u"a");
  create(u"b", machine());
  create(u"c", container1(u"c", u",\"Owner\":\"Other\""));
  const auto listed = [](const char16_t* query) {
    CHECK(ask(HcsEnumerateComputeSystems, query) == kOk);
    std::u16string ids;
    for (std::size_t at = 0; (at = payload.find(u"\"Id\":\"", at)) != std::u16string::npos; at += 6)
      ids.push_back(payload[at + 6]);
    return ids;
  };
  CHECK(listed(nullptr) == u"abc" && listed(u"") == u"abc" && listed(u"{}") == u"abc");
  CHECK(listed(u"{\"Ids\":[\"c\",\"a\",\"c\",\"x\"]}") == u"ac");
  CHECK(listed(u"{\"Ids\":[\"A\"]}") == u"" && payload == u"[]");
  CHECK(listed(u"{\"Types\":[\"VirtualMachine\"]}") == u"b");
  CHECK(listed(u"{\"Owners\":[\"other\",\"TEST\"],\"Types\":[\"Container\"]}") == u"ac");
  CHECK(listed(u"{\"Names\":[\"b\"],\"Ids\":[\"a\",\"b\"]}") == u"b");
  CHECK(listed(u"{\"Id\":[]}") == u"abc");
  control(u"{\"Configure\":{\"Strict\":true}}");
  CHECK(ask(HcsEnumerateComputeSystems, u"{\"Id\":[]}") == kInvalidJson);
  CHECK(ask(HcsEnumerateComputeSystems, u"{\"Ids\":[1]}") == kInvalidJson);
}

void service() {
  reset();
  const auto query = [](const char16_t* text) { return ask(HcsGetServiceProperties, text); };
  CHECK(query(u"") == kOk);
  CHECK(payload ==
        u"{\"Properties\":[{\"SupportedSchemaVersions\":[{\"Major\":1,\"Minor\":0},"
        u"{\"Major\":2,\"Minor\":5}]}]}");
  CHECK(query(u"{\"PropertyTypes\":[\"QoSCapabilities\",\"ProcessorTopology\"]}") == kOk);
  CHECK(contains(payload,
                 u"{\"Properties\":[{\"ProcessorQoSSupported\":true},"
                 u"{\"LogicalProcessorCount\":8,"));
  CHECK(query(u"{\"PropertyTypes\":[\"Odd\"]}") == kInvalidJson && contains(result, u"Odd"));
  CHECK(query(u"{\"PropertyQueries\":{\"Basic\":{}}}") == kOk &&
        contains(payload, u"{\"PropertyResponses\":{\"Basic\":{\"Response\":{"));

  const auto change = [](const std::u16string& type, const std::u16string& operation,
                         const std::u16string& details) {
    const std::u16string text = u"{\"PropertyType\":\"" + type +
                                u"\",\"Settings\":{\"Operation\":\"" + operation +
                                u"\",\"OperationDetails\":" + details + u"}}";
    return call(HcsModifyServiceSettings, text.c_str());
  };
  const std::u16string group =
      u"{\"GroupId\":\"g\",\"LogicalProcessorCount\":2,\"LogicalProcessors\":[0,1]}";
  CHECK(change(u"CpuGroup", u"CreateGroup", group) == kOk);
  CHECK(change(u"CpuGroup", u"CreateGroup", group) == kBadArgument);
  CHECK(change(u"CpuGroup", u"SetProperty",
               u"{\"GroupId\":\"g\",\"PropertyCode\":65536,\"PropertyValue\":50}") == kOk);
  CHECK(change(u"CpuGroup", u"SetProperty",
               u"{\"GroupId\":\"x\",\"PropertyCode\":65536,\"PropertyValue\":50}") == 0xC035006F);
  CHECK(query(u"{\"PropertyTypes\":[\"CpuGroup\"]}") == kOk);
  CHECK(payload ==
        u"{\"Properties\":[{\"CpuGroups\":[{\"GroupId\":\"g\",\"Affinity\":{"
        u"\"LogicalProcessorCount\":2,\"LogicalProcessors\":[0,1]},\"GroupProperties\":[{"
        u"\"PropertyCode\":65536,\"PropertyValue\":50}],\"HypervisorGroupId\":1}]}]}");
  CHECK(change(u"CpuGroup", u"DeleteGroup", u"{\"GroupId\":\"g\"}") == kOk);
  CHECK(change(u"CpuGroup", u"DeleteGroup", u"{\"GroupId\":\"g\"}") == 0xC035006F);
  const std::u16string guard = u"{\"Id\":\"i\",\"CredentialSpec\":\"{}\",\"Transport\":\"LRPC\"}";
  CHECK(change(u"ContainerCredentialGuard", u"AddInstance", guard) == kOk);
  CHECK(query(u"{\"PropertyTypes\":[\"ContainerCredentialGuard\"]}") == kOk &&
        contains(payload, u"{\"Instances\":[{\"Id\":\"i\","));
  CHECK(change(u"ContainerCredentialGuard", u"RemoveInstance", u"{\"Id\":\"i\"}") == kOk);
  CHECK(change(u"ContainerCredentialGuard", u"RemoveInstance", u"{\"Id\":\"i\"}") == 0x80070490);
  CHECK(change(u"CpuGroup", u"Explode", u"{}") == kInvalidJson);
  CHECK(change(u"Memory", u"CreateGroup", u"{}") == kInvalidJson);
  CHECK(change(u"CpuGroup", u"CreateGroup", u"{\"GroupId\":1}") == kInvalidJson);
}

// Documents cut short and bent in every place are refused or accepted, and never crash.
void garbage() {
  reset();
  const std::u16string good = container();
  for (std::size_t i = 0; i < good.size(); ++i) {
    CHECK(tryCreate(good.substr(0, i)) == kInvalidJson);
    std::u16string bent = good;
    bent[i] = static_cast<char16_t>(bent[i] ^ 0xD800);
    const HResult status = tryCreate(bent);
    CHECK(status == kInvalidJson || status == kPending);
  }
}

void files(int count, char** names) {
  reset();
  for (int i = 1; i < count; ++i) {
    std::ifstream file(names[i], std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const std::u16string text(bytes.begin(), bytes.end());  // ASCII
    if (!CHECK(!text.empty() && tryCreate(text) == kPending))
      std::fprintf(stderr, "%s\n", names[i]), show("result", result);
  }
}

}  // namespace

int main(int argc, char** argv) {
  schema2();
  skipped();
  targets();
  versions();
  schema1();
  properties();
  statistics();
  enumerate();
  service();
  garbage();
  files(argc, argv);
  return summary();
}
