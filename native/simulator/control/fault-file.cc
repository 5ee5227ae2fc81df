#include "fault-file.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "../base/platform.h"
#include "../base/utf8.h"
#include "../documents/shape.h"
#include "../layers/layer-files.h"
#include "control.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;
using json::Writer;

constexpr Member kFileMembers[] = {{u"configure", Kind::Object}, {u"faults", Kind::Array}};
constexpr Shape kFileShape = closedShape(kFileMembers);
constexpr char16_t kNeitherRuleNorName[] = u" must be a rule, or the name of a fault.";

FilePath besideLibrary(const char16_t* name) { return toFilePath(folderOfLibrary()) / name; }

Refusal read(const FilePath& file, Value* value) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return u"cannot be opened.";
  std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (bytes.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0)
    bytes.erase(0, kByteOrderMark.size());
  json::Error error;
  auto parsed = json::parse(toUtf16(bytes), &error);
  if (!parsed)
    return u"is not valid JSON at offset " + json::decimalText(error.offset) + u": " + error.what +
           u'.';
  *value = std::move(*parsed);
  return std::nullopt;
}

void capitalise(char16_t* letter) {
  if (*letter >= u'a' && *letter <= u'z') *letter -= u'a' - u'A';
}

// Members as commands spell them.
Value asCommand(Value value) {
  for (auto& name : value.names) capitalise(name.data());
  for (auto& item : value.items) item = asCommand(std::move(item));
  return value;
}

std::u16string inQuotes(std::u16string_view place) { return u'"' + std::u16string(place) + u'"'; }

// What is wrong with a command, "$.Inject.Status must be", as the file spells its place.
std::u16string asGiven(const std::u16string& text, const std::u16string& command,
                       std::u16string place) {
  if (text.compare(0, command.size() + 2, u"$." + command) != 0) return text;
  const std::size_t end = text.find(u' ');
  std::u16string members = text.substr(command.size() + 2, end - command.size() - 2);
  for (std::size_t at = 0; at + 1 < members.size(); ++at)
    if (members[at] == u'.' && members[at + 1] >= u'A' && members[at + 1] <= u'Z')
      members[at + 1] += u'a' - u'A';
  return inQuotes(place += members) + text.substr(end);
}

Refusal send(const Value& command) {
  Writer request;
  bool understood = false;
  const std::u16string answer =
      control(request.value(command).text().c_str(), nullptr, &understood);
  return understood ? std::nullopt : std::optional(answer);
}

// The catalogue has the commands of each fault, or why a file cannot have it.
Refusal provoke(const std::u16string& name, const std::u16string& place) {
  const FilePath file = besideLibrary(u"hostcompute-simulator.catalogue.json");
  Value catalogue;
  if (auto refusal = read(file, &catalogue))
    return inQuotes(place) + u" is a name, and the catalogue of faults " + toText(file) + u' ' +
           *refusal;
  const Value* found = catalogue.find(name);
  if (found == nullptr) return inQuotes(place) + kNeitherRuleNorName;
  if (!found->is(Type::Array)) return inQuotes(place) + u' ' + found->text;
  for (const Value& command : found->items)
    if (auto refusal = send(command)) return inQuotes(place) + u": " + *refusal;
  return std::nullopt;
}

Refusal inject(const Value& fault, const std::u16string& place) {
  if (fault.is(Type::String)) return provoke(fault.text, place);
  if (!fault.is(Type::Object)) return inQuotes(place) + kNeitherRuleNorName;
  Writer answer;
  if (auto refusal = injectCommand(asCommand(fault), answer))
    return asGiven(*refusal, u"Inject", place);
  return std::nullopt;
}

Refusal use(const FilePath& file) {
  Value value;
  if (auto refusal = read(file, &value)) return refusal;
  if (auto problem = check(value, kFileShape)) return problem->text;
  if (const Value* settings = value.find(u"configure")) {
    Writer answer;
    if (auto refusal = configureCommand(asCommand(*settings), answer))
      return asGiven(*refusal, u"Configure", u"configure");
  }
  const Value* faults = value.find(u"faults");
  for (std::size_t i = 0; faults != nullptr && i < faults->items.size(); ++i) {
    if (auto refusal = inject(faults->items[i], u"faults[" + json::decimalText(i) + u"]"))
      return refusal;
  }
  return std::nullopt;
}

void useOnce() {
  std::u16string named = environmentText("HOSTCOMPUTE_SIMULATOR_FAULTS");
  const FilePath file =
      named.empty() ? besideLibrary(u"hostcompute-simulator.faults.json") : toFilePath(named);
  if (named.empty() && !isFile(file)) return;
  const Refusal refusal = use(file);
  if (!refusal) return;
  bool understood = false;
  control(u"{\"Reset\":{}}", nullptr, &understood);
  std::fprintf(stderr, "hostcompute-simulator: %s: %s Nothing of this file is in force.\n",
               toUtf8(toText(file)).c_str(), toUtf8(*refusal).c_str());
}

}  // namespace

void useFaultFile() {
  static std::once_flag& once = *new std::once_flag;
  std::call_once(once, useOnce);
}

}  // namespace hc::simulator
