#include "node-api.h"

#include <chrono>
#include <cstdlib>

napi_value napi_env__::make(napi_valuetype type) {
  values.emplace_back();
  values.back().type = type;
  return &values.back();
}

napi_value napi_env__::text(const std::u16string& text) {
  napi_value value = make(napi_string);
  value->text = text;
  return value;
}

void napi_env__::collect() {
  values.clear();
  thrown = false;
}

bool napi_env__::turn() {
  {
    std::unique_lock<std::mutex> lock(mutex);
    if (!rung.wait_for(lock, std::chrono::seconds(10), [&] { return calling; })) return false;
    calling = false;
  }
  call(this, nullptr, context, nullptr);
  return true;
}

namespace {

napi_env__* environmentOf(napi_threadsafe_function function) {
  return reinterpret_cast<napi_env__*>(function);
}

napi_status give(napi_value* result, napi_value value) {
  *result = value;
  return napi_ok;
}

}  // namespace

napi_status napi_get_undefined(napi_env env, napi_value* result) {
  return give(result, env->make(napi_undefined));
}

napi_status napi_get_null(napi_env env, napi_value* result) {
  return give(result, env->make(napi_null));
}

napi_status napi_get_boolean(napi_env env, bool value, napi_value* result) {
  *result = env->make(napi_boolean);
  (*result)->number = value ? 1 : 0;
  return napi_ok;
}

napi_status napi_create_double(napi_env env, double value, napi_value* result) {
  *result = env->make(napi_number);
  (*result)->number = value;
  return napi_ok;
}

napi_status napi_create_string_utf16(napi_env env, const char16_t* text, std::size_t length,
                                     napi_value* result) {
  return give(result, env->text(std::u16string(text, length)));
}

napi_status napi_create_string_latin1(napi_env env, const char* text, std::size_t length,
                                      napi_value* result) {
  const std::string bytes = length == NAPI_AUTO_LENGTH ? text : std::string(text, length);
  return give(result, env->text(std::u16string(bytes.begin(), bytes.end())));
}

napi_status napi_create_object(napi_env env, napi_value* result) {
  return give(result, env->make(napi_object));
}

napi_status napi_create_array(napi_env env, napi_value* result) {
  return napi_create_object(env, result);
}

napi_status napi_create_array_with_length(napi_env env, std::size_t length, napi_value* result) {
  napi_create_object(env, result);
  (*result)->items.resize(length);
  return napi_ok;
}

napi_status napi_set_element(napi_env, napi_value object, std::uint32_t index, napi_value value) {
  if (object->items.size() <= index) object->items.resize(index + 1);
  object->items[index] = value;
  return napi_ok;
}

napi_status napi_get_array_length(napi_env, napi_value value, std::uint32_t* result) {
  if (value->type != napi_object) return napi_array_expected;
  *result = static_cast<std::uint32_t>(value->items.size());
  return napi_ok;
}

napi_status napi_get_element(napi_env env, napi_value object, std::uint32_t index,
                             napi_value* result) {
  const bool there = index < object->items.size() && object->items[index] != nullptr;
  return give(result, there ? object->items[index] : env->make(napi_undefined));
}

napi_status napi_set_named_property(napi_env, napi_value, const char*, napi_value) {
  return napi_ok;  // nobody looks
}

napi_status napi_typeof(napi_env, napi_value value, napi_valuetype* result) {
  *result = value->type;
  return napi_ok;
}

napi_status napi_get_value_double(napi_env, napi_value value, double* result) {
  if (value->type != napi_number) return napi_number_expected;
  *result = value->number;
  return napi_ok;
}

napi_status napi_get_value_int64(napi_env, napi_value value, std::int64_t* result) {
  if (value->type != napi_number) return napi_number_expected;
  *result = static_cast<std::int64_t>(value->number);
  return napi_ok;
}

// As Node does: without a buffer the length, else as much as fits and a NUL.
napi_status napi_get_value_string_utf16(napi_env, napi_value value, char16_t* buffer,
                                        std::size_t size, std::size_t* result) {
  if (value->type != napi_string) return napi_string_expected;
  if (buffer == nullptr) {
    *result = value->text.size();
    return napi_ok;
  }
  const std::size_t count = value->text.copy(buffer, size - 1);
  buffer[count] = u'\0';
  *result = count;
  return napi_ok;
}

napi_status napi_is_typedarray(napi_env, napi_value value, bool* result) {
  *result = value->numbers != nullptr;
  return napi_ok;
}

