// Reads the headers and the tables of a VHDX file, none of which may be believed.
#include <optional>
#include <vector>

#include "vhdx-layout.h"

namespace hc::simulator::vhdx {
namespace {

std::optional<Header> readHeader(DiskFile& file, std::uint64_t at) {
  std::string bytes;
  if (!file.read(at, kHeaderBytes, &bytes) || bytes.compare(0, 4, "head") != 0) return std::nullopt;
  if (get<std::uint32_t>(bytes, 4) != checksumOfStructure(bytes)) return std::nullopt;
  Header header;
  header.sequence = get<std::uint64_t>(bytes, 8);
  header.fileWriteGuid = get<GuidData>(bytes, 16);
  header.dataWriteGuid = get<GuidData>(bytes, 32);
  header.logGuid = get<GuidData>(bytes, 48);
  header.logLength = get<std::uint32_t>(bytes, 68);
  header.logOffset = get<std::uint64_t>(bytes, 72);
  // Of an unknown version it is worth nothing.
  return get<std::uint16_t>(bytes, 66) == 1 ? std::optional(header) : std::nullopt;
}

// The one with the higher number counts; of two damaged ones none.
bool chooseHeader(DiskFile& file, Image* image) {
  const std::optional<Header> both[] = {readHeader(file, kHeaders[0]),
                                        readHeader(file, kHeaders[1])};
  if (!both[0] && !both[1]) return false;
  const bool second = !both[0] || (both[1] && both[1]->sequence > both[0]->sequence);
  image->headerPlace = second ? 1 : 0;
  image->header = *both[image->headerPlace];
  return true;
}

// Behind the headers, and inside the file.
bool fits(const DiskFile& file, const Region& region) {
  return region.offset >= kMiB && region.offset % kMiB == 0 && region.length != 0 &&
         region.length % kMiB == 0 && region.offset <= file.size() &&
         region.length <= file.size() - region.offset;
}

bool overlap(const Region& a, const Region& b) {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

// False: the table is damaged.
bool readRegions(DiskFile& file, std::uint64_t at, Image* image, bool* known) {
  constexpr std::uint32_t kMostEntries = 2047;
  std::string bytes;
  if (!file.read(at, kTableBytes, &bytes) || bytes.compare(0, 4, "regi") != 0 ||
      get<std::uint32_t>(bytes, 4) != checksumOfStructure(bytes))
    return false;
  const auto count = get<std::uint32_t>(bytes, 8);
  if (count > kMostEntries) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t entry = 16 + std::size_t{32} * i;
    const auto id = get<GuidData>(bytes, entry);
    const Region region = {get<std::uint64_t>(bytes, entry + 16),
                           get<std::uint32_t>(bytes, entry + 24)};
    if (id == kBlocksRegion) {
      image->blocks = region;
    } else if (id == kMetadataRegion) {
      image->metadataRegion = region;
    } else if ((get<std::uint32_t>(bytes, entry + 28) & 1) != 0) {
      *known = false;
    }
  }
  return fits(file, image->blocks) && fits(file, image->metadataRegion) &&
         !overlap(image->blocks, image->metadataRegion);
}

}  // namespace

Outcome readImage(DiskFile& file, const FilePath& path, Image* image) {
  image->path = path;
  std::string signature;
  if (!file.read(0, 8, &signature) || signature != kFileSignature)
    return fail(kFormatUnknown, u"It is no VHDX file.");
  if (!chooseHeader(file, image))
    return fail(kHeaderCorrupt, u"Both headers of the file are damaged.");
  if (image->header.logGuid != GuidData{})
    return fail(kLogNotReplayed, u"The file has a log that was not replayed.");
  bool known = true;
  if (!readRegions(file, kRegionTables[0], image, &known) &&
      !readRegions(file, kRegionTables[1], image, &known))
    return fail(kHeaderCorrupt, u"Both region tables of the file are damaged.");
  if (!known) return fail(kUnsupportedVersion, u"The file has a region that is not known here.");
  if (Outcome read = readMetadata(file, image->metadataRegion, &image->metadata); !read.ok())
    return read;
  if (entryCount(image->metadata) > image->blocks.length / sizeof(std::uint64_t))
    return fail(kTableCorrupt, u"The table of blocks is too small for the disk.");
  return {};
}

}  // namespace hc::simulator::vhdx
