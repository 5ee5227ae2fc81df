// The callback given to the host: which watch an id leads to, from many threads at once.
#include "core/host-callback.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "../support/check.h"
#include "../support/notified.h"
#include "../support/reader.h"
#include "core/watch.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

using Tag = Record::Tag;

void ids() {
  const std::uint64_t first = nextId();
  CHECK(first != 0 && nextId() > first);
  Reader reader;
  const std::uint64_t id = nextId();
  const auto watch = std::make_shared<Watch>(id, reader.inbox, reader.waker);
  const auto context = [](std::uint64_t value) {
    return reinterpret_cast<void*>(static_cast<std::uintptr_t>(value));
  };
  addWatch(watch);
  CHECK(findWatch(id) == watch);
  onNotification(6, context(id), 3, u"text");
  onNotification(6, context(id + 1), 3, u"text");
  onNotification(6, nullptr, 3, nullptr);
  auto records = reader.inbox->take();
  CHECK(records.size() == 1 && records[0].id == id && records[0].text == u"text");
  removeWatch(id);
  CHECK(findWatch(id) == nullptr && watch.use_count() == 1);
  onNotification(1, context(id), 3, u"late");
  CHECK(reader.inbox->take().empty());
  removeWatch(id);
}

// Every operation ends once, whoever gets to it first, and its notification comes before it.
void race() {
  constexpr std::uint64_t kCalls = 400;
  constexpr int kRounds = 40;
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t id = nextId();
    Reader reader;
    auto watch = std::make_shared<Watch>(id, reader.inbox, reader.waker);
    addWatch(watch);
    std::atomic<std::uint64_t> begun{0};
    std::atomic<int> working{2};
    std::vector<std::thread> threads;
    for (int worker = 0; worker < 2; ++worker) {
      threads.emplace_back([&] {
        for (std::uint64_t call; (call = ++begun) <= kCalls;) {
          watch->expect(call, call % 2 == 0 ? kStarted : kPaused);
          if (call % 5 == 0) {
            watch->unexpect(call, call % 2 == 0);
            CHECK(!reader.inbox->append(
                      {Tag::Completion, call, 0, kOk, {}, std::make_unique<Plain>(call)}) ||
                  (reader.waker->wake(), true));
          } else {
            watch->await(std::make_unique<Plain>(call));
          }
        }
        --working;
      });
    }
    threads.emplace_back([&] {
      while (working != 0) {
        const auto context = reinterpret_cast<void*>(static_cast<std::uintptr_t>(id));
        onNotification(number(kStarted), context, kOk, u"text");
        onNotification(number(kPaused), context, kOk, nullptr);
        std::this_thread::yield();
      }
      if (round % 3 == 0) watch->notify(copyNotification(number(kExited), kOk, u"end"));
    });
    threads.emplace_back([&] {
      for (std::uint64_t call = 1; call <= kCalls; call += 3) watch->abandon(call);
      if (round % 2 == 0) eventually([&] { return begun >= kCalls / 2; });
      if (round % 2 == 0) watch->close();
    });
    for (auto& thread : threads) thread.join();
    removeWatch(id);
    watch->close();
    watch.reset();

    std::vector<int> endings(kCalls + 1);
    std::uint64_t left = kCalls;
    bool inOrder = true;
    std::uint64_t completions[2] = {};
    std::uint64_t notifications[2] = {};
    bool terminalSeen = false;
    while (left != 0) {
      const auto record = reader.next();
      if (!CHECK(record != nullptr)) return;
      if (record->tag == Tag::Notification) {
        terminalSeen = terminalSeen || record->type == number(kExited);
        ++notifications[record->type == number(kStarted) ? 0 : 1];
        continue;
      }
      --left;
      ++endings[record->id];
      if (record->operation->ending != Ending::Notified) continue;
      const bool byExit = record->operation->notification.type == number(kExited);
      const std::size_t kind = record->id % 2;
      inOrder = inOrder && (byExit ? terminalSeen : ++completions[kind] <= notifications[kind]);
    }
    CHECK(inOrder);
    for (std::uint64_t call = 1; call <= kCalls; ++call) {
      if (endings[call] != 1) CHECK(endings[call] == 1);
    }
    CHECK(reader.inbox.use_count() == 1);
  }
}

}  // namespace

int main() {
  ids();
  race();
  return summary();
}
