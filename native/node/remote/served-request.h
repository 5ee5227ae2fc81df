// A request of a client in another process, as JavaScript gets it and answers it.
#pragma once

#include <node_api.h>

#include <cstdint>
#include <memory>

#include "../../abi/hcs.h"
#include "../../remote/frame.h"

namespace hc::node {

class ServedRequest {
 public:
  virtual ~ServedRequest() = default;

  // On the JavaScript thread: the number of the function in the list.
  virtual std::uint32_t function() const = 0;
  // On the JavaScript thread: what is no Out parameter, in the order of the list. Texts are strings
  // or null, handles and contexts numbers, layers [{ id, flags, path }], a driver
  // { flavour, homeDir }.
  virtual napi_value inputs(napi_env env) const = 0;
  // On the JavaScript thread: puts an answer. `outputs` has each Out parameter; of streams
  // [process id, three descriptors or null], which stay JavaScript's. False with an exception
  // pending when one is wrong.
  virtual bool putAnswer(napi_env env, HResult status, napi_value outputs,
                         remote::Frame& answer) const = 0;
};

// On the thread of a connection. Null: the request makes no sense.
std::unique_ptr<ServedRequest> readRequest(remote::Frame& request);

}  // namespace hc::node
