// Documents that come with calls on systems and processes: options, modifications, process
// parameters, queries.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "documents.h"
#include "system.h"

namespace hc::simulator {

// Null and "" are no options at all.
Outcome checkOptions(Operation operation, const char16_t* text, bool* asTemplate);

struct ModifyRequest {
  std::optional<std::uint64_t> memoryInMB;
};
Outcome readModifyRequest(const char16_t* text, ModifyRequest* request);

struct ProcessDocument {
  std::u16string imageName;
};
Outcome readProcessDocument(const char16_t* text, ProcessDocument* document);

struct Signal {
  bool harmless = false;  // signal 0 of Linux asks only whether the process is there
  std::uint32_t exitCode = 0;
};
Outcome readSignal(const char16_t* text, bool linuxGuest, Signal* signal);

Outcome checkProcessModification(const char16_t* text);

// {"Ids","Names","Types","Owners"}: members narrow the result together, values within one are
// alternatives.
struct SystemQuery {
  std::optional<std::vector<std::u16string>> ids, names, types, owners;
};
Outcome readSystemQuery(const char16_t* text, SystemQuery* query);

// Property queries: null, "" and {} ask for the basics.
struct PropertyQuery {
  std::vector<std::u16string> types;
  std::vector<std::u16string> queries;  // names of the newer form, answered one by one
};
Outcome readPropertyQuery(const char16_t* text, PropertyQuery* query);

}  // namespace hc::simulator
