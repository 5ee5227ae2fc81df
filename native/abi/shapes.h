// How values cross the boundary: one struct per shape, from which the kinds of kinds.def are made.
// A shape that goes in says
//
//   InAbi    the C argument; a tuple where it is two
//   InSlot   what lives in a call until the host has returned
//   pass     the argument of what is stored
//   keep     stores an argument, for a library that is called as a host; false: it is null
//
// and one that comes out
//
//   OutSlot  what the host writes into
//   Result   what is kept of it; absent where the host has given nothing
//   collect  makes a result of a slot
//
// native/node/base/values.h reads and writes slots and results in JavaScript, simulator/remote
// passes slots over its wire; both choose by the C++ type.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "computecore.h"
#include "hcn.h"

namespace hc {

using OptionalText = std::optional<std::u16string>;

// How a host wants its texts freed. Null is allowed.
using FreeText = void(HC_CALL*)(void* text);

namespace shape {

// UTF-16, NUL-terminated. An absent text is a null pointer, not "".
struct Text {
  using InAbi = const char16_t*;
  using InSlot = OptionalText;
  static InAbi pass(const InSlot& slot) { return slot ? slot->c_str() : nullptr; }
  static bool keep(InAbi text, InSlot& slot) {
    if (text != nullptr) slot.emplace(text);
    return text != nullptr;
  }
  using OutSlot = char16_t*;
  using Result = OptionalText;
  // Hosts give texts on success and on failure.
  static Result collect(OutSlot& slot, HResult, FreeText release) {
    if (slot == nullptr) return std::nullopt;
    Result text(slot);
    release(std::exchange(slot, nullptr));
    return text;
  }
};

// What a call that failed has left means nothing.
template <class Value>
struct Plain {
  using OutSlot = Value;
  using Result = std::optional<Value>;
  static Result collect(const OutSlot& slot, HResult status, FreeText) {
    return failed(status) ? std::nullopt : Result(slot);
  }
};

template <class Number>
struct Integer : Plain<Number> {
  using InAbi = Number;
  using InSlot = Number;
  static InAbi pass(InSlot slot) { return slot; }
  static bool keep(InAbi number, InSlot& slot) {
    slot = number;
    return true;
  }
};

// In JavaScript its text, of 36 lower-case characters.
struct Guid : Plain<GuidData> {
  using InAbi = const GuidData*;
  using InSlot = GuidData;
  static InAbi pass(const InSlot& slot) { return &slot; }
  static bool keep(InAbi guid, InSlot& slot) {
    if (guid != nullptr) slot = *guid;
    return guid != nullptr;
  }
};

// A text that the host writes into memory of the caller. Two arguments: its length with the NUL,
// and the memory. Called without memory, the host says the length, which is 0 for no text; it is
// then called again.
struct SizedText {
  struct Buffer {
    std::size_t length = 0;
    std::u16string memory;
  };
  using OutAbi = std::tuple<std::size_t*, char16_t*>;
  using OutSlot = Buffer;
  using Result = OptionalText;
  static OutAbi pass(OutSlot& slot) {
    return {&slot.length, slot.memory.empty() ? nullptr : slot.memory.data()};
  }
  static constexpr std::size_t kLongest = 0x8000;  // no path is longer
  // True: the host is to be called again.
  static bool grow(OutSlot& slot) {
    if (slot.length == 0 || !slot.memory.empty()) return false;
    slot.length = std::min(slot.length, kLongest);
    slot.memory.assign(slot.length, u'\0');
    return true;
  }
  static Result collect(const OutSlot& slot, HResult status, FreeText) {
    return failed(status) ? std::nullopt : Result(slot.memory.c_str());
  }
};

// The parents of a layer, the immediate one first. Two arguments: the array and its length; of an
// empty list null and 0.
struct Layers {
  struct Layer {
    GuidData id{};
    std::uint32_t flags = 0;
    std::u16string path;
  };
  using InAbi = std::tuple<const LayerDescriptor*, std::uint32_t>;
  struct InSlot {
    std::vector<Layer> layers;
    std::vector<LayerDescriptor> descriptors;
  };
  static InAbi pass(InSlot& slot) {
    slot.descriptors.clear();
    for (const Layer& layer : slot.layers)
      slot.descriptors.push_back({layer.id, layer.flags, layer.path.c_str()});
    if (slot.descriptors.empty()) return {nullptr, 0u};
    return {slot.descriptors.data(), static_cast<std::uint32_t>(slot.descriptors.size())};
  }
  static bool keep(InAbi abi, InSlot& slot) {
    const auto [descriptors, count] = abi;
    for (std::uint32_t i = 0; descriptors != nullptr && i < count; ++i) {
      const LayerDescriptor& each = descriptors[i];
      slot.layers.push_back(
          {each.layerId, each.flags, each.path != nullptr ? each.path : std::u16string()});
    }
    return descriptors != nullptr;
  }
};

// Not given by JavaScript: it is what is said here.
struct Driver {
  using InAbi = const DriverInformation*;
  struct InSlot {
    std::uint32_t flavour = kFilterDriver;
    std::u16string homeDir;
    DriverInformation information{};
  };
  static InAbi pass(InSlot& slot) {
    slot.information = {slot.flavour, slot.homeDir.c_str()};
    return &slot.information;
  }
  static bool keep(InAbi information, InSlot& slot) {
    if (information == nullptr) return false;
    slot.flavour = information->flavour;
    slot.homeDir = information->homeDir != nullptr ? information->homeDir : u"";
    return true;
  }
};

// An argument that no client passes, such as the impersonation token of HcsCreateComputeSystem.
struct Null {
  using InAbi = void*;
  struct InSlot {};
  static InAbi pass(InSlot) { return nullptr; }
  static bool keep(InAbi, InSlot&) { return false; }
};

template <class Pointer>
struct PointerLike {
  using InAbi = Pointer;
  using InSlot = Pointer;
  static InAbi pass(InSlot slot) { return slot; }
  static bool keep(InAbi pointer, InSlot& slot) {
    slot = pointer;
    return true;
  }
};

// What the host has opened for its caller. In JavaScript a number, which the core looks up.
template <class Opaque>
struct Handle : PointerLike<Opaque*> {
  using OutSlot = Opaque*;
  using Result = Opaque*;
  static Result collect(OutSlot slot, HResult, FreeText) { return slot; }
};

// An object of HCN, at whose handle nothing is registered. In JavaScript its id, for which the core
// opens a handle that lasts as long as the call; and of an object that a call has opened, its
// properties.
template <class Opaque>
struct ObjectSlot {
  GuidData id{};
  Opaque* handle = nullptr;
};
template <class Opaque>
struct Object {
  using InAbi = Opaque*;
  using InSlot = ObjectSlot<Opaque>;
  static InAbi pass(const InSlot& slot) { return slot.handle; }
  static bool keep(InAbi handle, InSlot& slot) {
    slot.handle = handle;
    return true;
  }
  using OutSlot = Opaque*;
  using Result = OptionalText;
};

// In JavaScript [startingPort, endingPort].
struct PortRange : Plain<PortRangeData> {};

// An array of the host, which it frees itself. Two arguments: its length, and where it is. In
// JavaScript an array of objects.
struct PortEntries {
  struct OutSlot {
    std::uint32_t count = 0;
    PortRangeEntry* entries = nullptr;
  };
  using OutAbi = std::tuple<std::uint32_t*, PortRangeEntry**>;
  using Result = std::optional<std::vector<PortRangeEntry>>;
  static OutAbi pass(OutSlot& slot) { return {&slot.count, &slot.entries}; }
  static Result collect(const OutSlot& slot, HResult status, FreeText) {
    if (failed(status)) return std::nullopt;
    if (slot.entries == nullptr) return Result(std::in_place);
    return Result(std::in_place, slot.entries, slot.entries + slot.count);
  }
};

// Filled by the core.
template <class Pointer>
struct Filled : PointerLike<Pointer> {};

// What a function returns that returns nothing.
struct Void {
  using InAbi = void;
};

// A process id and the streams of the process, which the core owns until somebody takes them.
struct Streams {
  using OutSlot = ProcessInformation;
};

}  // namespace shape
}  // namespace hc