napi_status napi_get_typedarray_info(napi_env, napi_value value, napi_typedarray_type* type,
                                     std::size_t* length, void** data, napi_value*, std::size_t*) {
  if (value->numbers == nullptr) return napi_invalid_arg;
  if (type != nullptr) *type = napi_float64_array;
  if (length != nullptr) *length = value->numbers->size();
  if (data != nullptr) *data = value->numbers->data();
  return napi_ok;
}

// What is referred to is kept by whoever made it.
napi_status napi_create_reference(napi_env, napi_value value, std::uint32_t, napi_ref* result) {
  *result = reinterpret_cast<napi_ref>(value);
  return napi_ok;
}

napi_status napi_get_reference_value(napi_env, napi_ref reference, napi_value* result) {
  return give(result, reinterpret_cast<napi_value>(reference));
}

napi_status napi_delete_reference(napi_env, napi_ref) { return napi_ok; }

napi_status napi_call_function(napi_env, napi_value, napi_value function, std::size_t count,
                               const napi_value* arguments, napi_value*) {
  function->function({arguments, arguments + count});
  return napi_ok;
}

napi_status napi_throw_type_error(napi_env env, const char*, const char*) {
  env->thrown = true;
  return napi_ok;
}

napi_status napi_throw(napi_env env, napi_value) {
  env->thrown = true;
  return napi_ok;
}

napi_status napi_is_exception_pending(napi_env env, bool* result) {
  *result = env->thrown;
  return napi_ok;
}

napi_status napi_get_and_clear_last_exception(napi_env env, napi_value* result) {
  env->thrown = false;
  return napi_get_undefined(env, result);
}

napi_status napi_fatal_exception(napi_env, napi_value) { std::abort(); }

napi_status napi_create_threadsafe_function(napi_env env, napi_value, napi_value, napi_value,
                                            std::size_t, std::size_t, void*, napi_finalize,
                                            void* context, napi_threadsafe_function_call_js call,
                                            napi_threadsafe_function* result) {
  env->call = call;
  env->context = context;
  *result = reinterpret_cast<napi_threadsafe_function>(env);
  return napi_ok;
}

napi_status napi_call_threadsafe_function(napi_threadsafe_function function, void*,
                                          napi_threadsafe_function_call_mode) {
  napi_env__* const env = environmentOf(function);
  std::lock_guard<std::mutex> lock(env->mutex);
  env->calling = true;
  env->rung.notify_one();
  return napi_ok;
}

napi_status napi_ref_threadsafe_function(napi_env, napi_threadsafe_function) { return napi_ok; }

napi_status napi_unref_threadsafe_function(napi_env, napi_threadsafe_function) { return napi_ok; }

napi_status napi_release_threadsafe_function(napi_threadsafe_function,
                                             napi_threadsafe_function_release_mode) {
  return napi_ok;
}

// What node-addon-api needs for errors, which have no content here, and for scopes, as values stay
// until collect().

napi_status napi_open_handle_scope(napi_env, napi_handle_scope* result) {
  *result = nullptr;
  return napi_ok;
}

napi_status napi_close_handle_scope(napi_env, napi_handle_scope) { return napi_ok; }

napi_status napi_create_string_utf8(napi_env env, const char* text, std::size_t length,
                                    napi_value* result) {
  return napi_create_string_latin1(env, text, length, result);
}

napi_status napi_create_error(napi_env env, napi_value, napi_value, napi_value* result) {
  return napi_create_object(env, result);
}

napi_status napi_create_type_error(napi_env env, napi_value, napi_value, napi_value* result) {
  return napi_create_object(env, result);
}

napi_status napi_define_properties(napi_env, napi_value, std::size_t,
                                   const napi_property_descriptor*) {
  return napi_ok;
}

napi_status napi_has_property(napi_env, napi_value, napi_value, bool* result) {
  *result = false;
  return napi_ok;
}

napi_status napi_get_property(napi_env env, napi_value, napi_value, napi_value* result) {
  return napi_get_undefined(env, result);
}

napi_status napi_get_last_error_info(napi_env env, const napi_extended_error_info** result) {
  static const napi_extended_error_info kNone = {"", nullptr, 0, napi_ok};
  static_cast<void>(env);
  *result = &kNone;
  return napi_ok;
}

void napi_fatal_error(const char*, std::size_t, const char*, std::size_t) { std::abort(); }
