#include "values.h"

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

bool readUint32(napi_env env, napi_value value, const char* name, std::uint32_t& number) {
  double given = -1;
  napi_get_value_double(env, value, &given);
  if (given >= 0 && given <= 0xFFFFFFFFu && given == static_cast<std::uint32_t>(given)) {
    number = static_cast<std::uint32_t>(given);
    return true;
  }
  return refuse(env, std::string(name) + " must be an integer from 0 to 4294967295");
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
  const bool system = kind == HandleKind::System;
  std::int64_t id = 0;
  if (napi_get_value_int64(env, value, &id) == napi_ok) {
    if (auto handle = host.find(static_cast<std::uint64_t>(id), kind)) return handle;
  }
  refuse(env, system ? "expected the handle of an open system"
                     : "expected the handle of an open process");
  return nullptr;
}

}  // namespace hc::node
