// How layers are made: from the transport form, or where they lie.
#include "layers.h"
#include "transport-tree.h"

namespace hc::simulator {
namespace {

namespace fs = std::filesystem;

// What the platform makes by itself does not come from the sender.
Outcome refusePlaceholders(const std::vector<TransportEntry>& entries) {
  for (const TransportEntry& entry : entries) {
    if (!entry.placeholder) continue;
    const std::u16string path = toText(entry.path);
    return fail(kInvalidData, path + u" has no attributes.", path);
  }
  return {};
}

Outcome checkHives(const FilePath& source, std::vector<FilePath>* files) {
  const FilePath folder = source / "Hives";
  if (!isFolder(folder)) return {};
  if (!isFile(sideFileOf(folder)))
    return fail(kInvalidData, u"Hives is a folder without a side file.", u"Hives");
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!isFile(at->path())) continue;
    const FilePath name = at->path().filename();
    if (folderOfSideFile(name.string()).empty())
      if (Outcome checked = checkHive(at->path()); !checked.ok()) return checked;
    files->push_back(FilePath("Hives") / name);
  }
  return fileFailure(error, folder);
}

// The files of a base layer: in the portable form, or, where no folder has a side file, as Windows
// itself has them.
Outcome checkBase(const FilePath& layer) {
  const bool portable = !isFolder(layer / "Files") || isFile(sideFileOf(layer / "Files"));
  if (portable) {
    std::vector<TransportEntry> entries;
    Outcome outcome = readTransportTree(layer, &entries);
    if (outcome.ok()) outcome = refusePlaceholders(entries);
    if (!outcome.ok()) return outcome;
  }
  if (isFile(layer / "tombstones.txt"))
    return fail(kInvalidData, u"A base layer deletes nothing.", u"tombstones.txt");
  const FilePath config = FilePath("Files") / "Windows" / "System32" / "config";
  if (portable && !isFolder(layer / config)) return {};  // a small one, for tests
  for (const char* hive : {"DEFAULT", "SAM", "SECURITY", "SOFTWARE", "SYSTEM"}) {
    if (isFile(layer / config / hive)) continue;
    const std::u16string path = toText(config / hive);
    return fail(kFileNotFound, path + u" must exist.", path);
  }
  return {};
}

// The state of the registry up to this layer. Nothing here can merge registries.
Outcome writeBaseHives(const FilePath& layer) {
  if (Outcome made = makeFolder(layer / "Hives"); !made.ok()) return made;
  for (const char* hive : kHives) {
    const FilePath file = layer / "Hives" / (std::string(hive) + "_Base");
    if (Outcome written = writeFile(file, emptyHive()); !written.ok()) return written;
  }
  return {};
}

// What makes a base layer of files.
Outcome writeBase(const FilePath& layer) {
  Outcome outcome = checkBase(layer);
  if (outcome.ok()) outcome = writeBaseHives(layer);
  return outcome.ok() ? writeFile(layer / "layout", "vhd-with-hives\n") : outcome;
}

// The boot configuration is edited where it lies: whoever shares that file with a parent has edited
// the parent's.
Outcome writeUtility(const LayerName& layer) {
  if (!isFolder(layer.path / "Files"))
    return fail(kPathNotFound, u"The folder Files must exist.", layer.name);
  const FilePath boot = layer.path / "Files" / "EFI" / "Microsoft" / "Boot" / "BCD";
  return isFile(boot) ? appendAlternateStream(boot, u"edited", "by the host") : Outcome();
}

Outcome removeTombstones(const FilePath& layer, const std::vector<FilePath>& deleted) {
  for (const FilePath& path : deleted) {
    std::error_code error;
    fs::remove_all(layer / "Files" / path, error);
    if (!error) fs::remove(sideFileOf(layer / "Files" / path), error);
    if (error) return fileFailure(error, path);
  }
  return {};
}

Outcome linkTree(const FilePath& source, const FilePath& layer,
                 const std::vector<TransportEntry>& entries) {
  for (const TransportEntry& entry : entries) {
    Outcome made;
    if (entry.folder) {
      made = makeFolder(layer / entry.path);
      if (made.ok())
        made = linkFile(sideFileOf(source / entry.path), sideFileOf(layer / entry.path));
    } else {
      made = linkFile(source / entry.path, layer / entry.path);
    }
    if (!made.ok()) return made;
  }
  return {};
}

}  // namespace

