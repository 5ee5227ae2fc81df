// The watch: which notification ends which call, whatever the order of notifying, waiting,
// abandoning and closing.
#include "core/watch.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "../support/check.h"
#include "../support/notified.h"
#include "../support/reader.h"
#include "core/host-callback.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

using Tag = Record::Tag;

// A watch and the inbox that its records go to.
class Watched {
 public:
  explicit Watched(std::uint64_t id = 1) : watch(id, reader.inbox, reader.waker) {}

  void notify(Notification notification, HResult status = kOk, const char16_t* data = nullptr) {
    watch.notify(copyNotification(number(notification), status, data));
  }
  void await(std::uint64_t operation) { watch.await(std::make_unique<Plain>(operation)); }
  // A call that the host has answered with "pending".
  void call(std::uint64_t operation, Notification completion) {
    watch.expect(operation, completion);
    await(operation);
  }
  // What the inbox has got since the last look: "n3" a notification, "c7" the completion of 7.
  std::string delivered() {
    std::string text;
    taken = reader.inbox->take();
    for (const Record& record : taken) {
      if (!text.empty()) text += ' ';
      text += record.tag == Tag::Notification
                  ? "n" + std::to_string(record.type & ~kNotificationFlags)
                  : "c" + std::to_string(record.id) + ending(*record.operation);
    }
    return text;
  }

  Reader reader;
  Watch watch;
  std::vector<Record> taken;

 private:
  static std::string ending(const Operation& operation) {
    switch (operation.ending) {
      case Ending::Notified:
        return "";
      case Ending::Abandoned:
        return "-abandoned";
      case Ending::Closed:
        return "-closed";
      default:
        return "-?";
    }
  }
};

void afterTheCall() {
  Watched watched;
  watched.call(7, kStarted);
  CHECK(watched.delivered().empty());
  watched.notify(kStarted, 0xC0370106, u"document");
  CHECK(watched.reader.waker->wakes() == 1);
  CHECK(watched.delivered() == "n3 c7");
  const Operation& operation = *watched.taken[1].operation;
  CHECK(operation.notification.type == 3 && operation.notification.status == 0xC0370106);
  CHECK(operation.notification.data == u"document" && watched.taken[0].text == u"document");
  CHECK(watched.taken[0].status == 0xC0370106 && watched.taken[0].id == 1);
}

// JavaScript is woken by what comes into an empty inbox, and by nothing else.
void wakesOnce() {
  Watched watched;
  watched.call(7, kStarted);
  watched.watch.expect(8, kStarted);
  watched.watch.unexpect(8, true);
  watched.watch.expect(9, kStarted);
  watched.watch.abandon(9);
  CHECK(watched.reader.waker->wakes() == 0);
  for (int i = 0; i < 3; ++i) watched.notify(kCrashed);
  watched.notify(kStarted);
  watched.await(9);
  watched.call(10, kStarted);
  watched.watch.abandon(10);
  watched.watch.close();
  CHECK(watched.reader.waker->wakes() == 1);
}

void duringTheCall() {
  Watched watched;
  watched.watch.expect(7, kStarted);
  watched.notify(kStarted, 5, u"early");
  CHECK(watched.delivered() == "n3");
  watched.await(7);
  CHECK(watched.delivered() == "c7");
  const Operation& operation = *watched.taken[0].operation;
  CHECK(operation.notification.status == 5 && operation.notification.data == u"early");
  CHECK(watched.reader.waker->wakes() == 2);
}

void beforeTheCall() {
  Watched watched;
  watched.notify(kStarted);
  watched.call(7, kStarted);
  CHECK(watched.delivered() == "n3");
  watched.notify(kStarted);
  CHECK(watched.delivered() == "n3 c7");
}

void othersDoNotEndIt() {
  Watched watched;
  watched.call(7, kStarted);
  watched.notify(kPaused);
  watched.notify(kCrashed, 1, u"text");
  CHECK(watched.delivered() == "n4 n6");
  CHECK(watched.taken[1].text == u"text" && !watched.taken[0].text);
  // The upper bits of a type are flags.
  watched.watch.notify(copyNotification(number(kStarted) | kNotificationFlags, kOk, nullptr));
  CHECK(watched.delivered() == "n3 c7");
  CHECK(watched.taken[0].type == (number(kStarted) | kNotificationFlags));
}

void duplicate() {
  Watched watched;
  watched.call(7, kStarted);
  watched.notify(kStarted, 1);
  watched.notify(kStarted, 2);
  CHECK(watched.delivered() == "n3 c7 n3");
  watched.watch.expect(8, kStarted);
  watched.notify(kStarted, 3);
  watched.notify(kStarted, 4);
  watched.await(8);
  CHECK(watched.delivered() == "n3 n3 c8");
  CHECK(watched.taken[2].operation->notification.status == 3);
}

