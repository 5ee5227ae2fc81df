// Which disks are open and attached.
#include <algorithm>
#include <iterator>
#include <utility>

#include "disk-chain.h"
#include "disks.h"

namespace hc::simulator {

using vhdx::ChainOptions;
using vhdx::DiskChain;
using vhdx::operator==;

namespace {

constexpr HResult kNoDevice = 0x80070037;  // ERROR_DEV_NOT_EXIST
constexpr std::uint32_t kDefaultBlock = 32u << 20;
constexpr std::uint32_t kDefaultChildBlock = 2u << 20;
constexpr std::uint32_t kDefaultSector = 512;
constexpr std::uint32_t kDefaultPhysicalSector = 4096;
constexpr std::uint64_t kLeastBytes = 3 * vhdx::kMiB;

// What format() writes: as much of the first sector of a volume as tells its file system.
constexpr std::string_view kBoot = "\xEB\x52\x90NTFS    ";

// A path as calls name layers, which are files here as well.
std::optional<LayerName> diskName(const char16_t* path) {
  constexpr DriverInformation kWholePaths{kFilterDriver, u""};
  return layerName(&kWholePaths, path);
}

bool endsWith(std::u16string_view text, std::u16string_view end) {
  if (text.size() < end.size()) return false;
  text.remove_prefix(text.size() - end.size());
  return std::equal(text.begin(), text.end(), end.begin(), [](char16_t a, char16_t b) {
    return a == b || (a >= u'A' && a <= u'Z' && a + 32 == b);
  });
}

// Null: a path that a disk can have.
Outcome checkPath(const std::optional<LayerName>& name) {
  if (!name) return fail(kInvalidArgument, u"The path of the disk must be absolute.");
  if (endsWith(name->name, u".vhdx") || endsWith(name->name, u".avhdx")) return {};
  return fail(vhdx::kProviderNotFound, u"The file must have the extension .vhdx.", name->name);
}

std::uint32_t orDefault(std::uint32_t given, std::uint32_t value) {
  return given != 0 ? given : value;
}

Outcome checkSizes(const vhdx::Metadata& metadata) {
  const std::uint32_t block = metadata.blockSize;
  const bool power = (block & (block - 1)) == 0;
  if (!power || block < vhdx::kLeastBlock || block > vhdx::kMostBlock)
    return fail(kInvalidArgument, u"Blocks must have 1 to 256 MiB, and a power of two.");
  for (const std::uint32_t sector : {metadata.sectorSize, metadata.physicalSectorSize}) {
    if (sector != 512 && sector != 4096)
      return fail(kInvalidArgument, u"Sectors must have 512 or 4096 bytes.");
  }
  const std::uint64_t size = metadata.size;
  if (size < kLeastBytes || size > vhdx::kMostBytes || size % metadata.sectorSize != 0)
    return fail(kInvalidArgument, u"The disk must have 3 MiB to 64 TiB, and whole sectors.");
  return {};
}

std::vector<std::u16string> basesOf(const DiskChain& chain) {
  std::vector<std::u16string> keys;
  for (std::size_t level = 1; level < chain.length(); ++level) {
    const std::u16string path = toText(chain.image(level).path);
    if (const auto name = diskName(path.c_str())) keys.push_back(name->key);
  }
  return keys;
}

bool contains(const std::vector<std::u16string>& keys, const std::u16string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::u16string pathOfDrive(std::uint32_t drive) {
  const std::string number = std::to_string(drive);
  return u"\\\\.\\PhysicalDrive" + std::u16string(number.begin(), number.end());
}

Outcome openChain(const OpenDisk& disk, bool writes, DiskChain* chain) {
  ChainOptions options;
  options.writes = writes;
  options.ignoresRelative = disk.ignoresRelative;
  return DiskChain::open(disk.file, options, chain);
}

}  // namespace

DiskStore& DiskStore::instance() {
  static DiskStore& store = *new DiskStore;
  return store;
}

std::optional<OpenDisk> DiskStore::find(DiskNumber disk) {
  std::lock_guard lock(mutex_);
  const auto at = open_.find(disk);
  return at != open_.end() ? std::optional(at->second) : std::nullopt;
}

std::u16string DiskStore::nameOf(DiskNumber disk) {
  const auto found = find(disk);
  return found ? toText(found->file.filename()) : u"";
}

bool DiskStore::isAttached(const OpenDisk& disk) {
  const auto lock = lockCurrent();
  return isAttached(disk.key);
}

// One that is attached may be opened for writing, as clients do to detach it.
Outcome DiskStore::admit(const OpenDisk& disk) {
  if (creating_.count(disk.key) != 0) return fail(kSharingViolation, u"The file is being made.");
  if (disk.infoOnly) return {};
  for (const auto& [number, other] : open_) {
    if (other.infoOnly) continue;
    const bool same = other.key == disk.key && !isAttached(disk.key);
    if ((same && disk.writable && other.writable) ||
        (disk.writable && contains(other.bases, disk.key)) ||
        (other.writable && contains(disk.bases, other.key)))
      return fail(kSharingViolation, u"The disk, or one that it is based on, is open.");
  }
  return {};
}

DiskNumber DiskStore::add(OpenDisk disk) {
  last_ += 16;
  open_.emplace(last_, std::move(disk));
  InFlight::instance().change(HandleKind::Disk, 1);
  return last_;
}

Outcome DiskStore::create(const CallSite& site, const char16_t* path,
                          const CreateDiskParameters& wanted, bool fixed, DiskNumber* disk) {
  const auto name = diskName(path);
  if (Outcome checked = checkPath(name); !checked.ok()) return checked;
  if (wanted.sourcePath != nullptr)
    return fail(kNotSupported, u"The simulated host makes no copies of disks.");
  const bool child = wanted.parentPath != nullptr;
  OpenDisk made{name->path, name->key, {}, true, false, false, site, nullptr};
  vhdx::Metadata metadata;
  metadata.size = wanted.maximumSize;
  metadata.blockSize = orDefault(wanted.blockSize, child ? kDefaultChildBlock : kDefaultBlock);
  metadata.sectorSize = orDefault(wanted.sectorSize, kDefaultSector);
  metadata.physicalSectorSize = orDefault(wanted.physicalSectorSize, kDefaultPhysicalSector);
  metadata.allocated = fixed && !child;
  metadata.hasParent = child;
  metadata.id = wanted.uniqueId == GuidData{} ? vhdx::randomGuid() : wanted.uniqueId;
  if (child) {
    const auto parent = diskName(wanted.parentPath);
    if (Outcome checked = checkPath(parent); !checked.ok()) return checked;
    DiskChain chain;
    Outcome opened = DiskChain::open(parent->path, {}, &chain);
    if (!opened.ok()) return opened;
    const vhdx::Metadata& its = chain.image().metadata;
    if (metadata.size != 0 && metadata.size != its.size)
      return fail(kInvalidArgument, u"A child has the size of its parent.");
    metadata.size = its.size;
    metadata.sectorSize = its.sectorSize;
    metadata.physicalSectorSize = its.physicalSectorSize;
    metadata.parent = locatorOf(chain.image(), name->path);
    made.bases = basesOf(chain);
    made.bases.push_back(parent->key);
  }
  if (Outcome checked = checkSizes(metadata); !checked.ok()) return checked;
  {
    const auto lock = lockCurrent();
    if (Outcome admitted = admit(made); !admitted.ok()) return admitted;
    creating_.insert(made.key);
  }
  Outcome written = vhdx::writeImage(made.file, metadata);
  std::lock_guard lock(mutex_);
  creating_.erase(made.key);
  if (written.ok()) *disk = add(std::move(made));
  return written;
}

Outcome DiskStore::open(const CallSite& site, const char16_t* path, bool readOnly, bool infoOnly,
                        std::uint32_t flags, DiskNumber* disk) {
  const auto name = diskName(path);
  if (Outcome checked = checkPath(name); !checked.ok()) return checked;
  ChainOptions options;
  options.writes = !readOnly && !infoOnly;
  options.withoutParents = (flags & kOpenNoParents) != 0;
  options.ignoresRelative = (flags & kOpenIgnoreRelativeParent) != 0;
  OpenDisk opened{name->path, name->key, {}, options.writes, infoOnly, options.ignoresRelative,
                  site,       nullptr};
  {
    DiskChain chain;
    if (Outcome found = DiskChain::open(name->path, options, &chain); !found.ok()) return found;
    opened.bases = basesOf(chain);
  }
  const auto lock = lockCurrent();
  if (Outcome admitted = admit(opened); !admitted.ok()) return admitted;
  *disk = add(std::move(opened));
  return {};
}

Outcome DiskStore::close(DiskNumber disk) {
  std::lock_guard lock(mutex_);
  const auto at = open_.find(disk);
  if (at == open_.end()) return kInvalidHandle;
  forget(at);
  return {};
}

Outcome DiskStore::give(DiskNumber disk, VirtDisk** handle) {
  std::lock_guard lock(mutex_);
  const auto at = open_.find(disk);
  if (at == open_.end()) return kInvalidHandle;
  at->second.handle = DiskHandle::open(disk, handle);
  if (at->second.handle != nullptr) return {};
  forget(at);
  return kNotEnoughMemory;
}

std::map<DiskNumber, OpenDisk>::iterator DiskStore::forget(
    std::map<DiskNumber, OpenDisk>::iterator disk) {
  const auto attachment = attached_.find(disk->second.key);
  if (attachment != attached_.end() && attachment->second.owner == disk->first)
    attached_.erase(attachment);
  InFlight::instance().change(HandleKind::Disk, -1);
  return open_.erase(disk);
}

// Who closes a handle of the kernel does not tell the host, which looks before it matters.
std::unique_lock<std::mutex> DiskStore::lockCurrent() {
  std::unique_lock lock(mutex_);
  for (auto at = open_.begin(); at != open_.end();) {
    const DiskHandle* handle = at->second.handle.get();
    at = handle != nullptr && handle->isClosed() ? forget(at) : std::next(at);
  }
  return lock;
}

void DiskStore::closeAbandoned() { lockCurrent(); }

Outcome DiskStore::attach(const CallSite& site, DiskNumber disk, std::uint32_t flags) {
  const auto lock = lockCurrent();
  const auto at = open_.find(disk);
  if (at == open_.end()) return kInvalidHandle;
  const OpenDisk& its = at->second;
  const bool readOnly = (flags & kAttachReadOnly) != 0;
  if (its.infoOnly || (!its.writable && !readOnly))
    return fail(kAccessDenied, u"The disk was not opened for that.");
  if (isAttached(its.key)) return fail(kSharingViolation, u"The disk is attached.");
  AttachedDisk made;
  made.file = its.file;
  made.owner = (flags & kAttachPermanently) != 0 ? 0 : disk;
  made.readOnly = readOnly;
  made.site = site;
  const auto taken = [&](std::uint32_t drive) {
    return std::any_of(attached_.begin(), attached_.end(),
                       [&](const auto& each) { return each.second.drive == drive; });
  };
  made.drive = 1;  // the first is the machine's own
  while (taken(made.drive)) ++made.drive;
  attached_.emplace(its.key, std::move(made));
  return {};
}

Outcome DiskStore::detach(DiskNumber disk) {
  std::lock_guard lock(mutex_);
  const auto at = open_.find(disk);
  if (at == open_.end()) return kInvalidHandle;
  if (at->second.infoOnly) return fail(kAccessDenied, u"The disk was not opened for that.");
  if (attached_.erase(at->second.key) == 0) return fail(kNotFound, u"The disk is not attached.");
  return {};
}

Outcome DiskStore::physicalPath(DiskNumber disk) {
  std::lock_guard lock(mutex_);
  const auto at = open_.find(disk);
  if (at == open_.end()) return kInvalidHandle;
  const auto attachment = attached_.find(at->second.key);
  if (attachment == attached_.end()) return fail(kNoDevice, u"The disk is not attached.");
  return answer(pathOfDrive(attachment->second.drive));
}

Outcome DiskStore::change(DiskNumber disk, const SetDiskInformation& change) {
  const auto found = find(disk);
  if (!found) return kInvalidHandle;
  if (change.version != DiskChange::VirtualDiskId)
    return fail(kNotSupported, u"Of a VHDX file the id of the disk can be changed.");
  if (!found->writable) return fail(kAccessDenied, u"The disk was opened for reading.");
  if (isAttached(*found)) return fail(kSharingViolation, u"The disk is attached.");
  DiskChain chain;
  if (Outcome opened = openChain(*found, true, &chain); !opened.ok()) return opened;
  return chain.changeId(change.guid);
}

Outcome DiskStore::openDrive(const CallSite& site, std::u16string_view path, DiskNumber* drive) {
  const auto lock = lockCurrent();
  for (const auto& [key, attached] : attached_) {
    if (path != pathOfDrive(attached.drive)) continue;
    OpenDisk opened;
    opened.file = attached.file;
    opened.key = key;
    opened.writable = !attached.readOnly;
    opened.site = site;
    *drive = add(std::move(opened));
    return {};
  }
  return fail(kFileNotFound, u"There is no such drive.");
}

Outcome DiskStore::format(const OpenDisk& disk) {
  if (!disk.writable) return fail(kAccessDenied, u"The disk was opened for reading.");
  DiskChain chain;
  if (Outcome opened = openChain(disk, true, &chain); !opened.ok()) return opened;
  std::string sector(chain.image().metadata.sectorSize, '\0');
  kBoot.copy(sector.data(), kBoot.size());
  sector[510] = '\x55';
  sector[511] = '\xAA';
  return chain.write(0, sector);
}

Outcome DiskStore::grow(const FilePath& file, std::uint64_t bytes) {
  OpenDisk disk;
  disk.file = file;
  disk.key = layerAt(file).key;
  disk.writable = true;
  if (isAttached(disk)) return fail(kSharingViolation, u"The disk is attached.");
  DiskChain chain;
  const Outcome opened = openChain(disk, true, &chain);
  return opened.ok() ? chain.grow(bytes) : opened;
}

Outcome DiskStore::mountPath(const OpenDisk& disk) {
  DiskChain chain;
  if (Outcome opened = openChain(disk, false, &chain); !opened.ok()) return opened;
  std::string boot;
  if (Outcome read = chain.read(0, kBoot.size(), &boot); !read.ok()) return read;
  if (boot != kBoot) return fail(kNotFound, u"The disk is not formatted.");
  return answer(u"\\\\?\\Volume{" + vhdx::printGuid(chain.image().metadata.id) + u"}");
}

std::vector<OpenDisk> DiskStore::opened() {
  const auto lock = lockCurrent();
  std::vector<OpenDisk> all;
  for (const auto& [number, disk] : open_) all.push_back(disk);
  return all;
}

std::vector<AttachedDisk> DiskStore::attached() {
  const auto lock = lockCurrent();
  std::vector<AttachedDisk> all;
  for (const auto& [key, disk] : attached_) all.push_back(disk);
  return all;
}

void DiskStore::reset() {
  std::lock_guard lock(mutex_);
  open_.clear();
  attached_.clear();
}

}  // namespace hc::simulator
