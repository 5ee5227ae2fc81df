// Documents that come with calls on systems and processes: options, modifications, process
// parameters, queries.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../guest/guest.h"
#include "../host/system.h"
#include "documents.h"
#include "shape.h"

namespace hc::simulator {

// Parses and checks: the shape names what is wrong.
Outcome parseShape(const char16_t* text, const Shape& shape, json::Value* document);
Outcome refuse(std::u16string_view path, std::u16string_view why);
// Ok where there is no problem.
Outcome refused(const std::optional<Problem>& problem);

struct OperationOptions {
  bool asTemplate = false;          // of a save
  std::u16string savePath;          // the file of a save, else empty
  bool integrationService = false;  // a shutdown that needs no guest connection
};
// Null and "" are no options at all.
Outcome readOptions(Operation operation, const char16_t* text, OperationOptions* options);

struct ModifyRequest {
  std::optional<std::uint64_t> memoryInMB;
};
Outcome readModifyRequest(const char16_t* text, ModifyRequest* request);

struct ProcessDocument {
  std::u16string application, commandLine;
  std::vector<std::u16string> arguments;
  std::u16string user, directory;
  std::vector<std::pair<std::u16string, std::u16string>> environment;
  bool console = false;
  bool input = false, output = false, error = false;  // which streams are to have a pipe
  ConsoleSize consoleSize;
};
Outcome readProcessDocument(const char16_t* text, ProcessDocument* document);
// What the document starts in a guest; fails when the guest has no such program.
Outcome prepareLaunch(const ProcessDocument& document, const ComputeSystem& system, Launch* launch);

struct Signal {
  bool harmless = false;  // signal 0 of Linux asks only whether the process is there
  std::uint32_t exitCode = 0;
};
Outcome readSignal(const char16_t* text, bool linuxGuest, Signal* signal);

struct ProcessModification {
  std::vector<Stream> closed;
  std::optional<ConsoleSize> consoleSize;  // a zero leaves what is
};
Outcome readProcessModification(const char16_t* text, ProcessModification* modification);

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
