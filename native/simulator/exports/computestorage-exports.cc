// The functions of computestorage.dll. They name a layer by the path of its folder or of its
// volume, and its parents in a document.
#include "../disks/disks.h"
#include "../storage/storage-documents.h"
#include "exports.h"
#include "layer-calls.h"

namespace hc::simulator {
namespace {

namespace list = functions::computestorage;

constexpr DriverInformation kWholePaths{kFilterDriver, u""};

bool isGiven(const char16_t* text) { return text != nullptr && *text != u'\0'; }

DiskStore& disks() { return DiskStore::instance(); }

// What the volume of an attached disk has in it is in the folder of its file, as of a layer that
// vmcompute.dll has activated.
std::optional<LayerName> findOnDisk(std::u16string_view volume) {
  if (volume.substr(0, 4) != u"\\\\?\\") return std::nullopt;
  for (const AttachedDisk& attached : disks().attached()) {
    OpenDisk disk;
    disk.file = attached.file;
    const Outcome outcome = disks().mountPath(disk);
    if (outcome.ok() && outcome.payload == volume) return layerAt(attached.file.parent_path());
  }
  return std::nullopt;
}

// A layer, or the one that an active volume is of; a volume may have a backslash at its end.
std::optional<LayerName> find(const char16_t* path) {
  if (path == nullptr) return std::nullopt;
  std::u16string_view volume = path;
  if (!volume.empty() && volume.back() == u'\\') volume.remove_suffix(1);
  if (const auto layer = store().layerOf(volume)) return layer;
  if (const auto layer = findOnDisk(volume)) return layer;
  return layerName(&kWholePaths, path);
}

// Runs `body(disk)`.
template <class Function, class Body>
HResult runOnDisk(VirtDisk* vhd, const Texts& texts, const Body& body) {
  const std::u16string name = disks().nameOf(diskOf(vhd));
  return run<Function>({name.c_str(), 0}, texts, [&](const Call& call) {
    return keepError(call, name, guarded([&]() -> Outcome {
                       const auto disk = disks().find(diskOf(vhd));
                       return disk ? body(*disk) : Outcome(kInvalidHandle);
                     }));
  });
}

template <class Function, class Body>
HResult runOn(const char16_t* path, const Body& body) {
  return runOnLayer<Function>([&] { return find(path); }, body);
}

// Runs `body(call, layer, parents)`.
template <class Function, class Body>
HResult runOn(const char16_t* path, const char16_t* layerData, const Body& body) {
  return runOn<Function>(path, [&](const Call& call, const LayerName& layer) -> Outcome {
    std::vector<LayerName> parents;
    const Outcome read = readLayerData(layerData, &parents);
    return read.ok() ? body(call, layer, parents) : read;
  });
}

using Parents = std::vector<LayerName>;

}  // namespace

HResult HC_CALL exports::computestorage::HcsImportLayer(const char16_t* layerPath,
                                                        const char16_t* sourceFolderPath,
                                                        const char16_t* layerData) {
  return runOn<list::HcsImportLayer>(
      layerPath, layerData,
      [&](const Call&, const LayerName& layer, const Parents& parents) -> Outcome {
        if (!isGiven(sourceFolderPath)) return kInvalidArgument;
        const FilePath source = toFilePath(sourceFolderPath);
        return parents.empty() ? store().importBase(layer, source)
                               : store().importFrom(layer, source, parents);
      });
}

HResult HC_CALL exports::computestorage::HcsExportLayer(const char16_t* layerPath,
                                                        const char16_t* exportFolderPath,
                                                        const char16_t* layerData,
                                                        const char16_t* options) {
  return runOn<list::HcsExportLayer>(
      layerPath, layerData,
      [&](const Call&, const LayerName& layer, const Parents& parents) -> Outcome {
        bool writable = false;
        if (Outcome read = readExportOptions(options, &writable); !read.ok()) return read;
        if (!isGiven(exportFolderPath)) return kInvalidArgument;
        if (writable && parents.empty())
          return fail(kInvalidArgument, u"A writable layer must have parents.", layer.name);
        return store().exportFiles(layer, layer.path, toFilePath(exportFolderPath), parents);
      });
}

HResult HC_CALL exports::computestorage::HcsExportLegacyWritableLayer(
    const char16_t* mountPath, const char16_t* folderPath, const char16_t* exportFolderPath,
    const char16_t* layerData) {
  return runOn<list::HcsExportLegacyWritableLayer>(
      mountPath, layerData,
      [&](const Call&, const LayerName& layer, const Parents& parents) -> Outcome {
        if (!isGiven(folderPath) || !isGiven(exportFolderPath)) return kInvalidArgument;
        if (Outcome checked = checkParents(parents); !checked.ok()) return checked;
        return store().exportFiles(layer, toFilePath(folderPath), toFilePath(exportFolderPath),
                                   parents);
      });
}

HResult HC_CALL exports::computestorage::HcsDestroyLayer(const char16_t* layerPath) {
  return runOn<list::HcsDestroyLayer>(
      layerPath, [](const Call&, const LayerName& layer) { return store().destroy(layer); });
}

// Windows partitions the disk of a virtual machine itself.
HResult HC_CALL exports::computestorage::HcsSetupBaseOSLayer(const char16_t* layerPath,
                                                             VirtDisk* vhd,
                                                             const char16_t* options) {
  return runOn<list::HcsSetupBaseOSLayer>(
      layerPath, [&](const Call&, const LayerName& layer) -> Outcome {
        OsLayerOptions wanted;
        if (Outcome read = readOsLayerOptions(options, &wanted); !read.ok()) return read;
        if (!wanted.vm) {
          return vhd == nullptr ? store().setUpBase(layer)
                                : fail(kInvalidArgument, u"That of a container has no disk.");
        }
        const auto disk = disks().find(diskOf(vhd));
        if (!disk) return kInvalidHandle;
        if (!disks().isAttached(*disk)) return fail(kNotReady, u"The disk must be attached.");
        const Outcome outcome = store().setUpUtility(layer);
        return outcome.ok() ? disks().format(*disk) : outcome;
      });
}

HResult HC_CALL exports::computestorage::HcsFormatWritableLayerVhd(VirtDisk* vhd) {
  return runOnDisk<list::HcsFormatWritableLayerVhd>(
      vhd, {}, [](const OpenDisk& disk) { return disks().format(disk); });
}

HResult HC_CALL exports::computestorage::HcsGetLayerVhdMountPath(VirtDisk* vhd,
                                                                 char16_t** mountPath) {
  if (!clear(mountPath)) return kInvalidArgument;
  return runOnDisk<list::HcsGetLayerVhdMountPath>(
      vhd, {mountPath, nullptr}, [](const OpenDisk& disk) -> Outcome {
        if (!disks().isAttached(disk)) return fail(kNotReady, u"The disk must be attached.");
        return disks().mountPath(disk);
      });
}

HResult HC_CALL exports::computestorage::HcsSetupBaseOSVolume(const char16_t* layerPath,
                                                              const char16_t* volumePath,
                                                              const char16_t* options) {
  return runOn<list::HcsSetupBaseOSVolume>(
      layerPath, [&](const Call&, const LayerName& layer) -> Outcome {
        OsLayerOptions wanted;
        if (Outcome read = readOsLayerOptions(options, &wanted); !read.ok()) return read;
        const auto volume = find(volumePath);
        if (!volume) return fail(kInvalidArgument, u"The path of the volume must be absolute.");
        if (!isFolder(volume->path))
          return fail(kPathNotFound, u"The volume must exist.", volume->name);
        return wanted.vm ? store().setUpUtility(layer) : store().setUpBase(layer);
      });
}

HResult HC_CALL exports::computestorage::HcsInitializeWritableLayer(const char16_t* layerPath,
                                                                    const char16_t* layerData,
                                                                    const char16_t* options) {
  return runOn<list::HcsInitializeWritableLayer>(
      layerPath, layerData,
      [&](const Call&, const LayerName& layer, const Parents& parents) -> Outcome {
        const Outcome read = readReservedOptions(options);
        return read.ok() ? store().layOut(layer, parents) : read;
      });
}

HResult HC_CALL exports::computestorage::HcsInitializeLegacyWritableLayer(
    const char16_t* mountPath, const char16_t* folderPath, const char16_t* layerData,
    const char16_t* options) {
  return runOn<list::HcsInitializeLegacyWritableLayer>(
      mountPath, layerData,
      [&](const Call&, const LayerName& layer, const Parents& parents) -> Outcome {
        if (Outcome read = readReservedOptions(options); !read.ok()) return read;
        const auto folder = find(folderPath);
        if (!folder) return fail(kInvalidArgument, u"The path of the folder must be absolute.");
        const Outcome outcome = store().layOut(layer, parents);
        return outcome.ok() ? store().layOutHives(*folder) : outcome;
      });
}

HResult HC_CALL exports::computestorage::HcsAttachLayerStorageFilter(const char16_t* layerPath,
                                                                     const char16_t* layerData) {
  return runOn<list::HcsAttachLayerStorageFilter>(
      layerPath, layerData, [](const Call& call, const LayerName& layer, const Parents& parents) {
        return store().attachFilter(layer, parents, call.site);
      });
}

HResult HC_CALL exports::computestorage::HcsDetachLayerStorageFilter(const char16_t* layerPath) {
  return runOn<list::HcsDetachLayerStorageFilter>(
      layerPath, [](const Call&, const LayerName& layer) -> Outcome {
        if (Host::instance().uses(store().volumeOf(layer)))
          return fail(kSharingViolation, u"A container runs on it.", layer.name);
        return store().detachFilter(layer);
      });
}

HResult HC_CALL exports::computestorage::HcsAttachOverlayFilter(const char16_t* volumePath,
                                                                const char16_t* layerData) {
  return runOn<list::HcsAttachOverlayFilter>(
      volumePath, layerData, [](const Call& call, const LayerName& volume, const Parents&) {
        return store().attachOverlay(volume, call.site);
      });
}

HResult HC_CALL exports::computestorage::HcsDetachOverlayFilter(const char16_t* volumePath,
                                                                const char16_t* layerData) {
  return runOn<list::HcsDetachOverlayFilter>(
      volumePath, layerData, [](const Call&, const LayerName& volume, const Parents&) {
        return store().detachOverlay(volume);
      });
}

}  // namespace hc::simulator
