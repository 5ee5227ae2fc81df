// What changes a system: a resource by its path, or something in the guest.
#include <algorithm>

#include "../base/trace.h"
#include "requests.h"
#include "schema-tables.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;

bool contains(const Names& names, std::u16string_view wanted) {
  return std::find(names.begin(), names.end(), wanted) != names.end();
}

// Takes the part before the next "/" off the path.
std::u16string_view nextStep(std::u16string_view* path) {
  const std::size_t slash = std::min(path->find(u'/'), path->size());
  const std::u16string_view step = path->substr(0, slash);
  path->remove_prefix(std::min(slash + 1, path->size()));
  return step;
}

// "{index}" stands for any text; as the last step for any rest, which may have slashes.
bool matches(std::u16string_view pattern, std::u16string_view path) {
  while (!pattern.empty() && !path.empty()) {
    const std::u16string_view wanted = nextStep(&pattern);
    const bool key = wanted[0] == u'{';
    if (key && pattern.empty()) return true;
    const std::u16string_view step = nextStep(&path);
    if (key ? step.empty() : !equalWithoutCase(step, wanted)) return false;
  }
  return pattern.empty() && path.empty();
}

std::ptrdiff_t stepsOf(std::u16string_view path) {
  return std::count(path.begin(), path.end(), u'/');
}

// The most particular one: a key at the end of another may stand for the rest of this.
const schema2::Resource* findResource(std::u16string_view path) {
  const schema2::Resource* found = nullptr;
  for (const schema2::Resource& resource : schema2::kResources) {
    if (!matches(resource.path, path)) continue;
    if (found == nullptr || stepsOf(resource.path) > stepsOf(found->path)) found = &resource;
  }
  return found;
}

// The documentation wants the settings of some resources empty.
bool isBlank(const Value& settings) {
  const bool fits = settings.is(Type::Object) || settings.is(Type::String);
  return fits && settings.items.empty() && settings.text.empty();
}

// "VirtualMachine/Devices/VirtualSmb/Shares/1": hosts tell shares apart by their names.
bool numbersShare(std::u16string_view path) {
  constexpr std::u16string_view kShares = u"VirtualMachine/Devices/VirtualSmb/Shares/";
  return path.size() > kShares.size() && equalWithoutCase(path.substr(0, kShares.size()), kShares);
}

// Paths that are not known are accepted unless the host is strict: the tables of a real one are
// longer.
Outcome checkResource(const Value& request, std::u16string_view path) {
  const schema2::Resource* resource = findResource(path);
  if (resource == nullptr && numbersShare(path))
    return fail(kInvalidArgument, u"$.ResourcePath must not have a number.", std::u16string(path));
  if (resource == nullptr && spoken().strict)
    return refuse(u"$.ResourcePath", u" is not a known resource.");
  if (resource == nullptr) {
    Trace::instance().skipped(u"resource", path);
    return {};
  }
  const Value* how = request.find(u"RequestType");
  if (how != nullptr && resource->requests.size > 0 && !contains(resource->requests, how->text))
    return refuse(u"$.RequestType", u" must be one that the resource takes.");
  const Value* settings = request.find(u"Settings");
  if (settings != nullptr && resource->bare && !isBlank(*settings))
    return refuse(u"$.Settings", u" must not be there for this resource.");
  if (resource->settings == nullptr) return {};
  const bool removes = how != nullptr && how->text == u"Remove";
  if (settings == nullptr)
    return removes ? Outcome() : refuse(u"$.Settings", u" is required for this resource.");
  const Extent extent = removes ? Extent::Part : Extent::Whole;
  if (Outcome checked = refused(checkMember(*settings, *resource->settings, u"$.Settings", extent));
      !checked.ok())
    return checked;
  return resource->path == u"Container/MappedDirectories"
             ? checkTarget(*settings, u"$.Settings").refusal
             : Outcome();
}

Outcome checkGuestRequest(const Value& request) {
  const Value* settings = request.find(u"Settings");
  const Value* type = request.find(u"ResourceType");
  if (settings == nullptr || type == nullptr) return {};
  for (const schema2::GuestResource& resource : schema2::kGuestResources) {
    if (resource.type != type->text || resource.settings.size == 0) continue;
    if (!settings->is(Type::Object))
      return refuse(u"$.GuestRequest.Settings", u" must be an object.");
    const std::u16string place = u"$.GuestRequest.Settings";
    Outcome checked = refused(checkOneOf(*settings, resource.settings, place));
    if (!checked.ok() || type->text != u"MappedDirectory") return checked;
    return checkTarget(*settings, place).refusal;
  }
  return {};
}

// Schema 1 has one request about the network, schema 2 one for each adapter. An update changes how
// an adapter works, and no endpoint.
std::optional<EndpointChange> endpointChange(const Value& request) {
  constexpr std::u16string_view kAdapters = u"VirtualMachine/Devices/NetworkAdapters/";
  EndpointChange change;
  const Value* how = request.find(u"RequestType");
  change.adds = how == nullptr || how->text.empty() || how->text == u"Add";
  if (!change.adds && how->text != u"Remove") return std::nullopt;
  const Value* settings = request.find(u"Settings");
  if (const Value* type = request.find(u"ResourceType"); type != nullptr) {
    if (settings == nullptr || !settings->is(Type::String)) return std::nullopt;
    change.endpoint = settings->text;
    return change;
  }
  const std::u16string_view path = request.find(u"ResourcePath")->text;
  if (!equalWithoutCase(path.substr(0, kAdapters.size()), kAdapters)) return std::nullopt;
  change.adapter = path.substr(kAdapters.size());
  const Value* endpoint = settings != nullptr ? settings->find(u"EndpointId") : nullptr;
  if (endpoint != nullptr) change.endpoint = endpoint->text;
  return change;
}

}  // namespace

Outcome readModifyRequest(const char16_t* text, ModifyRequest* request) {
  Value document;
  if (Outcome parsed = parseDocument(text, &document); !parsed.ok()) return parsed;
  const bool schema1 = document.find(u"ResourceType") != nullptr;
  const Shape& shape =
      schema1 ? schema1::kResourceModificationRequestResponse : schema2::kModifySettingRequest;
  if (Outcome checked = refused(check(document, shape)); !checked.ok()) return checked;
  if (const Value* guest = document.find(u"GuestRequest"); guest != nullptr)
    if (Outcome checked = checkGuestRequest(*guest); !checked.ok()) return checked;
  const Value* path = document.find(u"ResourcePath");
  if (schema1) request->endpoint = endpointChange(document);
  if (path == nullptr) return {};
  if (Outcome checked = checkResource(document, path->text); !checked.ok()) return checked;
  if (!schema1) request->endpoint = endpointChange(document);
  const Value* settings = document.find(u"Settings");
  constexpr std::u16string_view kMachine = u"VirtualMachine/", kMemory = u"/Memory/SizeInMB";
  if (settings != nullptr && path->text.size() > kMemory.size() &&
      path->text.compare(path->text.size() - kMemory.size(), kMemory.size(), kMemory) == 0)
    request->memoryInMB = json::toUnsigned(*settings);
  const bool machine = path->text.compare(0, kMachine.size(), kMachine) == 0;
  if (machine && request->memoryInMB.value_or(0) % 2 != 0)
    return refuse(u"$.Settings", u" must be an even number of MB.");
  return {};
}

}  // namespace hc::simulator
