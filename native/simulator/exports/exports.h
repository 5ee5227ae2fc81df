// Declares the functions of the host as functions.def has them: a definition that differs does not
// compile.
#pragma once

#include <type_traits>

#include "../../abi/functions.h"

#if defined(_WIN32)
#define HC_EXPORT extern "C" __declspec(dllexport)
#else
#define HC_EXPORT extern "C" __attribute__((visibility("default")))
#endif

#define HC_FUNCTION(library, function, completion, ...) \
  HC_EXPORT std::remove_pointer_t<hc::functions::function::Pointer> function;
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
