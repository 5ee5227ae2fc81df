// The simulator's reader of documents: JSON, the documents of every call, and the requests of its
// control. The first byte says what the rest is read as: a letter with one byte per unit of the
// text, its capital with two.
#include "../../native/simulator/base/utf8.h"
#include "../../native/simulator/cmd/expansion.h"
#include "../../native/simulator/cmd/syntax.h"
#include "../../native/simulator/control/control.h"
#include "../../native/simulator/documents/process-documents.h"
#include "../../native/simulator/documents/requests.h"
#include "../../native/simulator/guest/command-line.h"
#include "../../native/simulator/guest/launch.h"
#include "input.h"

namespace {

using namespace hc;             // NOLINT(google-build-using-namespace)
using namespace hc::simulator;  // NOLINT(google-build-using-namespace)
using hc::test::require;

// What was read is written as JSON that reads as the same.
void readJson(const std::u16string& text) {
  json::Error error;
  const auto value = json::parse(text, &error);
  if (!value) {
    require(error.what != nullptr && error.offset <= text.size(), "an error says where and why");
    return;
  }
  json::Writer writer;
  const std::u16string written = writer.value(*value).take();
  const auto again = json::parse(written, &error);
  require(again.has_value(), "what is written can be read");
  json::Writer second;
  require(second.value(*again).take() == written, "it reads as what was written");
  require(toUtf16(toUtf8(written)) == written, "it is well-formed UTF-16");
  json::toUnsigned(*value);
  json::toSigned(*value);
  json::toDouble(*value);
}

void complete(const Outcome& outcome) {
  require(outcome.ok() || !outcome.message.empty(), "a refusal says why");
}

void readCreate(const std::u16string& text) {
  SystemDocument document;
  complete(readSystemDocument(u"c1", text.c_str(), &document));
}

void readCalls(const std::u16string& text) {
  const char16_t* const given = text.c_str();
  OperationOptions options;
  for (const Operation operation : {Operation::Start, Operation::Shutdown, Operation::Terminate,
                                    Operation::Pause, Operation::Resume, Operation::Save})
    complete(readOptions(operation, given, &options));
  ModifyRequest modify;
  complete(readModifyRequest(given, &modify));
  ProcessModification modification;
  complete(readProcessModification(given, &modification));
  SystemQuery systems;
  complete(readSystemQuery(given, &systems));
  PropertyQuery properties;
  complete(readPropertyQuery(given, &properties));
  Signal signal;
  complete(readSignal(given, false, &signal));
  complete(readSignal(given, true, &signal));
}

void readProcess(const std::u16string& text) {
  ProcessDocument document;
  const Outcome outcome = readProcessDocument(text.c_str(), &document);
  complete(outcome);
  if (!outcome.ok()) return;
  for (const bool linuxGuest : {false, true}) {
    SystemDocument system;
    system.linuxGuest = linuxGuest;
    Launch launch;
    complete(prepareLaunch(document, system, u"", &launch));
  }
}

// A command line splits into arguments that can be joined and split again. But for a program whose
// name ends with a backslash, which no file's does: the rules for quotes are not those of
// arguments.
void splitLine(const std::u16string& text) {
  const std::string line = toUtf8(text);
  afterProgram(line);
  const auto arguments = splitCommandLine(line);
  if (!arguments[0].empty() && arguments[0].back() == '\\') return;
  require(splitCommandLine(joinCommandLine(arguments)) == arguments, "joined, it splits the same");
}

// A line of cmd is a tree or an error, or nothing; what it says is not run.
void parseShell(const std::u16string& text) {
  const auto lookup = [](const std::string& name) -> std::optional<std::string> {
    if (name.empty() || name[0] < 'a') return std::nullopt;
    return name;
  };
  const std::string line = toUtf8(text);
  const auto expanded = cmd::expand(line, '%', lookup);
  const cmd::Parsed parsed = cmd::parse(expanded.value_or(line));
  require(!parsed.tree || parsed.error.empty(), "what is refused has no tree");
  require(!parsed.unended || !parsed.error.empty(), "what has no end is refused");
  cmd::expandLoop(line, {{'i', "\"a b\""}, {'x', line}}, "C:\\");
}

// An Await would wait for what nothing here brings about, a Serve leave its socket wherever the
// fuzzer likes.
std::u16string harmless(const std::u16string& text) {
  json::Error error;
  auto request = json::parse(text, &error);
  if (!request) return text;
  if (request->find(u"Serve") != nullptr) return u"{\"Serve\":{}}";
  if (request->find(u"Await") == nullptr) return text;
  for (json::Value& arguments : request->items)
    for (std::size_t i = 0; i < arguments.names.size(); ++i)
      if (arguments.names[i] == u"TimeoutMs") arguments.items[i].text = u"0";
  json::Writer writer;
  return writer.value(*request).take();
}

void request(const std::u16string& text) {
  bool understood = false;
  const std::u16string answer = control(harmless(text).c_str(), nullptr, &understood);
  json::Error error;
  require(json::parse(answer, &error).has_value(), "the answer is JSON");
  control(u"{\"Reset\":{}}", nullptr, &understood);
  require(understood, "it can be reset");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hc::test::Input input(data, size);
  const std::uint8_t kind = input.byte();
  const bool wide = kind >= 'A' && kind <= 'Z';
  const std::u16string text = wide ? input.units(size) : input.bytes();
  switch (kind | 0x20) {
    case 'j':
      readJson(text);
      break;
    case 'c':
      readCreate(text);
      break;
    case 'p':
      readProcess(text);
      break;
    case 'd':
      readCalls(text);
      break;
    case 'l':
      splitLine(text);
      break;
    case 's':
      parseShell(text);
      break;
    case 'r':
      request(text);
      break;
    default:
      return -1;  // not worth keeping
  }
  return 0;
}
