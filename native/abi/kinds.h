// One struct per kind of value that crosses the boundary: how it looks in the C signature, and how
// it is stored while a call is under way. How a kind becomes a JavaScript value is said once more,
// in native/node/values.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "hcs.h"

namespace hc {

// UTF-16, NUL-terminated. An absent text is a null pointer, not "".
struct Text {
  using InAbi = const char16_t*;
  using InSlot = std::optional<std::u16string>;
  static InAbi pass(const InSlot& slot) { return slot ? slot->c_str() : nullptr; }
  using OutAbi = char16_t*;
};

struct Uint32 {
  using InAbi = std::uint32_t;
  using InSlot = std::uint32_t;
  static InAbi pass(InSlot slot) { return slot; }
  using OutAbi = std::uint32_t;
};

struct Uint64 {
  using InAbi = std::uint64_t;
  using InSlot = std::uint64_t;
  static InAbi pass(InSlot slot) { return slot; }
};

// In JavaScript its text, of 36 lower-case characters.
struct Guid {
  using OutAbi = GuidData;
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
};

// The parents of a layer, the immediate one first. Two arguments: the array and its length; of an
// empty list null and 0.
struct Layers {
  struct Layer {
    GuidData id{};
    std::u16string path;
    std::uint32_t flags = 0;
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
};

// A text that the host writes into memory of the caller. Two arguments: its length with the NUL,
// and the memory. Called without memory, the host says the length, which is 0 for no text; it is
// then called again.
struct SizedText {
  struct Buffer {
    std::size_t length = 0;
    std::u16string memory;
  };
  using OutSlot = Buffer;
  using OutAbi = std::tuple<std::size_t*, char16_t*>;
  static OutAbi pass(OutSlot& slot) {
    return {&slot.length, slot.memory.empty() ? nullptr : slot.memory.data()};
  }
  static constexpr std::size_t kLongest = 0x8000;  // no path is longer
  // True: the host is to be called again.
  static bool grow(OutSlot& slot) {
    if (slot.length == 0 || !slot.memory.empty()) return false;
    slot.length = slot.length < kLongest ? slot.length : kLongest;
    slot.memory.assign(slot.length, u'\0');
    return true;
  }
};

// The impersonation token of HcsCreateComputeSystem: always null, as no client passes one.
struct Identity {
  using InAbi = void*;
  struct InSlot {};
  static InAbi pass(InSlot) { return nullptr; }
};

template <class Opaque>
struct OpaqueHandle {
  using InAbi = Opaque*;
  using InSlot = Opaque*;
  static InAbi pass(InSlot slot) { return slot; }
  using OutAbi = Opaque*;
};
struct System : OpaqueHandle<HcsSystem> {};
struct Process : OpaqueHandle<HcsProcess> {};
struct Registration : OpaqueHandle<HcsRegistration> {};

struct ProcessInfo {
  using OutAbi = ProcessInformation;
};

// Filled by the core.
struct Callback {
  using InAbi = NotificationCallback;
  using InSlot = NotificationCallback;
  static InAbi pass(InSlot slot) { return slot; }
};
struct Context {
  using InAbi = void*;
  using InSlot = void*;
  static InAbi pass(InSlot slot) { return slot; }
};

// Directions. `Abi` is the C argument; `Slot` is what lives in the call until the host has
// returned.
template <class K>
struct In {
  using Kind = K;
  using Abi = typename K::InAbi;
  using Slot = typename K::InSlot;
  static Abi pass(Slot& slot) { return K::pass(slot); }
  const char* name;
};

template <class K>
struct Out {
  using Kind = K;
  using Abi = typename K::OutAbi*;
  using Slot = typename K::OutAbi;
  static Abi pass(Slot& slot) { return &slot; }
  const char* name;
};

template <>
struct Out<SizedText> {
  using Kind = SizedText;
  using Abi = SizedText::OutAbi;
  using Slot = SizedText::OutSlot;
  static Abi pass(Slot& slot) { return SizedText::pass(slot); }
  const char* name;
};

template <class K>
struct Release {
  using Kind = K;
  using Abi = typename K::InAbi;
  using Slot = typename K::InSlot;
  static Abi pass(Slot& slot) { return slot; }
  const char* name;
};

// The C arguments of a parameter: one, or those of the tuple that its Abi is.
template <class Abi>
std::tuple<Abi> argumentsOf(Abi abi) {
  return {abi};
}
template <class... Each>
std::tuple<Each...> argumentsOf(std::tuple<Each...> abi) {
  return abi;
}

}  // namespace hc
