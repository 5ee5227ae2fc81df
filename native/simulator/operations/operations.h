// The operations that clients have open, by their handles. Any thread; the lock is taken under any
// other, and an operation is not used under it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "client-operation.h"

namespace hc::simulator {

class Operations {
 public:
  // Never destroyed, as calls may be inside when the process ends.
  static Operations& instance();

  HcsOperation* create(CallSite site, void* context, HcsOperationCallback callback);
  HcsOperation* create(CallSite site, void* context, bool progress, HcsEventCallback events);
  // Null: it is none.
  std::shared_ptr<ClientOperation> find(HcsOperation* handle);
  // Takes it from the list. Close it after.
  std::shared_ptr<ClientOperation> remove(HcsOperation* handle);
  std::vector<std::shared_ptr<ClientOperation>> all();
  // Forgets all. Close them after.
  std::vector<std::shared_ptr<ClientOperation>> reset();

  // Where completions are notified that belong to no system.
  OperationPlace place();

 private:
  HcsOperation* next();
  HcsOperation* add(std::shared_ptr<ClientOperation> operation);

  std::mutex mutex_;
  std::unordered_map<HcsOperation*, std::shared_ptr<ClientOperation>> operations_;
  std::uint64_t last_ = 0;
  OperationPlace place_;
};

}  // namespace hc::simulator
