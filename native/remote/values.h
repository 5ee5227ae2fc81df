// How the arguments and results of each function of the list travel in frames: a request is the
// number of the function and its inputs, an answer its status and its outputs. Both ends follow
// from the shapes of the parameters: there is an overload for each type of slot.
#pragma once

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "../abi/functions.h"
#include "frame.h"

namespace hc::remote {

template <class Parameter, class... Kinds>
constexpr bool kIsOneOf = (std::is_same_v<typename Parameter::Kind, Kinds> || ...);

template <class Parameter>
constexpr bool kIsCallback =
    kIsOneOf<Parameter, Callback::Shape, EventCallback::Shape, OperationCallback::Shape>;

template <class Pointer>
std::uint64_t numberOf(Pointer pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer);
}
template <class Pointer>
Pointer pointerOf(std::uint64_t number) {
  return reinterpret_cast<Pointer>(static_cast<std::uintptr_t>(number));
}

template <class Value>
constexpr bool kIsPlain = std::is_arithmetic_v<Value> || std::is_same_v<Value, GuidData> ||
                          std::is_same_v<Value, PortRangeData>;

// Inputs, from the client to the server.

template <class Value>
std::enable_if_t<kIsPlain<Value>> putInput(Frame& frame, Value slot) {
  frame.put(slot);
}
template <class Value>
std::enable_if_t<kIsPlain<Value>> takeInput(Frame& frame, Value& slot) {
  slot = frame.take<Value>();
}

inline void putInput(Frame& frame, const OptionalText& slot) {
  frame.putText(slot ? slot->c_str() : nullptr);
}
inline void takeInput(Frame& frame, OptionalText& slot) { slot = frame.takeText(); }

template <class Opaque>
void putInput(Frame& frame, Opaque* slot) {
  frame.put(numberOf(slot));
}
template <class Opaque>
void takeInput(Frame& frame, Opaque*& slot) {
  slot = pointerOf<Opaque*>(frame.take<std::uint64_t>());
}

template <class Opaque>
void putInput(Frame& frame, const shape::ObjectSlot<Opaque>& slot) {
  putInput(frame, slot.handle);
}
template <class Opaque>
void takeInput(Frame& frame, shape::ObjectSlot<Opaque>& slot) {
  takeInput(frame, slot.handle);
}

inline void putInput(Frame& frame, const shape::Driver::InSlot& slot) {
  frame.put(slot.flavour);
  frame.putText(slot.homeDir.c_str());
}
inline void takeInput(Frame& frame, shape::Driver::InSlot& slot) {
  slot.flavour = frame.take<std::uint32_t>();
  slot.homeDir = frame.takeText().value_or(u"");
}

inline void putInput(Frame& frame, const shape::Layers::InSlot& slot) {
  frame.put(static_cast<std::uint32_t>(slot.layers.size()));
  for (const auto& layer : slot.layers) {
    frame.put(layer.id);
    frame.put(layer.flags);
    frame.putText(layer.path.c_str());
  }
}
inline void takeInput(Frame& frame, shape::Layers::InSlot& slot) {
  for (auto left = frame.take<std::uint32_t>(); left > 0 && !frame.bad(); --left) {
    shape::Layers::Layer layer;
    layer.id = frame.take<GuidData>();
    layer.flags = frame.take<std::uint32_t>();
    layer.path = frame.takeText().value_or(u"");
    slot.layers.push_back(std::move(layer));
  }
}

template <class Data>
constexpr bool kIsDiskData =
    std::is_same_v<Data, DiskTypeData> || std::is_same_v<Data, OpenDiskParameters> ||
    std::is_same_v<Data, SetDiskInformation>;
template <class Data>
std::enable_if_t<kIsDiskData<Data>> putInput(Frame& frame, const Data& slot) {
  frame.put(slot);
}
template <class Data>
std::enable_if_t<kIsDiskData<Data>> takeInput(Frame& frame, Data& slot) {
  slot = frame.take<Data>();
}

inline void putInput(Frame& frame, const shape::DiskCreation::InSlot& slot) {
  CreateDiskParameters parameters = slot.parameters;
  parameters.parentPath = parameters.sourcePath = nullptr;
  frame.put(parameters);
  putInput(frame, slot.parent);
  putInput(frame, slot.source);
}
inline void takeInput(Frame& frame, shape::DiskCreation::InSlot& slot) {
  slot.parameters = frame.take<CreateDiskParameters>();
  takeInput(frame, slot.parent);
  takeInput(frame, slot.source);
}

// The server has a callback of its own where the client has one, and takes no identity.
template <class... Arguments>
void putInput(Frame&, void(HC_CALL*)(Arguments...)) {}
template <class... Arguments>
void takeInput(Frame&, void(HC_CALL*&)(Arguments...)) {}
inline void putInput(Frame&, shape::Null::InSlot) {}
inline void takeInput(Frame&, shape::Null::InSlot&) {}

