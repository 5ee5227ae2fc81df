// The storage functions as a client of the C functions sees them: what their arguments may be, and
// calls that meet on one layer.
#include <thread>

#include "../support/layer-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr HResult kNoFile = 0x80070002;
constexpr HResult kNotReady = 0x80070015;
constexpr HResult kInUse = 0x80070020;
constexpr HResult kTooShort = 0x8007007A;

void arguments(const LayerFolder& folder) {
  reset();
  folder.base("base");
  const std::u16string base = folder.path("base");
  std::uint32_t exists = 7;
  CHECK(LayerExists(nullptr, base.c_str(), &exists) == kBadArgument && exists == 0);
  CHECK(LayerExists(&kDriver, nullptr, &exists) == kBadArgument);
  CHECK(LayerExists(&kDriver, u"", &exists) == kBadArgument);
  CHECK(LayerExists(&kDriver, u"base", &exists) == kBadArgument);  // from nowhere
  CHECK(LayerExists(&kDriver, base.c_str(), nullptr) == kBadArgument);
  CHECK(LayerExists(&kDriver, base.c_str(), &exists) == kOk && exists == 1);
  const DriverInformation noHome{kFilterDriver, nullptr};
  CHECK(LayerExists(&noHome, base.c_str(), &exists) == kBadArgument);
  // Older clients give the folder of all layers once, and each layer by its name.
  const std::u16string all = folder.path("");
  const DriverInformation home{kFilterDriver, all.c_str()};
  CHECK(LayerExists(&home, u"base", &exists) == kOk && exists == 1);
  CHECK(LayerExists(&home, u"none", &exists) == kOk && exists == 0);
  // Docker gives the bare name of a parent.
  CHECK(CreateLayer(&kDriver, folder.path("made").c_str(), u"base") == kOk);
  GuidData guid{};
  CHECK(NameToGuid(nullptr, &guid) == kBadArgument && NameToGuid(u"a", nullptr) == kBadArgument);
  CHECK(NameToGuid(u"a", &guid) == kOk && guid.data2 != 0 && (guid.data3 & 0xF000) == 0x5000);
  CHECK((guid.data4[0] & 0xC0) == 0x80);
  CHECK(GrantVmAccess(u"", base.c_str()) == kBadArgument);
  CHECK(GrantVmAccess(u"vm", base.c_str()) == kOk);
  CHECK(GrantVmAccess(u"vm", folder.path("none").c_str()) == kNoFile);
  CHECK(GrantVmAccess(u"vm", u"\\\\.\\PHYSICALDRIVE1") == kOk);
  CHECK(GrantVmAccess(u"", u"\\\\.\\PHYSICALDRIVE1") == kBadArgument);
  CHECK(GetBaseImages(nullptr) == kBadArgument);
  char16_t* images = nullptr;
  CHECK(GetBaseImages(&images) == kOk && take(images) == u"{\"Images\":[]}");
}

