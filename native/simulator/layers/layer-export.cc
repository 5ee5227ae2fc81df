// How layers leave the host: in the transport form, or as copies.
#include "../base/utf8.h"
#include "layers.h"
#include "transport-tree.h"

namespace hc::simulator {
namespace {

namespace fs = std::filesystem;

// What the parents have in a folder of the layer, and the layer has not.
void findDeleted(const FilePath& layer, const std::vector<FilePath>& parents,
                 const FilePath& folder, std::vector<FilePath>* deleted) {
  const Listing own = listingOf(layer / folder);
  for (const auto& [name, isFolderToo] : mergedListing(parents, folder))
    if (own.count(name) == 0) {
      deleted->push_back((folder / toFilePath(toUtf16(name))).lexically_relative("Files"));
    }
}

// Whoever reads an export takes the times of its folders from System_Delta.
Outcome exportHives(const FilePath& layer, const FilePath& folder) {
  Outcome outcome = makeFolder(folder / "Hives");
  if (outcome.ok()) {
    outcome = writeFile(sideFileOf(folder / "Hives"), std::string("\x10\0\0\0", 4));
  }
  for (const char* hive : kHives) {
    const FilePath name = FilePath("Hives") / (std::string(hive) + "_Delta");
    if (!outcome.ok()) break;
    outcome = isFile(layer / name) ? linkFile(layer / name, folder / name)
                                   : writeFile(folder / name, emptyHive());
  }
  return outcome;
}

// The files of a layer with the registry of `hives`.
Outcome writeTransport(const FilePath& layer, const FilePath& hives, const FilePath& folder,
                       const std::vector<FilePath>& parents) {
  std::vector<TransportEntry> entries;
  std::vector<FilePath> deleted;
  Outcome outcome = readTransportTree(layer, &entries);
  for (const TransportEntry& entry : entries) {
    if (!outcome.ok()) break;
    if (entry.placeholder) continue;
    const FilePath from = layer / entry.path;
    const FilePath to = folder / entry.path;
    if (!entry.folder) {
      outcome = linkFile(from, to);
      continue;
    }
    outcome = makeFolder(to);
    if (outcome.ok()) outcome = linkFile(sideFileOf(from), sideFileOf(to));
    findDeleted(layer, parents, entry.path, &deleted);
  }
  const bool base = parents.empty();
  if (outcome.ok() && !base) outcome = exportHives(hives, folder);
  if (outcome.ok() && isFolder(layer / "UtilityVM")) {
    std::error_code error;
    fs::copy(layer / "UtilityVM", folder / "UtilityVM", fs::copy_options::recursive, error);
    outcome = fileFailure(error, folder / "UtilityVM");
  }
  return outcome.ok() && !base ? writeTombstones(folder / "tombstones.txt", deleted) : outcome;
}

}  // namespace

Outcome LayerStore::exportTo(const LayerName& layer, const FilePath& folder,
                             const std::vector<LayerName>& parents) {
  if (Outcome checked = checkParents(parents); !checked.ok()) return checked;
  if (isScratch(layer.path) && volumeOf(layer).empty())
    return fail(kNotReady, u"It is not active.", layer.name);
  return exportFiles(layer, layer.path, folder, parents);
}

Outcome LayerStore::exportFiles(const LayerName& layer, const FilePath& hives,
                                const FilePath& folder, const std::vector<LayerName>& parents) {
  if (!parents.empty())
    if (Outcome checked = checkParents(parents); !checked.ok()) return checked;
  if (!isFolder(layer.path))
    return fail(kPathNotFound, u"The folder of the layer does not exist.", layer.name);
  if (!isFolder(folder)) return fail(kPathNotFound, u"The folder to export to must exist.");
  const LayerLock held(*this, layer);
  if (!held.outcome().ok()) return held.outcome();
  {
    std::lock_guard lock(mutex_);
    if (use(layer).prepared)
      return fail(kSharingViolation, u"It is prepared: it must have no filter.", layer.name);
  }
  return writeTransport(layer.path, hives, folder, foldersOf(parents));
}

Outcome LayerStore::copy(const LayerName& layer, const LayerName& copy,
                         const std::vector<LayerName>& parents) {
  if (!isFolder(layer.path))
    return fail(kPathNotFound, u"The folder of the layer does not exist.", layer.name);
  if (!parents.empty())
    if (Outcome checked = checkParents(parents); !checked.ok()) return checked;
  if (isFolder(copy.path)) return fail(kAlreadyExists, u"The folder is there.", copy.name);
  const LayerLock from(*this, layer);
  if (!from.outcome().ok()) return from.outcome();
  if (!volumeOf(layer).empty()) return fail(kSharingViolation, u"It is active.", layer.name);
  const LayerLock to(*this, copy);
  if (!to.outcome().ok()) return to.outcome();
  std::error_code error;
  fs::copy(layer.path, copy.path, fs::copy_options::recursive, error);
  if (!error) remember(copy);
  return fileFailure(error, copy.path);
}

}  // namespace hc::simulator
