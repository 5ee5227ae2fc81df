// The part of Unpack that is on the thread that plans.
#include <algorithm>
#include <cstring>
#include <mutex>
#include <utility>

#include "unpack.h"

namespace hc::archive {

namespace {

constexpr std::size_t kMostNotes = 64 * 1024;
// A plan may have thousands of steps.
constexpr std::size_t kStepsUnwatched = 256;

}  // namespace

Turn Unpack::take(std::uint8_t* bytes, std::size_t size, std::chrono::milliseconds limit,
                  std::size_t& count, std::size_t& needed) {
  std::vector<Header> done;  // freed without the lock
  HeaderBatch batch(bytes, size, batches_);
  {
    std::unique_lock<Mutex> lock(mutex_);
    planning_.wait_for(lock, limit, [&] { return !headers_.empty() || ended_ || isOver(); });
    if (isOver()) return overTurn();
    if (headers_.empty()) {
      if (!ended_) return Turn::goOn;
      return cut_ ? Turn::cut : Turn::end;
    }
    while (!headers_.empty() && batch.add(headers_.front())) {
      headerBytes_ -= headers_.front().memory();
      done.push_back(std::move(headers_.front()));
      headers_.pop_front();
    }
    if (done.empty()) needed = HeaderBatch::sizeOf(headers_.front());
  }
  count = batch.count();
  makeRoomKnown();
  return Turn::goOn;
}

Turn Unpack::plan(std::string_view steps) {
  PlannedStep step;
  std::size_t carriedOut = 0;
  while (!steps.empty()) {
    if (!takeStep(steps, step)) return Turn::malformed;
    const Turn turn = carryOut(step);
    if (turn != Turn::goOn) return turn;
    if (++carriedOut % kStepsUnwatched == 0) helpRunners();
  }
  startRunners(true);
  helpRunners();
  return Turn::goOn;
}

Turn Unpack::carryOut(PlannedStep& step) {
  switch (step.step) {
    case Step::skip:
      return carryOutContent(step, Content::Use::skipped);
    case Step::makeFolder:
    case Step::openFolder:
    case Step::openRoot:
    case Step::placedFolder:
      return carryOutFolder(step);
    case Step::file:
    case Step::placedFile:
      return carryOutFile(step, false);
    case Step::copy:
      return carryOutFile(step, true);
    case Step::stream:
      return carryOutContent(step, Content::Use::written);
    case Step::notes:
    case Step::note:
      return carryOutNote(step);
  }
  return Turn::malformed;
}

Turn Unpack::carryOutFolder(PlannedStep& step) {
  if (step.step == Step::openRoot) {
    const Outcome failed = folders_.addRoot(step.folder, std::string(step.name));
    return failed ? failAtHead(failed, "open") : Turn::goOn;
  }
  std::string name(step.name);
  if (!isOneName(name) || !folders_.knows(step.parent)) return Turn::malformed;
  const auto make = [&](const Folder& parent, const std::string& each, FolderPointer& folder) {
    if (step.step == Step::makeFolder) return makeFolder(parent, each, folder);
    if (step.step == Step::openFolder) return openFolder(parent, each, folder);
    const Bytes body{reinterpret_cast<const std::uint8_t*>(step.body.data()), step.body.size()};
    return makePlacedFolder(parent, each, step.placement, body, folder);
  };
  const Outcome failed = folders_.add(step.folder, step.parent, std::move(name), make);
  return failed ? failAtHead(failed, step.step == Step::openFolder ? "open" : "mkdir") : Turn::goOn;
}

Turn Unpack::carryOutFile(PlannedStep& step, bool copies) {
  auto task = std::make_shared<Task>();
  task->name = step.name;
  task->append = copies;
  if (step.step == Step::placedFile) task->placement = step.placement;
  if (!isOneName(task->name) || !folders_.knows(step.parent)) return Turn::malformed;
  if (const Outcome failed = folders_.find(step.parent, task->folder)) {
    return failAtHead(failed, "open");
  }
  if (copies) {
    nextCopy_ = std::move(task);
    return Turn::goOn;
  }
  {
    std::lock_guard<Mutex> lock(mutex_);
    if (isOver()) return overTurn();
    if (unplanned_.empty()) return Turn::malformed;
    closeLast();
    task->entry = unplanned_.front()->entry;
    task->index = unplanned_.front()->index;
    last_ = std::move(task);
    ++tasks_;
  }
  return carryOutContent(step, Content::Use::written);
}

Turn Unpack::carryOutContent(PlannedStep& step, Content::Use use) {
  std::lock_guard<Mutex> lock(mutex_);
  if (isOver()) return overTurn();
  if (unplanned_.empty()) return Turn::malformed;
  const std::shared_ptr<Content> content = std::move(unplanned_.front());
  unplanned_.pop_front();
  content->use = use;
  if (use == Content::Use::skipped) {
    content->slices.clear();
  } else {
    if (last_ == nullptr) return Turn::malformed;
    content->task = last_;
    if (nextCopy_ != nullptr) {
      content->copy = std::exchange(nextCopy_, nullptr);
      content->copy->entry = content->entry;
      content->copy->index = content->index;
      ++tasks_;
    }
    addPart(last_, {std::string(step.body), {}});
    for (Slice& slice : std::exchange(content->slices, {})) this->use(*content, std::move(slice));
    closeCopyOf(*content);
  }
  return Turn::goOn;
}

Turn Unpack::carryOutNote(const PlannedStep& step) {
  if (step.step == Step::notes) {
    const std::string name(step.name);
    if (!isOneName(name) || !folders_.knows(step.parent)) return Turn::malformed;
    FolderPointer folder;
    if (const Outcome failed = folders_.find(step.parent, folder))
      return failAtHead(failed, "open");
    const Outcome failed = createFile(*folder, name, true, notesFile_);
    return failed ? failAtHead(failed, "open") : Turn::goOn;
  }
  if (notesFile_ == nullptr) return Turn::malformed;
  for (const std::int64_t time : step.times) notes_.append(std::to_string(time)) += ' ';
  notes_.append(step.name) += '\n';
  if (notes_.size() < kMostNotes) return Turn::goOn;
  const Outcome failed = flushNotes();
  return failed ? failAtHead(failed, "write") : Turn::goOn;
}

Outcome Unpack::flushNotes() {
  if (notesFile_ == nullptr || notes_.empty()) return 0;
  const Bytes piece{reinterpret_cast<const std::uint8_t*>(notes_.data()), notes_.size()};
  const Outcome failed = notesFile_->write(&piece, 1);
  notes_.clear();
  return failed;
}

// Of the entry whose steps these are.
Turn Unpack::failAtHead(Outcome outcome, const char* what) {
  Failure failure;
  failure.outcome = outcome;
  failure.what = what;
  {
    std::lock_guard<Mutex> lock(mutex_);
    failure.index = entries_;
    if (!unplanned_.empty()) {
      failure.index = unplanned_.front()->index;
      failure.entry = unplanned_.front()->entry;
    }
  }
  fail(std::move(failure));
  return Turn::failed;
}

Turn Unpack::finish(std::chrono::milliseconds limit) {
  if (const Outcome failed = flushNotes()) return failAtHead(failed, "write");
  notesFile_.reset();
  {
    std::lock_guard<Mutex> lock(mutex_);
    closeLast();
  }
  startRunners(true);
  std::unique_lock<Mutex> lock(mutex_);
  planning_.wait_for(lock, limit, [&] { return tasks_ == 0 || isOver(); });
  if (isOver()) return overTurn();
  if (tasks_ > 0) return Turn::goOn;
  lock.unlock();
  // What comes after it may open them in ways that allow nobody else.
  folders_.clear();
  return Turn::end;
}

Turn Unpack::settle(std::chrono::milliseconds limit) {
  notesFile_.reset();
  nextCopy_.reset();
  folders_.clear();
  std::unique_lock<Mutex> lock(mutex_);
  if (tasks_ > 0 && !isOver()) {
    aborted_ = true;
    drop();
  }
  last_.reset();
  planning_.wait_for(lock, limit, [&] { return runners_ == 0; });
  return runners_ == 0 ? Turn::end : Turn::goOn;
}

Failure Unpack::failure() const {
  std::lock_guard<Mutex> lock(mutex_);
  return failure_;
}

}  // namespace hc::archive
