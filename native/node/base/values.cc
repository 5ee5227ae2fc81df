#include "values.h"

#include <cmath>
#include <cstdio>
#include <iterator>

namespace hc::node {

napi_value makeNumber(napi_env env, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  return value;
}

napi_value makeText(napi_env env, const OptionalText& text) {
  napi_value value = nullptr;
  // A text longer than the engine can hold is left out: it never hides the status it came with.
  if (!text || napi_create_string_utf16(env, text->data(), text->size(), &value) != napi_ok) {
    napi_get_null(env, &value);
  }
  return value;
}

napi_value makeAscii(napi_env env, const char* text) {
  napi_value value = nullptr;
  napi_create_string_latin1(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
}

napi_value makeGuid(napi_env env, const GuidData& guid) {
  char text[37];
  const std::uint8_t* rest = guid.data4;
  std::snprintf(text, sizeof text, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", guid.data1,
                guid.data2, guid.data3, rest[0], rest[1], rest[2], rest[3], rest[4], rest[5],
                rest[6], rest[7]);
  return makeAscii(env, text);
}

namespace {

// False unless it is eight, four, four, four and twelve hexadecimal digits.
bool parseGuid(const std::u16string& text, GuidData& guid) {
  if (text.size() != 36) return false;
  std::uint8_t digits[32];
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != u'-') return false;
      continue;
    }
    const std::u16string_view all = u"0123456789abcdefABCDEF";
    const std::size_t at = all.find(text[i]);
    if (at == std::u16string_view::npos) return false;
    digits[count++] = static_cast<std::uint8_t>(at < 16 ? at : at - 6);
  }
  const auto number = [&](std::size_t from, std::size_t length) {
    std::uint32_t value = 0;
    for (std::size_t i = from; i < from + length; ++i) value = value << 4 | digits[i];
    return value;
  };
  guid.data1 = number(0, 8);
  guid.data2 = static_cast<std::uint16_t>(number(8, 4));
  guid.data3 = static_cast<std::uint16_t>(number(12, 4));
  for (std::size_t i = 0; i < 8; ++i)
    guid.data4[i] = static_cast<std::uint8_t>(number(16 + 2 * i, 2));
  return true;
}

}  // namespace

bool refuse(napi_env env, const std::string& message) {
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", message.c_str());
  return false;
}

bool readText(napi_env env, napi_value value, const char* name, OptionalText& text) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  if (type == napi_undefined || type == napi_null) return true;
  std::size_t length = 0;
  if (napi_get_value_string_utf16(env, value, nullptr, 0, &length) != napi_ok) {
    return refuse(env, std::string(name) + " must be a string or null");
  }
  text.emplace(length, u'\0');
  napi_get_value_string_utf16(env, value, text->data(), length + 1, &length);
  if (text->find(u'\0') == std::u16string::npos) return true;
  return refuse(env, std::string(name) + " must not contain a NUL character");
}

bool readInteger(napi_env env, napi_value value, const char* name, double least, double most,
                 double& number) {
  double given = least - 1;
  napi_get_value_double(env, value, &given);
  if (given >= least && given <= most && given == std::trunc(given)) {
    number = given;
    return true;
  }
  char range[64];
  std::snprintf(range, sizeof range, " must be an integer from %.0f to %.0f", least, most);
  return refuse(env, name + std::string(range));
}

bool read(napi_env env, napi_value value, const char* name, GuidData& slot) {
  OptionalText text;
  if (!readText(env, value, name, text)) return false;
  return (text && parseGuid(*text, slot)) || refuse(env, std::string(name) + " must be a GUID");
}

bool read(napi_env env, napi_value value, const char* name, Layers::InSlot& slot) {
  std::uint32_t length = 0;
  if (napi_get_array_length(env, value, &length) != napi_ok || length % 2 != 0) {
    return refuse(env, std::string(name) + " must be an array of ids and paths");
  }
  for (std::uint32_t i = 0; i < length; i += 2) {
    napi_value parts[2] = {};
    OptionalText texts[2];
    for (std::uint32_t j = 0; j < 2; ++j) {
      napi_get_element(env, value, i + j, &parts[j]);
      if (!readText(env, parts[j], name, texts[j])) return false;
    }
    Layers::Layer layer;
    if (!texts[0] || !parseGuid(*texts[0], layer.id)) {
      return refuse(env, std::string(name) + " must have GUIDs for ids");
    }
    if (!texts[1]) return refuse(env, std::string(name) + " must have texts for paths");
    layer.path = std::move(*texts[1]);
    slot.layers.push_back(std::move(layer));
  }
  return true;
}

napi_value write(napi_env env, const std::optional<PortRangeData>& range) {
  if (!range) return makeText(env, {});
  napi_value array = nullptr;
  napi_create_array_with_length(env, 2, &array);
  napi_set_element(env, array, 0, makeNumber(env, range->startingPort));
  napi_set_element(env, array, 1, makeNumber(env, range->endingPort));
  return array;
}

// Each is an array: the members in their order.
napi_value write(napi_env env, const std::optional<std::vector<PortRangeEntry>>& entries) {
  if (!entries) return makeText(env, {});
  napi_value array = nullptr;
  napi_create_array_with_length(env, entries->size(), &array);
  for (std::uint32_t i = 0; i < entries->size(); ++i) {
    const PortRangeEntry& entry = (*entries)[i];
    const napi_value members[] = {makeGuid(env, entry.owningPartitionId),
                                  makeGuid(env, entry.targetPartitionId),
                                  makeNumber(env, entry.protocol),
                                  makeNumber(env, static_cast<double>(entry.priority)),
                                  makeNumber(env, entry.reservationType),
                                  makeNumber(env, entry.sharingFlags),
                                  makeNumber(env, entry.deliveryMode),
                                  makeNumber(env, entry.startingPort),
                                  makeNumber(env, entry.endingPort)};
    napi_value one = nullptr;
    napi_create_array_with_length(env, std::size(members), &one);
    for (std::uint32_t j = 0; j < std::size(members); ++j)
      napi_set_element(env, one, j, members[j]);
    napi_set_element(env, array, i, one);
  }
  return array;
}

bool readId(napi_env env, napi_value value, std::uint64_t& id) {
  std::int64_t given = 0;
  if (napi_get_value_int64(env, value, &given) != napi_ok || given <= 0) {
    return refuse(env, "expected an id");
  }
  id = static_cast<std::uint64_t>(given);
  return true;
}

std::shared_ptr<Handle> readHandle(napi_env env, napi_value value, Host& host, HandleKind kind) {
  std::int64_t id = 0;
  if (napi_get_value_int64(env, value, &id) == napi_ok) {
    if (auto handle = host.find(static_cast<std::uint64_t>(id), kind)) return handle;
  }
  const char* const names[] = {
      "system",          "process",    "guestnetworkservice", "serviceregistration",
      "portreservation", "virtualdisk"};
  const auto place = static_cast<std::size_t>(kind);
  refuse(env, std::string("expected the handle of an open ") +
                  (place < std::size(names) ? names[place] : "object"));
  return nullptr;
}

}  // namespace hc::node
