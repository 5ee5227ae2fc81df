#include "disk-chain.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "vhdx-layout.h"

namespace hc::simulator::vhdx {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongest = 256;  // more parents than Windows would open

std::u16string linkageOf(const GuidData& guid) { return u"{" + printGuid(guid) + u"}"; }

bool equalWithoutCase(std::u16string_view a, std::u16string_view b) {
  const auto lower = [](char16_t c) { return c >= u'A' && c <= u'Z' ? char16_t(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char16_t x, char16_t y) { return lower(x) == lower(y); });
}

// The text of a path as Windows has it, and back.
std::u16string withBackslashes(std::u16string text) {
  std::replace(text.begin(), text.end(), u'/', u'\\');
  return text;
}
FilePath relativeTo(const FilePath& folder, std::u16string text) {
  std::replace(text.begin(), text.end(), u'\\', u'/');
  return (folder / toFilePath(text)).lexically_normal();
}

std::vector<FilePath> placesOfParent(const Image& child, const ChainOptions& options) {
  std::vector<FilePath> places;
  const ParentLocator& locator = child.metadata.parent;
  if (!options.ignoresRelative && !locator.relativePath.empty())
    places.push_back(relativeTo(child.path.parent_path(), locator.relativePath));
  if (!locator.absolutePath.empty())
    places.push_back(toFilePath(locator.absolutePath).lexically_normal());
  return places;
}

}  // namespace

ParentLocator locatorOf(const Image& parent, const FilePath& child) {
  ParentLocator locator;
  locator.linkage = linkageOf(parent.header.dataWriteGuid);
  const FilePath relative = parent.path.lexically_relative(child.parent_path());
  if (!relative.empty()) locator.relativePath = u".\\" + withBackslashes(toText(relative));
  locator.absolutePath = toText(parent.path);
  return locator;
}

Outcome DiskChain::open(const FilePath& path, const ChainOptions& options, DiskChain* chain) {
  auto link = std::make_unique<Link>();
  if (Outcome opened = DiskFile::open(path, options.writes, &link->file); !opened.ok())
    return opened;
  const FilePath normal = path.lexically_normal();
  if (Outcome read = readImage(link->file, normal, &link->image); !read.ok()) return read;
  chain->links_.push_back(std::move(link));
  return options.withoutParents ? Outcome() : chain->addParents(options);
}

Outcome DiskChain::addParents(const ChainOptions& options) {
  while (links_.back()->image.metadata.hasParent) {
    if (links_.size() == kLongest) return fail(kErrorInParent, u"The disk has too many parents.");
    bool found = false;
    if (Outcome added = addParent(options, &found); !found) return added;
  }
  return {};
}

// A file at one of the places counts only when it is the one that the child was made of.
Outcome DiskChain::addParent(const ChainOptions& options, bool* found) {
  const Image& child = links_.back()->image;
  Outcome failure = fail(kParentNotFound, u"The disk has no place to look for its parent at.");
  for (const FilePath& place : placesOfParent(child, options)) {
    auto link = std::make_unique<Link>();
    const std::u16string name = toText(place);
    if (!DiskFile::open(place, false, &link->file).ok()) {
      if (failure.status == kParentNotFound)
        failure = fail(kParentNotFound, u"The parent '" + name + u"' was not found.", name);
      continue;
    }
    for (const auto& each : links_) {
      if (each->image.path == place)
        return fail(kChainCycle, u"The disk is among its own parents.", name);
    }
    if (const Outcome read = readImage(link->file, place, &link->image); !read.ok()) {
      failure = fail(kErrorInParent, u"The parent '" + name + u"': " + read.message, name);
    } else if (!equalWithoutCase(linkageOf(link->image.header.dataWriteGuid),
                                 child.metadata.parent.linkage)) {
      failure = fail(kParentIdMismatch,
                     u"The parent '" + name + u"' was changed after the child was made.", name);
    } else if (link->image.metadata.sectorSize != child.metadata.sectorSize) {
      failure = fail(kParentSizeMismatch, u"The parent '" + name + u"' has other sectors.", name);
    } else {
      links_.push_back(std::move(link));
      *found = true;
      return {};
    }
  }
  return failure;
}

