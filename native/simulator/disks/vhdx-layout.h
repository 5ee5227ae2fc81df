// Where the parts of a VHDX file are, and the numbers that they begin with.
#pragma once

#include "vhdx.h"

namespace hc::simulator::vhdx {

constexpr char kFileSignature[] = "vhdxfile";
constexpr std::uint64_t kHeaders[] = {64u << 10, 128u << 10};
constexpr std::uint64_t kRegionTables[] = {192u << 10, 256u << 10};
constexpr std::size_t kHeaderBytes = 4096;
constexpr std::size_t kTableBytes = 64u << 10;
constexpr std::uint64_t kLogPlace = kMiB;
constexpr std::uint32_t kLogBytes = 1u << 20;
constexpr std::uint64_t kMetadataPlace = 2 * kMiB;
constexpr std::uint64_t kMetadataBytes = kMiB;
constexpr std::uint64_t kBlocksPlace = 3 * kMiB;

constexpr GuidData kBlocksRegion = {
    0x2DC27766, 0xF623, 0x4200, {0x9D, 0x64, 0x11, 0x5E, 0x9B, 0xFD, 0x4A, 0x08}};
constexpr GuidData kMetadataRegion = {
    0x8B7CA206, 0x4790, 0x4B9A, {0xB8, 0xFE, 0x57, 0x5F, 0x05, 0x0F, 0x88, 0x6E}};

// Items of the metadata that change.
constexpr GuidData kDiskSize = {
    0x2FA54224, 0xCD1B, 0x4876, {0xB2, 0x11, 0x5D, 0xBE, 0xD8, 0x3B, 0xF4, 0xB8}};
constexpr GuidData kDiskId = {
    0xBECA12AB, 0xB2E6, 0x4523, {0x93, 0xEF, 0xC3, 0x09, 0xE0, 0x00, 0xC7, 0x46}};

// An entry of the block allocation table: its state, and where the block is, in MiB.
enum class BlockState : std::uint64_t {
  NotPresent = 0,
  Undefined = 1,
  Zero = 2,
  Unmapped = 3,
  FullyPresent = 6,
  PartiallyPresent = 7,
};
constexpr BlockState stateOf(std::uint64_t entry) { return static_cast<BlockState>(entry & 7); }
constexpr std::uint64_t placeOf(std::uint64_t entry) { return entry >> 20 << 20; }

constexpr std::uint64_t alignUp(std::uint64_t value, std::uint64_t to) {
  return (value + to - 1) / to * to;
}

}  // namespace hc::simulator::vhdx
