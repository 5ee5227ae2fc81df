// From the stream handles of a host to the descriptors that Node's own streams are made of.
//
// A descriptor is a bare number, which nobody closes when a worker thread is terminated before it
// has become a stream. So the streams of a process stay handles with an owner until JavaScript asks
// for them, and the descriptors of the one process that it is at are looked after.
#pragma once

#include <napi.h>

#include <unordered_map>
#include <vector>

#include "../../core/stream.h"

namespace hc::node {

// The kernel handle of a descriptor, which stays JavaScript's.
void* streamOf(int descriptor);

// On the JavaScript thread.
class Descriptors {
 public:
  // What a call has brought, until it is taken.
  void hold(std::uint64_t call, ProcessStreams streams);
  std::size_t held() const { return held_.size(); }
  // [process id, and for each stream a descriptor for `new net.Socket({ fd })`; null where there is
  // none, -1 when it cannot be wrapped and has been closed]. Null when the call has brought
  // nothing. JavaScript owns the descriptors as soon as it takes those of another call or the batch
  // is over.
  Napi::Value take(Napi::Env env, std::uint64_t call);
  void batchOver() { taken_.clear(); }
  // Closes what was never taken.
  void drop() { held_.clear(); }
  // When the environment has closed all that it had: closes what was taken and became no stream. On
  // Windows, where another pipe may have the number by then, it stays open.
  void closeTaken();

 private:
  Napi::Value open(Napi::Env env, Stream& stream);

  std::unordered_map<std::uint64_t, ProcessStreams> held_;
  std::vector<TransferredDescriptor> taken_;
};

}  // namespace hc::node