void mounting(const LayerFolder& folder) {
  reset();
  const std::u16string base = folder.path("base");
  const std::u16string scratch = folder.path("scratch");
  const LayerDescriptor parents[] = {descriptor(base)};
  CHECK(CreateSandboxLayer(&kDriver, scratch.c_str(), nullptr, parents, 1) == kOk);
  CHECK(mountPath(scratch).empty() && mountPath(base) == base);
  CHECK(PrepareLayer(&kDriver, scratch.c_str(), parents, 1) == kNotReady);
  // A read-only layer has no disk, whether or not it is active.
  CHECK(PrepareLayer(&kDriver, base.c_str(), parents, 1) == kNoFile);
  CHECK(contains(control(u"{\"State\":{}}"), u"CreateSandboxLayer"));
  CHECK(ActivateLayer(&kDriver, base.c_str()) == kOk);
  CHECK(PrepareLayer(&kDriver, base.c_str(), parents, 1) == kNoFile);
  CHECK(DeactivateLayer(&kDriver, base.c_str()) == kOk);
  CHECK(ActivateLayer(&kDriver, scratch.c_str()) == kOk);
  const std::u16string volume = mountPath(scratch);
  CHECK(contains(volume, u"\\\\?\\Volume{") && volume.size() == 48);
  std::u16string place(10, u'?');
  std::size_t length = place.size();
  CHECK(GetLayerMountPath(&kDriver, scratch.c_str(), &length, place.data()) == kTooShort);
  CHECK(place == std::u16string(10, u'?'));
  CHECK(GetLayerMountPath(&kDriver, scratch.c_str(), nullptr, nullptr) == kBadArgument);
  CHECK(PrepareLayer(&kDriver, scratch.c_str(), nullptr, 0) == kBadArgument);
  CHECK(PrepareLayer(&kDriver, scratch.c_str(), nullptr, 1) == kBadArgument);
  const LayerDescriptor none[] = {{{}, 0, nullptr}};
  CHECK(PrepareLayer(&kDriver, scratch.c_str(), none, 1) == kBadArgument);
  CHECK(PrepareLayer(&kDriver, scratch.c_str(), parents, 1) == kOk);
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Prepared\":true"));
  // However the path is written, it is the same layer.
  CHECK(ActivateLayer(&kDriver, folder.path("other/../scratch/").c_str()) == kInUse);
  CHECK(UnprepareLayer(&kDriver, scratch.c_str()) == kOk);
  CHECK(DeactivateLayer(&kDriver, scratch.c_str()) == kOk);
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Layers\":[]"));
  // Reset detaches what was left.
  CHECK(ActivateLayer(&kDriver, scratch.c_str()) == kOk);
  reset();
  CHECK(ActivateLayer(&kDriver, scratch.c_str()) == kOk);
  CHECK(DeactivateLayer(&kDriver, scratch.c_str()) == kOk);
  CHECK(DestroyLayer(&kDriver, scratch.c_str()) == kOk);
}

// Many threads at one layer: each step is taken by one of them at a time.
void together(const LayerFolder& folder) {
  reset();
  const std::u16string base = folder.path("base");
  const std::u16string scratch = folder.path("together");
  const LayerDescriptor parents[] = {descriptor(base)};
  CHECK(CreateSandboxLayer(&kDriver, scratch.c_str(), nullptr, parents, 1) == kOk);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const HResult activated = ActivateLayer(&kDriver, scratch.c_str());
        CHECK(activated == kOk || activated == kInUse);
        if (activated != kOk) continue;
        CHECK(PrepareLayer(&kDriver, scratch.c_str(), parents, 1) == kOk);
        CHECK(ExpandSandboxSize(&kDriver, scratch.c_str(), std::uint64_t{1} << 40) == kInUse);
        CHECK(UnprepareLayer(&kDriver, scratch.c_str()) == kOk);
        CHECK(DeactivateLayer(&kDriver, scratch.c_str()) == kOk);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Layers\":[]"));
}

void rules(const LayerFolder& folder) {
  reset();
  const std::u16string base = folder.path("base");
  control(u"{\"Inject\":{\"Function\":\"ActivateLayer\",\"Nth\":2,\"Status\":\"0x80070015\"}}");
  CHECK(ActivateLayer(&kDriver, base.c_str()) == kOk);
  CHECK(ActivateLayer(&kDriver, base.c_str()) == kNotReady);
  CHECK(ActivateLayer(&kDriver, base.c_str()) == kOk);
  for (const char16_t* rule : {u"\"System\":\"a\"", u"\"Result\":\"a\"", u"\"Completion\":\"now\""})
    CHECK(contains(
        control(std::u16string(u"{\"Inject\":{\"Function\":\"ActivateLayer\",") + rule + u"}}",
                false),
        u"does not apply to this function"));
}

}  // namespace

int main() {
  const LayerFolder folder("layers");
  arguments(folder);
  mounting(folder);
  together(folder);
  rules(folder);
  return summary();
}