// Whether the client wants an output.

template <class Value>
void putWanted(Frame& frame, Value* where) {
  frame.put(where != nullptr);
}
template <class Slot>
bool takeWanted(Frame& frame, Slot&) {
  return frame.take<std::uint8_t>() != 0;
}

inline void putWanted(Frame& frame, shape::SizedText::OutAbi where) {
  const auto [length, memory] = where;
  frame.put(length != nullptr);
  frame.put(length != nullptr && memory != nullptr ? std::uint64_t{*length} : 0);
}
inline bool takeWanted(Frame& frame, shape::SizedText::Buffer& slot) {
  const bool wanted = frame.take<std::uint8_t>() != 0;
  slot.length = static_cast<std::size_t>(
      std::min<std::uint64_t>(frame.take<std::uint64_t>(), shape::SizedText::kLongest));
  slot.memory.assign(slot.length, u'\0');
  return wanted;
}

inline void putWanted(Frame& frame, shape::DiskPath::OutAbi where) {
  const auto [bytes, memory] = where;
  frame.put(bytes != nullptr);
  frame.put(bytes != nullptr && memory != nullptr ? *bytes : std::uint32_t{0});
}
inline bool takeWanted(Frame& frame, shape::DiskPath::OutSlot& slot) {
  const bool wanted = frame.take<std::uint8_t>() != 0;
  slot.bytes = std::min(frame.take<std::uint32_t>(), slot.bytes);
  return wanted;
}

inline void putWanted(Frame& frame, shape::DiskInformation::OutAbi where) {
  const auto [bytes, information, used] = where;
  const bool wanted = bytes != nullptr && information != nullptr;
  frame.put(wanted);
  frame.put(wanted ? *bytes : std::uint32_t{0});
  frame.put(wanted && *bytes >= sizeof(DiskQuery) ? information->version : DiskQuery{});
}
inline bool takeWanted(Frame& frame, shape::DiskInformation::OutSlot& slot) {
  const bool wanted = frame.take<std::uint8_t>() != 0;
  const auto bytes = std::min(frame.take<std::uint32_t>(), shape::DiskInformation::kMostBytes);
  shape::DiskInformation::prepare(slot, frame.take<DiskQuery>(), bytes);
  return wanted;
}

inline void putWanted(Frame& frame, shape::PortEntries::OutAbi where) {
  const auto [count, entries] = where;
  frame.put(count != nullptr && entries != nullptr);
}

// Outputs, from the server to the client: what the host has given becomes the frame's. Into the
// variables of the caller, if it gave them; what it did not want is none of its own.

using Give = char16_t* (*)(std::u16string_view text);

template <class Value>
std::enable_if_t<kIsPlain<Value>> putOutput(Frame& frame, Value slot, FreeText) {
  frame.put(slot);
}
template <class Value>
std::enable_if_t<kIsPlain<Value>> takeOutput(Frame& frame, Value* where, Give) {
  const auto value = frame.take<Value>();
  if (where != nullptr) *where = value;
}

inline void putOutput(Frame& frame, char16_t* slot, FreeText release) {
  frame.putText(slot);
  release(slot);
}
inline void takeOutput(Frame& frame, char16_t** where, Give give) {
  const auto text = frame.takeText();
  if (where != nullptr) *where = text ? give(*text) : nullptr;
}

template <class Opaque>
void putOutput(Frame& frame, Opaque* slot, FreeText) {
  frame.put(numberOf(slot));
}
template <class Opaque>
void takeOutput(Frame& frame, Opaque** where, Give) {
  const auto number = frame.take<std::uint64_t>();
  if (where != nullptr) *where = pointerOf<Opaque*>(number);
}

inline void putOutput(Frame& frame, const ProcessInformation& slot, FreeText) {
  frame.put(slot.processId);
  frame.put(slot.reserved);
  for (void* stream : {slot.stdInput, slot.stdOutput, slot.stdError}) frame.putStream(stream);
}
inline void takeOutput(Frame& frame, ProcessInformation* where, Give) {
  ProcessInformation got{};
  got.processId = frame.take<std::uint32_t>();
  got.reserved = frame.take<std::uint32_t>();
  if (where == nullptr) return;  // the frame closes the streams
  got.stdInput = frame.takeStream();
  got.stdOutput = frame.takeStream();
  got.stdError = frame.takeStream();
  *where = got;
}

