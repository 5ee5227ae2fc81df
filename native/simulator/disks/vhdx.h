// VHDX files (MS-VHDX): what one says of itself, how one is made, and where its blocks are.
#pragma once

#include <optional>
#include <string>

#include "../../abi/virtdisk.h"
#include "bytes.h"
#include "disk-file.h"

namespace hc::simulator::vhdx {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 40;  // that a disk can have
constexpr std::uint32_t kLeastBlock = 1u << 20;
constexpr std::uint32_t kMostBlock = 256u << 20;

// ERROR_VHD_..., which Windows gives for what a file says.
constexpr HResult kFormatUnknown = 0xC03A0004;
constexpr HResult kUnsupportedVersion = 0xC03A0005;
constexpr HResult kHeaderCorrupt = 0xC03A0008;
constexpr HResult kTableCorrupt = 0xC03A000A;
constexpr HResult kInvalidBlockSize = 0xC03A000B;
constexpr HResult kParentNotFound = 0xC03A000D;
constexpr HResult kParentIdMismatch = 0xC03A000E;
constexpr HResult kMetadataUnreadable = 0xC03A0010;
constexpr HResult kInvalidSize = 0xC03A0012;
constexpr HResult kProviderNotFound = 0xC03A0014;
constexpr HResult kParentSizeMismatch = 0xC03A0017;
constexpr HResult kChainCycle = 0xC03A0018;
constexpr HResult kErrorInParent = 0xC03A0019;
constexpr HResult kInvalidType = 0xC03A001B;
constexpr HResult kUnsupportedSectorSize = 0xC03A001D;
constexpr HResult kLogNotReplayed = 0x80070570;  // ERROR_FILE_CORRUPT

// Where a differencing disk looks for its parent, as texts of Windows. Empty: not said.
struct ParentLocator {
  std::u16string linkage;  // "{guid}": the parent's DataWriteGuid
  std::u16string relativePath;
  std::u16string absolutePath;
};

struct Metadata {
  std::uint64_t size = 0;  // of the disk
  std::uint32_t blockSize = 0;
  std::uint32_t sectorSize = 0;
  std::uint32_t physicalSectorSize = 0;
  bool allocated = false;  // all blocks stay allocated: a fixed disk
  bool hasParent = false;
  GuidData id{};
  ParentLocator parent;
};

struct Header {
  std::uint64_t sequence = 0;
  GuidData fileWriteGuid{};
  GuidData dataWriteGuid{};
  GuidData logGuid{};
  std::uint64_t logOffset = 0;
  std::uint32_t logLength = 0;
};

// A place in the file.
struct Region {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

// What a file says, all of it found to fit the file.
struct Image {
  FilePath path;
  Header header;
  int headerPlace = 0;  // 0 or 1: which of the two counts
  Region blocks;        // the block allocation table
  Region metadataRegion;
  Metadata metadata;
};

// How many blocks of data go between two entries for sector bitmaps.
std::uint64_t chunkRatio(const Metadata& metadata);
std::uint64_t blockCount(const Metadata& metadata);
// The entries of the table, of blocks and of bitmaps.
std::uint64_t entryCount(const Metadata& metadata);

// vhdx-metadata.cc
std::string printMetadata(const Metadata& metadata);
// Where in the region an item is, for who changes it.
std::optional<std::uint64_t> placeOfItem(std::string_view table, const GuidData& item);
Outcome readMetadata(DiskFile& file, const Region& region, Metadata* metadata);

// vhdx-reader.cc
Outcome readImage(DiskFile& file, const FilePath& path, Image* image);

// vhdx-writer.cc
// A new file, of which nothing is left when it fails.
Outcome writeImage(const FilePath& path, const Metadata& metadata);
// To the end of the file, where it has room for the blocks of a disk that has grown.
Outcome moveTable(DiskFile& file, Image* image, const Metadata& metadata);
// With the next sequence number, in place of the one that does not count. `data`: what the disk
// reads as has changed, so that its children do not fit it any more.
Outcome writeHeader(DiskFile& file, Image* image, bool data);

}  // namespace hc::simulator::vhdx
