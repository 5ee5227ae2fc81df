// What a host has open: a system, a process, a registration or a reservation; and everything that
// has to be undone when it is closed: unregister, close, forget. It closes when its owner has said
// so and its last call has returned, on a worker, never on the JavaScript thread.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include "../abi/kinds.h"
#include "handle-calls.h"
#include "host-callback.h"
#include "sync.h"
#include "watch.h"

namespace hc {

class Host;

enum class HandleKind : std::uint32_t {
  System = 0,
  Process = 1,
  GuestNetworkService = 2,
  ServiceRegistration = 3,
  PortReservation = 4,
  VirtualDisk = 5,
};

// Of the kinds of native/abi that JavaScript has handles of.
template <class Kind>
constexpr bool kIsHandle =
    std::is_same_v<Kind, System> || std::is_same_v<Kind, Process> ||
    std::is_same_v<Kind, GuestNetworkService> || std::is_same_v<Kind, ServiceRegistration> ||
    std::is_same_v<Kind, PortReservation> || std::is_same_v<Kind, VirtualDisk>;
template <class Kind>
constexpr HandleKind kHandleKind =
    std::is_same_v<Kind, System>                ? HandleKind::System
    : std::is_same_v<Kind, Process>             ? HandleKind::Process
    : std::is_same_v<Kind, GuestNetworkService> ? HandleKind::GuestNetworkService
    : std::is_same_v<Kind, ServiceRegistration> ? HandleKind::ServiceRegistration
    : std::is_same_v<Kind, VirtualDisk>         ? HandleKind::VirtualDisk
    : std::is_same_v<Kind, OptionalDisk>        ? HandleKind::VirtualDisk
                                                : HandleKind::PortReservation;

class Handle : public std::enable_shared_from_this<Handle> {
 public:
  // `created`: the call made what it opened, so somebody has to end it.
  Handle(std::shared_ptr<Host> host, HandleKind kind, Library library, void* value,
         std::shared_ptr<Watch> watch, bool created)
      : host_(std::move(host)),
        watch_(std::move(watch)),
        value_(value),
        kind_(kind),
        library_(library),
        calls_(handleCalls(kind, library)),
        terminateOnClose_(created) {}

  HandleKind kind() const { return kind_; }
  // The one that has opened it, and does all else with it.
  Library library() const { return library_; }
  std::uint64_t id() const { return watch_->id(); }
  void* value() const { return value_; }
  const std::shared_ptr<Watch>& watch() const { return watch_; }

  // On a worker, once, before anyone else has the handle.
  HResult registerWatch();

  // A call begins: false when the handle is being closed. Each true is paid back by release().
  bool acquire();
  void release();

  // On the JavaScript thread. True: close() ends what the handle is of first, because nobody owns
  // it, or its owner discards it.
  void terminateOnClose(bool on) { terminateOnClose_ = on; }

  // On the JavaScript thread. Ends the waits, and runs `closing` on a worker when the last call has
  // returned and no other close is under way.
  void close(std::unique_ptr<Operation> closing);
  // False when a close is on its way or has succeeded.
  bool needsClose();
  // On a worker, from that operation. Terminates first where that was asked for, whatever the
  // host answers to it. A failed close may be tried again; after one that succeeded nothing
  // happens.
  HResult closeNow();

 private:
  // With mutex_ held: the close that may run now, if any.
  std::unique_ptr<Operation> nextClose();
  HResult closeInHost();

  const std::shared_ptr<Host> host_;
  const std::shared_ptr<Watch> watch_;
  void* const value_;
  const HandleKind kind_;
  const Library library_;
  const HandleCalls& calls_;
  HcsRegistration* registration_ = nullptr;  // on workers only, one at a time
  Atomic<bool> terminateOnClose_;

  Mutex mutex_;
  std::size_t uses_ = 0;
  bool closing_ = false;  // somebody asked for it: no call begins any more
  bool running_ = false;  // a close has been submitted and has not ended
  bool closed_ = false;
  // Wait for the last use, and for each other. A deque would reserve half a KiB for each handle.
  std::vector<std::unique_ptr<Operation>> parked_;
};

// Closes a handle whose owner gets no completion: it was collected, or its environment ends.
void closeUnowned(const std::shared_ptr<Handle>& handle);

}  // namespace hc