inline void putOutput(Frame& frame, const shape::SizedText::Buffer& slot, FreeText) {
  frame.put(std::uint64_t{slot.length});
  frame.putText(slot.memory.empty() ? nullptr : slot.memory.c_str());
}
inline void takeOutput(Frame& frame, shape::SizedText::OutAbi where, Give) {
  const auto length = frame.take<std::uint64_t>();
  const auto text = frame.takeText();
  const auto [size, memory] = where;
  if (size == nullptr) return;
  if (memory != nullptr && text)
    memory[text->copy(memory, std::max<std::size_t>(*size, 1) - 1)] = u'\0';
  *size = static_cast<std::size_t>(length);
}

inline void putOutput(Frame& frame, const shape::DiskPath::OutSlot& slot, FreeText) {
  frame.put(slot.bytes);
  frame.putText(slot.memory);
}
inline void takeOutput(Frame& frame, shape::DiskPath::OutAbi where, Give) {
  const auto length = frame.take<std::uint32_t>();
  const auto text = frame.takeText();
  const auto [bytes, memory] = where;
  if (bytes == nullptr) return;
  const std::size_t room = *bytes / sizeof(char16_t);
  if (memory != nullptr && text && room > 0) memory[text->copy(memory, room - 1)] = u'\0';
  *bytes = length;
}

// No member is an address.
inline void putOutput(Frame& frame, const shape::DiskInformation::OutSlot& slot, FreeText) {
  frame.put(slot.bytes);
  frame.put(slot.used);
  const std::size_t words = (slot.used + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t);
  const auto count = static_cast<std::uint32_t>(std::min(words, slot.memory.size()));
  frame.put(count);
  for (std::uint32_t i = 0; i < count; ++i) frame.put(slot.memory[i]);
}
inline void takeOutput(Frame& frame, shape::DiskInformation::OutAbi where, Give) {
  const auto needed = frame.take<std::uint32_t>();
  const auto got = frame.take<std::uint32_t>();
  std::vector<std::uint64_t> words;
  for (auto left = frame.take<std::uint32_t>(); left > 0 && !frame.bad(); --left)
    words.push_back(frame.take<std::uint64_t>());
  const auto [bytes, information, used] = where;
  if (bytes == nullptr || information == nullptr) return;
  const auto size = std::min<std::size_t>({*bytes, got, words.size() * sizeof(std::uint64_t)});
  if (size > 0) std::memcpy(static_cast<void*>(information), words.data(), size);
  *bytes = needed;
  if (used != nullptr) *used = got;
}

// The host frees its array itself, and the client its own.
inline void putOutput(Frame& frame, const shape::PortEntries::OutSlot& slot, FreeText) {
  const std::uint32_t count = slot.entries != nullptr ? slot.count : 0;
  frame.put(count);
  for (std::uint32_t i = 0; i < count; ++i) frame.put(slot.entries[i]);
}
inline void takeOutput(Frame& frame, shape::PortEntries::OutAbi where, Give give) {
  std::vector<PortRangeEntry> entries;
  for (auto left = frame.take<std::uint32_t>(); left > 0 && !frame.bad(); --left)
    entries.push_back(frame.take<PortRangeEntry>());
  const auto [count, array] = where;
  if (count == nullptr || array == nullptr) return;
  *count = static_cast<std::uint32_t>(entries.size());
  *array = nullptr;
  if (entries.empty()) return;
  const std::size_t bytes = entries.size() * sizeof(PortRangeEntry);
  // Memory as texts have it: any copy of as many characters is room enough.
  char16_t* const memory = give(std::u16string(bytes / sizeof(char16_t), u'\0'));
  if (memory == nullptr) return;
  std::memcpy(memory, entries.data(), bytes);
  *array = reinterpret_cast<PortRangeEntry*>(memory);
}

// A parameter on its four ways.

template <class Parameter>
void putArgument(Frame& frame, typename Parameter::Abi value) {
  if constexpr (kIsOut<Parameter>) {
    putWanted(frame, value);
  } else {
    typename Parameter::Slot slot{};
    bool given = Parameter::Kind::keep(value, slot);
    if constexpr (kIsCallback<Parameter>) given = slot != nullptr;
    frame.put(given);
    if (given) putInput(frame, slot);
  }
}

// False: one for which the client has given null.
template <class Parameter>
bool takeArgument(Frame& frame, typename Parameter::Slot& slot) {
  slot = {};
  if constexpr (kIsOut<Parameter>) {
    return takeWanted(frame, slot);
  } else {
    const bool given = frame.take<std::uint8_t>() != 0;
    if (given) takeInput(frame, slot);
    return given;
  }
}

template <class Parameter>
void putResult(Frame& frame, typename Parameter::Slot& slot, FreeText release) {
  if constexpr (kIsOut<Parameter>) putOutput(frame, slot, release);
}

template <class Parameter>
void takeResult(Frame& frame, typename Parameter::Abi where, Give give) {
  if constexpr (kIsOut<Parameter>) takeOutput(frame, where, give);
}

}  // namespace hc::remote
