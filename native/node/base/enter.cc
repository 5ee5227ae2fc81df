#include "enter.h"

namespace hc::node {

bool enterJavaScript(Napi::Env env, napi_value function, std::size_t count,
                     const napi_value* arguments) {
  // Node-API itself: while an environment ends no JavaScript can be run, and node-addon-api ends
  // the process for that.
  const napi_status status =
      napi_call_function(env, env.Undefined(), function, count, arguments, nullptr);
  if (status != napi_pending_exception) return status == napi_ok;
  // Listeners are guarded in JavaScript; what still throws is a defect.
  napi_value error = nullptr;
  napi_get_and_clear_last_exception(env, &error);
  napi_fatal_exception(env, error);
  return false;
}

}  // namespace hc::node
