// The filters that computestorage.dll attaches to the volume of a layer, and the volume itself.
// What Windows answers to a filter that is attached twice, or is not attached, is not known: the
// codes are our choice.
#include "layers.h"

namespace hc::simulator {
namespace {

Outcome noFolder(const LayerName& layer) {
  return fail(kPathNotFound, u"The folder of the layer must exist.", layer.name);
}

}  // namespace

Outcome LayerStore::layOut(const LayerName& layer, const std::vector<LayerName>& parents) {
  if (!isFolder(layer.path)) return noFolder(layer);
  if (Outcome checked = checkParents(parents); !checked.ok()) return checked;
  const LayerLock held(*this, layer);
  return held.outcome().ok() ? layOutFiles(layer.path, foldersOf(parents)) : held.outcome();
}

Outcome LayerStore::layOutHives(const LayerName& folder) {
  if (!isFolder(folder.path)) return noFolder(folder);
  const LayerLock held(*this, folder);
  if (!held.outcome().ok()) return held.outcome();
  Outcome outcome = makeFolder(folder.path / "Hives");
  for (const char* hive : kHives)
    if (outcome.ok())
      outcome = writeFile(folder.path / "Hives" / (std::string(hive) + "_Delta"), emptyHive());
  return outcome;
}

Outcome LayerStore::attachFilter(const LayerName& layer, const std::vector<LayerName>& parents,
                                 const CallSite& site) {
  if (!isFolder(layer.path)) return noFolder(layer);
  if (Outcome checked = checkParents(parents); !checked.ok()) return checked;
  std::lock_guard lock(mutex_);
  LayerUse& layerUse = use(layer);
  if (layerUse.busy) return fail(kSharingViolation, u"Another call works on it.", layer.name);
  if (layerUse.prepared) return fail(kAlreadyExists, u"Its filter is attached.", layer.name);
  if (!layerUse.attached()) layerUse.site = site;
  layerUse.prepared = true;
  layerUse.parents.clear();
  for (const LayerName& parent : parents) layerUse.parents.push_back(parent.key);
  return {};
}

Outcome LayerStore::detachFilter(const LayerName& layer) {
  std::lock_guard lock(mutex_);
  LayerUse& layerUse = use(layer);
  const bool attached = std::exchange(layerUse.prepared, false);
  forgetUnused(layer);
  return attached ? Outcome() : fail(kNotFound, u"It must have a filter attached.", layer.name);
}

Outcome LayerStore::attachOverlay(const LayerName& volume, const CallSite& site) {
  if (!isFolder(volume.path)) return noFolder(volume);
  std::lock_guard lock(mutex_);
  LayerUse& layerUse = use(volume);
  if (layerUse.overlay) return fail(kAlreadyExists, u"Its filter is attached.", volume.name);
  if (!layerUse.attached()) layerUse.site = site;
  layerUse.overlay = true;
  return {};
}

Outcome LayerStore::detachOverlay(const LayerName& volume) {
  std::lock_guard lock(mutex_);
  LayerUse& layerUse = use(volume);
  const bool attached = std::exchange(layerUse.overlay, false);
  forgetUnused(volume);
  return attached ? Outcome() : fail(kNotFound, u"It must have a filter attached.", volume.name);
}

std::optional<LayerName> LayerStore::layerOf(std::u16string_view volume) {
  std::lock_guard lock(mutex_);
  const auto found = volumes_.find(std::u16string(volume));
  if (found == volumes_.end() || uses_[found->second].active == 0) return std::nullopt;
  return layerAt(toFilePath(found->second));
}

}  // namespace hc::simulator