void oldestFirst() {
  Watched watched;
  watched.watch.expect(7, kStarted);
  watched.watch.expect(8, kStarted);
  watched.watch.expect(9, kPaused);
  // Which call is older says the way in, not the way out.
  watched.await(8);
  watched.await(9);
  watched.await(7);
  watched.notify(kStarted, 1);
  CHECK(watched.delivered() == "n3 c7");
  watched.notify(kPaused);
  watched.notify(kStarted, 2);
  CHECK(watched.delivered() == "n4 c9 n3 c8");

  watched.watch.expect(10, kStarted);
  watched.watch.expect(11, kStarted);
  watched.await(11);
  watched.notify(kStarted, 1);
  CHECK(watched.delivered() == "n3");
  watched.notify(kStarted, 2);
  CHECK(watched.delivered() == "n3 c11");
  watched.await(10);
  CHECK(watched.delivered() == "c10");
  CHECK(watched.taken[0].operation->notification.status == 1);
}

void terminalEndsAll() {
  Watched watched;
  watched.call(7, kStarted);
  watched.call(8, kPaused);
  watched.call(9, kExited);
  watched.watch.expect(10, kStarted);
  watched.notify(kExited, 0xC0370106, u"why");
  CHECK(watched.delivered() == "n1 c7 c8 c9");
  for (std::size_t i = 1; i < watched.taken.size(); ++i) {
    const ReceivedNotification& received = watched.taken[i].operation->notification;
    CHECK(received.type == 1 && received.status == 0xC0370106 && received.data == u"why");
  }
  watched.await(10);
  CHECK(watched.delivered() == "c10");

  // It lasts, and the first one counts.
  watched.notify(Notification::ServiceDisconnect, 2);
  watched.call(11, kPaused);
  CHECK(watched.delivered() == "n16777216 c11");
  CHECK(watched.taken[1].operation->notification.status == 0xC0370106);
}

void ownCompletionBeforeTheTerminal() {
  Watched watched;
  watched.watch.expect(7, kStarted);
  watched.notify(kStarted, 1);
  watched.notify(kExited, 2);
  watched.await(7);
  CHECK(watched.delivered() == "n3 n1 c7");
  CHECK(watched.taken[2].operation->notification.status == 1);
}

void finalAnswer() {
  Watched watched;
  watched.watch.expect(7, kStarted);
  watched.watch.expect(8, kStarted);
  watched.notify(kStarted);
  // It may have been notified of its own end besides.
  watched.watch.unexpect(7, false);
  watched.await(8);
  CHECK(watched.delivered() == "n3");
  watched.notify(kStarted);
  CHECK(watched.delivered() == "n3 c8");
  watched.watch.unexpect(99, true);
}

// Two starts: the host refuses the one and is quick with the other, while the thread of the refused
// one has not come back yet. The notification was never meant for it.
void refusedCallKeepsNothing() {
  Watched watched;
  watched.watch.expect(7, kStarted);
  watched.watch.expect(8, kStarted);
  watched.watch.expect(9, kStarted);
  watched.await(8);
  watched.notify(kStarted, 1, u"of 8");
  CHECK(watched.delivered() == "n3");
  watched.watch.unexpect(7, true);
  CHECK(watched.delivered() == "c8");
  CHECK(watched.taken.size() == 1 && watched.taken[0].operation->notification.data == u"of 8");
  CHECK(watched.reader.waker->wakes() == 2);

  // The same, when the other call has not come back either.
  watched.watch.expect(10, kStarted);
  watched.notify(kStarted, 2);
  watched.watch.unexpect(9, true);
  watched.await(10);
  CHECK(watched.delivered() == "n3 c10");

  // A terminal one has gone to everybody already.
  watched.watch.expect(11, kStarted);
  watched.call(12, kExited);
  watched.notify(kExited);
  watched.watch.unexpect(11, true);
  CHECK(watched.delivered() == "n1 c12");
}

void abandonWhileWaiting() {
  Watched watched;
  watched.call(7, kStarted);
  watched.call(8, kStarted);
  watched.watch.abandon(7);
  CHECK(watched.reader.waker->wakes() == 1);
  CHECK(watched.delivered() == "c7-abandoned");
  watched.notify(kStarted);
  CHECK(watched.delivered() == "n3 c8");
}

