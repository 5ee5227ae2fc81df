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
  void hang(napi_threadsafe_function function);
  // On the JavaScript thread. After this no thread touches the function again.
  void silence();
  // On the JavaScript thread: whether the wakes to come keep the event loop alive.
  void hold(napi_env env, bool held);

 private:
  std::mutex mutex_;
  napi_threadsafe_function function_ = nullptr;
};

// On the JavaScript thread. A batch is `kBatch` records at most, so that a storm cannot hold the
// event loop: what is left waits for the next turn, which `deliver` is told to ask for.
class Pump {
 public:
  static constexpr std::size_t kBatch = 256;
  static constexpr std::size_t kFields = 8;

  Pump(std::shared_ptr<Inbox> inbox, napi_env env, Descriptors& descriptors)
      : inbox_(std::move(inbox)), env_(env), descriptors_(descriptors) {}

  // `deliver(count, values, more)` reads `fields`: kFields numbers per record, in the order that
  // src/backend/addon.ts states.
  bool connect(napi_value deliver, napi_value fields, std::shared_ptr<Bell> bell);
  void drain();
  void disconnect();

 private:
  static void onWake(napi_env env, napi_value, void* context, void*);
  void encode(Record& record, double* fields, std::uint32_t index, napi_value& values);

  const std::shared_ptr<Inbox> inbox_;
  const napi_env env_;
  Descriptors& descriptors_;
  napi_ref deliver_ = nullptr;
  napi_ref fieldsRef_ = nullptr;
  double* fields_ = nullptr;
  std::vector<Record> records_;  // taken from the inbox, delivered up to next_
  std::size_t next_ = 0;
};

}  // namespace hc::node
