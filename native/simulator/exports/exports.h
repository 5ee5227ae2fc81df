// The functions of the simulated host, by library, as functions.def has them. They are defined by
// their qualified names: a definition that differs does not compile.
#pragma once

#include <type_traits>

#include "../../abi/functions.h"

#define HC_FUNCTION(library, function, completion, ...)                  \
  namespace hc::simulator::exports::library {                            \
  std::remove_pointer_t<functions::library::function::Pointer> function; \
  }
#include "../../abi/functions.def"
#undef HC_FUNCTION

namespace hc::simulator {

// Clears the outputs of a call. False when the caller forgot one.
template <class... Outs>
bool clear(Outs*... outs) {
  const bool complete = (... && static_cast<bool>(outs));
  if (complete) ((*outs = Outs{}), ...);
  return complete;
}

}  // namespace hc::simulator
