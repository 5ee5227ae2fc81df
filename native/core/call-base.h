// What calls of all signatures have in common: the handle they are made on, the trip through the
// host and on to a watch, and the handle they open.
#pragma once

#include <memory>
#include <utility>

#include "function-table.h"
#include "host.h"

namespace hc {

// `Base` is the kind of Operation that its caller collects from the inbox.
template <class Base>
class CallBase : public Base {
 public:
  // On the JavaScript thread. `paired`: a pending answer waits for its notification.
  CallBase(const FunctionEntry& function, std::uint64_t id, std::shared_ptr<Host> host, bool paired)
      : Base(id),
        function_(function),
        host_(std::move(host)),
        paired_(paired),
        pairs_(function.operation != OperationKind::None ||
               (paired && function.completion != Notification::None)) {
    if (function.needsWatch) watch_ = host_->makeWatch(id);
  }
  ~CallBase() override {
    if (subject_) subject_->release();
    if (function_.needsWatch && !opened_) removeWatch(this->id);
  }

  // On the JavaScript thread.
  void operateWith(OperationExtras extras) { extras_ = std::move(extras); }

  // The handle it is made on; false when that is being closed.
  bool use(std::shared_ptr<Handle> subject) {
    if (!subject->acquire()) return false;
    subject_ = std::move(subject);
    if (!function_.needsWatch) watch_ = subject_->watch();
    return true;
  }

  void taken() override {
    if (pairs_) watch_->expect(this->id, completion());
  }

  void run(std::unique_ptr<Operation> self) override {
    invoke();
    const bool pending = this->status == kOperationPending || (operates() && !failed(this->status));
    if (function_.opens && (pending || !failed(this->status))) open();
    const bool waits =
        pairs_ && pending && !failed(this->registration) && (!function_.opens || opened_);
    // The use outlives the hand-over, so that a close which waits for this call gets its
    // completion after this one.
    const auto subject = std::exchange(subject_, nullptr);
    // Whoever gets it may be the last to hold the host, which must not end under a lock.
    const auto host = host_;
    if (waits) {
      const auto watch = watch_;
      watch->await(std::move(self));
    } else {
      if (pairs_) watch_->unexpect(this->id, failed(this->status) && !pending);
      host->finish(std::move(self));
    }
    if (subject) subject->release();
  }

 protected:
  // On a worker: calls the host, and leaves the status and the results.
  virtual void invoke() = 0;

  bool operates() const { return function_.operation != OperationKind::None; }
  // The operation that the call ends with; null with a status where there is none.
  HcsOperation* beginOperation() {
    return openOperation(host_->sharedLibraries(), this->id, watch_, function_.operation, extras_,
                         &this->status);
  }
  // After the call: an operation that was not accepted is over.
  void endRefused(HcsOperation* operation) {
    if (accepted()) {
      this->status = kOk;
      return;
    }
    this->ending = Ending::Notified;
    this->notification.status = this->status;
    this->notification.data = closeRefused(host_->libraries(), this->id, operation);
  }

  const FunctionEntry& function() const { return function_; }
  const std::shared_ptr<Host>& host() const { return host_; }
  const std::shared_ptr<Handle>& opened() const { return opened_; }
  // What the host has opened.
  void hasOpened(void* value, HandleKind kind) {
    value_ = value;
    kind_ = kind;
  }

 private:
  Notification completion() const {
    const bool byItself = operates() && (!paired_ || function_.completion == Notification::None);
    return byItself ? kItsOperation : function_.completion;
  }
  // Documentation of 2018 has a code of its own for what has been accepted; that of vmcompute.dll
  // means the same.
  bool accepted() const {
    return !failed(this->status) || this->status == kComputecorePending ||
           this->status == kOperationPending;
  }

  // The handle is watched and owned before anyone else can have it. When the host has ended
  // meanwhile, it is closed at once.
  void open() {
    if (value_ == nullptr) return;
    opened_ = std::make_shared<Handle>(host_, kind_, function_.library, value_, watch_,
                                       function_.creates);
    this->registration = opened_->registerWatch();
    if (!host_->adopt(opened_)) std::exchange(opened_, nullptr)->closeNow();
  }

  const FunctionEntry& function_;
  const std::shared_ptr<Host> host_;
  const bool paired_;
  const bool pairs_;  // a notification or an operation may complete it
  std::shared_ptr<Handle> subject_;
  std::shared_ptr<Watch> watch_;
  OperationExtras extras_;
  void* value_ = nullptr;
  HandleKind kind_ = HandleKind::System;
  std::shared_ptr<Handle> opened_;
};

}  // namespace hc