Outcome LayerStore::importFrom(const LayerName& layer, const FilePath& source,
                               const std::vector<LayerName>& parents) {
  if (Outcome checked = checkParents(parents); !checked.ok()) return checked;
  if (!isFolder(source)) return fail(kPathNotFound, u"The folder to import must exist.");
  const LayerLock held(*this, layer);
  if (!held.outcome().ok()) return held.outcome();
  if (isFolder(layer.path / "Files"))
    return fail(kAlreadyExists, u"The layer has files.", layer.name);
  // All is read before anything is written.
  std::vector<TransportEntry> entries;
  std::vector<FilePath> hives;
  std::vector<FilePath> deleted;
  Outcome outcome = readTransportTree(source, &entries);
  if (outcome.ok()) outcome = refusePlaceholders(entries);
  if (outcome.ok()) outcome = checkHives(source, &hives);
  if (outcome.ok() && isFile(source / "tombstones.txt"))
    outcome = readTombstones(source / "tombstones.txt", &deleted);
  if (outcome.ok()) outcome = makeFolder(layer.path);
  if (outcome.ok()) outcome = linkTree(source, layer.path, entries);
  if (outcome.ok()) outcome = writeBaseHives(layer.path);
  if (outcome.ok() && isFolder(source / "Hives"))
    outcome = linkFile(sideFileOf(source / "Hives"), sideFileOf(layer.path / "Hives"));
  for (const FilePath& hive : hives)
    if (outcome.ok()) outcome = linkFile(source / hive, layer.path / hive);
  for (const TransportEntry& entry : entries) {
    if (!outcome.ok()) break;
    if (!entry.folder) continue;
    const Listing inherited = mergedListing(foldersOf(parents), entry.path);
    outcome = addPlaceholders(layer.path, entry.path, inherited);
  }
  if (outcome.ok()) outcome = removeTombstones(layer.path, deleted);
  if (outcome.ok()) remember(layer);
  return outcome;
}

Outcome LayerStore::importBase(const LayerName& layer, const FilePath& source) {
  if (!isFolder(source)) return fail(kPathNotFound, u"The folder to import must exist.");
  const LayerLock held(*this, layer);
  if (!held.outcome().ok()) return held.outcome();
  if (isFolder(layer.path / "Files"))
    return fail(kAlreadyExists, u"The layer has files.", layer.name);
  std::vector<TransportEntry> entries;
  Outcome outcome = checkBase(source);
  if (outcome.ok()) outcome = readTransportTree(source, &entries);
  if (outcome.ok()) outcome = makeFolder(layer.path);
  if (outcome.ok()) outcome = linkTree(source, layer.path, entries);
  if (outcome.ok() && isFolder(source / "UtilityVM")) {
    std::error_code error;
    fs::copy(source / "UtilityVM", layer.path / "UtilityVM", fs::copy_options::recursive, error);
    outcome = fileFailure(error, layer.path / "UtilityVM");
  }
  return outcome;
}

Outcome LayerStore::setUpBase(const LayerName& layer) {
  const LayerLock held(*this, layer);
  if (!held.outcome().ok()) return held.outcome();
  for (const char* name : {"Hives", "Layout", "layout"}) {
    if (isFolder(layer.path / name) || isFile(layer.path / name))
      return fail(kAlreadyExists, u"Neither Hives nor Layout may exist.", layer.name);
  }
  const Outcome outcome = writeBase(layer.path);
  if (outcome.ok()) remember(layer);
  return outcome;
}

Outcome LayerStore::setUpUtility(const LayerName& layer) {
  const LayerLock held(*this, layer);
  return held.outcome().ok() ? writeUtility(layer) : held.outcome();
}

Outcome LayerStore::processBase(const LayerName& layer) {
  const LayerLock held(*this, layer);
  if (!held.outcome().ok()) return held.outcome();
  if (isProcessed(layer.path)) return fail(kAlreadyExists, u"It is processed.", layer.name);
  Outcome outcome = writeBase(layer.path);
  if (outcome.ok()) outcome = writeDisk(layer.path / "blank-base.vhdx", kScratchBytes);
  if (outcome.ok()) outcome = writeDisk(layer.path / "blank.vhdx", kScratchBytes);
  if (outcome.ok()) remember(layer);
  return outcome;
}

Outcome LayerStore::processUtility(const LayerName& layer) {
  const LayerLock held(*this, layer);
  if (!held.outcome().ok()) return held.outcome();
  Outcome outcome = writeUtility(layer);
  if (outcome.ok()) outcome = writeDisk(layer.path / "SystemTemplateBase.vhdx", kScratchBytes);
  if (outcome.ok()) outcome = writeDisk(layer.path / "SystemTemplate.vhdx", kScratchBytes);
  return outcome;
}

}  // namespace hc::simulator
