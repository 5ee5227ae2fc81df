// Makes VHDX files, and writes their headers.
#include <algorithm>
#include <filesystem>

#include "vhdx-layout.h"

namespace hc::simulator::vhdx {
namespace {

constexpr char16_t kCreator[] = u"hostcompute simulated host";

std::string withChecksum(std::string bytes) {
  put(bytes, 4, checksumOf(bytes));
  return bytes;
}

std::string printHeader(const Header& header) {
  std::string bytes(kHeaderBytes, '\0');
  bytes.replace(0, 4, "head");
  put(bytes, 8, header.sequence);
  put(bytes, 16, header.fileWriteGuid);
  put(bytes, 32, header.dataWriteGuid);
  put(bytes, 48, header.logGuid);
  put(bytes, 66, std::uint16_t{1});
  put(bytes, 68, header.logLength);
  put(bytes, 72, header.logOffset);
  return withChecksum(std::move(bytes));
}

std::string printRegions(const Region& blocks, const Region& metadata) {
  std::string bytes(kTableBytes, '\0');
  bytes.replace(0, 4, "regi");
  put(bytes, 8, std::uint32_t{2});
  const auto entry = [&](std::size_t at, const GuidData& id, const Region& region) {
    put(bytes, at, id);
    put(bytes, at + 16, region.offset);
    put(bytes, at + 24, static_cast<std::uint32_t>(region.length));
    put(bytes, at + 28, std::uint32_t{1});
  };
  entry(16, kBlocksRegion, blocks);
  entry(48, kMetadataRegion, metadata);
  return withChecksum(std::move(bytes));
}

std::uint64_t tableBytesOf(const Metadata& metadata) {
  return alignUp(std::max<std::uint64_t>(entryCount(metadata) * sizeof(std::uint64_t), 1), kMiB);
}

// Of both region tables.
Outcome writeRegions(DiskFile& file, const Region& blocks, const Region& metadata) {
  const std::string bytes = printRegions(blocks, metadata);
  for (const std::uint64_t place : kRegionTables) {
    if (Outcome written = file.write(place, bytes); !written.ok()) return written;
  }
  return {};
}

// Every block of a fixed disk has its place, one behind the other.
Outcome writeAllBlocks(DiskFile& file, const Metadata& metadata, std::uint64_t place) {
  const std::uint64_t ratio = chunkRatio(metadata);
  const std::uint64_t count = entryCount(metadata);
  constexpr std::uint64_t kAtOnce = 8192;
  for (std::uint64_t first = 0; first < count; first += kAtOnce) {
    const std::uint64_t some = std::min(kAtOnce, count - first);
    std::string bytes(some * sizeof(std::uint64_t), '\0');
    for (std::uint64_t i = 0; i < some; ++i) {
      if ((first + i) % (ratio + 1) == ratio) continue;  // of a bitmap, which it has none of
      put(bytes, i * sizeof(std::uint64_t),
          place | static_cast<std::uint64_t>(BlockState::FullyPresent));
      place += metadata.blockSize;
    }
    Outcome written = file.write(kBlocksPlace + first * sizeof(std::uint64_t), bytes);
    if (!written.ok()) return written;
  }
  return {};
}

Outcome writeParts(DiskFile& file, const FilePath& path, const Metadata& metadata) {
  const std::uint64_t tableBytes = tableBytesOf(metadata);
  const std::uint64_t front = kBlocksPlace + tableBytes;
  const std::uint64_t data = metadata.allocated ? blockCount(metadata) * metadata.blockSize : 0;
  std::error_code error;
  const auto space = std::filesystem::space(path.parent_path(), error);
  if (!error && space.available < front + data)
    return fail(kDiskFull, u"There is not enough space on the disk.");
  if (Outcome sized = file.resize(front + data); !sized.ok()) return sized;
  std::string identifier(520, '\0');
  identifier.replace(0, 8, kFileSignature);
  std::memcpy(identifier.data() + 8, kCreator, sizeof kCreator);
  if (Outcome written = file.write(0, identifier); !written.ok()) return written;
  Header header;
  header.fileWriteGuid = randomGuid();
  header.dataWriteGuid = randomGuid();
  header.logOffset = kLogPlace;
  header.logLength = kLogBytes;
  for (const std::uint64_t place : kHeaders) {
    ++header.sequence;
    if (Outcome written = file.write(place, printHeader(header)); !written.ok()) return written;
  }
  const Outcome regions =
      writeRegions(file, {kBlocksPlace, tableBytes}, {kMetadataPlace, kMetadataBytes});
  if (!regions.ok()) return regions;
  if (Outcome written = file.write(kMetadataPlace, printMetadata(metadata)); !written.ok())
    return written;
  if (metadata.allocated) {
    if (Outcome written = writeAllBlocks(file, metadata, front); !written.ok()) return written;
  }
  return file.flush();
}

}  // namespace

Outcome writeImage(const FilePath& path, const Metadata& metadata) {
  Outcome written;
  {
    DiskFile file;
    written = DiskFile::create(path, &file);
    if (!written.ok()) return written;
    written = writeParts(file, path, metadata);
  }
  std::error_code ignored;
  if (!written.ok()) std::filesystem::remove(path, ignored);
  return written;
}

Outcome moveTable(DiskFile& file, Image* image, const Metadata& metadata) {
  const Region& before = image->blocks;
  const Region moved = {alignUp(file.size(), kMiB), tableBytesOf(metadata)};
  if (Outcome sized = file.resize(moved.offset + moved.length); !sized.ok()) return sized;
  for (std::uint64_t at = 0; at < before.length; at += kMiB) {
    std::string bytes;
    if (!file.read(before.offset + at, kMiB, &bytes))
      return fail(kTableCorrupt, u"The table of blocks cannot be read.");
    if (Outcome written = file.write(moved.offset + at, bytes); !written.ok()) return written;
  }
  Outcome written = writeRegions(file, moved, image->metadataRegion);
  if (written.ok()) image->blocks = moved;
  return written;
}

Outcome writeHeader(DiskFile& file, Image* image, bool data) {
  Header header = image->header;
  ++header.sequence;
  header.fileWriteGuid = randomGuid();
  if (data) header.dataWriteGuid = randomGuid();
  const int place = 1 - image->headerPlace;
  if (Outcome written = file.write(kHeaders[place], printHeader(header)); !written.ok())
    return written;
  image->header = header;
  image->headerPlace = place;
  return file.flush();
}

}  // namespace hc::simulator::vhdx
