// One archive on its way into a folder. Who reads pushes its bytes; who plans takes the headers and
// answers with steps; threads of runners.h write the files. Each of the three is a thread of its
// own, and none of them waits for another without an end.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "../../core/sync.h"
#include "folders.h"
#include "header-batch.h"
#include "plan.h"
#include "runners.h"
#include "slab.h"
#include "tar-parser.h"
#include "task.h"

namespace hc::archive {

// What whoever plans is to do.
enum class Turn : std::int32_t {
  goOn = 0,  // there is nothing yet
  end = -1,
  cut = -2,  // who reads has failed, after all that came before
  failed = -3,
  aborted = -4,
  malformed = -5,  // a plan is none
};

struct Failure {
  std::uint64_t index = 0;
  std::string entry;
  Outcome outcome = 0;
  const char* what = "";
};

class Unpack : public std::enable_shared_from_this<Unpack>,
               private Runnable,
               private SlabPool::Owner,
               private TarParser::Listener {
 public:
  // Wakes who reads, on any thread.
  class Reader {
   public:
    virtual ~Reader() = default;
    virtual void onRoom() = 0;
  };

  static std::shared_ptr<Unpack> create(std::shared_ptr<Reader> reader);

  // Who reads.
  // Copies bytes. False: onRoom() is called before more is to be pushed.
  bool push(const std::uint8_t* bytes, std::size_t size);
  void end(bool cut);
  void abort();

  // Who plans. Each waits at most so long.
  // Fills `bytes` with a batch, and says how many headers it has. `needed`: bytes for the next one
  // where there are too few for it.
  Turn take(std::uint8_t* bytes, std::size_t size, std::chrono::milliseconds limit,
            std::size_t& count, std::size_t& needed);
  Turn plan(std::string_view steps);
  // `end` when all that was planned is written.
  Turn finish(std::chrono::milliseconds limit);
  // `end` when nothing is open and no thread writes, whatever happened.
  Turn settle(std::chrono::milliseconds limit);
  Failure failure() const;

 private:
  // The content of an entry.
  struct Content {
    std::string entry;
    std::uint64_t index = 0;
    std::uint64_t missing = 0;
    enum class Use { unplanned, skipped, written } use = Use::unplanned;
    std::vector<Slice> slices;   // that are not used yet
    std::shared_ptr<Task> task;  // of what is written
    std::shared_ptr<Task> copy;
  };
  using Event = std::variant<Entry, Slice, std::string, Problem>;

  explicit Unpack(std::shared_ptr<Reader> reader) : reader_(std::move(reader)) {}

  // TarParser::Listener, on the thread that reads.
  void onEntry(Entry entry) override { events_.emplace_back(std::move(entry)); }
  void onContent(Slice slice) override { events_.emplace_back(std::move(slice)); }
  void onGlobalHeader(std::string raw) override { events_.emplace_back(std::move(raw)); }
  void onProblem(Problem problem) override { events_.emplace_back(problem); }
  void onSlabFreed() override;
  void run() override;

  bool hasRoom() const;
  void makeRoomKnown();
  // Under the lock.
  void applyEvents();
  void addHeader(Header header);
  void use(Content& content, Slice slice);
  void closeCopyOf(Content& content);
  void addPart(const std::shared_ptr<Task>& task, Part part);
  void queueIfReady(const std::shared_ptr<Task>& task);
  void closeLast();
  bool isOver() const { return failed_ || aborted_; }
  Turn overTurn() const { return aborted_ ? Turn::aborted : Turn::failed; }
  void drop();
  void takeRun(std::vector<std::shared_ptr<Task>>& taken);

  // On the thread that plans, without the lock.
  Turn carryOut(PlannedStep& step);
  Turn carryOutFolder(PlannedStep& step);
  Turn carryOutFile(PlannedStep& step, bool copies);
  Turn carryOutContent(PlannedStep& step, Content::Use use);
  Turn carryOutNote(const PlannedStep& step);
  Outcome flushNotes();
  Turn failAtHead(Outcome outcome, const char* what);
  // Where there is no thread, the work is done here if it `mayWait`.
  void startRunners(bool mayWait);
  void helpRunners();

  // On a thread that writes, without the lock.
  void write(const std::shared_ptr<Task>& task);
  Outcome writeParts(Task& task, const std::vector<Part>& parts, const char*& what);
  void fail(Failure failure);

  const std::shared_ptr<Reader> reader_;
  // Of the thread that reads.
  std::shared_ptr<SlabPool> pool_;
  TarParser parser_{*this};
  std::vector<Event> events_;
  std::shared_ptr<Slab> slab_;
  std::uint32_t filled_ = 0;
  std::atomic<bool> waiting_{false};  // for room
  std::atomic<std::size_t> headerBytes_{0};
  // Of the thread that plans.
  Folders folders_;
  std::shared_ptr<Task> nextCopy_;
  std::unique_ptr<NewFile> notesFile_;
  std::string notes_;
  HeaderBatch::Memory batches_;

  mutable Mutex mutex_;
  Condition planning_;  // what is waited for by who plans
  std::deque<Header> headers_;
  std::deque<std::shared_ptr<Content>> unplanned_;
  std::shared_ptr<Content> incoming_;  // whose content comes
  std::uint64_t entries_ = 0;
  bool ended_ = false;
  bool cut_ = false;
  bool aborted_ = false;
  bool failed_ = false;
  Failure failure_;
  std::shared_ptr<Task> last_;  // which more may be added to
  std::deque<std::shared_ptr<Task>> queue_;
  std::size_t tasks_ = 0;    // that are not complete
  std::size_t runners_ = 0;  // that run, or will
};

}  // namespace hc::archive
