#include "network-objects.h"

#include <utility>

namespace hc {

namespace {

// A text of the host, freed as it is read. Hosts give error records on success and on failure.
OptionalText collectText(const Libraries& libraries, char16_t* text) {
  return shape::Text::collect(text, kOk, libraries.freeTexts(Library::computenetwork));
}

}  // namespace

HResult openObject(const ObjectFunctions& object, const Libraries& libraries, const GuidData& id,
                   void** handle, OptionalText& record) {
  char16_t* text = nullptr;
  const HResult status = object.open(libraries, &id, handle, &text);
  record = collectText(libraries, text);
  if (failed(status)) *handle = nullptr;
  return status;
}

HResult queryObject(const ObjectFunctions& object, const Libraries& libraries, void* handle,
                    OptionalText& properties, OptionalText& record) {
  char16_t* found = nullptr;
  char16_t* text = nullptr;
  const HResult status = object.query(libraries, handle, kObjectQuery, &found, &text);
  properties = collectText(libraries, found);
  if (OptionalText given = collectText(libraries, text)) record = std::move(given);
  return status;
}

void closeObject(const ObjectFunctions& object, const Libraries& libraries, void* handle) {
  if (handle != nullptr) object.close(libraries, handle);
}

}  // namespace hc
