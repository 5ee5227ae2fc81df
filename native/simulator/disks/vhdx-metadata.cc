// The metadata region of a VHDX file: a table, and behind it the items that it names.
#include <algorithm>
#include <optional>

#include "vhdx-layout.h"

namespace hc::simulator::vhdx {
namespace {

constexpr char kSignature[] = "metadata";
constexpr std::size_t kEntryBytes = 32;
constexpr std::uint32_t kMostEntries = 2047;
constexpr std::uint32_t kMostLocatorBytes = 1u << 20;

constexpr std::uint32_t kOfDisk = 2;  // flags of an entry
constexpr std::uint32_t kRequired = 4;
constexpr std::uint32_t kLeaveAllocated = 1;  // of the file parameters
constexpr std::uint32_t kHasParent = 2;

constexpr GuidData kFileParameters = {
    0xCAA16737, 0xFA36, 0x4D43, {0xB3, 0xB6, 0x33, 0xF0, 0xAA, 0x44, 0xE7, 0x6B}};
constexpr GuidData kSectorSize = {
    0x8141BF1D, 0xA96F, 0x4709, {0xBA, 0x47, 0xF2, 0x33, 0xA8, 0xFA, 0xAB, 0x5F}};
constexpr GuidData kPhysicalSectorSize = {
    0xCDA348C7, 0x445D, 0x4471, {0x9C, 0xC9, 0xE9, 0x88, 0x52, 0x51, 0xC5, 0x56}};
constexpr GuidData kParentLocator = {
    0xA8D35F2D, 0xB30B, 0x454D, {0xAB, 0xF7, 0xD3, 0xD8, 0x48, 0x34, 0xAB, 0x0C}};
constexpr GuidData kLocatorType = {
    0xB04AEFB7, 0xD19E, 0x4A81, {0xB7, 0x89, 0x25, 0xB8, 0xE9, 0x44, 0x59, 0x13}};
constexpr std::size_t kLocatorHeader = 20;
constexpr std::size_t kLocatorEntry = 12;
constexpr std::size_t kMostLocatorEntries = 64;  // each may have 128 KiB of text

template <class Value>
std::string bytesOf(const Value& value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string bytesOfText(std::u16string_view text) {
  return std::string(reinterpret_cast<const char*>(text.data()), text.size() * sizeof(char16_t));
}

std::string printLocator(const ParentLocator& locator) {
  const std::pair<std::u16string_view, const std::u16string&> all[] = {
      {u"parent_linkage", locator.linkage},
      {u"relative_path", locator.relativePath},
      {u"absolute_win32_path", locator.absolutePath}};
  std::string entries;
  std::string texts;
  std::uint16_t count = 0;
  for (const auto& [key, value] : all) count += value.empty() ? 0 : 1;
  const auto place = [&] {
    return static_cast<std::uint32_t>(kLocatorHeader + kLocatorEntry * count + texts.size());
  };
  for (const auto& [key, value] : all) {
    if (value.empty()) continue;
    const std::uint32_t keyPlace = place();
    texts += bytesOfText(key);
    const std::uint32_t valuePlace = place();
    texts += bytesOfText(value);
    entries += bytesOf(keyPlace) + bytesOf(valuePlace);
    entries += bytesOf(static_cast<std::uint16_t>(key.size() * 2));
    entries += bytesOf(static_cast<std::uint16_t>(value.size() * 2));
  }
  return bytesOf(kLocatorType) + bytesOf(std::uint16_t{0}) + bytesOf(count) + entries + texts;
}

std::optional<std::u16string> textAt(std::string_view bytes, std::uint32_t at,
                                     std::uint16_t length) {
  if (length == 0 || length % 2 != 0 || at > bytes.size() || length > bytes.size() - at)
    return std::nullopt;
  std::u16string text(length / 2, u'\0');
  std::memcpy(text.data(), bytes.data() + at, length);
  if (text.find(u'\0') != std::u16string::npos) return std::nullopt;
  return text;
}

bool readLocator(std::string_view bytes, ParentLocator* locator) {
  if (bytes.size() < kLocatorHeader || get<GuidData>(bytes, 0) != kLocatorType) return false;
  const std::size_t count = get<std::uint16_t>(bytes, 18);
  if (count > kMostLocatorEntries) return false;
  if (kLocatorHeader + count * kLocatorEntry > bytes.size()) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = kLocatorHeader + i * kLocatorEntry;
    const auto key =
        textAt(bytes, get<std::uint32_t>(bytes, at), get<std::uint16_t>(bytes, at + 8));
    const auto value =
        textAt(bytes, get<std::uint32_t>(bytes, at + 4), get<std::uint16_t>(bytes, at + 10));
    if (!key || !value) return false;
    if (*key == u"parent_linkage") locator->linkage = *value;
    if (*key == u"relative_path") locator->relativePath = *value;
    if (*key == u"absolute_win32_path") locator->absolutePath = *value;
  }
  return !locator->linkage.empty();
}

// All but the locator have one length.
bool hasLengthOf(const GuidData& item, std::uint32_t length) {
  if (item == kParentLocator) return length <= kMostLocatorBytes;
  if (item == kDiskId) return length == sizeof(GuidData);
  const bool wide = item == kFileParameters || item == kDiskSize;
  return length == (wide ? sizeof(std::uint64_t) : sizeof(std::uint32_t));
}

bool isPowerOfTwo(std::uint32_t value) { return value != 0 && (value & (value - 1)) == 0; }
bool isSectorSize(std::uint32_t size) { return size == 512 || size == 4096; }

Outcome check(const Metadata& metadata) {
  const std::uint32_t block = metadata.blockSize;
  if (!isPowerOfTwo(block) || block < kLeastBlock || block > kMostBlock)
    return fail(kInvalidBlockSize, u"The size of its blocks is not allowed.");
  if (!isSectorSize(metadata.sectorSize) || !isSectorSize(metadata.physicalSectorSize))
    return fail(kUnsupportedSectorSize, u"The size of its sectors is not allowed.");
  if (metadata.size == 0 || metadata.size > kMostBytes || metadata.size % metadata.sectorSize != 0)
    return fail(kInvalidSize, u"The size of the disk is not allowed.");
  return {};
}

}  // namespace

std::string printMetadata(const Metadata& metadata) {
  const std::uint32_t bits =
      (metadata.allocated ? kLeaveAllocated : 0) | (metadata.hasParent ? kHasParent : 0);
  struct Item {
    GuidData id;
    std::uint32_t flags;
    std::string bytes;
  };
  std::vector<Item> items = {
      {kFileParameters, kRequired, bytesOf(metadata.blockSize) + bytesOf(bits)},
      {kDiskSize, kOfDisk | kRequired, bytesOf(metadata.size)},
      {kDiskId, kOfDisk | kRequired, bytesOf(metadata.id)},
      {kSectorSize, kOfDisk | kRequired, bytesOf(metadata.sectorSize)},
      {kPhysicalSectorSize, kOfDisk | kRequired, bytesOf(metadata.physicalSectorSize)}};
  if (metadata.hasParent)
    items.push_back({kParentLocator, kRequired, printLocator(metadata.parent)});
  std::string table(kTableBytes, '\0');
  table.replace(0, 8, kSignature);
  put(table, 10, static_cast<std::uint16_t>(items.size()));
  std::size_t entry = kEntryBytes;
  for (const Item& item : items) {
    put(table, entry, item.id);
    put(table, entry + 16, static_cast<std::uint32_t>(table.size()));
    put(table, entry + 20, static_cast<std::uint32_t>(item.bytes.size()));
    put(table, entry + 24, item.flags);
    entry += kEntryBytes;
    table += item.bytes;
  }
  return table;
}

std::optional<std::uint64_t> placeOfItem(std::string_view table, const GuidData& item) {
  const std::size_t count = get<std::uint16_t>(table, 10);
  for (std::size_t i = 1; i <= count && (i + 1) * kEntryBytes <= table.size(); ++i) {
    if (get<GuidData>(table, i * kEntryBytes) == item)
      return get<std::uint32_t>(table, i * kEntryBytes + 16);
  }
  return std::nullopt;
}

Outcome readMetadata(DiskFile& file, const Region& region, Metadata* metadata) {
  const Outcome unreadable = fail(kMetadataUnreadable, u"The metadata of the file is damaged.");
  std::string table;
  if (region.length < kTableBytes || !file.read(region.offset, kTableBytes, &table))
    return unreadable;
  const std::uint32_t count = get<std::uint16_t>(table, 10);
  if (table.compare(0, 8, kSignature) != 0 || count > kMostEntries) return unreadable;
  std::vector<std::pair<GuidData, std::string>> items;
  for (std::uint32_t i = 1; i <= count; ++i) {
    const std::size_t entry = i * kEntryBytes;
    const GuidData id = get<GuidData>(table, entry);
    const std::uint64_t at = get<std::uint32_t>(table, entry + 16);
    const std::uint32_t length = get<std::uint32_t>(table, entry + 20);
    const bool known = id == kFileParameters || id == kDiskSize || id == kDiskId ||
                       id == kSectorSize || id == kPhysicalSectorSize || id == kParentLocator;
    // One that has to be understood, and is not.
    if (!known && (get<std::uint32_t>(table, entry + 24) & kRequired) != 0)
      return fail(kUnsupportedVersion, u"The file has metadata that is not known here.");
    if (!known) continue;
    // Each is there once: else a small table could name the same MiB two thousand times.
    const bool again =
        std::any_of(items.begin(), items.end(), [&](const auto& each) { return each.first == id; });
    std::string bytes;
    if (again || !hasLengthOf(id, length) || at < kTableBytes || at + length > region.length ||
        !file.read(region.offset + at, length, &bytes))
      return unreadable;
    items.emplace_back(id, std::move(bytes));
  }
  const auto find = [&](const GuidData& id) -> const std::string& {
    static const std::string& none = *new std::string;
    for (const auto& [each, bytes] : items)
      if (each == id) return bytes;
    return none;
  };
  const auto bits = get<std::uint32_t>(find(kFileParameters), 4);
  metadata->blockSize = get<std::uint32_t>(find(kFileParameters), 0);
  metadata->allocated = (bits & kLeaveAllocated) != 0;
  metadata->hasParent = (bits & kHasParent) != 0;
  metadata->size = get<std::uint64_t>(find(kDiskSize), 0);
  metadata->id = get<GuidData>(find(kDiskId), 0);
  metadata->sectorSize = get<std::uint32_t>(find(kSectorSize), 0);
  metadata->physicalSectorSize = get<std::uint32_t>(find(kPhysicalSectorSize), 0);
  if (metadata->hasParent && !readLocator(find(kParentLocator), &metadata->parent))
    return unreadable;
  return check(*metadata);
}

std::uint64_t chunkRatio(const Metadata& metadata) {
  return (std::uint64_t{1} << 23) * metadata.sectorSize / metadata.blockSize;
}

std::uint64_t blockCount(const Metadata& metadata) {
  return (metadata.size + metadata.blockSize - 1) / metadata.blockSize;
}

std::uint64_t entryCount(const Metadata& metadata) {
  const std::uint64_t blocks = blockCount(metadata);
  const std::uint64_t ratio = chunkRatio(metadata);
  if (metadata.hasParent) return (blocks + ratio - 1) / ratio * (ratio + 1);
  return blocks + (blocks - 1) / ratio;
}

}  // namespace hc::simulator::vhdx
