#include "pump.h"

#include "base/enter.h"
#include "base/values.h"
#include "result.h"

namespace hc::node {

bool Pump::connect(Napi::Value deliver, Napi::Value fields) {
  const bool typed =
      fields.IsTypedArray() && fields.As<Napi::TypedArray>().TypedArrayType() == napi_float64_array;
  if (!typed || fields.As<Napi::Float64Array>().ElementLength() < kBatch * kFields) {
    return refuse(env_, "\"fields\" must be a Float64Array that holds a batch");
  }
  if (!deliver.IsFunction()) return refuse(env_, "\"deliver\" must be a function");
  fields_ = fields.As<Napi::Float64Array>().Data();
  fieldsReference_ = Napi::Persistent(fields.As<Napi::Object>());
  deliver_ = Napi::Persistent(deliver.As<Napi::Function>());
  return waker_->open(env_, *this);
}

void Pump::drain() {
  if (deliver_.IsEmpty()) return;
  if (next_ == records_.size()) {
    records_ = inbox_->take();
    next_ = 0;
  }
  waker_->setDrainPending(true);
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
  const bool delivered = count == 0 || deliver(count, values, more);
  if (delivered && count != 0) descriptors_.batchOver();
  if (more) {
    // JavaScript was to ask for the rest, and did not get to it.
    if (!delivered) waker_->wakeAlways();
    return;
  }
  waker_->setDrainPending(false);
  if (deliver_.IsEmpty() || inbox_->empty()) return;
  waker_->setDrainPending(true);
  napi_get_undefined(env_, &values);
  if (!deliver(0, values, true)) waker_->wakeAlways();
}

bool Pump::deliver(std::size_t count, napi_value values, bool more) {
  napi_value arguments[3] = {makeNumber(env_, static_cast<double>(count)), values, nullptr};
  napi_get_boolean(env_, more, &arguments[2]);
  return enterJavaScript(env_, deliver_.Value(), 3, arguments);
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
  if (type == napi_undefined) napi_create_array(env_, &values);
  napi_set_element(env_, values, index, value);
}

void Pump::disconnect() {
  deliver_.Reset();
  fieldsReference_.Reset();
}

}  // namespace hc::node
