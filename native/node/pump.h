// Brings the inbox to JavaScript: one wake however much has arrived, one JavaScript call per batch.
#pragma once

#include <node_api.h>

#include <memory>
#include <mutex>
#include <vector>

#include "../core/watch.h"
#include "descriptors.h"

namespace hc::node {

// The thread-safe function, behind a lock and a closed flag of our own: Node frees it while an
// environment ends, and whoever calls it after that crashes.
class Bell : public Waker {
 public:
  void wake() override;
  // The same when a drain is promised.
  void ring();
  // On the JavaScript thread: whether a drain will come without a wake.
  void promise(bool promised);
  void hang(napi_threadsafe_function function);
  // On the JavaScript thread. After this no thread touches the function again.
  void silence();
  // On the JavaScript thread: whether the wakes to come keep the event loop alive.
  void hold(napi_env env, bool held);

 private:
  std::mutex mutex_;
  napi_threadsafe_function function_ = nullptr;
  bool promised_ = false;
};

// On the JavaScript thread. A batch is `kBatch` records at most, so that a storm cannot hold the
// event loop: what is left, or has come meanwhile, waits for the next turn, which `deliver` is told
// to ask for. (Node answers a wake that comes while it answers one in the same turn.) A process,
// of whose streams JavaScript makes sockets at once, counts for `kStreamsWeigh` records.
class Pump {
 public:
  static constexpr std::size_t kBatch = 256;
  static constexpr std::size_t kStreamsWeigh = 16;
  static constexpr std::size_t kFields = 8;

  Pump(std::shared_ptr<Inbox> inbox, std::shared_ptr<Bell> bell, napi_env env,
       Descriptors& descriptors)
      : inbox_(std::move(inbox)), bell_(std::move(bell)), env_(env), descriptors_(descriptors) {}

  // `deliver(count, values, more)` reads `fields`: kFields numbers per record, in the order that
  // src/backend/addon.ts states.
  bool connect(napi_value deliver, napi_value fields);
  void drain();
  void disconnect();

 private:
  static void onWake(napi_env env, napi_value, void* context, void*);
  bool deliver(std::size_t count, napi_value values, bool more);
  void encode(Record& record, double* fields, std::uint32_t index, napi_value& values);

  const std::shared_ptr<Inbox> inbox_;
  const std::shared_ptr<Bell> bell_;
  const napi_env env_;
  Descriptors& descriptors_;
  napi_ref deliver_ = nullptr;
  napi_ref fieldsRef_ = nullptr;
  double* fields_ = nullptr;
  std::vector<Record> records_;  // taken from the inbox, delivered up to next_
  std::size_t next_ = 0;
};

}  // namespace hc::node
