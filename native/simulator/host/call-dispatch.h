// What every call has in common: it is counted, a rule may act on it, and its texts are given to
// the caller.
#pragma once

#include <type_traits>

#include "host.h"

namespace hc::simulator {

// What a call is about, so that rules can choose by system: an id, or a handle.
struct Subject {
  const char16_t* id = nullptr;
  HandleId handle = 0;
  bool takesTurns = false;  // HCS lets in one such call at a time; see Host::turnOf
  bool envelopes = false;   // a failure of the network service is an answer: an error record
};

// Where the texts of a call go; either may be null when the function has none.
struct Texts {
  char16_t** payload = nullptr;
  char16_t** result = nullptr;
  char16_t** document = nullptr;  // the payload, on success and on failure
};

HResult runCall(std::size_t function, const Subject& subject, const Texts& texts,
                Outcome (*body)(void* state, const Call& call), void* state);

// Runs `body(call)` as the function of the list.
template <class Function, class Body>
HResult run(const Subject& subject, const Texts& texts, Body&& body) {
  using Plain = std::remove_reference_t<Body>;
  return runCall(
      kIndexOf<Function>, subject, texts,
      [](void* state, const Call& call) { return (*static_cast<Plain*>(state))(call); }, &body);
}

}  // namespace hc::simulator
