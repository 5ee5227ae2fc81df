// Which layers there are, and which are active and prepared.
#include <algorithm>

#include "layers.h"
#include "name-to-guid.h"

namespace hc::simulator {
namespace {

namespace fs = std::filesystem;

constexpr std::u16string_view kVolume = u"\\\\?\\Volume{";

Outcome missing(const LayerName& layer) {
  return fail(kPathNotFound, u"The folder of the layer does not exist.", layer.name);
}

// A share, a volume without a letter, a device: not every library for paths knows them.
bool beginsWithTwoSlashes(const FilePath& path) {
#if defined(_WIN32)
  const std::wstring& text = path.native();
  return text.size() > 2 && text.find_first_not_of(L"\\/") == 2;
#else
  static_cast<void>(path);
  return false;
#endif
}

// As Windows does, without a look at the disk.
FilePath plainOf(const FilePath& path) {
  if (beginsWithTwoSlashes(path)) {
    const FilePath rest = plainOf(path.native().substr(2));
    return FilePath("\\\\").native() + rest.native();
  }
  const FilePath plain = path.lexically_normal();
  return plain.has_filename() ? plain : plain.parent_path();
}

std::u16string keyOf(const FilePath& plain) {
  std::u16string key = toText(plain);
#if defined(_WIN32)
  for (char16_t& c : key)
    if (c >= u'A' && c <= u'Z') c = static_cast<char16_t>(c - u'A' + u'a');
#endif
  return key;
}

}  // namespace

LayerName layerAt(const FilePath& path) {
  FilePath plain = plainOf(path);
  return {plain, keyOf(plain), toText(plain.filename())};
}

std::optional<LayerName> layerName(const DriverInformation* driver, const char16_t* id) {
  if (driver == nullptr || driver->homeDir == nullptr || id == nullptr || *id == u'\0')
    return std::nullopt;
  const FilePath own = toFilePath(id);
  const FilePath path = beginsWithTwoSlashes(own) ? own : toFilePath(driver->homeDir) / own;
  if (!path.is_absolute() && !beginsWithTwoSlashes(path)) return std::nullopt;
  return layerAt(path);
}

std::vector<FilePath> foldersOf(const std::vector<LayerName>& layers) {
  std::vector<FilePath> folders;
  for (const LayerName& layer : layers) folders.push_back(layer.path);
  return folders;
}

Outcome checkParents(const std::vector<LayerName>& parents) {
  if (parents.empty()) return fail(kInvalidArgument, u"A scratch layer must have a parent.");
  for (const LayerName& parent : parents) {
    if (!isFolder(parent.path))
      return fail(kPathNotFound, u"The parent " + parent.name + u" must exist.", parent.name);
    if (!isProcessed(parent.path)) {
      return fail(Condition::InvalidLayer,
                  u"The parent " + parent.name + u" must be a processed layer; import it first.",
                  parent.name);
    }
  }
  if (isBase(parents.back().path)) return {};
  return fail(Condition::InvalidLayer,
              u"The last parent, " + parents.back().name + u", must be a base layer.",
              parents.back().name);
}

LayerStore::LayerLock::LayerLock(LayerStore& store, const LayerName& layer)
    : store_(store), layer_(layer) {
  std::lock_guard lock(store.mutex_);
  LayerUse& use = store.use(layer);
  if (use.busy) {
    outcome_ = fail(kSharingViolation, u"Another call works on its files.", layer.name);
  } else {
    use.busy = true;
  }
}

LayerStore::LayerLock::~LayerLock() {
  if (!outcome_.ok()) return;
  std::lock_guard lock(store_.mutex_);
  LayerUse& use = store_.use(layer_);
  use.busy = false;
  store_.forgetUnused(layer_);
}

void LayerStore::forgetUnused(const LayerName& layer) {
  const LayerUse& layerUse = use(layer);
  if (!layerUse.busy && !layerUse.attached() && layerUse.volume.empty()) uses_.erase(layer.key);
}

LayerUse& LayerStore::use(const LayerName& layer) {
  LayerUse& use = uses_[layer.key];
  use.name = layer.name;
  return use;
}

void LayerStore::remember(const LayerName& layer) {
  std::lock_guard lock(mutex_);
  known_.insert(layer.key);
}

bool LayerStore::isKnown(const LayerName& layer) {
  std::lock_guard lock(mutex_);
  return known_.count(layer.key) != 0;
}

Outcome LayerStore::activate(const LayerName& layer, const CallSite& site) {
  if (!isFolder(layer.path)) return missing(layer);
  const bool scratch = isScratch(layer.path);
  if (!scratch && !isProcessed(layer.path))
    return fail(kFileNotFound, u"It has neither a disk nor the registry of a layer.", layer.name);
  std::lock_guard lock(mutex_);
  LayerUse& layerUse = use(layer);
  if (layerUse.busy || (scratch && layerUse.active != 0))
    return fail(kSharingViolation, u"Its disk is in use.", layer.name);
  if (layerUse.active++ == 0) layerUse.site = site;
  if (scratch) {
    layerUse.volume =
        std::u16string(kVolume) + guidText(nameToGuid(u"volume of " + layer.key)) + u"}";
    volumes_.insert_or_assign(layerUse.volume, layer.key);
  }
  return {};
}

Outcome LayerStore::deactivate(const LayerName& layer) {
  std::lock_guard lock(mutex_);
  LayerUse& layerUse = use(layer);
  if (layerUse.active == 0) return fail(kNotReady, u"It is not active.", layer.name);
  if (layerUse.prepared) return fail(kSharingViolation, u"It is prepared.", layer.name);
  if (layerUse.busy) return fail(kSharingViolation, u"Another call works on it.", layer.name);
  --layerUse.active;
  return {};
}

Outcome LayerStore::prepare(const LayerName& layer, const std::vector<LayerName>& parents) {
  if (!isFolder(layer.path)) return missing(layer);
  if (Outcome checked = checkParents(parents); !checked.ok()) return checked;
  // Of what a real host says here nothing is known: it finds no disk.
  if (!isScratch(layer.path))
    return fail(
        kFileNotFound,
        u"It has no disk, as a read-only layer: prepare a layer that CreateSandboxLayer has "
        u"made on it.",
        layer.name);
  const LayerLock held(*this, layer);
  if (!held.outcome().ok()) return held.outcome();
  {
    std::lock_guard lock(mutex_);
    const LayerUse& layerUse = use(layer);
    if (layerUse.active == 0) return fail(kNotReady, u"It is not active.", layer.name);
    if (layerUse.prepared) return fail(kSharingViolation, u"It is prepared.", layer.name);
  }
  if (Outcome made = layOutFiles(layer.path, foldersOf(parents)); !made.ok()) return made;
  std::lock_guard lock(mutex_);
  LayerUse& layerUse = use(layer);
  if (layerUse.active == 0) return fail(kNotReady, u"The host was reset.", layer.name);
  layerUse.prepared = true;
  layerUse.parents.clear();
  for (const LayerName& parent : parents) layerUse.parents.push_back(parent.key);
  return {};
}

Outcome LayerStore::unprepare(const LayerName& layer) {
  std::lock_guard lock(mutex_);
  LayerUse& layerUse = use(layer);
  if (!layerUse.prepared) return fail(kNotReady, u"It is not prepared.", layer.name);
  layerUse.prepared = false;
  return {};
}

Outcome LayerStore::mountPath(const LayerName& layer) {
  if (!isFolder(layer.path)) return missing(layer);
  if (!isScratch(layer.path))
    return answer(isProcessed(layer.path) ? toText(layer.path) : std::u16string());
  return answer(volumeOf(layer));
}

std::u16string LayerStore::volumeOf(const LayerName& layer) {
  std::lock_guard lock(mutex_);
  const auto found = uses_.find(layer.key);
  return found != uses_.end() && found->second.active != 0 ? found->second.volume
                                                           : std::u16string();
}

Outcome LayerStore::create(const LayerName& layer) {
  if (isFolder(layer.path)) return fail(kAlreadyExists, u"The folder is there.", layer.name);
  return makeFolder(layer.path);
}

Outcome LayerStore::createScratch(const LayerName& layer, const std::vector<LayerName>& parents) {
  if (Outcome made = makeFolder(layer.path); !made.ok() || parents.empty()) return made;
  if (Outcome checked = checkParents(parents); !checked.ok()) return checked;
  if (isScratch(layer.path)) return fail(kAlreadyExists, u"It has a disk.", layer.name);
  const LayerLock held(*this, layer);
  if (!held.outcome().ok()) return held.outcome();
  const FilePath blank = parents.back().path / "blank.vhdx";
  const FilePath disk = layer.path / "sandbox.vhdx";
  if (const auto bytes = sizeOfDisk(blank)) return writeDisk(disk, *bytes);
  // One of virtdisk.dll, with data in it.
  std::error_code error;
  fs::copy_file(blank, disk, error);
  return fileFailure(error, disk);
}

Outcome LayerStore::expand(const LayerName& layer, std::uint64_t bytes) {
  const FilePath disk = layer.path / "sandbox.vhdx";
  if (!isFile(disk)) return fail(kFileNotFound, u"It has no disk.", layer.name);
  const LayerLock held(*this, layer);
  if (!held.outcome().ok()) return held.outcome();
  if (!volumeOf(layer).empty()) return fail(kSharingViolation, u"It is active.", layer.name);
  if (bytes < sizeOfDisk(disk).value_or(kScratchBytes))
    return fail(kInvalidArgument, u"A disk does not shrink.", layer.name);
  return writeDisk(disk, bytes);
}

Outcome LayerStore::destroy(const LayerName& layer) {
  if (!isFolder(layer.path)) return missing(layer);
  const LayerLock held(*this, layer);
  if (!held.outcome().ok()) return held.outcome();
  {
    std::lock_guard lock(mutex_);
    if (use(layer).attached()) return fail(kSharingViolation, u"It is attached.", layer.name);
    for (const auto& [key, child] : uses_) {
      const auto& parents = child.parents;
      if (child.prepared && std::find(parents.begin(), parents.end(), layer.key) != parents.end())
        return fail(kAssertionFailure, child.name + u" is prepared on it.", layer.name);
    }
  }
  std::error_code error;
  fs::remove_all(layer.path, error);
  return fileFailure(error, layer.path);
}

Outcome LayerStore::findLayers(const SystemDocument& document) {
  for (const std::u16string& path : document.layers) {
    const LayerName layer = layerAt(toFilePath(path));
    if (isKnown(layer) && !isProcessed(layer.path)) {
      return fail(Condition::InvalidLayer, u"Each layer of the container must exist.", path);
    }
  }
  return {};
}

Outcome LayerStore::findVolume(const SystemDocument& document) {
  std::lock_guard lock(mutex_);
  std::u16string volume = document.volume;
  if (!volume.empty() && volume.back() == u'\\') volume.pop_back();
  const auto layer = volumes_.find(volume);
  if (layer == volumes_.end() || uses_[layer->second].prepared) return {};
  return fail(Condition::InvalidLayer, u"The volume of the container is not prepared.", volume);
}

std::vector<LayerUse> LayerStore::active() {
  std::lock_guard lock(mutex_);
  std::vector<LayerUse> active;
  for (const auto& [key, each] : uses_)
    if (each.attached()) active.push_back(each);
  return active;
}

void LayerStore::setLastError(std::u16string error) {
  std::lock_guard lock(mutex_);
  lastError_ = std::move(error);
}

std::u16string LayerStore::lastError() {
  std::lock_guard lock(mutex_);
  return lastError_;
}

// A call that works on files goes on; it finds its layer as it left it.
void LayerStore::reset() {
  std::lock_guard lock(mutex_);
  for (auto at = uses_.begin(); at != uses_.end();) {
    at->second.active = 0;
    at->second.prepared = at->second.overlay = false;
    at = at->second.busy ? std::next(at) : uses_.erase(at);
  }
  volumes_.clear();
  known_.clear();
  lastError_.clear();
}

}  // namespace hc::simulator
