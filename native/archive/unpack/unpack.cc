#include "unpack.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <utility>

namespace hc::archive {

namespace {

constexpr std::size_t kMostSlabs = 24;                     // 12 MiB
constexpr std::size_t kMostHeaderBytes = 4 * 1024 * 1024;  // that nobody has planned
// A file that is not complete is written when so much of it is there.
constexpr std::size_t kEnough = 256 * 1024;
// The same of so many pieces: each may keep a slab from being used again, however small it is.
constexpr std::size_t kManyParts = 12;
// Files that a thread takes at once: neighbours, which are mostly in one folder.
constexpr std::size_t kRun = 8;
// Tasks that nobody has begun: each keeps a folder open, and some memory.
constexpr std::size_t kMostQueued = 128;
constexpr std::size_t kMostInTurn = 128;  // before other archives have theirs

}  // namespace

std::shared_ptr<Unpack> Unpack::create(std::shared_ptr<Reader> reader) {
  const std::shared_ptr<Unpack> made(new Unpack(std::move(reader)));
  const std::shared_ptr<SlabPool::Owner> owner(made, made.get());
  made->pool_ = std::make_shared<SlabPool>(owner);
  return made;
}

bool Unpack::push(const std::uint8_t* bytes, std::size_t size) {
  while (size > 0) {
    if (slab_ == nullptr || filled_ == kSlabSize) {
      slab_ = pool_->take();
      filled_ = 0;
    }
    if (slab_ == nullptr) {
      onProblem(Problem::noMemory);
      break;
    }
    const auto length =
        static_cast<std::uint32_t>(std::min<std::size_t>(size, kSlabSize - filled_));
    std::memcpy(slab_->bytes + filled_, bytes, length);
    parser_.take({slab_, filled_, length});
    filled_ += length;
    bytes += length;
    size -= length;
    std::lock_guard<Mutex> lock(mutex_);
    applyEvents();
  }
  startRunners(false);
  if (hasRoom()) return true;
  waiting_ = true;
  return hasRoom() && waiting_.exchange(false);
}

void Unpack::end(bool cut) {
  if (!cut) parser_.end();
  slab_.reset();
  std::lock_guard<Mutex> lock(mutex_);
  applyEvents();
  ended_ = true;
  cut_ = cut;
  planning_.notify_all();
}

void Unpack::abort() {
  std::lock_guard<Mutex> lock(mutex_);
  aborted_ = true;
  drop();
}

bool Unpack::hasRoom() const {
  return pool_->inUse() <= kMostSlabs && headerBytes_ <= kMostHeaderBytes;
}

void Unpack::onSlabFreed() { makeRoomKnown(); }

void Unpack::makeRoomKnown() {
  if (waiting_ && hasRoom() && waiting_.exchange(false)) reader_->onRoom();
}

void Unpack::applyEvents() {
  for (Event& event : events_) {
    if (isOver()) break;
    if (auto* const entry = std::get_if<Entry>(&event)) {
      incoming_ = std::make_shared<Content>();
      incoming_->index = entries_++;
      incoming_->entry = entry->name;
      incoming_->missing = static_cast<std::uint64_t>(entry->size);
      unplanned_.push_back(incoming_);
      addHeader({Header::Kind::entry, std::move(*entry)});
    } else if (auto* const slice = std::get_if<Slice>(&event)) {
      incoming_->missing -= slice->size;
      use(*incoming_, std::move(*slice));
      closeCopyOf(*incoming_);
    } else if (auto* const raw = std::get_if<std::string>(&event)) {
      Header header{Header::Kind::global, {}};
      header.entry.raw = std::move(*raw);
      addHeader(std::move(header));
    } else {
      Header header{Header::Kind::problem, {}};
      header.entry.fault.problem = std::get<Problem>(event);
      addHeader(std::move(header));
    }
  }
  events_.clear();
}

void Unpack::addHeader(Header header) {
  headerBytes_ += header.memory();
  headers_.push_back(std::move(header));
  planning_.notify_one();
}

void Unpack::use(Content& content, Slice slice) {
  switch (content.use) {
    case Content::Use::skipped:
      return;
    case Content::Use::written:
      if (content.copy != nullptr) addPart(content.copy, {{}, slice});
      return addPart(content.task, {{}, std::move(slice)});
    case Content::Use::unplanned:
      if (!content.slices.empty() && content.slices.back().extend(slice)) return;
      content.slices.push_back(std::move(slice));
  }
}

void Unpack::closeCopyOf(Content& content) {
  if (content.copy == nullptr || content.missing > 0) return;
  content.copy->closed = true;
  queueIfReady(content.copy);
}

void Unpack::addPart(const std::shared_ptr<Task>& task, Part part) {
  const std::size_t size = part.bytes().size;
  if (size == 0) return;
  task->size += size;
  const bool extended = !task->parts.empty() && task->parts.back().slice.extend(part.slice);
  if (!extended) task->parts.push_back(std::move(part));
  queueIfReady(task);
}

void Unpack::queueIfReady(const std::shared_ptr<Task>& task) {
  if (task->state != Task::State::idle || isOver()) return;
  const bool enough = task->size >= kEnough || task->parts.size() >= kManyParts;
  if (!task->closed && !enough) return;
  task->state = Task::State::queued;
  queue_.push_back(task);
}

void Unpack::closeLast() {
  if (last_ == nullptr) return;
  last_->closed = true;
  queueIfReady(last_);
  last_.reset();
}

// Nothing that is not begun will be.
void Unpack::drop() {
  for (const auto& task : queue_) task->parts.clear();
  tasks_ -= queue_.size();
  queue_.clear();
  headers_.clear();
  headerBytes_ = 0;
  unplanned_.clear();
  incoming_.reset();
  last_.reset();
  planning_.notify_all();
  if (waiting_.exchange(false)) reader_->onRoom();
}

void Unpack::startRunners(bool mayWait) {
  std::size_t wanted = 0;
  {
    std::lock_guard<Mutex> lock(mutex_);
    const std::size_t useful = std::min(mostRunners(), (queue_.size() + kRun - 1) / kRun);
    if (useful > runners_) wanted = useful - runners_;
    runners_ += wanted;
  }
  for (; wanted > 0; --wanted) {
    const std::shared_ptr<Runnable> self(shared_from_this(), this);
    if (submit(self)) continue;
    if (mayWait) {
      run();
      continue;
    }
    std::lock_guard<Mutex> lock(mutex_);
    --runners_;
    planning_.notify_all();
  }
}

// On the thread that plans, which is faster than those that write: it helps them where it is ahead.
void Unpack::helpRunners() {
  std::vector<std::shared_ptr<Task>> taken;
  for (;;) {
    {
      std::lock_guard<Mutex> lock(mutex_);
      if (queue_.size() <= kMostQueued) return;
      takeRun(taken);
    }
    for (auto& task : taken) write(std::exchange(task, nullptr));
  }
}

// Under the lock.
void Unpack::takeRun(std::vector<std::shared_ptr<Task>>& taken) {
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(kRun, queue_.size()));
  taken.assign(queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
}

void Unpack::run() {
  std::vector<std::shared_ptr<Task>> taken;
  std::unique_lock<Mutex> lock(mutex_);
  for (std::size_t done = 0; !queue_.empty(); done += taken.size()) {
    if (done >= kMostInTurn) {
      const std::shared_ptr<Runnable> self(shared_from_this(), this);
      lock.unlock();
      if (submit(self)) return;
      lock.lock();
    }
    takeRun(taken);
    lock.unlock();
    for (auto& task : taken) write(std::exchange(task, nullptr));
    lock.lock();
  }
  --runners_;
  planning_.notify_all();
}

void Unpack::write(const std::shared_ptr<Task>& task) {
  std::unique_lock<Mutex> lock(mutex_);
  task->state = Task::State::running;
  for (;;) {
    const bool closed = task->closed;
    std::vector<Part> parts = std::exchange(task->parts, {});
    task->size = 0;
    const bool over = isOver();
    lock.unlock();
    const char* what = "";
    Outcome failed = over ? 0 : writeParts(*task, parts, what);
    parts.clear();
    if (closed && !failed && !over) {
      failed = task->file->finish();
      what = "close";
    }
    if (closed || failed || over) task->file.reset();
    if (failed) fail({task->index, task->entry, failed, what});
    lock.lock();
    if (closed || failed || over) break;
    task->state = Task::State::idle;
    queueIfReady(task);
    if (task->state == Task::State::idle) return;
    // It is this thread's still.
    queue_.pop_back();
    task->state = Task::State::running;
  }
  --tasks_;
  if (tasks_ == 0) planning_.notify_all();
}

Outcome Unpack::writeParts(Task& task, const std::vector<Part>& parts, const char*& what) {
  what = "open";
  if (task.file == nullptr) {
    const Outcome failed =
        task.placement ? createPlacedFile(*task.folder, task.name, *task.placement, task.file)
                       : createFile(*task.folder, task.name, task.append, task.file);
    if (failed) return failed;
  }
  std::vector<Bytes> pieces;
  pieces.reserve(parts.size());
  for (const Part& part : parts) pieces.push_back(part.bytes());
  what = "write";
  return pieces.empty() ? 0 : task.file->write(pieces.data(), pieces.size());
}

void Unpack::fail(Failure failure) {
  std::lock_guard<Mutex> lock(mutex_);
  if (!failed_ || failure.index < failure_.index) failure_ = std::move(failure);
  if (std::exchange(failed_, true)) return;
  drop();
}

}  // namespace hc::archive
