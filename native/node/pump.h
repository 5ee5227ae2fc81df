// Brings the inbox to JavaScript: one wake however much has arrived, one JavaScript call per batch.
#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "../core/inbox.h"
#include "base/descriptors.h"
#include "base/loop-waker.h"

namespace hc::node {

// On the JavaScript thread. A batch is `kBatch` records at most, so that a storm cannot hold the
// event loop: what is left, or has come meanwhile, waits for the next turn, which `deliver` is told
// to ask for. (Node answers a wake that comes while it answers one in the same turn.) A process,
// of whose streams JavaScript makes sockets at once, counts for `kStreamsWeigh` records.
class Pump final : public Drained {
 public:
  static constexpr std::size_t kBatch = 256;
  static constexpr std::size_t kStreamsWeigh = 16;
  static constexpr std::size_t kFields = 8;

  Pump(std::shared_ptr<Inbox> inbox, std::shared_ptr<LoopWaker> waker, Napi::Env env,
       Descriptors& descriptors)
      : inbox_(std::move(inbox)), waker_(std::move(waker)), env_(env), descriptors_(descriptors) {}

  // `deliver(count, values, more)` reads `fields`: kFields numbers per record, in the order that
  // src/backend/addon.ts states. False with an exception pending.
  bool connect(Napi::Value deliver, Napi::Value fields);
  void drain() override;
  void disconnect();

 private:
  bool deliver(std::size_t count, napi_value values, bool more);
  void encode(Record& record, double* fields, std::uint32_t index, napi_value& values);

  const std::shared_ptr<Inbox> inbox_;
  const std::shared_ptr<LoopWaker> waker_;
  const Napi::Env env_;
  Descriptors& descriptors_;
  Napi::FunctionReference deliver_;
  Napi::ObjectReference fieldsReference_;
  double* fields_ = nullptr;
  std::vector<Record> records_;  // taken from the inbox, delivered up to next_
  std::size_t next_ = 0;
};

}  // namespace hc::node
