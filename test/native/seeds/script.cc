#include "script.h"

#include <utility>
#include <vector>

#include "../support/closing.h"

namespace hc::seeds {

namespace {

namespace f = hc::functions::vmcompute;
namespace c = hc::functions::computecore;
namespace n = hc::functions::computenetwork;

Scheduler& scheduler() { return Scheduler::get(); }
ScriptedHost& scripted() { return ScriptedHost::get(); }

template <class Function>
class Made final : public Call<SignatureOf<Function>, Counted> {
 public:
  Made(std::uint64_t id, std::shared_ptr<Host> host, bool paired)
      : Call<SignatureOf<Function>, Counted>(entryOf<Function>(), id, std::move(host), paired) {}
  void taken() override {
    CallBase<Counted>::taken();
    Counted::takenByThread.insert(this->id);
  }
  std::shared_ptr<Handle> handle() const override { return this->opened(); }
};

}  // namespace

int Counted::alive = 0;
std::set<std::uint64_t> Counted::takenByThread;

class Script::Waking : public Waker {
 public:
  void wake() override {
    HOLDS(scheduler().locks() == 0);
    scheduler().point("waking JavaScript");
    woken = true;
  }
  bool woken = false;
};

Script::Script(std::shared_ptr<const Libraries> libraries) : libraries_(std::move(libraries)) {
  constexpr std::size_t kBounds[] = {3, 12, Inbox::kBound};
  limits_.resident = 1 + scheduler().choose(3);
  limits_.most = limits_.resident + scheduler().choose(4);
  scripted().mayStick = scheduler().choose(limits_.most);
  // Calls that never return need the threads that there may be.
  if (scripted().mayStick == 0) scheduler().mayRefuseThreads();
  inbox_ = std::make_shared<Inbox>(kBounds[scheduler().choose(3)],
                                   scheduler().oneIn(4) ? 6 : Inbox::kByteBound);
  waker_ = std::make_shared<Waking>();
  host_ = std::make_shared<Host>(libraries_, inbox_, waker_, limits_);
  first_ = nextId();
}

Script::~Script() = default;

void Script::run() {
  scripted().open();
  const std::uint64_t steps = 10 + scheduler().choose(60);
  for (std::uint64_t i = 0; i < steps; ++i) {
    scheduler().point("JavaScript");
    act();
  }
  // A program that ends in order has nothing open; others end in the middle of things.
  if (!scheduler().oneIn(3)) {
    settle();
    closeAll();
    settled_ = true;
  }
  end();
  checkAll();
}

// --- what JavaScript does ------------------------------------------------------------------------

void Script::act() {
  switch (scheduler().choose(16)) {
    case 0:
    case 1:
    case 2:
      if (watched_.size() < 5) return beginOpen(!scheduler().oneIn(4));
      return beginOn();
    case 3:
      return cancel();
    case 4:
      if (const std::uint64_t id = anyBegun()) abandon(id);
      return;
    case 5:
      if (const std::uint64_t watch = anyOpen(HandleKind::System)) close(watch);
      return;
    case 6:
      if (const std::uint64_t watch = anyOpen(HandleKind::Process)) close(watch);
      return;
    case 7:
      if (scheduler().oneIn(4)) scripted().release();
      return;
    case 8:
    case 9:
      scheduler().wait(
          "a wake, or a while", [this] { return waker_->woken; }, 1'000'000);
      return drain();
    case 10:
    case 11:
      return drain();
    default:
      return beginOn();
  }
}

std::uint64_t Script::anyOpen(HandleKind kind) const {
  std::vector<std::uint64_t> open;
  for (const auto& [id, watched] : watched_) {
    if (watched.opened && watched.kind == kind && !watched.closed) open.push_back(id);
  }
  return open.empty() ? 0 : open[scheduler().choose(open.size())];
}

std::uint64_t Script::anyBegun() const {
  std::vector<std::uint64_t> waiting;
  for (const auto& [id, begun] : begun_) {
    if (!begun.completed && !begun.closes) waiting.push_back(id);
  }
  return waiting.empty() ? 0 : waiting[scheduler().choose(waiting.size())];
}

void Script::submit(std::unique_ptr<Operation> call, const Begun& begun) {
  begun_[call->id] = begun;
  scheduler().note("begun", call->id);
  host_->workers().submit(std::move(call));
}

void Script::beginOpen(bool creates) {
  const std::uint64_t id = nextId();
  Begun begun;
  begun.watch = id;
  begun.opens = true;
  if (scheduler().oneIn(2)) return beginOpenCore(id, begun, creates);
  if (creates) {
    begun.completion = f::HcsCreateComputeSystem::kCompletion;
    auto call = std::make_unique<Made<f::HcsCreateComputeSystem>>(id, host_, true);
    std::get<1>(call->slots) = textOf(id);
    submit(std::move(call), begun);
  } else {
    auto call = std::make_unique<Made<f::HcsOpenComputeSystem>>(id, host_, true);
    std::get<0>(call->slots) = textOf(id);
    submit(std::move(call), begun);
  }
}

void Script::beginOpenCore(std::uint64_t id, Begun& begun, bool creates) {
  begun.operates = creates;
  if (creates) {
    auto call = std::make_unique<Made<c::HcsCreateComputeSystem>>(id, host_, true);
    std::get<1>(call->slots) = textOf(id);
    submit(std::move(call), begun);
  } else {
    auto call = std::make_unique<Made<c::HcsOpenComputeSystem>>(id, host_, true);
    std::get<0>(call->slots) = textOf(id);
    submit(std::move(call), begun);
  }
}

// Their handles are nobody's but the call's.
void Script::beginOnNetwork() {
  const std::uint64_t id = nextId();
  if (scheduler().oneIn(2)) {
    auto call = std::make_unique<Made<n::HcnCreateNetwork>>(id, host_, true);
    std::get<1>(call->slots) = textOf(id);
    return submit(std::move(call), {});
  }
  auto call = std::make_unique<Made<n::HcnModifyNetwork>>(id, host_, true);
  std::get<0>(call->slots).id = GuidData{static_cast<std::uint32_t>(id), 0, 0, {}};
  std::get<1>(call->slots) = u"{}";
  submit(std::move(call), {});
}

void Script::beginOn() {
  if (scheduler().oneIn(6)) return beginOnNetwork();
  if (scheduler().oneIn(5)) return beginOnProcess();
  const auto system = host_->find(anyOpen(HandleKind::System), HandleKind::System);
  if (!system) return;
  if (system->library() == Library::computecore) return beginOnCore(system);
  switch (scheduler().choose(8)) {
    case 0:
      return beginCall<f::HcsTerminateComputeSystem>(system);
    case 1:
      return beginCall<f::HcsModifyComputeSystem>(system);
    case 2:
      return beginCall<f::HcsPauseComputeSystem>(system);
    case 3:
    case 4:
      return beginCall<f::HcsCreateProcess>(system);
    default:
      return beginCall<f::HcsStartComputeSystem>(system);
  }
}

void Script::beginOnCore(const std::shared_ptr<Handle>& system) {
  switch (scheduler().choose(8)) {
    case 0:
      return beginCall<c::HcsTerminateComputeSystem>(system);
    case 1: {  // on no handle
      auto call = std::make_unique<Made<c::HcsEnumerateComputeSystems>>(nextId(), host_, true);
      std::get<0>(call->slots) = textOf(call->id);
      Begun begun;
      begun.watch = call->id;
      begun.operates = true;
      return submit(std::move(call), begun);
    }
    case 2:
      return beginCall<c::HcsPauseComputeSystem>(system);
    case 3:
    case 4:
      return beginCall<c::HcsCreateProcess>(system);
    default:
      return beginCall<c::HcsStartComputeSystem>(system);
  }
}

void Script::beginOnProcess() {
  const auto process = host_->find(anyOpen(HandleKind::Process), HandleKind::Process);
  if (!process) return;
  if (process->library() != Library::computecore) return beginCall<f::HcsModifyProcess>(process);
  if (scheduler().oneIn(3)) return beginCall<c::HcsTerminateProcess>(process);
  beginCall<c::HcsModifyProcess>(process);
}

template <class Function>
void Script::beginCall(const std::shared_ptr<Handle>& handle) {
  auto call = std::make_unique<Made<Function>>(nextId(), host_, true);
  const bool closing = watched_[handle->id()].closedAt != 0;
  // After a close nothing begins.
  HOLDS(call->use(handle) != closing);
  if (closing) return;
  std::get<0>(call->slots) = handle->value();
  using Second = std::decay_t<decltype(std::get<1>(call->slots))>;
  // An operation is where the text is otherwise.
  std::get<std::is_same_v<Second, OptionalText> ? 1 : 2>(call->slots) = textOf(call->id);
  Begun begun;
  begun.operates = entryOf<Function>().operation != OperationKind::None;
  begun.opens = entryOf<Function>().opens;
  begun.watch = begun.opens ? call->id : handle->id();
  begun.completion = Function::kCompletion;
  submit(std::move(call), begun);
}

void Script::cancel() {
  const std::uint64_t id = anyBegun();
  if (id == 0) return;
  Begun& begun = begun_[id];
  scheduler().note("cancel", id);
  if (auto operation = host_->workers().cancel(id)) {
    HOLDS(scripted().seen(id) == 0);
    begun.cancelled = true;
    operation->ending = Ending::Cancelled;
    host_->finish(std::move(operation));
  } else {
    // It is too late only when the call has taken its notes.
    HOLDS(begun.cancelled || Counted::takenByThread.count(id) != 0);
    begun.detached = true;
    if (const auto watch = findWatch(begun.watch)) watch->detach(id);
  }
}

void Script::abandon(std::uint64_t id) {
  Begun& begun = begun_[id];
  begun.abandoned = true;
  scheduler().note("abandon", id);
  if (const auto watch = findWatch(begun.watch)) watch->abandon(id);
}

void Script::close(std::uint64_t watch) {
  Watched& watched = watched_[watch];
  const auto handle = host_->find(watch, watched.kind);
  // Only a close that has succeeded forgets it.
  HOLDS(handle != nullptr || watched.closing != 0);
  if (!handle) return;
  if (scheduler().oneIn(4)) {
    watched.terminated = true;
    handle->terminateOnClose(true);
  }
  const std::uint64_t id = nextId();
  Begun begun;
  begun.watch = watch;
  begun.closes = true;
  begun_[id] = begun;
  ++watched.closing;
  scheduler().note("close", watch, id);
  auto closing = std::make_unique<test::Closing<Counted>>(id, host_, handle);
  if (watched.closedAt == 0) watched.closedAt = scheduler().turns();
  handle->close(std::move(closing));
}

// Only a wake says that something is there.
void Script::drain() {
  if (!waker_->woken) return;
  waker_->woken = false;
  for (Record& record : inbox_->take()) {
    scheduler().note("record", record.id,
                     static_cast<std::uint64_t>(record.tag) << 32 | record.type);
    if (record.tag == Record::Tag::Completion) {
      completed(record);
    } else {
      notified(record);
    }
  }
}

// --- the end -------------------------------------------------------------------------------------

// Until nothing happens any more: no thread can run, and time changes nothing.
void Script::drainUntilQuiet() {
  constexpr std::uint64_t kEver = 1'000'000'000'000'000;
  const std::size_t before = scheduler().vainWaits();
  do {
    drain();
    scheduler().wait(
        "a wake, or quiet", [this] { return waker_->woken; }, kEver);
  } while (scheduler().vainWaits() == before);
}

// Everything completes but what is inside the host. What the host does not notify is abandoned.
void Script::settle() {
  if (scheduler().oneIn(2)) scripted().release();
  for (int i = 0; i < 2; ++i) {
    drainUntilQuiet();
    checkQuiet(false);
    for (const auto& [id, begun] : begun_) {
      if (!begun.completed && !begun.closes && begun.waits()) abandon(id);
    }
    drainUntilQuiet();
    checkQuiet(true);
    scripted().release();
  }
}

void Script::closeAll() {
  for (bool open = true; open;) {
    open = false;
    for (auto& [id, watched] : watched_) {
      if (!watched.opened || watched.closed) continue;
      HOLDS(watched.closing == 0);
      open = true;
      close(id);
    }
    drainUntilQuiet();
    checkQuiet(true);
  }
}

void Script::end() {
  scheduler().scriptMayWait();
  scripted().refusesToClose = scheduler().oneIn(4);
  const std::uint64_t last = nextId();
  endedAt_ = scheduler().turns();
  scheduler().note("end");
  const std::size_t before = scheduler().vainWaits();
  const bool whole = host_->end(std::chrono::milliseconds(1000));
  scheduler().note("ended", whole ? 1 : 0);
  // It waits to the end of its time only for what is stuck.
  HOLDS(scheduler().vainWaits() == before || scripted().stuck() != 0);
  HOLDS(!whole || scripted().stuck() == 0);
  if (whole) {
    for (const auto& object : scripted().objects()) HOLDS(object->closed || object->closeRefused);
  }
  const std::weak_ptr<Host> host = host_;
  const std::weak_ptr<Inbox> inbox = inbox_;
  if (scheduler().oneIn(2)) host_.reset();  // a call that is stuck keeps it
  scripted().release();
  scheduler().point("JavaScript");
  host_.reset();
  inbox_.reset();
  waker_.reset();
  scheduler().wait("the threads of core to end",
                   [] { return scheduler().running(Scheduler::Kind::Core) == 0; });
  scripted().close();
  HOLDS(host.expired() && inbox.expired());
  for (std::uint64_t id = first_; id < last; ++id) HOLDS(findWatch(id) == nullptr);
}

}  // namespace hc::seeds
