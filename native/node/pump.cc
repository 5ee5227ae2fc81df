#include "pump.h"

#include "result.h"
#include "values.h"

namespace hc::node {

void Bell::wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (function_ != nullptr && !promised_)
    napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
}

void Bell::ring() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (function_ != nullptr)
    napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
}

void Bell::promise(bool promised) {
  std::lock_guard<std::mutex> lock(mutex_);
  promised_ = promised;
}

void Bell::hang(napi_threadsafe_function function) {
  std::lock_guard<std::mutex> lock(mutex_);
  function_ = function;
}

void Bell::silence() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (function_ != nullptr) napi_release_threadsafe_function(function_, napi_tsfn_abort);
  function_ = nullptr;
}

void Bell::hold(napi_env env, bool held) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (function_ == nullptr) return;
  if (held) {
    napi_ref_threadsafe_function(env, function_);
  } else {
    napi_unref_threadsafe_function(env, function_);
  }
}

bool Pump::connect(napi_value deliver, napi_value fields) {
  napi_typedarray_type type = napi_int8_array;
  std::size_t length = 0;
  void* data = nullptr;
  const bool typed =
      napi_get_typedarray_info(env_, fields, &type, &length, &data, nullptr, nullptr) == napi_ok;
  if (!typed || type != napi_float64_array || length < kBatch * kFields) {
    return refuse(env_, "fields must be a Float64Array that holds a batch");
  }
  fields_ = static_cast<double*>(data);
  napi_create_reference(env_, fields, 1, &fieldsRef_);
  napi_create_reference(env_, deliver, 1, &deliver_);

  napi_threadsafe_function function = nullptr;
  const napi_status status =
      napi_create_threadsafe_function(env_, nullptr, nullptr, makeAscii(env_, "hostcompute"), 0, 1,
                                      nullptr, nullptr, this, onWake, &function);
  if (status != napi_ok) return refuse(env_, "no thread-safe function could be made");
  napi_unref_threadsafe_function(env_, function);
  bell_->hang(function);
  return true;
}

void Pump::onWake(napi_env env, napi_value, void* context, void*) {
  if (env != nullptr) static_cast<Pump*>(context)->drain();  // null: the environment is ending
}

void Pump::drain() {
  if (deliver_ == nullptr) return;
  if (next_ == records_.size()) {
    records_ = inbox_->take();
    next_ = 0;
  }
  bell_->promise(true);
  napi_value values = nullptr;
  napi_get_undefined(env_, &values);
  std::size_t count = 0;
  for (std::size_t weight = 0; weight < kBatch && next_ != records_.size(); ++count) {
    const std::size_t held = descriptors_.held();
    encode(records_[next_++], fields_ + count * kFields, static_cast<std::uint32_t>(count), values);
    weight += descriptors_.held() == held ? 1 : kStreamsWeigh;
  }
  const bool more = next_ != records_.size();
  if (!more) records_.clear();
  if (!more) next_ = 0;
  if (count != 0 && deliver(count, values, more)) descriptors_.batchOver();
  if (more) return;
  bell_->promise(false);
  if (deliver_ == nullptr || inbox_->empty()) return;
  bell_->promise(true);
  napi_get_undefined(env_, &values);
  deliver(0, values, true);
}

bool Pump::deliver(std::size_t count, napi_value values, bool more) {
  napi_value arguments[3] = {makeNumber(env_, static_cast<double>(count)), values, nullptr};
  napi_get_boolean(env_, more, &arguments[2]);
  napi_value function = nullptr;
  napi_value receiver = nullptr;
  napi_get_reference_value(env_, deliver_, &function);
  napi_get_undefined(env_, &receiver);
  const napi_status status = napi_call_function(env_, receiver, function, 3, arguments, nullptr);
  if (status != napi_pending_exception) return status == napi_ok;
  // The only place where JavaScript is entered. Its listeners are guarded there; what still throws
  // is a defect.
  napi_value error = nullptr;
  napi_get_and_clear_last_exception(env_, &error);
  napi_fatal_exception(env_, error);
  return false;
}

void Pump::encode(Record& record, double* fields, std::uint32_t index, napi_value& values) {
  fields[0] = static_cast<double>(record.tag);
  fields[1] = static_cast<double>(record.id);
  fields[2] = record.status;
  fields[3] = record.type;
  napi_value value = nullptr;
  if (record.operation) {
    auto& result = static_cast<Result&>(*record.operation);
    fields[3] = static_cast<double>(result.ending);
    fields[4] = result.notification.type;
    fields[5] = result.notification.status;
    fields[6] = result.registration;
    fields[7] = result.handOver() ? 1 : 0;
    value = result.toValue(env_, descriptors_);
    record.operation.reset();
  } else if (record.text) {
    value = makeText(env_, record.text);
  }
  if (value == nullptr) return;
  napi_valuetype type = napi_undefined;
  napi_typeof(env_, values, &type);
  if (type == napi_undefined) napi_create_array_with_length(env_, kBatch, &values);
  napi_set_element(env_, values, index, value);
}

void Pump::disconnect() {
  if (deliver_ != nullptr) napi_delete_reference(env_, deliver_);
  if (fieldsRef_ != nullptr) napi_delete_reference(env_, fieldsRef_);
  deliver_ = nullptr;
  fieldsRef_ = nullptr;
}

}  // namespace hc::node
