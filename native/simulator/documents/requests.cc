#include "requests.h"

#include "schema-tables.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;

bool empty(const char16_t* text) { return text == nullptr || *text == u'\0'; }

// Terminate and Resume reserve their options; any object is accepted there.
const Shape& optionsShape(Operation operation) {
  static constexpr Shape kAnything = {{}, Unknown::Taken, {}};
  switch (operation) {
    case Operation::Save:
      return schema2::kSaveOptions;
    case Operation::Pause:
      return schema2::kPauseOptions;
    case Operation::Shutdown:
      return schema2::kShutdownOptions;
    case Operation::Start:
      return schema2::kStartOptions;
    default:
      return kAnything;
  }
}

constexpr Member kSystemQueryMembers[] = {{u"Ids", Kind::List, false, nullptr, 0, &kTexts},
                                          {u"Names", Kind::List, false, nullptr, 0, &kTexts},
                                          {u"Types", Kind::List, false, nullptr, 0, &kTexts},
                                          {u"Owners", Kind::List, false, nullptr, 0, &kTexts}};
constexpr Shape kSystemQuery = documentShape(kSystemQueryMembers);

constexpr Member kPropertyQueryMembers[] = {
    {u"PropertyTypes", Kind::List, false, nullptr, 0, &kTexts},
    {u"Queries", Kind::Object},
    {u"PropertyQueries", Kind::Object}};
constexpr Shape kPropertyQuery = documentShape(kPropertyQueryMembers);

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

Outcome refused(const std::optional<Problem>& problem) {
  return problem ? fail(Condition::InvalidJson, problem->text, problem->path) : Outcome();
}

std::u16string textOf(const Value& object, std::u16string_view name) {
  const Value* value = object.find(name);
  return value != nullptr ? value->text : std::u16string();
}

bool flagOf(const Value& object, std::u16string_view name) {
  const Value* value = object.find(name);
  return value != nullptr && value->boolean;
}

Outcome parseShape(const char16_t* text, const Shape& shape, Value* document) {
  if (Outcome parsed = parseDocument(text, document); !parsed.ok()) return parsed;
  return refused(check(*document, shape));
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
  if (Outcome read = parseShape(text, optionsShape(operation), &document); !read.ok()) return read;
  const auto is = [&](std::u16string_view member, std::u16string_view word) {
    const Value* value = document.find(member);
    return value != nullptr && value->text == word;
  };
  options->asTemplate = is(u"SaveType", u"AsTemplate");
  options->integrationService = is(u"Mechanism", u"IntegrationService");
  if (const Value* path = document.find(u"SaveStateFilePath")) options->savePath = path->text;
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
