// Documents that come with calls on systems and the service: options, modifications, queries. Those
// about processes are in process-documents.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "documents.h"
#include "operation.h"
#include "shape.h"

namespace hc::simulator {

// Parses and checks: the shape names what is wrong.
Outcome parseShape(const char16_t* text, const Shape& shape, json::Value* document);
Outcome refuse(std::u16string_view path, std::u16string_view why);
// Ok where there is no problem.
Outcome refused(const std::optional<Problem>& problem);
// Of a member that may be missing: "" and false then.
std::u16string textOf(const json::Value& object, std::u16string_view name);
bool flagOf(const json::Value& object, std::u16string_view name);

struct OperationOptions {
  bool asTemplate = false;          // of a save
  std::u16string savePath;          // the file of a save, else empty
  bool integrationService = false;  // a shutdown that needs no guest connection
};
// Null and "" are no options at all.
Outcome readOptions(Operation operation, const char16_t* text, OperationOptions* options);

// An endpoint that comes or goes: of a container, or by an adapter of a virtual machine.
struct EndpointChange {
  bool adds = false;
  std::u16string adapter;   // its id in the path; empty: of a container
  std::u16string endpoint;  // may be empty where an adapter goes
};
struct ModifyRequest {
  std::optional<std::uint64_t> memoryInMB;
  std::optional<EndpointChange> endpoint;
};
Outcome readModifyRequest(const char16_t* text, ModifyRequest* request);

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
