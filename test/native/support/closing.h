// The close of a handle as an operation of the tests, which count and keep operations by classes of
// their own.
#pragma once

#include <memory>
#include <utility>

#include "core/call.h"

namespace hc::test {

template <class Base>
class Closing final : public Base {
 public:
  Closing(std::uint64_t id, std::shared_ptr<Host> host, std::shared_ptr<Handle> handle)
      : Base(id), host_(std::move(host)), handle_(std::move(handle)) {}
  bool runsAtEnd() const override { return true; }
  void run(std::unique_ptr<Operation> self) override {
    this->status = handle_->closeNow();
    const auto host = host_;
    host->finish(std::move(self));
  }

 private:
  const std::shared_ptr<Host> host_;
  const std::shared_ptr<Handle> handle_;
};

}  // namespace hc::test
