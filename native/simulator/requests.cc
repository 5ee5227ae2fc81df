#include "requests.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;

bool empty(const char16_t* text) { return text == nullptr || *text == u'\0'; }

bool oneOf(std::u16string_view text, std::initializer_list<std::u16string_view> words) {
  for (const auto word : words)
    if (text == word) return true;
  return false;
}

constexpr Member kSaveMembers[] = {{u"SaveType", Kind::String},
                                   {u"SaveStateFilePath", Kind::String}};
constexpr Member kPauseMembers[] = {{u"SuspensionLevel", Kind::String},
                                    {u"HostedNotification", Kind::Object}};
constexpr Member kShutdownMembers[] = {{u"Mechanism", Kind::String},
                                       {u"Type", Kind::String},
                                       {u"Force", Kind::Boolean},
                                       {u"Reason", Kind::String}};
constexpr Member kStartMembers[] = {{u"DestinationMigrationOptions", Kind::Object}};

// Terminate and Resume reserve their options; any object is accepted there, as for Start.
Shape optionsShape(Operation operation) {
  switch (operation) {
    case Operation::Save:
      return openShape(kSaveMembers);
    case Operation::Pause:
      return openShape(kPauseMembers);
    case Operation::Shutdown:
      return openShape(kShutdownMembers);
    default:
      return openShape(kStartMembers);
  }
}

// Members that are one of a few words.
constexpr std::u16string_view kSaveTypes[] = {u"ToFile", u"AsTemplate"};
constexpr std::u16string_view kMechanisms[] = {u"GuestConnection", u"IntegrationService"};
constexpr std::u16string_view kShutdownTypes[] = {u"Shutdown", u"Hibernate", u"Reboot"};
constexpr std::u16string_view kSuspensionLevels[] = {u"Suspend", u"MemoryLow", u"MemoryMedium",
                                                     u"MemoryHigh"};
struct Choice {
  Operation operation;
  std::u16string_view member;
  const std::u16string_view* words;
  std::size_t size;
};
constexpr Choice kChoices[] = {
    {Operation::Save, u"SaveType", kSaveTypes, std::size(kSaveTypes)},
    {Operation::Shutdown, u"Mechanism", kMechanisms, std::size(kMechanisms)},
    {Operation::Shutdown, u"Type", kShutdownTypes, std::size(kShutdownTypes)},
    {Operation::Pause, u"SuspensionLevel", kSuspensionLevels, std::size(kSuspensionLevels)}};

constexpr Member kModifyMembers[] = {{u"ResourcePath", Kind::String},
                                     {u"ResourceType", Kind::String},
                                     {u"RequestType", Kind::String},
                                     {u"Settings", Kind::Any},
                                     {u"GuestRequest", Kind::Any}};
constexpr Shape kModify = closedShape(kModifyMembers);

constexpr Member kSystemQueryMembers[] = {{u"Ids", Kind::Strings},
                                          {u"Names", Kind::Strings},
                                          {u"Types", Kind::Strings},
                                          {u"Owners", Kind::Strings}};
constexpr Shape kSystemQuery = closedShape(kSystemQueryMembers);

constexpr Member kPropertyQueryMembers[] = {{u"PropertyTypes", Kind::Strings},
                                            {u"Queries", Kind::Object},
                                            {u"PropertyQueries", Kind::Object}};
constexpr Shape kPropertyQuery = closedShape(kPropertyQueryMembers);

std::optional<std::vector<std::u16string>> listOf(const Value& object, std::u16string_view name) {
  const Value* list = object.find(name);
  if (list == nullptr) return std::nullopt;
  std::vector<std::u16string> texts;
  for (const Value& item : list->items) texts.push_back(item.text);
  return texts;
}

}  // namespace

Outcome refuse(std::u16string_view path, std::u16string_view why) {
  return fail(Condition::InvalidJson, std::u16string(path).append(why), std::u16string(path));
}

