// Documents about processes: what to start, which signal, what to change.
#include "process-documents.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "../base/status-codes.h"
#include "requests.h"
#include "schema-tables.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;

bool oneOf(std::u16string_view text, std::initializer_list<std::u16string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// The part of an OCI process object that the guest uses.
constexpr Member kOciMembers[] = {{u"args", Kind::List, false, nullptr, 0, &kTexts},
                                  {u"cwd", Kind::String},
                                  {u"env", Kind::List, false, nullptr, 0, &kTexts},
                                  {u"terminal", Kind::Boolean}};
constexpr Shape kOci = openShape(kOciMembers);

std::uint16_t sizeOf(const Value& number) {
  return static_cast<std::uint16_t>(json::toUnsigned(number).value_or(0));
}

void readArguments(const Value* list, ProcessDocument* document) {
  if (list == nullptr) return;
  for (const Value& item : list->items) document->arguments.push_back(item.text);
}

Outcome readOci(const Value& process, const std::u16string& path, ProcessDocument* document) {
  if (Outcome checked = refused(check(process, kOci, path)); !checked.ok()) return checked;
  if (document->arguments.empty()) readArguments(process.find(u"args"), document);
  if (document->directory.empty()) document->directory = textOf(process, u"cwd");
  document->console = document->console || flagOf(process, u"terminal");
  if (const Value* variables = process.find(u"env"); variables != nullptr) {
    for (const Value& variable : variables->items) {
      const std::size_t equals = std::min(variable.text.find(u'='), variable.text.size());
      document->environment.emplace_back(
          variable.text.substr(0, equals),
          variable.text.substr(std::min(equals + 1, variable.text.size())));
    }
  }
  return {};
}

Outcome readOciMembers(const Value& root, ProcessDocument* document) {
  if (const Value* process = root.find(u"OciProcess"); process != nullptr) {
    if (Outcome read = readOci(*process, u"$.OciProcess", document); !read.ok()) return read;
  }
  const Value* specification = root.find(u"OCISpecification");
  const Value* process = specification != nullptr ? specification->find(u"process") : nullptr;
  return process != nullptr ? readOci(*process, u"$.OCISpecification.process", document)
                            : Outcome();
}

}  // namespace

Outcome readProcessDocument(const char16_t* text, ProcessDocument* document) {
  Value root;
  if (Outcome parsed = parseDocument(text, &root); !parsed.ok()) return parsed;
  constexpr const Shape* kShapes[] = {&schema2::kProcessParameters,
                                      &schema2::kLcowProcessParameters, &schema1::kProcessConfig};
  if (Outcome checked = refused(checkOneOf(root, kShapes, u"$")); !checked.ok()) return checked;
  document->application = textOf(root, u"ApplicationName");
  document->commandLine = textOf(root, u"CommandLine");
  readArguments(root.find(u"CommandArgs"), document);
  document->user = textOf(root, u"User");
  document->directory = textOf(root, u"WorkingDirectory");
  if (const Value* variables = root.find(u"Environment"); variables != nullptr) {
    for (std::size_t i = 0; i < variables->items.size(); ++i)
      document->environment.emplace_back(variables->names[i], variables->items[i].text);
  }
  document->console = flagOf(root, u"EmulateConsole");
  if (Outcome read = readOciMembers(root, document); !read.ok()) return read;
  document->input = flagOf(root, u"CreateStdInPipe");
  document->output = flagOf(root, u"CreateStdOutPipe");
  // A console has one stream for output and errors.
  document->error = flagOf(root, u"CreateStdErrPipe") && !document->console;
  if (const Value* size = root.find(u"ConsoleSize"); size != nullptr)
    document->consoleSize = {sizeOf(size->items[0]), sizeOf(size->items[1])};
  if (document->application.empty() && document->commandLine.empty() && document->arguments.empty())
    return refuse(u"$.CommandLine", u" is required (or CommandArgs, or ApplicationName).");
  return {};
}

Outcome readSignal(const char16_t* text, bool linuxGuest, Signal* signal) {
  constexpr Member kMembers[] = {{u"Signal", Kind::Any, true}};
  const Shape shape = documentShape(kMembers);
  Value root;
  if (Outcome read = parseShape(text, shape, &root); !read.ok()) return read;
  const Value& value = *root.find(u"Signal");
  if (linuxGuest) {
    const auto number = json::toUnsigned(value);
    if (!number || *number > 64) return refuse(u"$.Signal", u" must be a signal number.");
    signal->harmless = *number == 0;
    signal->exitCode = 128 + static_cast<std::uint32_t>(*number);  // as a shell reports it
    return {};
  }
  if (!value.is(Type::String) ||
      !oneOf(value.text, {u"CtrlC", u"CtrlBreak", u"CtrlClose", u"CtrlLogOff", u"CtrlShutdown"}))
    return refuse(u"$.Signal",
                  u" must be CtrlC, CtrlBreak, CtrlClose, CtrlLogOff or CtrlShutdown.");
  signal->exitCode = kControlExitCode;
  return {};
}

Outcome readProcessModification(const char16_t* text, ProcessModification* modification) {
  Value root;
  if (Outcome read = parseShape(text, schema2::kProcessModifyRequest, &root); !read.ok())
    return read;
  const std::u16string operation = textOf(root, u"Operation");
  if (operation.empty()) return refuse(u"$.Operation", u" is required.");
  const Value* details = root.find(operation);
  if (details == nullptr) return refuse(u"$." + operation, u" is required.");
  if (operation == u"ConsoleSize") {
    const Value* height = details->find(u"Height");
    const Value* width = details->find(u"Width");
    modification->consoleSize.emplace();
    modification->consoleSize->height = height != nullptr ? sizeOf(*height) : std::uint16_t{0};
    modification->consoleSize->width = width != nullptr ? sizeOf(*width) : std::uint16_t{0};
    return {};
  }
  const std::u16string handle = textOf(*details, u"Handle");
  if (handle.empty()) return refuse(u"$.CloseHandle.Handle", u" is required.");
  const bool all = handle == u"All";
  if (all || handle == u"StdIn") modification->closed.push_back(Stream::Input);
  if (all || handle == u"StdOut") modification->closed.push_back(Stream::Output);
  if (all || handle == u"StdErr") modification->closed.push_back(Stream::Error);
  if (modification->closed.empty())
    return refuse(u"$.CloseHandle.Handle", u" must be StdIn, StdOut, StdErr or All.");
  return {};
}

}  // namespace hc::simulator
