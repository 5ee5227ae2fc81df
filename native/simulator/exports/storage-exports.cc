// The functions for layers. They have no result documents: what was wrong is kept for the state.
#include <utility>

#include "../disks/disks.h"
#include "../layers/name-to-guid.h"
#include "exports.h"
#include "layer-calls.h"

namespace hc::simulator {
namespace {

// Runs `body(call, layer)` for a layer.
template <class Function, class Body>
HResult runOn(const DriverInformation* driver, const char16_t* id, const Body& body) {
  return runOnLayer<Function>([&] { return layerName(driver, id); }, body);
}

// The same with parents.
template <class Function, class Body>
HResult runOn(const DriverInformation* driver, const char16_t* id, const LayerDescriptor* layers,
              std::uint32_t count, const Body& body) {
  return runOn<Function>(driver, id, [&](const Call&, const LayerName& layer) -> Outcome {
    std::vector<LayerName> parents;
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto parent =
          layers != nullptr ? layerName(driver, layers[i].path) : std::optional<LayerName>();
      if (!parent) return fail(kInvalidArgument, u"The paths of parents must be absolute.");
      parents.push_back(*parent);
    }
    return body(layer, parents);
  });
}

constexpr DriverInformation kWholePaths{kFilterDriver, u""};

bool isGiven(const char16_t* text) { return text != nullptr && *text != u'\0'; }

}  // namespace

HResult HC_CALL exports::vmcompute::ActivateLayer(const DriverInformation* driver,
                                                  const char16_t* id) {
  return runOn<functions::vmcompute::ActivateLayer>(
      driver, id,
      [](const Call& call, const LayerName& layer) { return store().activate(layer, call.site); });
}

HResult HC_CALL exports::vmcompute::DeactivateLayer(const DriverInformation* driver,
                                                    const char16_t* id) {
  return runOn<functions::vmcompute::DeactivateLayer>(
      driver, id, [](const Call&, const LayerName& layer) { return store().deactivate(layer); });
}

HResult HC_CALL exports::vmcompute::CreateLayer(const DriverInformation* driver, const char16_t* id,
                                                const char16_t* /*parentId*/) {
  // Docker gives the bare name of the parent with an empty home directory: no path that could be
  // looked for.
  return runOn<functions::vmcompute::CreateLayer>(
      driver, id, [](const Call&, const LayerName& layer) { return store().create(layer); });
}

HResult HC_CALL exports::vmcompute::CreateSandboxLayer(const DriverInformation* driver,
                                                       const char16_t* id,
                                                       const char16_t* /*parentId*/,
                                                       const LayerDescriptor* parents,
                                                       std::uint32_t count) {
  return runOn<functions::vmcompute::CreateSandboxLayer>(
      driver, id, parents, count,
      [](const LayerName& layer, const auto& all) { return store().createScratch(layer, all); });
}

HResult HC_CALL exports::vmcompute::ExpandSandboxSize(const DriverInformation* driver,
                                                      const char16_t* id, std::uint64_t bytes) {
  return runOn<functions::vmcompute::ExpandSandboxSize>(
      driver, id, [&](const Call&, const LayerName& layer) {
        // One that virtdisk.dll has made is grown by those who know what is in such a file.
        const FilePath disk = layer.path / "sandbox.vhdx";
        const bool active = !store().volumeOf(layer).empty();
        return active || !isFile(disk) || sizeOfDisk(disk)
                   ? store().expand(layer, bytes)
                   : DiskStore::instance().grow(disk, bytes);
      });
}

HResult HC_CALL exports::vmcompute::PrepareLayer(const DriverInformation* driver,
                                                 const char16_t* id, const LayerDescriptor* parents,
                                                 std::uint32_t count) {
  return runOn<functions::vmcompute::PrepareLayer>(
      driver, id, parents, count,
      [](const LayerName& layer, const auto& all) { return store().prepare(layer, all); });
}

HResult HC_CALL exports::vmcompute::UnprepareLayer(const DriverInformation* driver,
                                                   const char16_t* id) {
  return runOn<functions::vmcompute::UnprepareLayer>(
      driver, id, [](const Call&, const LayerName& layer) -> Outcome {
        if (Host::instance().uses(store().volumeOf(layer)))
          return fail(kSharingViolation, u"A container runs on it.", layer.name);
        return store().unprepare(layer);
      });
}

HResult HC_CALL exports::vmcompute::GetLayerMountPath(const DriverInformation* driver,
                                                      const char16_t* id, std::size_t* length,
                                                      char16_t* path) {
  return runOn<functions::vmcompute::GetLayerMountPath>(
      driver, id, [&](const Call&, const LayerName& layer) -> Outcome {
        if (length == nullptr) return kInvalidArgument;
        Outcome outcome = store().mountPath(layer);
        if (!outcome.ok()) return outcome;
        const std::u16string text = *std::exchange(outcome.payload, std::nullopt);
        const std::size_t needed = text.empty() ? 0 : text.size() + 1;
        if (path != nullptr) {
          if (*length < needed || *length == 0) return kInsufficientBuffer;
          path[text.copy(path, text.size())] = u'\0';
        }
        *length = needed;
        return outcome;
      });
}

