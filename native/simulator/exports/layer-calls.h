// What the calls on layers of all libraries have in common. They have no result documents: what was
// wrong is kept for the state.
#pragma once

#include <exception>
#include <new>
#include <optional>
#include <string>

#include "../base/trace.h"
#include "../host/call-dispatch.h"
#include "../layers/layers.h"

namespace hc::simulator {

inline LayerStore& store() { return Host::instance().layers; }

// What the disk or the memory fails is a failure of the call.
template <class Body>
Outcome guarded(const Body& body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return kNotEnoughMemory;
  } catch (const std::exception&) {
    return fail(kInvalidArgument, u"A path cannot be used here.");
  }
}

inline Outcome keepError(const Call& call, std::u16string_view name, Outcome outcome) {
  if (outcome.ok()) return outcome;
  Host::instance().layers.setLastError(
      functionKey(call.site.function) + u" " + nameOf(name) + u": " +
      (outcome.message.empty() ? hexText(outcome.status) : outcome.message));
  return outcome;
}

// Runs `body(call, layer)` for the layer that `find()` gives, which rules and the trace know by the
// name of its folder.
template <class Function, class Find, class Body>
HResult runOnLayer(const Find& find, const Body& body) {
  std::optional<LayerName> layer;
  const Outcome named = guarded([&] {
    layer = find();
    return layer ? Outcome() : fail(kInvalidArgument, u"The path of the layer must be absolute.");
  });
  const std::u16string name = layer ? layer->name : u"";
  return run<Function>({name.c_str(), 0}, {}, [&](const Call& call) {
    return keepError(call, name, guarded([&] { return layer ? body(call, *layer) : named; }));
  });
}

}  // namespace hc::simulator
