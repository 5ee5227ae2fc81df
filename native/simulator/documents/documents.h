// What the documents of clients must look like. Nothing here takes a lock: documents are read
// before one is taken.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../base/json.h"
#include "../base/outcome.h"

namespace hc::simulator {

// What the host needs to know of the document that made a system.
struct SystemDocument {
  int schema = 2;
  std::u16string_view systemType = u"Container";  // as properties report it
  std::u16string owner;
  std::u16string name;
  std::u16string hostName;         // of the guest; empty: made from the id
  std::u16string hostingSystemId;  // of a hosted system, else empty
  bool terminateOnLastHandleClosed = false;
  bool processIsolated = false;     // a container without a virtual machine around it
  bool ownMachine = false;          // it is, or is alone in, a virtual machine
  bool guestConnection = true;      // false: a virtual machine whose guest HCS does not talk to
  std::u16string runtimeStatePath;  // where a save goes that names no file
  std::u16string restorePath;       // the saved state that it starts from, else empty
  std::u16string templateId;        // the template that it is a clone of, else empty
  bool destination = false;         // of a live migration, by which it is started
  bool linuxGuest = false;          // of a hosted system: taken from its host
  std::u16string volume;            // or folder that a container has for its disk
  std::u16string unmapped;  // a folder of another drive, with which a container does not start
  std::vector<std::u16string> layers;     // the paths of its parents
  std::u16string networkNamespace;        // that its endpoints are in, else empty
  std::u16string networkOf;               // the container whose network it shares, else empty
  std::vector<std::u16string> endpoints;  // of the network, its own
  std::vector<std::pair<std::u16string, std::u16string>> adapters;  // of a machine: their endpoints
  std::uint64_t memoryInMB = 0;
  std::uint64_t processors = 2;
};

// Ignores the case of ASCII letters.
bool equalWithoutCase(std::u16string_view a, std::u16string_view b);

// What hosts say of where a container of Windows has a mapped directory. A folder of a drive other
// than C: is refused only when the container starts.
struct MappedTarget {
  Outcome refusal;
  bool unmapped = false;
};
MappedTarget checkTarget(const json::Value& directory, const std::u16string& path);

// Each gives a failed outcome that names what is wrong, or an ok one and the result. A document is
// an object without the members that are null: Go clients write them for what is absent.
Outcome parseDocument(const char16_t* text, json::Value* document);
Outcome readSystemDocument(const char16_t* id, const char16_t* text, SystemDocument* document);

}  // namespace hc::simulator
