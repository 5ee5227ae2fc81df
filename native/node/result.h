// An operation whose outcome JavaScript waits for.
#pragma once

#include <node_api.h>

#include "../core/operation.h"

namespace hc::node {

class Descriptors;

class Result : public Operation {
 public:
  using Operation::Operation;
  // On the JavaScript thread, once: whether the call opened a handle, which is its receiver's from
  // here on. Its number is that of the call.
  virtual bool handOver() = 0;
  // On the JavaScript thread, once: what does not fit into the numbers of a record, or null where
  // nothing is left to say. An array: [notification data, each Out parameter ...]. The streams of a
  // process go into `descriptors`.
  virtual napi_value toValue(napi_env env, Descriptors& descriptors) = 0;
};

}  // namespace hc::node
