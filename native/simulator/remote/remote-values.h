// How the arguments and results of each function of the list travel in frames: a request is the
// number of the function and its inputs, an answer its status and its outputs. Both ends follow
// from the kinds of the parameters.
#pragma once

#include <algorithm>
#include <type_traits>
#include <utility>

#include "../../abi/functions.h"
#include "remote-wire.h"

namespace hc::simulator::remote {

// Whoever connects says first which list it was built with, who it is, and what for.
constexpr std::uint32_t kProtocol = 0x48430100 + static_cast<std::uint32_t>(kFunctionCount);
enum class Purpose : std::uint8_t {
  Life,   // ends when the client does; it gets its number over it
  Calls,  // requests of the client, one at a time
  Ears,   // notifications to the client, one at a time
};

template <class Parameter>
constexpr bool kIsOutput = false;
template <class Kind>
constexpr bool kIsOutput<Out<Kind>> = true;

template <class Parameter, class... Kinds>
constexpr bool kIsOneOf = (std::is_same_v<typename Parameter::Kind, Kinds> || ...);
// The server has a callback of its own, and takes no identity.
template <class Parameter>
constexpr bool kStaysBehind = kIsOneOf<Parameter, Callback, Identity>;

template <class Pointer>
std::uint64_t numberOf(Pointer pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer);
}
template <class Pointer>
Pointer pointerOf(std::uint64_t number) {
  return reinterpret_cast<Pointer>(static_cast<std::uintptr_t>(number));
}

// The client's side: inputs as they are; of outputs, whether they are wanted.
template <class Parameter>
void putArgument(Frame& frame, typename Parameter::Abi value) {
  if constexpr (kIsOneOf<Parameter, SizedText>) {
    const auto [length, memory] = value;
    frame.put(length != nullptr);
    frame.put(length != nullptr && memory != nullptr ? std::uint64_t{*length} : 0);
  } else if constexpr (kIsOutput<Parameter>) {
    frame.put(value != nullptr);
  } else if constexpr (kIsOneOf<Parameter, Text>) {
    frame.putText(value);
  } else if constexpr (kIsOneOf<Parameter, Uint32, Uint64>) {
    frame.put(value);
  } else if constexpr (kIsOneOf<Parameter, Driver>) {
    frame.put(value != nullptr);
    frame.put(value != nullptr ? value->flavour : 0);
    frame.putText(value != nullptr ? value->homeDir : nullptr);
  } else if constexpr (kIsOneOf<Parameter, Layers>) {
    const auto [layers, count] = value;
    frame.put(layers != nullptr ? count : 0);
    for (std::uint32_t i = 0; layers != nullptr && i < count; ++i) {
      frame.put(layers[i].layerId);
      frame.put(layers[i].flags);
      frame.putText(layers[i].path);
    }
  } else if constexpr (!kStaysBehind<Parameter>) {
    frame.put(numberOf(value));
  }
}

// The server's side of the same. False: one for which the client has given null.
template <class Parameter>
bool takeArgument(Frame& frame, typename Parameter::Slot& slot) {
  slot = {};
  if constexpr (kIsOneOf<Parameter, SizedText>) {
    const bool wanted = frame.take<std::uint8_t>() != 0;
    slot.length = static_cast<std::size_t>(
        std::min<std::uint64_t>(frame.take<std::uint64_t>(), SizedText::kLongest));
    slot.memory.assign(slot.length, u'\0');
    return wanted;
  } else if constexpr (kIsOutput<Parameter>) {
    return frame.take<std::uint8_t>() != 0;
  } else if constexpr (kIsOneOf<Parameter, Text>) {
    slot = frame.takeText();
  } else if constexpr (kIsOneOf<Parameter, Uint32>) {
    slot = frame.take<std::uint32_t>();
  } else if constexpr (kIsOneOf<Parameter, Uint64>) {
    slot = frame.take<std::uint64_t>();
  } else if constexpr (kIsOneOf<Parameter, Driver>) {
    const bool given = frame.take<std::uint8_t>() != 0;
    slot.flavour = frame.take<std::uint32_t>();
    slot.homeDir = frame.takeText().value_or(u"");
    return given;
  } else if constexpr (kIsOneOf<Parameter, Layers>) {
    for (auto left = frame.take<std::uint32_t>(); left > 0 && !frame.bad(); --left) {
      Layers::Layer layer;
      layer.id = frame.take<GuidData>();
      layer.flags = frame.take<std::uint32_t>();
      layer.path = frame.takeText().value_or(u"");
      slot.layers.push_back(std::move(layer));
    }
  } else if constexpr (!kStaysBehind<Parameter>) {
    slot = pointerOf<typename Parameter::Slot>(frame.take<std::uint64_t>());
  }
  return true;
}

// What the host has given becomes the frame's; texts are released.
template <class Parameter>
void putResult(Frame& frame, typename Parameter::Slot& slot, void (*release)(void* text)) {
  if constexpr (kIsOutput<Parameter>) {
    if constexpr (kIsOneOf<Parameter, Text>) {
      frame.putText(slot);
      release(slot);
    } else if constexpr (kIsOneOf<Parameter, ProcessInfo>) {
      frame.put(slot.processId);
      frame.put(slot.reserved);
      for (void* stream : {slot.stdInput, slot.stdOutput, slot.stdError}) frame.putStream(stream);
    } else if constexpr (kIsOneOf<Parameter, SizedText>) {
      frame.put(std::uint64_t{slot.length});
      frame.putText(slot.memory.empty() ? nullptr : slot.memory.c_str());
    } else if constexpr (kIsOneOf<Parameter, Uint32, Guid>) {
      frame.put(slot);
    } else {
      frame.put(numberOf(slot));
    }
  }
}

// Into the caller's variables, if it gave them; what it did not want is none of its own.
template <class Parameter>
void takeResult(Frame& frame, typename Parameter::Abi where,
                char16_t* (*give)(std::u16string_view text)) {
  if constexpr (kIsOutput<Parameter>) {
    if constexpr (kIsOneOf<Parameter, Text>) {
      const auto text = frame.takeText();
      if (where != nullptr) *where = text ? give(*text) : nullptr;
    } else if constexpr (kIsOneOf<Parameter, ProcessInfo>) {
      ProcessInformation got{};
      got.processId = frame.take<std::uint32_t>();
      got.reserved = frame.take<std::uint32_t>();
      if (where == nullptr) return;  // the frame closes the streams
      got.stdInput = frame.takeStream();
      got.stdOutput = frame.takeStream();
      got.stdError = frame.takeStream();
      *where = got;
    } else if constexpr (kIsOneOf<Parameter, SizedText>) {
      const auto length = frame.take<std::uint64_t>();
      const auto text = frame.takeText();
      const auto [size, memory] = where;
      if (size == nullptr) return;
      if (memory != nullptr && text)
        memory[text->copy(memory, std::max<std::size_t>(*size, 1) - 1)] = u'\0';
      *size = static_cast<std::size_t>(length);
    } else if constexpr (kIsOneOf<Parameter, Uint32, Guid>) {
      const auto got = frame.take<typename Parameter::Slot>();
      if (where != nullptr) *where = got;
    } else {
      const auto number = frame.take<std::uint64_t>();
      if (where != nullptr) *where = pointerOf<std::remove_pointer_t<decltype(where)>>(number);
    }
  }
}

}  // namespace hc::simulator::remote
