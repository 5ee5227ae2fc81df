// One host as one environment has it open: its libraries, its workers, the inbox they fill, and
// every handle that has not been closed. Calls hold it alive; end() is what closing the host and
// leaving the environment have in common.
#pragma once

#include <chrono>
#include <memory>
#include <unordered_map>

#include "handle.h"
#include "libraries.h"
#include "sync.h"
#include "workers.h"

namespace hc {

class Host : public std::enable_shared_from_this<Host> {
 public:
  Host(std::shared_ptr<const Libraries> libraries, std::shared_ptr<Inbox> inbox,
       std::shared_ptr<Waker> waker, Workers::Limits limits)
      : libraries_(std::move(libraries)),
        inbox_(std::move(inbox)),
        waker_(std::move(waker)),
        workers_(limits) {}

  const Libraries& libraries() const { return *libraries_; }
  const std::shared_ptr<const Libraries>& sharedLibraries() const { return libraries_; }
  Workers& workers() { return workers_; }

  std::shared_ptr<Watch> makeWatch(std::uint64_t id) const;
  void post(Record record);
  // Puts a finished operation into the inbox.
  void finish(std::unique_ptr<Operation> operation);

  // Owns the handle until it is closed. False when the host has ended: the caller closes it at
  // once.
  bool adopt(const std::shared_ptr<Handle>& handle);
  void forget(std::uint64_t id);
  bool ended();
  // Null when there is no such handle, or it is of another kind.
  std::shared_ptr<Handle> find(std::uint64_t id, HandleKind kind);

  // On the JavaScript thread, once. Closes what is open and waits for it, at most `limit`; a call
  // that stays inside the host keeps its thread, its arguments and its handle. True when nothing
  // was left behind.
  bool end(std::chrono::milliseconds limit);

 private:
  const std::shared_ptr<const Libraries> libraries_;
  const std::shared_ptr<Inbox> inbox_;
  const std::shared_ptr<Waker> waker_;
  Workers workers_;
  Mutex mutex_;
  bool ended_ = false;
  std::unordered_map<std::uint64_t, std::shared_ptr<Handle>> handles_;
};

}  // namespace hc
