// Saving virtual machines, and systems that go on from what was saved.
#include "../support/simulator-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kFileNotFound = 0x80070002;

// Created and started at the same virtual time, so that times can be compared.
HcsSystem* paused(const std::u16string& id, const std::u16string& document) {
  HcsSystem* system = running(id, document);
  CHECK(call(HcsPauseComputeSystem, system, u"") == kPending);
  return system;
}

std::u16string restoring(const std::u16string& members) {
  return machine(u",\"GuestConnection\":{},\"RestoreState\":{" + members + u"}");
}

std::u16string fromFile(const std::u16string& path) {
  return restoring(u"\"SaveStateFilePath\":\"" + path + u"\"");
}

bool has(HcsSystem* system, const std::u16string& piece) {
  const char16_t* query = u"{\"PropertyTypes\":[\"Statistics\",\"Memory\"]}";
  const bool found =
      CHECK(ask(HcsGetComputeSystemProperties, system, query) == kOk) && contains(payload, piece);
  if (!found) show("properties", payload);
  return found;
}

void toFile() {
  reset();
  control(u"{\"Configure\":{\"Clock\":\"virtual\"}}");
  CHECK(refusal(u"b", fromFile(u"a.vmrs")) == kFileNotFound && contains(result, u"\"a.vmrs\""));
  CHECK(contains(result, u"SaveStateFilePath must be the path of a saved state"));
  HcsSystem* first = running(u"a", machine());
  CHECK(call(HcsModifyComputeSystem, first,
             u"{\"ResourcePath\":\"VirtualMachine/ComputeTopology/Memory/SizeInMB\","
             u"\"RequestType\":\"Update\",\"Settings\":512}") == kOk);
  control(u"{\"Advance\":{\"Ms\":1000}}");
  CHECK(call(HcsSaveComputeSystem, first, u"{\"SaveStateFilePath\":\"a.vmrs\"}") == kInvalidState);
  CHECK(call(HcsPauseComputeSystem, first, u"") == kPending);
  CHECK(refusal(u"b", fromFile(u"a.vmrs")) == kFileNotFound);
  CHECK(call(HcsSaveComputeSystem, first,
             u"{\"SaveType\":\"ToFile\",\"SaveStateFilePath\":"
             u"\"a.vmrs\"}") == kPending);
  CHECK(stateOf(first) == u"Paused");
  call(HcsTerminateComputeSystem, first, u"");

  // It starts where the other stopped: the memory as it was last, and the time it had run.
  control(u"{\"Advance\":{\"Ms\":5000}}");
  HcsSystem* second = create(u"b", fromFile(u"a.vmrs"));
  CHECK(stateOf(second) == u"Created" && has(second, u"\"AssignedMemory\":131072"));
  CHECK(has(second, u"\"Uptime100ns\":0,"));
  CHECK(call(HcsStartComputeSystem, second, u"") == kPending && stateOf(second) == u"Running");
  control(u"{\"Advance\":{\"Ms\":500}}");
  CHECK(has(second, u"\"Uptime100ns\":15000000,"));

  // What was saved stays, until something else is; a restored system can be saved in its turn.
  call(HcsPauseComputeSystem, second, u"");
  CHECK(call(HcsSaveComputeSystem, second, u"{\"SaveStateFilePath\":\"a.vmrs\"}") == kPending);
  HcsSystem* third = running(u"c", fromFile(u"a.vmrs"));
  CHECK(has(third, u"\"Uptime100ns\":15000000,"));
  reset();
  CHECK(refusal(u"b", fromFile(u"a.vmrs")) == kFileNotFound);
}

// A save that names no file goes to that of the document, if it has one.
void runtimeState() {
  reset();
  const std::u16string linux =
      u",\"GuestConnection\":{},\"Chipset\":{\"LinuxKernelDirect\":{}},\"GuestState\":"
      u"{\"RuntimeStateFilePath\":\"r.vmrs\"}";
  CHECK(call(HcsSaveComputeSystem, paused(u"a", machine(linux)), u"") == kPending);
  HcsSystem* restored = create(u"b", fromFile(u"r.vmrs"));
  CHECK(has(restored, u"\"RuntimeOsType\":\"Linux\""));
  CHECK(call(HcsSaveComputeSystem, paused(u"c", machine()), u"") == kPending);
  CHECK(refusal(u"d", fromFile(u"c.vmrs")) == kFileNotFound);
}

// A save that fails has written nothing.
void failing() {
  reset();
  control(
      u"{\"Inject\":{\"Function\":\"HcsSaveComputeSystem\",\"CompletionStatus\":"
      u"\"0x80070070\"}}");
  HcsSystem* system = paused(u"a", machine());
  CHECK(call(HcsSaveComputeSystem, system, u"{\"SaveStateFilePath\":\"f\"}") == kPending);
  CHECK(stateOf(system) == u"Paused" && refusal(u"b", fromFile(u"f")) == kFileNotFound);
  control(u"{\"Configure\":{\"Strict\":true}}");
  CHECK(call(HcsSaveComputeSystem, system, u"{\"SaveType\":\"ToDisk\"}") == kInvalidJson);
}

// A template is never resumed: it is cloned, as long as it lives.
void templates() {
  reset();
  control(u"{\"Configure\":{\"Clock\":\"virtual\"}}");
  const std::u16string clone = restoring(u"\"TemplateSystemId\":\"t\"");
  CHECK(refusal(u"a", clone) == kSystemNotFound);
  HcsSystem* system = paused(u"t", machine());
  CHECK(refusal(u"a", clone) == kInvalidState && contains(result, u"TemplateSystemId"));
  control(u"{\"Advance\":{\"Ms\":100}}");
  CHECK(call(HcsSaveComputeSystem, system,
             u"{\"SaveType\":\"AsTemplate\",\"SaveStateFilePath\":\"t.vmrs\"}") == kPending);
  CHECK(stateOf(system) == u"SavedAsTemplate");
  CHECK(call(HcsResumeComputeSystem, system, u"") == kInvalidState);
  CHECK(refusal(u"a", fromFile(u"t.vmrs")) == kFileNotFound);
  HcsSystem* first = running(u"a", clone);
  HcsSystem* second = running(u"b", clone);
  CHECK(has(first, u"\"RuntimeTemplateId\":\"t\"") && has(second, u"\"Uptime100ns\":1000000,"));
  call(HcsTerminateComputeSystem, system, u"");
  CHECK(refusal(u"c", clone) == kSystemNotFound && stateOf(first) == u"Running");
}

}  // namespace

int main() {
  toFile();
  runtimeState();
  failing();
  templates();
  return summary();
}
