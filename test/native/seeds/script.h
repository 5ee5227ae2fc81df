// What the JavaScript thread does in the run of a seed: it begins, cancels and abandons calls,
// drains the inbox when it has been woken, closes handles, and ends its environment, in an order
// that follows from the seed. All along it keeps book, and fails the seed when the core breaks a
// promise.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "core/call.h"
#include "scheduler.h"
#include "scripted-host.h"

namespace hc::seeds {

// Counts what lives, so that nothing is lost without a trace.
class Counted : public Operation {
 public:
  explicit Counted(std::uint64_t id) : Operation(id) { ++alive; }
  ~Counted() override { --alive; }
  // What JavaScript got of the call; null for a close.
  virtual std::shared_ptr<Handle> handle() const { return nullptr; }

  static int alive;
  static std::set<std::uint64_t> takenByThread;
};

class Script {
 public:
  explicit Script(std::shared_ptr<const Libraries> libraries);
  ~Script();
  void run();

 private:
  class Waking;
  struct Begun {  // a call
    std::uint64_t watch = 0;
    Notification completion = Notification::None;
    bool closes = false;
    bool opens = false;
    bool operates = false;   // an operation completes it, or says that it has failed
    bool cancelled = false;  // no thread had taken it
    bool detached = false;   // cancelled too late
    bool abandoned = false;
    bool completed = false;

    // Whether its call may return before it completes.
    bool waits() const { return operates || completion != Notification::None; }
  };
  struct Watched {  // a handle
    HandleKind kind = HandleKind::System;
    bool opened = false;         // JavaScript has it
    bool kept = false;           // JavaScript owns it: it is not terminated unasked
    bool terminated = false;     // JavaScript asked for it
    std::uint64_t closedAt = 0;  // the turn of its first close()
    int closing = 0;             // how many closes have not completed
    bool closed = false;
    HResult last = 0;  // number of the last notification
    std::uint64_t delivered = 0;
    std::uint64_t lost = 0;                 // what overflow records have counted
    std::map<HResult, std::uint32_t> seen;  // number -> type
    std::set<HResult> used;                 // numbers that have completed a call
  };

  // What JavaScript does.
  void act();
  void beginOpen(bool creates);
  void beginOpenCore(std::uint64_t id, Begun& begun, bool creates);
  void beginOn();
  void beginOnCore(const std::shared_ptr<Handle>& system);
  void beginOnProcess();
  void beginOnNetwork();
  template <class Function>
  void beginCall(const std::shared_ptr<Handle>& handle);
  void submit(std::unique_ptr<Operation> call, const Begun& begun);
  void cancel();
  void abandon(std::uint64_t id);
  void close(std::uint64_t watch);
  void drain();
  void drainUntilQuiet();

  // What it finds in the inbox.
  void completed(Record& record);
  void opened(std::uint64_t id, const std::shared_ptr<Handle>& handle);
  void notified(const Record& record);
  void checkEnding(const Begun& begun, std::uint64_t id, const Operation& operation);
  void checkNotified(const Begun& begun, const Operation& operation);
  void checkOperated(const Begun& begun, std::uint64_t id, const Operation& operation);
  bool mayWait(const Begun& begun, std::uint64_t id) const;

  // The end.
  void settle();
  void checkQuiet(bool abandoned) const;
  bool excused(std::uint64_t id, const Begun& begun) const;
  void closeAll();
  void end();
  void checkAll() const;
  void checkObject(const ScriptedHost::Object& object) const;

  std::uint64_t anyOpen(HandleKind kind) const;
  std::uint64_t anyBegun() const;

  std::shared_ptr<const Libraries> libraries_;
  std::shared_ptr<Inbox> inbox_;
  std::shared_ptr<Waking> waker_;
  std::shared_ptr<Host> host_;
  Workers::Limits limits_;
  std::map<std::uint64_t, Begun> begun_;
  std::map<std::uint64_t, Watched> watched_;
  std::uint64_t first_ = 0;
  std::uint64_t endedAt_ = 0;
  bool settled_ = false;  // everything had completed before the end
};

}  // namespace hc::seeds
