// What GetVirtualDiskInformation tells of a disk.
#include <algorithm>
#include <cstring>
#include <filesystem>

#include "disk-chain.h"
#include "disks.h"

namespace hc::simulator {

using vhdx::DiskChain;

namespace {

constexpr std::uint32_t kFixedPart = offsetof(GetDiskInformation, sizes);

// The GUID of Microsoft as the vendor of the storage type.
constexpr GuidData kMicrosoft = {
    0xEC984AEC, 0xA0F9, 0x47E9, {0x90, 0x1F, 0x71, 0x41, 0x5A, 0x66, 0x34, 0x5B}};

template <class Value>
std::string bytesOf(const Value& value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

DiskSizes sizesOf(const vhdx::Image& image) {
  std::error_code ignored;
  const auto physical = std::filesystem::file_size(image.path, ignored);
  return {image.metadata.size, ignored ? 0 : physical, image.metadata.blockSize,
          image.metadata.sectorSize};
}

std::uint32_t subtypeOf(const vhdx::Metadata& metadata) {
  if (metadata.hasParent) return kDifferencingDisk;
  return metadata.allocated ? kFixedDisk : kDynamicDisk;
}

// Where the parent is, or else where it was looked for.
std::string parentOf(const DiskChain& chain) {
  const bool resolved = chain.length() > 1;
  const std::u16string path =
      resolved ? toText(chain.image(1).path) : chain.image().metadata.parent.absolutePath;
  std::string bytes = bytesOf(std::int32_t{resolved ? 1 : 0});
  bytes.append(reinterpret_cast<const char*>(path.c_str()), (path.size() + 1) * sizeof(char16_t));
  return bytes;
}

// False: nobody can be told that.
bool tell(const DiskChain& chain, DiskQuery query, bool attached, std::string* bytes) {
  const vhdx::Metadata& metadata = chain.image().metadata;
  switch (query) {
    case DiskQuery::Size:
      *bytes = bytesOf(sizesOf(chain.image()));
      return true;
    case DiskQuery::Identifier:
      *bytes = bytesOf(chain.image().header.dataWriteGuid);
      return true;
    case DiskQuery::ParentLocation:
      *bytes = parentOf(chain);
      return true;
    case DiskQuery::ParentIdentifier:
      *bytes = bytesOf(chain.length() > 1 ? chain.image(1).header.dataWriteGuid : GuidData{});
      return true;
    case DiskQuery::StorageType:
      *bytes = bytesOf(DiskTypeData{kVhdxDevice, kMicrosoft});
      return true;
    case DiskQuery::ProviderSubtype:
      *bytes = bytesOf(subtypeOf(metadata));
      return true;
    case DiskQuery::Is4KAligned:
      *bytes = bytesOf(std::uint32_t{1});
      return true;
    case DiskQuery::PhysicalSectorSize:
      *bytes = bytesOf(metadata.physicalSectorSize);
      return true;
    case DiskQuery::IsLoaded:
      *bytes = bytesOf(std::uint32_t{attached ? 1u : 0u});
      return true;
    case DiskQuery::VirtualDiskId:
      *bytes = bytesOf(metadata.id);
      return true;
  }
  return false;
}

}  // namespace

Outcome DiskStore::information(DiskNumber disk, GetDiskInformation* information,
                               std::uint32_t* bytes) {
  const auto found = find(disk);
  if (!found) return kInvalidHandle;
  if (*bytes < sizeof *information) return kInsufficientBuffer;
  DiskChain chain;
  vhdx::ChainOptions options;
  options.ignoresRelative = found->ignoresRelative;
  options.withoutParents = found->bases.empty();
  if (Outcome opened = DiskChain::open(found->file, options, &chain); !opened.ok()) return opened;
  const DiskQuery query = information->version;
  const bool ofParent = query == DiskQuery::ParentLocation || query == DiskQuery::ParentIdentifier;
  if (ofParent && !chain.image().metadata.hasParent)
    return fail(vhdx::kInvalidType, u"The disk has no parent.");
  std::string told;
  if (!tell(chain, query, isAttached(*found), &told))
    return fail(kInvalidArgument, u"There is no such information of a disk.");
  const auto needed = static_cast<std::uint32_t>(
      std::max<std::size_t>(kFixedPart + told.size(), sizeof *information));
  const bool enough = *bytes >= needed;
  *bytes = needed;
  if (!enough) return kInsufficientBuffer;
  std::memcpy(reinterpret_cast<char*>(information) + kFixedPart, told.data(), told.size());
  return {};
}

}  // namespace hc::simulator