void abandonBeforeWaiting() {
  Watched watched;
  watched.watch.expect(7, kStarted);
  watched.watch.abandon(7);
  watched.await(7);
  CHECK(watched.delivered() == "c7-abandoned");

  // There is no wait to end yet, and nothing is kept of the wish.
  watched.watch.abandon(8);
  watched.call(8, kStarted);
  CHECK(watched.delivered().empty());
  watched.notify(kStarted);
  CHECK(watched.delivered() == "n3 c8");

  // What has happened counts more than what was wished.
  watched.watch.expect(9, kStarted);
  watched.watch.abandon(9);
  watched.notify(kStarted);
  watched.await(9);
  CHECK(watched.delivered() == "n3 c9");

  // A final answer forgets the wish: nobody else is abandoned for it.
  watched.watch.expect(10, kStarted);
  watched.watch.abandon(10);
  watched.watch.unexpect(10, false);
  watched.call(10, kStarted);
  CHECK(watched.delivered().empty());
}

// A wish that comes when its call is over, as it may by a race, leaves nothing behind.
void abandonAfterTheEnd() {
  Watched watched;
  watched.call(7, kStarted);
  watched.notify(kStarted);
  CHECK(watched.delivered() == "n3 c7");
  watched.watch.abandon(7);
  watched.call(7, kStarted);
  CHECK(watched.delivered().empty());
}

// What has timed out keeps its turn: the notification that comes may be its own, or the next one's.
void detachedKeepsItsTurn() {
  Watched watched;
  watched.call(7, kStarted);
  watched.watch.expect(8, kStarted);
  watched.watch.detach(8);
  watched.watch.expect(9, kStarted);
  watched.watch.expect(10, kStarted);
  watched.watch.detach(7);
  CHECK(watched.delivered().empty());
  watched.notify(kStarted, 1);
  CHECK(watched.delivered() == "n3 c7");
  for (const std::uint64_t call : {8, 9, 10}) watched.await(call);
  CHECK(watched.delivered() == "c8 c9" && watched.watch.calls() == 1);
  watched.notify(kStarted, 2);
  CHECK(watched.delivered() == "n3 c10" && watched.watch.calls() == 0);
}

// Until the host accepts a later call of its kind: then it has completed, notified or not.
void acceptedCallEndsDetached() {
  Watched watched;
  watched.call(7, kStarted);
  watched.watch.detach(7);
  watched.call(8, kPaused);
  CHECK(watched.delivered().empty() && watched.watch.calls() == 2);
  watched.call(9, kStarted);
  CHECK(watched.reader.waker->wakes() == 1);
  CHECK(watched.delivered() == "c7-abandoned" && watched.watch.calls() == 2);
  watched.notify(kStarted);
  watched.notify(kPaused);
  CHECK(watched.delivered() == "n3 c9 n4 c8" && watched.watch.calls() == 0);
}

void closeEndsWaits() {
  Watched watched;
  watched.call(7, kStarted);
  watched.call(8, kPaused);
  watched.watch.expect(9, kStarted);
  watched.watch.close();
  CHECK(watched.delivered() == "c7-closed c8-closed");
  CHECK(watched.reader.waker->wakes() == 1);
  watched.await(9);
  CHECK(watched.delivered() == "c9-closed");
  watched.call(10, kPaused);
  CHECK(watched.delivered() == "c10-closed");
  watched.notify(kPaused);
  watched.notify(kExited);
  CHECK(watched.delivered().empty());
  watched.watch.close();
}

// What came before the close has come.
void closeKeepsTheEnd() {
  Watched watched;
  watched.watch.expect(7, kStarted);
  watched.notify(kExited);
  watched.watch.close();
  watched.await(7);
  CHECK(watched.delivered() == "n1 c7");
}

// An operation may be the last to hold things, its inbox may be closed: it is destroyed where it is
// handed over.
void closedInbox() {
  Watched watched;
  watched.call(7, kStarted);
  watched.watch.expect(8, kStarted);
  watched.reader.inbox->close();
  watched.watch.abandon(7);
  watched.notify(kStarted);
  watched.await(8);
  watched.call(9, kStarted);
  watched.watch.close();
  CHECK(watched.reader.waker->wakes() == 0);
}

}  // namespace

int main() {
  afterTheCall();
  wakesOnce();
  duringTheCall();
  beforeTheCall();
  othersDoNotEndIt();
  duplicate();
  oldestFirst();
  terminalEndsAll();
  ownCompletionBeforeTheTerminal();
  finalAnswer();
  refusedCallKeepsNothing();
  abandonWhileWaiting();
  abandonBeforeWaiting();
  abandonAfterTheEnd();
  detachedKeepsItsTurn();
  acceptedCallEndsDetached();
  closeEndsWaits();
  closeKeepsTheEnd();
  closedInbox();
  return summary();
}
