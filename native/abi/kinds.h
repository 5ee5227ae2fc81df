// One struct per kind of value that crosses the boundary: how it looks in the C signature, and how
// it is stored while a call is under way. How a kind becomes a JavaScript value is said once more,
// in native/node/values.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

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

template <class K>
struct Release {
  using Kind = K;
  using Abi = typename K::InAbi;
  using Slot = typename K::InSlot;
  static Abi pass(Slot& slot) { return slot; }
  const char* name;
};

}  // namespace hc
