#if !defined(_WIN32)
#include "tree-reader.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <utility>

#include "../../core/detached-thread.h"
#include "../../core/sync.h"
#include "tree-walk.h"

namespace hc::pack {

namespace {

// How many batches are read ahead, and from how many entries on one is given to who waits for it.
constexpr std::size_t kMostReady = 4;
constexpr std::size_t kFewest = 16;
// The thread that waits may have been told to end.
constexpr std::chrono::milliseconds kWait{50};

bool isFull(const Batch& batch) {
  return batch.entries.size() + 2 > kMostEntries || batch.open.size() >= kMostOpen ||
         batch.names.size() + batch.bytes.size() >= kMostBytes;
}

}  // namespace

struct TreeReader::Job {
  std::shared_ptr<const Descriptor> file;
  std::uint64_t position;
  std::size_t length;
  std::unique_ptr<std::uint8_t[]> bytes;
  std::int64_t result;
};

struct TreeReader::Shared {
  using Lock = std::unique_lock<Mutex>;

  // Adds to the batch until there is something else to do. False at the end of the walk.
  bool fill(Batch& batch);

  Mutex mutex;
  Condition asked;  // something for the thread
  Condition given;  // something from it
  std::deque<std::pair<std::string, bool>> walks;
  std::deque<std::unique_ptr<Batch>> batches;
  std::deque<std::unique_ptr<Job>> jobs;
  std::deque<std::unique_ptr<Job>> done;
  std::unique_ptr<TreeWalk> walk;  // of the thread alone
  // Written with the lock held; looked at between two files without it.
  Atomic<bool> stopped{false};
  Atomic<bool> hasJobs{false};
  Atomic<bool> isAwaited{false};
};

bool TreeReader::Shared::fill(Batch& batch) {
  while (!isFull(batch)) {
    if (stopped || hasJobs) return true;
    if (isAwaited && batch.entries.size() >= kFewest) return true;
    if (!walk->step(batch)) return false;
  }
  return true;
}

// The thread. What is asked for comes first: the packing waits for it.
void TreeReader::run(const std::shared_ptr<Shared>& shared) {
  Shared& state = *shared;
  bool isWalking = false;
  auto batch = std::make_unique<Batch>();
  Shared::Lock lock(state.mutex);
  while (!state.stopped) {
    if (!state.jobs.empty()) {
      auto job = std::move(state.jobs.front());
      state.jobs.pop_front();
      state.hasJobs = !state.jobs.empty();
      lock.unlock();
      job->bytes.reset(new std::uint8_t[job->length]);
      job->result = readAt(job->file->get(), job->bytes.get(), job->length, job->position);
      job->file.reset();
      lock.lock();
      state.done.push_back(std::move(job));
      state.given.notify_one();
    } else if (!isWalking && !state.walks.empty()) {
      const auto [path, alone] = std::move(state.walks.front());
      state.walks.pop_front();
      isWalking = true;
      lock.unlock();
      state.walk->begin(path, alone);
      lock.lock();
    } else if (isWalking && state.batches.size() < kMostReady) {
      lock.unlock();
      isWalking = state.fill(*batch);
      lock.lock();
      const bool isReady =
          !isWalking || isFull(*batch) || (state.isAwaited && batch->entries.size() >= kFewest);
      if (!isReady) continue;
      const bool isEmpty = batch->entries.empty();
      state.batches.push_back(std::exchange(batch, std::make_unique<Batch>()));
      // One without entries is the end.
      if (!isWalking && !isEmpty) state.batches.push_back(std::make_unique<Batch>());
      state.given.notify_one();
    } else {
      state.asked.wait(lock);
    }
  }
}

TreeReader::TreeReader() : shared_(std::make_shared<Shared>()) {}

TreeReader::~TreeReader() {
  const Shared::Lock lock(shared_->mutex);
  shared_->stopped = true;
  shared_->asked.notify_one();
}

int TreeReader::open(const std::string& root, std::string suffix) {
  Descriptor folder(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return errno;
  shared_->walk = std::make_unique<TreeWalk>(std::move(folder), std::move(suffix));
  return startDetached([shared = shared_] { run(shared); }) ? 0 : EAGAIN;
}

void TreeReader::walk(std::string path, bool alone) {
  const Shared::Lock lock(shared_->mutex);
  shared_->walks.emplace_back(std::move(path), alone);
  shared_->asked.notify_one();
}

std::int64_t TreeReader::next(std::uint8_t* bytes) {
  std::unique_ptr<Batch> batch;
  {
    Shared::Lock lock(shared_->mutex);
    if (shared_->batches.empty()) {
      shared_->isAwaited = true;
      shared_->given.wait_for(lock, kWait, [&] { return !shared_->batches.empty(); });
      shared_->isAwaited = false;
      if (shared_->batches.empty()) return kNotYet;
    }
    batch = std::move(shared_->batches.front());
    shared_->batches.pop_front();
    shared_->asked.notify_one();
  }
  for (Entry& entry : batch->entries) {
    entry.headAt += static_cast<std::uint32_t>(batch->names.size());
    if (entry.file < 0) continue;
    auto& file = batch->open[static_cast<std::size_t>(entry.file)];
    entry.file = ++last_;
    files_.emplace(entry.file, std::make_shared<const Descriptor>(std::move(file)));
  }
  if (batch->entries.empty()) return 0;
  std::memcpy(bytes, batch->entries.data(), batch->entries.size() * sizeof(Entry));
  bytes += kMostEntries * sizeof(Entry);
  std::memcpy(bytes, batch->names.data(), batch->names.size());
  if (batch->bytes.empty()) return static_cast<std::int64_t>(batch->entries.size());
  std::memcpy(bytes + batch->names.size(), batch->bytes.data(), batch->bytes.size());
  return static_cast<std::int64_t>(batch->entries.size());
}

std::int64_t TreeReader::read(std::int32_t file, std::uint8_t* bytes, std::size_t length,
                              std::uint64_t position) const {
  const auto found = files_.find(file);
  return found == files_.end() ? -EBADF : readAt(found->second->get(), bytes, length, position);
}

bool TreeReader::load(std::int32_t file, std::uint64_t position, std::size_t length) {
  const auto found = files_.find(file);
  if (found == files_.end()) return false;
  auto job = std::make_unique<Job>();
  job->file = found->second;
  job->position = position;
  job->length = length;
  const Shared::Lock lock(shared_->mutex);
  shared_->jobs.push_back(std::move(job));
  shared_->hasJobs = true;
  shared_->asked.notify_one();
  return true;
}

std::int64_t TreeReader::take(std::uint8_t* bytes, std::size_t length) {
  std::unique_ptr<Job> job;
  {
    Shared::Lock lock(shared_->mutex);
    if (!shared_->given.wait_for(lock, kWait, [&] { return !shared_->done.empty(); }))
      return kNotYet;
    job = std::move(shared_->done.front());
    shared_->done.pop_front();
  }
  if (job->result > 0) {
    std::memcpy(bytes, job->bytes.get(), std::min(length, static_cast<std::size_t>(job->result)));
  }
  return job->result;
}

}  // namespace hc::pack

#endif