Outcome parseShape(const char16_t* text, const Shape& shape, Value* document) {
  if (Outcome parsed = parseDocument(text, document); !parsed.ok()) return parsed;
  if (auto problem = check(*document, shape))
    return fail(Condition::InvalidJson, problem->text, problem->path);
  return {};
}

bool equalWithoutCase(std::u16string_view a, std::u16string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char16_t c) { return c >= u'A' && c <= u'Z' ? char16_t(c + 32) : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

Outcome readOptions(Operation operation, const char16_t* text, OperationOptions* options) {
  if (empty(text)) return {};
  Value document;
  const Shape shape = optionsShape(operation);
  if (Outcome read = parseShape(text, shape, &document); !read.ok()) return read;
  for (const Choice& choice : kChoices) {
    const Value* value = document.find(choice.member);
    if (choice.operation != operation || value == nullptr) continue;
    const auto* end = choice.words + choice.size;
    if (std::find(choice.words, end, value->text) == end)
      return refuse(std::u16string(u"$.").append(choice.member),
                    std::u16string(u" must not be \"").append(value->text).append(u"\"."));
  }
  const auto is = [&](std::u16string_view member, std::u16string_view word) {
    const Value* value = document.find(member);
    return value != nullptr && value->text == word;
  };
  options->asTemplate = is(u"SaveType", u"AsTemplate");
  options->integrationService = is(u"Mechanism", u"IntegrationService");
  if (const Value* path = document.find(u"SaveStateFilePath")) options->savePath = path->text;
  return {};
}

Outcome readModifyRequest(const char16_t* text, ModifyRequest* request) {
  Value document;
  if (Outcome read = parseShape(text, kModify, &document); !read.ok()) return read;
  const Value* path = document.find(u"ResourcePath");
  const Value* type = document.find(u"ResourceType");
  if (path == nullptr && type == nullptr && document.find(u"GuestRequest") == nullptr)
    return refuse(u"$.ResourcePath", u" is required (or ResourceType, for schema 1).");
  // Optional: requests for memory, limits, CPU groups, and those to the guest alone go without.
  const Value* how = document.find(u"RequestType");
  if (how != nullptr && !oneOf(how->text, {u"Add", u"Remove", u"Update", u"PreAdd"}))
    return refuse(u"$.RequestType", u" must be Add, Remove, Update or PreAdd.");
  const Value* settings = document.find(u"Settings");
  constexpr std::u16string_view kMemory = u"/Memory/SizeInMB";
  if (path != nullptr && path->text.size() > kMemory.size() &&
      path->text.compare(path->text.size() - kMemory.size(), kMemory.size(), kMemory) == 0) {
    request->memoryInMB = settings != nullptr ? json::toUnsigned(*settings) : std::nullopt;
    if (!request->memoryInMB) return refuse(u"$.Settings", u" must be a size in megabytes.");
  }
  return {};
}

Outcome readSystemQuery(const char16_t* text, SystemQuery* query) {
  if (empty(text)) return {};
  Value root;
  if (Outcome read = parseShape(text, kSystemQuery, &root); !read.ok()) return read;
  query->ids = listOf(root, u"Ids");
  query->names = listOf(root, u"Names");
  query->types = listOf(root, u"Types");
  query->owners = listOf(root, u"Owners");
  return {};
}

Outcome readPropertyQuery(const char16_t* text, PropertyQuery* query) {
  if (empty(text)) return {};
  Value root;
  if (Outcome read = parseShape(text, kPropertyQuery, &root); !read.ok()) return read;
  query->types = listOf(root, u"PropertyTypes").value_or(std::vector<std::u16string>());
  for (const auto name : {u"Queries", u"PropertyQueries"}) {
    const Value* queries = root.find(name);
    if (queries != nullptr)
      query->queries.insert(query->queries.end(), queries->names.begin(), queries->names.end());
  }
  return {};
}

}  // namespace hc::simulator
