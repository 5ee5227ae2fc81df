#include "streams.h"

#include <algorithm>
#include <utility>

namespace hc::simulator {
namespace {

// As much at a time as the system's own pipes hold.
constexpr std::size_t kMostAtOnce = 64 * 1024;

}  // namespace

bool Streams::open(bool input, bool output, bool error, ProcessInformation* clients) {
  if (!input && !output && !error) return true;
  wake_ = Wake::make();
  if (!wake_) return false;
  struct Wanted {
    Stream stream;
    bool asked;
    void** client;
  };
  const Wanted all[] = {{Stream::Input, input, &clients->stdInput},
                        {Stream::Output, output, &clients->stdOutput},
                        {Stream::Error, error, &clients->stdError}};
  for (const Wanted& wanted : all) {
    if (!wanted.asked) continue;
    const auto direction =
        wanted.stream == Stream::Input ? Direction::ToGuest : Direction::ToClient;
    Channel& made = channel(wanted.stream);
    made.end = PipeEnd::open(direction, &made.client);
    if (!made.end) {
      closeAll();
      discardStreams(clients);
      return false;
    }
    *wanted.client = made.client.handle;
    made.opened = true;
    inFlight_.change(inFlight_.pipes, 1);
  }
  return true;
}

bool Streams::duplicate(ProcessInformation* clients) const {
  void** copies[] = {&clients->stdInput, &clients->stdOutput, &clients->stdError};
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    if (!channels_[i].opened || simulator::duplicate(channels_[i].client, copies[i])) continue;
    discardStreams(clients);
    return false;
  }
  return true;
}

// With the lock held.
void Streams::wake() {
  if (wake_ && !std::exchange(raised_, true)) wake_->raise();
  changed_.notify_all();
}

// A task of the scheduler: what the program waits for has come.
void Streams::wakeUp() {
  std::lock_guard lock(mutex_);
  wake();
}

void Streams::discard(std::unique_ptr<PipeEnd> end) {
  if (!end) return;
  end.reset();
  inFlight_.change(inFlight_.pipes, -1);
}

Streams::~Streams() { closeAll(); }

void Streams::stop() {
  std::function<void()> action;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    if (wait_ != nullptr) wait_->interrupt();
    wake();
    action = whenStopped_;
  }
  if (action) action();
  if (!keep_) closeAll();
}

void Streams::closeAll() {
  std::array<std::unique_ptr<PipeEnd>, 3> ends;
  {
    std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      channels_[i].closing = true;
      if (!channels_[i].busy) ends[i] = std::move(channels_[i].end);
    }
  }
  for (auto& end : ends) discard(std::move(end));
}

void Streams::close(Stream stream) {
  std::unique_ptr<PipeEnd> end;
  {
    std::lock_guard lock(mutex_);
    Channel& closed = channel(stream);
    closed.closing = true;
    if (stream != Stream::Input && !closed.busy) end = std::move(closed.end);
    wake();
  }
  discard(std::move(end));
}

void Streams::resize(ConsoleSize size) {
  std::lock_guard lock(mutex_);
  if (size.height != 0) size_.height = size.height;
  if (size.width != 0) size_.width = size.width;
}

ConsoleSize Streams::size() {
  std::lock_guard lock(mutex_);
  return size_;
}

bool Streams::stopped() {
  std::lock_guard lock(mutex_);
  return stopped_;
}

bool Streams::has(Stream stream) {
  std::lock_guard lock(mutex_);
  return channel(stream).opened;
}

std::size_t Streams::count() {
  std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      channels_.begin(), channels_.end(), [](const Channel& each) { return each.end != nullptr; }));
}

void Streams::use(TimedWait* wait) {
  std::lock_guard lock(mutex_);
  wait_ = wait;
}

// With the lock held. Null: there is nothing to wait for any more.
PipeEnd* Streams::acquire(Channel& channel) {
  if (std::exchange(raised_, false)) wake_->lower();
  if (stopped_ || !channel.end) return nullptr;
  channel.busy = true;
  return channel.end.get();
}

void Streams::release(Channel& channel, bool ended) {
  std::unique_ptr<PipeEnd> end;
  {
    std::lock_guard lock(mutex_);
    channel.busy = false;
    const bool drained = &channel == &this->channel(Stream::Input);
    const bool stopped = stopped_ && !keep_;
    if (ended || stopped || (channel.closing && !drained)) end = std::move(channel.end);
  }
  discard(std::move(end));
}

// What lies ready is read even when the time has come.
IoResult Streams::read(char* data, std::size_t size, Time until) {
  Channel& input = channel(Stream::Input);
  for (;;) {
    PipeEnd* end = nullptr;
    bool last = false;
    {
      std::lock_guard lock(mutex_);
      end = acquire(input);
      if (end == nullptr) return {stopped_ ? IoStatus::Woken : IoStatus::Ended, 0};
      last = input.closing;
    }
    TimedWait wait(inFlight_, last ? Time::min() : until, [this] { wakeUp(); });
    use(&wait);
    IoResult moved = end->read(data, std::min(size, kMostAtOnce), *wake_, wait);
    use(nullptr);
    if (last && moved.status == IoStatus::Late) moved.status = IoStatus::Ended;
    release(input, moved.status == IoStatus::Ended);
    if (moved.status != IoStatus::Woken) return moved;
  }
}

bool Streams::write(Stream stream, const char* data, std::size_t size) {
  Channel& output = channel(stream);
  while (size != 0) {
    PipeEnd* end = nullptr;
    {
      std::lock_guard lock(mutex_);
      if (!output.opened) return !stopped_ && !output.closing;
      end = output.closing ? nullptr : acquire(output);
      if (end == nullptr) return false;
    }
    TimedWait wait(inFlight_, Time::max(), nullptr);
    use(&wait);
    const IoResult moved = end->write(data, std::min(size, kMostAtOnce), *wake_, wait);
    use(nullptr);
    release(output, moved.status == IoStatus::Ended);
    if (moved.status == IoStatus::Ended) return false;
    data += moved.count;
    size -= moved.count;
  }
  return true;
}

bool Streams::sleep(Time until) {
  TimedWait wait(inFlight_, until, [this] { wakeUp(); });
  bool stopped = false;
  {
    std::unique_lock lock(mutex_);
    if (stopped_ || wait.late()) return !stopped_;
    wait_ = &wait;
    wait.begin();
    changed_.wait(lock, [&] { return stopped_ || wait.due(); });
    stopped = stopped_;
    wait_ = nullptr;
  }
  wait.end();
  return !stopped;
}

void Streams::block(const std::function<void()>& body) {
  if (stopped()) return;
  TimedWait wait(inFlight_, Time::max(), nullptr);
  use(&wait);
  wait.begin();
  body();
  use(nullptr);
  wait.end();
}

void Streams::whenStopped(std::function<void()> action) {
  std::function<void()> now;
  {
    std::lock_guard lock(mutex_);
    if (stopped_) now = action;
    whenStopped_ = std::move(action);
  }
  if (now) now();
}

void discardStreams(ProcessInformation* information) {
  for (void** client : {&information->stdInput, &information->stdOutput, &information->stdError})
    if (void* end = std::exchange(*client, nullptr); end != nullptr && end != kInvalidStream)
      closeClientEnd(end);
}

}  // namespace hc::simulator
