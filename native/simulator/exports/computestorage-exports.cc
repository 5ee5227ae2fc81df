// The functions of computestorage.dll. They name a layer by the path of its folder or of its
// volume, and its parents in a document.
#include "../storage/storage-documents.h"
#include "exports.h"
#include "layer-calls.h"

namespace hc::simulator {
namespace {

namespace list = functions::computestorage;

constexpr DriverInformation kWholePaths{kFilterDriver, u""};

bool isGiven(const char16_t* text) { return text != nullptr && *text != u'\0'; }

// A layer, or the one that an active volume is of; a volume may have a backslash at its end.
std::optional<LayerName> find(const char16_t* path) {
  if (path == nullptr) return std::nullopt;
  std::u16string_view volume = path;
  if (!volume.empty() && volume.back() == u'\\') volume.remove_suffix(1);
  if (const auto layer = store().layerOf(volume)) return layer;
  return layerName(&kWholePaths, path);
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
