// What the core does with an object of HCN around a call: opens its handle, asks for its
// properties, closes it. On the worker of the call, which makes all of it one trip.
#pragma once

#include "libraries.h"

namespace hc {

// By the kind of the object.
template <class Kind>
struct ObjectFunctions {
  static constexpr bool kKnown = false;
};
#define HC_OBJECT(name)                                                  \
  template <>                                                            \
  struct ObjectFunctions<name> {                                         \
    static constexpr bool kKnown = true;                                 \
    using Open = functions::computenetwork::HcnOpen##name;               \
    using Query = functions::computenetwork::HcnQuery##name##Properties; \
    using Close = functions::computenetwork::HcnClose##name;             \
  };
HC_OBJECT(Network)
HC_OBJECT(Namespace)
HC_OBJECT(Endpoint)
HC_OBJECT(LoadBalancer)
HC_OBJECT(SdnRoute)
#undef HC_OBJECT

template <class Kind>
constexpr bool kIsObject = ObjectFunctions<Kind>::kKnown;

// A text of the host, freed as it is read. Hosts give error records on success and on failure.
inline OptionalText takeText(const Libraries& libraries, char16_t* text) {
  return shape::Text::collect(text, kOk, libraries.freeTexts());
}

// `record` gets the error record, if there is one.
template <class Kind, class Handle>
HResult openObject(const Libraries& libraries, const GuidData& id, Handle** handle,
                   OptionalText& record) {
  const auto open = libraries.get<typename ObjectFunctions<Kind>::Open>();
  if (open == nullptr) return kFunctionMissing;
  char16_t* text = nullptr;
  const HResult status = open(&id, handle, &text);
  record = takeText(libraries, text);
  if (failed(status)) *handle = nullptr;
  return status;
}

template <class Kind, class Handle>
HResult queryObject(const Libraries& libraries, Handle* handle, OptionalText& properties,
                    OptionalText& record) {
  const auto query = libraries.get<typename ObjectFunctions<Kind>::Query>();
  if (query == nullptr) return kFunctionMissing;
  char16_t* found = nullptr;
  char16_t* text = nullptr;
  const HResult status = query(handle, kObjectQuery, &found, &text);
  properties = takeText(libraries, found);
  if (OptionalText given = takeText(libraries, text)) record = std::move(given);
  return status;
}

// What the host answers does not matter: nothing of the object depends on it.
template <class Kind, class Handle>
void closeObject(const Libraries& libraries, Handle* handle) {
  const auto close = libraries.get<typename ObjectFunctions<Kind>::Close>();
  if (close != nullptr && handle != nullptr) close(handle);
}

}  // namespace hc
