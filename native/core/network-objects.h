// What the core does with an object of HCN around a call: opens its handle, asks for its
// properties, closes it. On the worker of the call, which makes all of it one trip.
#pragma once

#include "libraries.h"

namespace hc {

// The functions of a kind of object, which differ in the type of its handle.
struct ObjectFunctions {
  // kFunctionMissing where the host lacks the function.
  HResult (*open)(const Libraries&, const GuidData* id, void** handle, char16_t** record);
  HResult (*query)(const Libraries&, void* handle, const char16_t* query, char16_t** properties,
                   char16_t** record);
  void (*close)(const Libraries&, void* handle);
};

namespace detail {

template <class Opaque, class Open, class Query, class Close>
struct ObjectCalls {
  static HResult open(const Libraries& libraries, const GuidData* id, void** handle,
                      char16_t** record) {
    const auto function = libraries.get<Open>();
    if (function == nullptr) return kFunctionMissing;
    Opaque* opened = nullptr;
    const HResult status = function(id, &opened, record);
    *handle = opened;
    return status;
  }
  static HResult query(const Libraries& libraries, void* handle, const char16_t* query,
                       char16_t** properties, char16_t** record) {
    const auto function = libraries.get<Query>();
    if (function == nullptr) return kFunctionMissing;
    return function(static_cast<Opaque*>(handle), query, properties, record);
  }
  static void close(const Libraries& libraries, void* handle) {
    const auto function = libraries.get<Close>();
    if (function != nullptr) function(static_cast<Opaque*>(handle));
  }
  static constexpr ObjectFunctions kAll = {&open, &query, &close};
};

}  // namespace detail

// Of a kind of native/abi; null when it is no object of HCN.
template <class Kind>
constexpr const ObjectFunctions* kObjectFunctions = nullptr;
#define HC_OBJECT(name)                                                           \
  template <>                                                                     \
  inline constexpr const ObjectFunctions* kObjectFunctions<name> =                \
      &detail::ObjectCalls<Hcn##name, functions::computenetwork::HcnOpen##name,   \
                           functions::computenetwork::HcnQuery##name##Properties, \
                           functions::computenetwork::HcnClose##name>::kAll;
HC_OBJECT(Network)
HC_OBJECT(Namespace)
HC_OBJECT(Endpoint)
HC_OBJECT(LoadBalancer)
HC_OBJECT(SdnRoute)
#undef HC_OBJECT

// `record` gets the error record, if there is one.
HResult openObject(const ObjectFunctions& object, const Libraries& libraries, const GuidData& id,
                   void** handle, OptionalText& record);
HResult queryObject(const ObjectFunctions& object, const Libraries& libraries, void* handle,
                    OptionalText& properties, OptionalText& record);
// What the host answers does not matter: nothing of the object depends on it.
void closeObject(const ObjectFunctions& object, const Libraries& libraries, void* handle);

}  // namespace hc