Outcome DiskChain::readEntry(Link& link, std::uint64_t index, std::uint64_t* entry) {
  std::string bytes;
  if (!link.file.read(link.image.blocks.offset + index * sizeof *entry, sizeof *entry, &bytes))
    return fail(kTableCorrupt, u"The table of blocks cannot be read.");
  *entry = get<std::uint64_t>(bytes, 0);
  return {};
}

Outcome DiskChain::read(std::uint64_t at, std::size_t length, std::string* bytes) {
  const std::uint64_t size = image().metadata.size;
  if (at > size || length > size - at) return kInvalidArgument;
  bytes->assign(length, '\0');
  return readLevel(0, at, length, bytes->data());
}

// Where a parent ends before its child, the child reads as zero.
Outcome DiskChain::readLevel(std::size_t level, std::uint64_t at, std::size_t length, char* to) {
  if (level == links_.size()) return {};
  const Metadata& metadata = links_[level]->image.metadata;
  while (length > 0 && at < metadata.size) {
    const std::uint64_t from = at % metadata.blockSize;
    const auto some = static_cast<std::size_t>(
        std::min<std::uint64_t>({length, metadata.blockSize - from, metadata.size - at}));
    Outcome read = readBlock(level, at / metadata.blockSize, from, some, to);
    if (!read.ok()) return read;
    at += some;
    to += some;
    length -= some;
  }
  return {};
}

Outcome DiskChain::readBlock(std::size_t level, std::uint64_t block, std::uint64_t from,
                             std::size_t length, char* to) {
  Link& link = *links_[level];
  const std::uint64_t ratio = chunkRatio(link.image.metadata);
  std::uint64_t entry = 0;
  if (Outcome read = readEntry(link, block + block / ratio, &entry); !read.ok()) return read;
  const std::uint32_t blockSize = link.image.metadata.blockSize;
  switch (stateOf(entry)) {
    case BlockState::NotPresent:
      return readLevel(level + 1, block * blockSize + from, length, to);
    case BlockState::Undefined:
    case BlockState::Zero:
    case BlockState::Unmapped:
      return {};
    case BlockState::FullyPresent: {
      std::string bytes;
      if (placeOf(entry) < kMiB || !link.file.read(placeOf(entry) + from, length, &bytes)) break;
      bytes.copy(to, length);
      return {};
    }
    case BlockState::PartiallyPresent:
      return readPartial(level, block, placeOf(entry), from, length, to);
  }
  return fail(kTableCorrupt, u"The table of blocks is damaged.");
}

// A bitmap says for each sector of the block whether it is in this file, or a parent has it.
Outcome DiskChain::readPartial(std::size_t level, std::uint64_t block, std::uint64_t place,
                               std::uint64_t from, std::size_t length, char* to) {
  Link& link = *links_[level];
  const Metadata& metadata = link.image.metadata;
  const std::uint64_t ratio = chunkRatio(metadata);
  const std::uint32_t sector = metadata.sectorSize;
  const Outcome damaged = fail(kTableCorrupt, u"The table of blocks is damaged.");
  std::uint64_t entry = 0;
  Outcome read = readEntry(link, (block / ratio + 1) * (ratio + 1) - 1, &entry);
  if (!read.ok()) return read;
  if (stateOf(entry) != BlockState::FullyPresent || placeOf(entry) < kMiB || place < kMiB)
    return damaged;
  // No more than what is asked about: a parent is asked for each run of sectors.
  const std::uint64_t blockBit = block % ratio * (metadata.blockSize / sector);
  const std::uint64_t first = (blockBit + from / sector) / 8;
  const std::uint64_t last = (blockBit + (from + length - 1) / sector) / 8;
  std::string bitmap;
  if (!link.file.read(placeOf(entry) + first, static_cast<std::size_t>(last - first + 1), &bitmap))
    return damaged;
  const auto isOwn = [&](std::uint64_t offset) {
    const std::uint64_t bit = blockBit + offset / sector;
    return (static_cast<unsigned char>(bitmap[bit / 8 - first]) >> (bit % 8) & 1) != 0;
  };
  while (length > 0) {
    const bool own = isOwn(from);
    std::uint64_t end = (from / sector + 1) * sector;
    while (end < from + length && isOwn(end) == own) end += sector;
    const auto some = static_cast<std::size_t>(std::min<std::uint64_t>(length, end - from));
    std::string bytes;
    if (own && !link.file.read(place + from, some, &bytes)) return damaged;
    bytes.copy(to, some);
    if (!own) read = readLevel(level + 1, block * metadata.blockSize + from, some, to);
    if (!read.ok()) return read;
    from += some;
    to += some;
    length -= some;
  }
  return {};
}