HResult HC_CALL exports::vmcompute::ImportLayer(const DriverInformation* driver, const char16_t* id,
                                                const char16_t* folder,
                                                const LayerDescriptor* parents,
                                                std::uint32_t count) {
  return runOn<functions::vmcompute::ImportLayer>(
      driver, id, parents, count, [&](const LayerName& layer, const auto& all) -> Outcome {
        if (!isGiven(folder)) return kInvalidArgument;
        return store().importFrom(layer, toFilePath(folder), all);
      });
}

HResult HC_CALL exports::vmcompute::ExportLayer(const DriverInformation* driver, const char16_t* id,
                                                const char16_t* folder,
                                                const LayerDescriptor* parents,
                                                std::uint32_t count) {
  return runOn<functions::vmcompute::ExportLayer>(
      driver, id, parents, count, [&](const LayerName& layer, const auto& all) -> Outcome {
        if (!isGiven(folder)) return kInvalidArgument;
        return store().exportTo(layer, toFilePath(folder), all);
      });
}

HResult HC_CALL exports::vmcompute::CopyLayer(const DriverInformation* driver, const char16_t* id,
                                              const char16_t* copyId,
                                              const LayerDescriptor* parents, std::uint32_t count) {
  return runOn<functions::vmcompute::CopyLayer>(
      driver, id, parents, count, [&](const LayerName& layer, const auto& all) -> Outcome {
        const auto copy = layerName(driver, copyId);
        if (!copy) return fail(kInvalidArgument, u"The path of the copy must be absolute.");
        return store().copy(layer, *copy, all);
      });
}

HResult HC_CALL exports::vmcompute::DestroyLayer(const DriverInformation* driver,
                                                 const char16_t* id) {
  return runOn<functions::vmcompute::DestroyLayer>(
      driver, id, [](const Call&, const LayerName& layer) { return store().destroy(layer); });
}

HResult HC_CALL exports::vmcompute::LayerExists(const DriverInformation* driver, const char16_t* id,
                                                std::uint32_t* exists) {
  if (!clear(exists)) return kInvalidArgument;
  return runOn<functions::vmcompute::LayerExists>(
      driver, id, [&](const Call&, const LayerName& layer) -> Outcome {
        *exists = isFolder(layer.path) ? 1 : 0;
        return {};
      });
}

// Those that Windows has for everybody; the simulated one has none.
HResult HC_CALL exports::vmcompute::GetBaseImages(char16_t** images) {
  if (!clear(images)) return kInvalidArgument;
  return run<functions::vmcompute::GetBaseImages>(
      {}, {images, nullptr}, [](const Call&) { return answer(u"{\"Images\":[]}"); });
}

HResult HC_CALL exports::vmcompute::NameToGuid(const char16_t* name, GuidData* guid) {
  if (!clear(guid)) return kInvalidArgument;
  return run<functions::vmcompute::NameToGuid>({}, {}, [&](const Call&) -> Outcome {
    if (name == nullptr) return kInvalidArgument;
    *guid = nameToGuid(name);
    return {};
  });
}

HResult HC_CALL exports::vmcompute::ProcessBaseImage(const char16_t* folder) {
  return runOn<functions::vmcompute::ProcessBaseImage>(
      &kWholePaths, folder,
      [](const Call&, const LayerName& layer) { return store().processBase(layer); });
}

HResult HC_CALL exports::vmcompute::ProcessUtilityImage(const char16_t* folder) {
  return runOn<functions::vmcompute::ProcessUtilityImage>(
      &kWholePaths, folder,
      [](const Call&, const LayerName& layer) { return store().processUtility(layer); });
}

// Whether there is such a virtual machine is not looked at: Windows derives its account from the
// id.
HResult HC_CALL exports::vmcompute::GrantVmAccess(const char16_t* vmId, const char16_t* file) {
  const Outcome named = isGiven(vmId) ? Outcome() : Outcome(kInvalidArgument);
  if (file != nullptr && std::u16string_view(file).substr(0, 4) == u"\\\\.\\") {
    // A disk of the machine, which clients attach as it is.
    return run<functions::vmcompute::GrantVmAccess>({}, {}, [&](const Call&) { return named; });
  }
  return runOn<functions::vmcompute::GrantVmAccess>(
      &kWholePaths, file, [&](const Call&, const LayerName& layer) -> Outcome {
        if (!named.ok()) return named;
        const bool there = isFile(layer.path) || isFolder(layer.path);
        return there ? Outcome() : Outcome(kFileNotFound);
      });
}

}  // namespace hc::simulator
