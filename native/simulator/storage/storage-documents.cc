#include "storage-documents.h"

#include "../documents/requests.h"
#include "../documents/schema-tables.h"

namespace hc::simulator {
namespace {

using json::Value;

constexpr DriverInformation kWholePaths{kFilterDriver, u""};

bool isEmpty(const char16_t* text) { return text == nullptr || *text == u'\0'; }

Outcome readLayer(const Value& layer, const std::u16string& place, std::vector<LayerName>* layers) {
  const Value* type = layer.find(u"PathType");
  if (type != nullptr && type->text != u"AbsolutePath")
    return refuse(place + u".PathType", u" must be AbsolutePath: a host has no other layers.");
  const Value* id = layer.find(u"Id");
  if (id == nullptr) return refuse(place, u" must have an Id.");
  const Value* path = layer.find(u"Path");
  const auto name = path == nullptr ? std::nullopt : layerName(&kWholePaths, path->text.c_str());
  if (!name) return refuse(place + u".Path", u" must be an absolute path.");
  layers->push_back(*name);
  return {};
}

}  // namespace

Outcome readLayerData(const char16_t* text, std::vector<LayerName>* layers) {
  if (isEmpty(text)) return fail(kInvalidArgument, u"The data of the layer is required.");
  Value data;
  if (Outcome read = parseShape(text, schema2::kLayerData, &data); !read.ok()) return read;
  const Value* list = data.find(u"Layers");
  if (list == nullptr) return {};
  std::size_t place = 0;
  for (const Value& layer : list->items) {
    const std::u16string at = u"$.Layers[" + json::decimalText(place++) + u"]";
    if (Outcome read = readLayer(layer, at, layers); !read.ok()) return read;
  }
  return {};
}

Outcome readOsLayerOptions(const char16_t* text, OsLayerOptions* options) {
  if (isEmpty(text)) return fail(kInvalidArgument, u"The options are required.");
  Value document;
  if (Outcome read = parseShape(text, schema2::kOsLayerOptions, &document); !read.ok()) return read;
  const Value* type = document.find(u"Type");
  options->vm = type != nullptr && type->text == u"Vm";
  return {};
}

Outcome readExportOptions(const char16_t* text, bool* writable) {
  if (isEmpty(text)) return {};
  Value document;
  if (Outcome read = parseShape(text, schema2::kExportLayerOptions, &document); !read.ok())
    return read;
  const Value* given = document.find(u"IsWritableLayer");
  *writable = given != nullptr && given->boolean;
  return {};
}

Outcome readReservedOptions(const char16_t* text) {
  Value document;
  return isEmpty(text) ? Outcome() : parseDocument(text, &document);
}

}  // namespace hc::simulator