Outcome DiskChain::write(std::uint64_t at, std::string_view bytes) {
  Link& link = *links_.front();
  const Metadata& metadata = link.image.metadata;
  if (at > metadata.size || bytes.size() > metadata.size - at) return kInvalidArgument;
  if (Outcome begun = writeHeader(link.file, &link.image, true); !begun.ok()) return begun;
  while (!bytes.empty()) {
    const std::uint64_t from = at % metadata.blockSize;
    const auto some =
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), metadata.blockSize - from));
    Outcome written = writeBlock(at / metadata.blockSize, from, bytes.substr(0, some));
    if (!written.ok()) return written;
    at += some;
    bytes.remove_prefix(some);
  }
  return link.file.flush();
}

// A block that is not in the file becomes part of it as a whole, with what the parents have there:
// no bitmap is needed then.
Outcome DiskChain::writeBlock(std::uint64_t block, std::uint64_t from, std::string_view bytes) {
  Link& link = *links_.front();
  const Metadata& metadata = link.image.metadata;
  const std::uint64_t index = block + block / chunkRatio(metadata);
  std::uint64_t entry = 0;
  if (Outcome read = readEntry(link, index, &entry); !read.ok()) return read;
  if (stateOf(entry) == BlockState::FullyPresent) {
    if (placeOf(entry) < kMiB || placeOf(entry) + metadata.blockSize > link.file.size())
      return fail(kTableCorrupt, u"The table of blocks is damaged.");
    return link.file.write(placeOf(entry) + from, bytes);
  }
  std::string whole(metadata.blockSize, '\0');
  const std::uint64_t start = block * metadata.blockSize;
  const auto length =
      static_cast<std::size_t>(std::min<std::uint64_t>(metadata.blockSize, metadata.size - start));
  if (Outcome read = readLevel(0, start, length, whole.data()); !read.ok()) return read;
  whole.replace(static_cast<std::size_t>(from), bytes.size(), bytes);
  const std::uint64_t place = alignUp(link.file.size(), kMiB);
  if (Outcome written = link.file.write(place, whole); !written.ok()) return written;
  std::string now(sizeof entry, '\0');
  put(now, 0, place | static_cast<std::uint64_t>(BlockState::FullyPresent));
  return link.file.write(link.image.blocks.offset + index * sizeof entry, now);
}

Outcome DiskChain::changeId(const GuidData& id) {
  std::string bytes(sizeof id, '\0');
  put(bytes, 0, id);
  Outcome changed = changeMetadata(kDiskId, bytes);
  if (changed.ok()) links_.front()->image.metadata.id = id;
  return changed;
}

Outcome DiskChain::grow(std::uint64_t size) {
  Link& link = *links_.front();
  Metadata grown = link.image.metadata;
  if (size < grown.size) return fail(kInvalidArgument, u"A disk does not shrink.");
  grown.size = size;
  if (size > kMostBytes) return fail(kInvalidArgument, u"A disk has 64 TiB at most.");
  if (entryCount(grown) * sizeof(std::uint64_t) > link.image.blocks.length) {
    Outcome moved = moveTable(link.file, &link.image, grown);
    if (!moved.ok()) return moved;
  }
  std::string bytes(sizeof size, '\0');
  put(bytes, 0, size);
  Outcome changed = changeMetadata(kDiskSize, bytes);
  if (changed.ok()) link.image.metadata.size = size;
  return changed;
}

// In place: no item of the metadata changes its length.
Outcome DiskChain::changeMetadata(const GuidData& item, std::string_view bytes) {
  Link& link = *links_.front();
  std::string table;
  const Region& region = link.image.metadataRegion;
  if (!link.file.read(region.offset, kTableBytes, &table)) return kMetadataUnreadable;
  const auto place = placeOfItem(table, item);
  if (!place) return kMetadataUnreadable;
  if (Outcome begun = writeHeader(link.file, &link.image, false); !begun.ok()) return begun;
  if (Outcome written = link.file.write(region.offset + *place, bytes); !written.ok())
    return written;
  return link.file.flush();
}

}  // namespace hc::simulator::vhdx
