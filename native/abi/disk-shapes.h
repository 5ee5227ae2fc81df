// The shapes of the values of virtual disks, as shapes.h has all others.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "shapes.h"
#include "virtdisk.h"

namespace hc::shape {

// A structure that is passed by its address, and has no addresses in it.
template <class Data>
struct Structure {
  using InAbi = const Data*;
  using InSlot = Data;
  static InAbi pass(const InSlot& slot) { return &slot; }
  static bool keep(InAbi data, InSlot& slot) {
    if (data != nullptr) slot = *data;
    return data != nullptr;
  }
};

// Not given by JavaScript: all zero.
struct DiskType : Structure<DiskTypeData> {};

// In JavaScript whether the disk is opened for reading alone, 0 or 1.
struct DiskOpening : Structure<OpenDiskParameters> {};

// In JavaScript the GUID that becomes the id of the disk.
struct DiskSetting : Structure<SetDiskInformation> {};

// In JavaScript [maximumSize, blockSize, sectorSize, physicalSectorSize, parentPath or null,
// openFlags].
struct DiskCreation {
  using InAbi = const CreateDiskParameters*;
  struct InSlot {
    CreateDiskParameters parameters{};
    OptionalText parent;
    OptionalText source;
  };
  static InAbi pass(InSlot& slot) {
    slot.parameters.parentPath = slot.parent ? slot.parent->c_str() : nullptr;
    slot.parameters.sourcePath = slot.source ? slot.source->c_str() : nullptr;
    return &slot.parameters;
  }
  static bool keep(InAbi parameters, InSlot& slot) {
    if (parameters == nullptr) return false;
    slot.parameters = *parameters;
    if (parameters->parentPath != nullptr) slot.parent = parameters->parentPath;
    if (parameters->sourcePath != nullptr) slot.source = parameters->sourcePath;
    return true;
  }
};

// A text that the host writes into memory of the caller. Two arguments: its length in bytes, and
// the memory. The paths of disks are short.
struct DiskPath {
  static constexpr std::uint32_t kLongest = 260;
  struct OutSlot {
    std::uint32_t bytes = kLongest * sizeof(char16_t);
    char16_t memory[kLongest + 1] = {};
  };
  using OutAbi = std::tuple<std::uint32_t*, char16_t*>;
  using Result = OptionalText;
  static OutAbi pass(OutSlot& slot) { return {&slot.bytes, slot.memory}; }
  static Result collect(const OutSlot& slot, HResult status, FreeText) {
    return failed(status) ? std::nullopt : Result(slot.memory);
  }
};

// What a disk is. Three arguments: how much memory there is, the memory, in which the caller has
// said what it asks for, and how much of it is used. The host is called once for each thing that
// there is to know. In JavaScript [virtualSize, physicalSize, blockSize, sectorSize,
// physicalSectorSize, providerSubtype, whether it is in use, id, parentPath or null].
struct DiskInformation {
  struct Facts {
    DiskSizes sizes{};
    std::uint32_t subtype = 0;
    std::uint32_t physicalSectorSize = 0;
    bool loaded = false;
    GuidData id{};
    OptionalText parent;
  };
  struct OutSlot {
    std::size_t step = 0;
    std::uint32_t bytes = 0;
    std::uint32_t used = 0;
    std::vector<std::uint64_t> memory;  // aligned
    Facts facts;
  };
  using OutAbi = std::tuple<std::uint32_t*, GetDiskInformation*, std::uint32_t*>;
  using Result = std::optional<Facts>;
  static constexpr DiskQuery kQueries[] = {
      DiskQuery::Size,     DiskQuery::ProviderSubtype, DiskQuery::PhysicalSectorSize,
      DiskQuery::IsLoaded, DiskQuery::VirtualDiskId,   DiskQuery::ParentLocation};
  static constexpr std::size_t kSteps = sizeof kQueries / sizeof *kQueries;
  static constexpr std::uint32_t kMostBytes = 0x10010;  // of the longest path

  static GetDiskInformation& informationOf(OutSlot& slot) {
    return *reinterpret_cast<GetDiskInformation*>(slot.memory.data());
  }
  static void prepare(OutSlot& slot, DiskQuery query, std::uint32_t bytes) {
    slot.bytes = bytes;
    slot.memory.assign(kMostBytes / sizeof(std::uint64_t) + 1, 0);
    informationOf(slot).version = query;
  }
  static OutAbi pass(OutSlot& slot) {
    // Of a call from elsewhere the memory is as its caller has it.
    if (slot.memory.empty()) prepare(slot, kQueries[slot.step], kMostBytes);
    return {&slot.bytes, &informationOf(slot), &slot.used};
  }
  // True: the host is to be called again.
  static bool grow(OutSlot& slot) {
    const GetDiskInformation& got = informationOf(slot);
    Facts& facts = slot.facts;
    switch (kQueries[slot.step]) {
      case DiskQuery::Size:
        facts.sizes = got.sizes;
        break;
      case DiskQuery::ProviderSubtype:
        facts.subtype = got.number;
        break;
      case DiskQuery::PhysicalSectorSize:
        facts.physicalSectorSize = got.number;
        break;
      case DiskQuery::IsLoaded:
        facts.loaded = got.number != 0;
        break;
      case DiskQuery::VirtualDiskId:
        facts.id = got.guid;
        break;
      default:
        facts.parent = std::u16string(got.parent.path);
    }
    slot.memory.clear();
    ++slot.step;
    const bool differencing = facts.subtype == kDifferencingDisk;
    return slot.step < (differencing ? kSteps : kSteps - 1);
  }
  static Result collect(const OutSlot& slot, HResult status, FreeText) {
    return failed(status) ? std::nullopt : Result(slot.facts);
  }
};

}  // namespace hc::shape
