// The inbox: wakes, order, bound, close.
#include "core/inbox.h"

#include <thread>
#include <vector>

#include "../support/check.h"
#include "../support/reader.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

using Tag = Record::Tag;

constexpr auto kOther = static_cast<std::uint32_t>(Notification::SystemCrashReport);
constexpr auto kExited = static_cast<std::uint32_t>(Notification::SystemExited);

std::atomic<int> destroyed{0};

class Counted : public Operation {
 public:
  explicit Counted(std::uint64_t id, Inbox* inbox = nullptr) : Operation(id), inbox_(inbox) {}
  ~Counted() override {
    ++destroyed;
    if (inbox_ != nullptr) CHECK(inbox_->take().empty());
  }
  void run(std::unique_ptr<Operation>) override {}

 private:
  Inbox* const inbox_;  // used while it is destroyed, as the handles of a call may
};

Record notification(std::uint64_t watch, std::uint32_t type = kOther) {
  return {Tag::Notification, watch, type, kOk, {}, nullptr};
}
Record completion(std::uint64_t id, Inbox* inbox = nullptr) {
  return {Tag::Completion, id, 0, kOk, {}, std::make_unique<Counted>(id, inbox)};
}

void wakesOnce() {
  Inbox inbox;
  CHECK(inbox.append(notification(1)));
  for (int i = 0; i < 100; ++i) CHECK(!inbox.append(notification(1)));
  CHECK(!inbox.append(completion(2)));
  CHECK(inbox.take().size() == 102);
  CHECK(inbox.take().empty());
  CHECK(inbox.append(completion(3)));
  CHECK(!inbox.append(notification(1)));
}

void keepsOrder() {
  Inbox inbox;
  for (std::uint64_t id = 1; id <= 50; ++id) {
    (void)inbox.append(id % 3 == 0 ? completion(id) : notification(id));
  }
  const auto records = inbox.take();
  CHECK(records.size() == 50);
  for (std::uint64_t id = 1; id <= records.size(); ++id) {
    const Record& record = records[id - 1];
    CHECK(record.id == id && (record.operation != nullptr) == (id % 3 == 0));
  }
}

void overflows() {
  Inbox inbox(4);
  for (int i = 0; i < 4; ++i) (void)inbox.append(notification(1));
  for (const std::uint64_t watch : {1, 2, 1, 1, 2}) CHECK(!inbox.append(notification(watch)));
  auto records = inbox.take();
  CHECK(records.size() == 6);
  for (std::size_t i = 0; i < 4; ++i) CHECK(records[i].tag == Tag::Notification);
  CHECK(records[4].tag == Tag::Overflow && records[4].id == 1 && records[4].type == 3);
  CHECK(records[5].tag == Tag::Overflow && records[5].id == 2 && records[5].type == 2);

  // Counts begin again with the next batch.
  for (int i = 0; i < 4; ++i) CHECK(inbox.append(notification(3)) == (i == 0));
  (void)inbox.append(notification(1));
  records = inbox.take();
  CHECK(records.size() == 5 && records[4].tag == Tag::Overflow && records[4].type == 1);
}

Record text(std::uint64_t watch, std::size_t characters, std::uint32_t type = kOther) {
  return {Tag::Notification, watch, type, kOk, std::u16string(characters, u'x'), nullptr};
}

void overflowsByBytes() {
  Inbox inbox(100, 1000);
  (void)inbox.append(text(1, 400));
  CHECK(!inbox.append(text(1, 101)));  // 1002 bytes
  CHECK(!inbox.append(text(1, 100)));
  CHECK(!inbox.append(text(1, 1)));
  CHECK(!inbox.append(notification(1)));  // one without a text takes no bytes
  CHECK(!inbox.append(text(1, 5000, kExited)));
  auto records = inbox.take();
  CHECK(records.size() == 5);
  CHECK(records[1].tag == Tag::Overflow && records[1].type == 2);
  CHECK(records[2].text->size() == 100 && !records[3].text && records[4].text->size() == 5000);

  // Bytes are counted anew, and one text that is beyond the bound by itself is not refused.
  CHECK(inbox.append(text(1, 5000)));
  CHECK(!inbox.append(text(1, 1)));
  records = inbox.take();
  CHECK(records.size() == 2 && records[0].text->size() == 5000 && records[1].type == 1);
}

void neverDrops() {
  Inbox inbox(2);
  for (int i = 0; i < 5; ++i) (void)inbox.append(notification(1));
  CHECK(!inbox.append(completion(7)));
  CHECK(!inbox.append(notification(1, kExited | 0x40000000)));
  CHECK(!inbox.append(notification(1, static_cast<std::uint32_t>(Notification::ProcessExited))));
  CHECK(
      !inbox.append(notification(1, static_cast<std::uint32_t>(Notification::ServiceDisconnect))));
  CHECK(!inbox.append(notification(1)));
  const auto records = inbox.take();
  CHECK(records.size() == 7);
  CHECK(records[2].tag == Tag::Overflow && records[2].type == 4);
  CHECK(records[3].tag == Tag::Completion && records[3].operation->id == 7);
  CHECK(records[4].type == (kExited | 0x40000000));
}

void closes() {
  destroyed = 0;
  Inbox inbox;
  (void)inbox.append(completion(1, &inbox));
  (void)inbox.append(completion(2));
  inbox.close();
  CHECK(destroyed == 2);
  CHECK(!inbox.append(completion(3, &inbox)));
  CHECK(destroyed == 3);
  CHECK(!inbox.append(notification(1, kExited)));
  CHECK(inbox.take().empty());
  inbox.close();
}

// Readers sleep until they are woken: a wake that is missing stops this.
void manyWriters() {
  constexpr std::uint64_t kWriters = 4;
  constexpr std::uint32_t kEach = 20000;
  Reader reader;
  std::vector<std::thread> writers;
  for (std::uint64_t writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&reader, writer] {
      for (std::uint32_t i = 0; i < kEach; ++i) {
        if (reader.inbox->append({Tag::Notification, writer, kOther, i, {}, nullptr})) {
          reader.waker->wake();
        }
      }
    });
  }
  std::uint32_t next[kWriters] = {};
  bool ordered = true;
  for (std::uint64_t i = 0; i < kWriters * kEach; ++i) {
    const auto record = reader.next();
    if (!CHECK(record != nullptr)) break;
    ordered = ordered && record->status == next[record->id]++;
  }
  for (auto& writer : writers) writer.join();
  CHECK(ordered);
  CHECK(reader.inbox->take().empty());
}

}  // namespace

int main() {
  wakesOnce();
  keepsOrder();
  overflows();
  overflowsByBytes();
  neverDrops();
  closes();
  manyWriters();
  return summary();
}
