// What JavaScript finds in the inbox and at the end, and what has to hold of it.
#include <fcntl.h>

#include <utility>

#include "script.h"

namespace hc::seeds {

namespace {

Scheduler& scheduler() { return Scheduler::get(); }
ScriptedHost& scripted() { return ScriptedHost::get(); }

HResult numberOf(const OptionalText& text) {
  return text ? static_cast<HResult>(numberIn(text->c_str())) : 0;
}

}  // namespace

// --- what it finds in the inbox ------------------------------------------------------------------

void Script::completed(Record& record) {
  const auto place = begun_.find(record.id);
  HOLDS(place != begun_.end() && !place->second.completed);
  HOLDS(record.operation != nullptr && record.operation->id == record.id);
  Begun& begun = place->second;
  begun.completed = true;
  const auto& operation = static_cast<const Counted&>(*record.operation);
  scheduler().note("completed", record.id, static_cast<std::uint64_t>(operation.ending));
  if (begun.closes) {
    Watched& watched = watched_[begun.watch];
    --watched.closing;
    watched.closed = watched.closed || !failed(operation.status);
    return;
  }
  checkEnding(begun, record.id, operation);
  HOLDS(!scripted().hasOpenNetwork(record.id));
  if (const auto handle = operation.handle()) opened(record.id, handle);
}

void Script::opened(std::uint64_t id, const std::shared_ptr<Handle>& handle) {
  HOLDS(handle->id() == id && host_->find(id, handle->kind()) == handle);
  Watched& watched = watched_[id];
  watched.kind = handle->kind();
  // What nobody waits for any more is not handed over.
  const Begun& begun = begun_[id];
  watched.opened = true;
  if (!begun.abandoned && !begun.detached) {
    watched.kept = true;
    handle->terminateOnClose(false);
  }
}

void Script::notified(const Record& record) {
  Watched& watched = watched_[record.id];
  HOLDS(!watched.closed);
  if (record.tag == Record::Tag::Overflow) {
    watched.lost += record.type;
    return;
  }
  ++watched.delivered;
  const ScriptedHost::Object* const object = scripted().openedBy(record.id);
  HOLDS(object != nullptr && record.text);
  const HResult number = numberOf(record.text);
  HOLDS(record.status == (object->core ? kOk : number));
  HOLDS(watched.seen.emplace(number, record.type).second);
  HOLDS(number <= object->sent.size() && object->sent[number - 1].type == record.type);
  if (scripted().ordered()) HOLDS(number > watched.last);
  watched.last = number;
}

void Script::checkEnding(const Begun& begun, std::uint64_t id, const Operation& operation) {
  const bool noOperation = begun.operates && operation.status == kOutOfMemory;
  HOLDS(scripted().seen(id) == (begun.cancelled || noOperation ? 0u : 1u));
  switch (operation.ending) {
    case Ending::Returned:
      HOLDS(!begun.operates || noOperation || failed(operation.registration));
      HOLDS(begun.completion == Notification::None || operation.status != kOperationPending ||
            failed(operation.registration));
      break;
    case Ending::Notified:
      if (begun.operates) {
        checkOperated(begun, id, operation);
      } else {
        checkNotified(begun, operation);
      }
      break;
    case Ending::Cancelled:
      HOLDS(begun.cancelled);
      break;
    case Ending::Abandoned:
      HOLDS(begun.abandoned || begun.detached);
      break;
    case Ending::Closed:
      HOLDS(watched_[begun.watch].closedAt != 0);
      break;
  }
}

// The notification was delivered before, to this watch, is of the right type, and has completed
// nothing else; unless it ended everything, or what it completed was given up.
void Script::checkNotified(const Begun& begun, const Operation& operation) {
  Watched& watched = watched_[begun.watch];
  const HResult number = operation.notification.status;
  const bool ends = terminal(notificationOf(operation.notification.type));
  HOLDS(operation.status == kOperationPending);
  HOLDS(ends || notificationOf(operation.notification.type) == begun.completion);
  HOLDS(watched.seen.count(number) != 0 || (watched.lost != 0 && !ends));
  if (!ends && !begun.abandoned && !begun.detached) HOLDS(watched.used.insert(number).second);
}

// By its own operation, by an exit that it waits for, or by the end of the connection.
void Script::checkOperated(const Begun& begun, std::uint64_t id, const Operation& operation) {
  const ReceivedNotification& result = operation.notification;
  const ScriptedHost::Operation* const made = scripted().operationOf(id);
  HOLDS(made != nullptr && made->refused == failed(operation.status));
  if (result.type != 0) {
    const Notification meaning = meaningOf(static_cast<Event>(result.type));
    Watched& watched = watched_[begun.watch];
    HOLDS(meaning == Notification::ServiceDisconnect || meaning == begun.completion ||
          watched.closedAt != 0);
    HOLDS(terminal(meaning) && watched.seen.count(numberOf(result.data)) != 0);
    return;
  }
  // A callback that comes although the call was refused may be about to close it.
  HOLDS(made->closed || (made->refused && made->running != 0));
  if (made->refused) {
    HOLDS(result.status == operation.status);
    return;
  }
  using State = ScriptedHost::Operation::State;
  HOLDS(made->state == State::Completed && result.status == made->status);
  HOLDS(numberOf(result.data) == id);
  // What ends with an exit does not end with a success.
  HOLDS(begun.completion == Notification::None || failed(made->status));
}

// --- when it is quiet, and at the end ---

// Calls that never return are no fault of the core, nor are the closes that wait for them.
bool Script::excused(std::uint64_t id, const Begun& begun) const {
  return scripted().isStuck(id) || (begun.closes && scripted().anyStuckOn(begun.watch));
}

// The host has not completed the operation, or has withheld the exit.
bool Script::mayWait(const Begun& begun, std::uint64_t id) const {
  const ScriptedHost::Operation* const made = scripted().operationOf(id);
  const ScriptedHost::Object* const object = scripted().openedBy(begun.watch);
  const bool exits = begun.completion != Notification::None;
  if (made == nullptr || made->refused) return false;
  if (object != nullptr && object->registered &&
      (object->disconnected || (exits && object->exited)))
    return false;
  return made->never || (exits && !failed(made->status));
}

// When it is quiet, calls are left only where the host has withheld a notification.
void Script::checkQuiet(bool abandoned) const {
  std::map<std::pair<std::uint64_t, Notification>, std::size_t> waiting;
  for (const auto& [id, begun] : begun_) {
    if (begun.completed || excused(id, begun)) continue;
    HOLDS(!abandoned && !begun.closes && begun.waits());
    if (begun.operates) HOLDS(mayWait(begun, id));
    if (!begun.operates) ++waiting[{begun.watch, begun.completion}];
  }
  for (const auto& [what, count] : waiting) {
    const ScriptedHost::Object* const object = scripted().openedBy(what.first);
    HOLDS(object != nullptr);
    if (!object->registered) continue;
    HOLDS(!object->exited);
    const auto withheld = object->withheld.find(what.second);
    HOLDS(withheld != object->withheld.end() && count <= withheld->second);
  }
  // A watch keeps nothing of calls that are over.
  std::map<std::uint64_t, std::size_t> expecting;
  for (const auto& [id, begun] : begun_) {
    if (!begun.completed && begun.waits()) ++expecting[begun.watch];
  }
  for (const auto& [id, watched] : watched_) {
    const auto watch = findWatch(id);
    if (watch && watched.closedAt == 0) HOLDS(watch->calls() <= expecting[id]);
  }
  HOLDS(host_->workers().threads() <= scripted().stuck() + limits_.resident);
}

void Script::checkAll() const {
  HOLDS(Counted::alive == 0);
  HOLDS(scripted().textsGiven() == 0);
  HOLDS(!scripted().hasOpenNetwork(0));
  HOLDS(scheduler().locks() == 0);
  for (const auto& [id, begun] : begun_) {
    HOLDS(begun.completed || !settled_);
    HOLDS(begun.closes || scripted().seen(id) <= 1);
  }
  for (const auto& operation : scripted().operations()) {
    const bool runs =
        operation->never && operation->state == ScriptedHost::Operation::State::Running;
    HOLDS(operation->closed || runs);
    HOLDS(operation->due == 0 && operation->running == 0);
  }
  for (const auto& object : scripted().objects()) {
    for (const int descriptor : object->descriptors) HOLDS(fcntl(descriptor, F_GETFD) == -1);
    if (object->opened) checkObject(*object);
  }
}

void Script::checkObject(const ScriptedHost::Object& object) const {
  HOLDS(object.wasAsked && (object.closed || object.closeRefused));
  HOLDS(object.inside == 0 && object.running == 0 && !object.registered);
  const auto place = watched_.find(object.opener);
  const Watched watched = place == watched_.end() ? Watched() : place->second;
  // What was created and never got to JavaScript is ended; else only what JavaScript ends.
  if (object.created && !watched.kept) HOLDS(object.terminated != 0);
  if ((!object.created || watched.kept) && !watched.terminated) HOLDS(object.terminated == 0);
  // Each notification whose callback had returned before the close is delivered, or counted.
  std::uint64_t due = 0;
  for (const ScriptedHost::Sent& sent : object.sent) {
    if (sent.returned != 0 && sent.returned < watched.closedAt) ++due;
  }
  HOLDS(watched.delivered + watched.lost <= object.sent.size());
  if (watched.closed) HOLDS(watched.delivered + watched.lost >= due);
}

}  // namespace hc::seeds
