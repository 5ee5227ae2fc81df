// An environment on the fake computecore.dll. At its end everything must be gone: no operation, no
// text, no handle, no cycle.
#pragma once

#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "../fake-host/fake-computecore.h"
#include "check.h"
#include "environment.h"

namespace hc::test {

namespace f = hc::functions::computecore;

inline std::shared_ptr<const Libraries> openFakes() {
  static const auto opened = [] {
    Libraries::Paths paths;
    paths[static_cast<std::size_t>(Library::vmcompute)] = pathOf(FAKE_HOST);
    paths[static_cast<std::size_t>(Library::computecore)] = pathOf(FAKE_COMPUTECORE);
    return Libraries::open(paths).libraries;
  }();
  return opened;
}

class OperationRig : public Environment {
 public:
  OperationRig() : Environment(openFakes()) { fakeComputecore().reset(); }
  ~OperationRig() {
    if (!host) return;
    CHECK(end());
    CHECK(fakeComputecore().operations() == left);
    CHECK(fakeComputecore().handles() == 0 && fakeComputecore().refused == 0);
    CHECK(fakeComputecore().texts == 0 && fakeComputecore().wronglyFreed == 0);
  }

  std::uint64_t beginCreate() {
    auto call = make<f::HcsCreateComputeSystem>();
    std::get<0>(call->slots) = u"name";
    return submit(std::move(call));
  }
  // A system that JavaScript keeps.
  std::shared_ptr<Handle> create() {
    const auto answer = std::exchange(fakeComputecore().onCall, nullptr);
    const auto call = completion<f::HcsCreateComputeSystem>(beginCreate());
    fakeComputecore().onCall = answer;
    if (!CHECK(call && call->opened())) std::abort();
    call->opened()->terminateOnClose(false);
    return call->opened();
  }
  std::uint64_t start(const std::shared_ptr<Handle>& handle) {
    return begin<f::HcsStartComputeSystem>(handle);
  }
  std::unique_ptr<TestCall<f::HcsStartComputeSystem>> started(std::uint64_t id) {
    return completion<f::HcsStartComputeSystem>(id);
  }
  // Nothing of what has been submitted is on its way any more, and no record is there.
  bool quiet() { return host->workers().settle(kPatience) && reader.inbox->empty(); }

  int left = 0;  // operations that the host will not have completed
};

// Accepts calls and leaves their operations running; they are handed out in their order.
class Accepted {
 public:
  Accepted() {
    fakeComputecore().onCall = [this](OperationType, HcsOperation* operation) {
      std::lock_guard<std::mutex> lock(mutex_);
      operations_.push_back(operation);
      return kOk;
    };
  }
  // The operation of the oldest call that has not been handed out; waits for it.
  HcsOperation* next() {
    HcsOperation* operation = nullptr;
    CHECK(eventually([&] {
      std::lock_guard<std::mutex> lock(mutex_);
      if (place_ == operations_.size()) return false;
      operation = operations_[place_++];
      return true;
    }));
    return operation;
  }

 private:
  std::mutex mutex_;
  std::size_t place_ = 0;
  std::vector<HcsOperation*> operations_;
};

// Runs it on a thread of the host, to its end.
template <class Body>
void onAnotherThread(Body&& body) {
  std::thread(std::forward<Body>(body)).join();
}

}  // namespace hc::test
