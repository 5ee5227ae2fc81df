#include "guest.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "../base/exit-codes.h"

namespace hc::simulator {
namespace {

constexpr std::size_t kBlock = 64 * 1024;
constexpr std::size_t kTypedAhead = 1024 * 1024;
constexpr char kInterrupt = 0x03;  // Ctrl-C

}  // namespace

Guest::Guest(Launch start, std::shared_ptr<Streams> streams)
    : launch(std::move(start)),
      environment(launch.environment),
      directory(launch.directory),
      streams_(std::move(streams)) {}

// Brings what the client has written. A console without an input pipe is one at which nobody types.
Io Guest::fill(Time until) {
  if (place_ == input_.size()) {
    input_.clear();
    place_ = 0;
  }
  if (launch.console && !streams_->has(Stream::Input))
    return streams_->sleep(until) ? Io::Late : Io::Woken;
  const std::size_t before = input_.size();
  input_.resize(before + kBlock);
  const Moved moved = streams_->read(&input_[before], kBlock, until);
  input_.resize(before + moved.count);
  if (moved.how == Io::Ended) ended_ = true;
  if (!launch.console) return moved.how;
  const std::size_t typed = input_.rfind(kInterrupt);
  if (typed == std::string::npos) return moved.how;
  // What was typed before it is forgotten, as a console does.
  interrupted_ = true;
  input_.erase(0, typed + 1);
  place_ = 0;
  constexpr std::string_view echo = "^C\r\n";
  streams_->write(Stream::Output, echo.data(), echo.size());
  return moved.how;
}

std::size_t Guest::read(char* data, std::size_t size) {
  if (launch.console) return readConsole(data, size);
  if (place_ != input_.size()) {
    const std::size_t count = std::min(size, input_.size() - place_);
    std::memcpy(data, &input_[place_], count);
    place_ += count;
    return count;
  }
  if (ended_ || over()) return 0;
  const Moved moved = streams_->read(data, size, Time::max());
  if (moved.how == Io::Ended) ended_ = true;
  return moved.count;
}

// By lines, as a console is read.
std::size_t Guest::readConsole(char* data, std::size_t size) {
  if (cooked_.empty()) {
    if (!readLine(&cooked_)) return 0;
    cooked_.append(lineEnd());
  }
  const std::size_t count = std::min(size, cooked_.size());
  std::memcpy(data, cooked_.data(), count);
  cooked_.erase(0, count);
  return count;
}

// One key of a console. True: it ends the line.
bool Guest::edit(char typed, std::string* line, std::string* echo) {
  const bool afterReturn = std::exchange(afterReturn_, typed == '\r');
  if (typed == '\n' && afterReturn) return false;
  if (typed == '\r' || typed == '\n') {
    echo->append("\r\n");
    return true;
  }
  if (typed == '\b' || typed == 0x7F) {
    if (line->empty()) return false;
    line->pop_back();
    echo->append("\b \b");
    return false;
  }
  line->push_back(typed);
  echo->push_back(typed);
  return false;
}

// Uses up the input that is there; true when that completes the line.
bool Guest::takeLine(std::string* line) {
  if (!launch.console) {
    const std::size_t end = input_.find('\n', place_);
    line->append(input_, place_, end - place_);
    place_ = end == std::string::npos ? input_.size() : end + 1;
    if (end == std::string::npos) return false;
    if (!line->empty() && line->back() == '\r') line->pop_back();
    return true;
  }
  const char endKey = launch.linuxGuest ? 0x04 : 0x1A;
  std::string echo;
  bool complete = false;
  while (!complete && place_ != input_.size()) {
    const char typed = input_[place_++];
    if (typed == endKey && line->empty()) {
      endTyped_ = true;
      break;
    }
    complete = edit(typed, line, &echo);
  }
  streams_->write(Stream::Output, echo.data(), echo.size());
  return complete;
}

bool Guest::readLine(std::string* line) {
  line->clear();
  for (;;) {
    if (takeLine(line)) return true;
    if (over() || std::exchange(endTyped_, false)) return false;
    if (ended_) return !line->empty();
    if (fill(Time::max()) == Io::Woken || over()) return false;
  }
}

// Whether Ctrl-C may still be typed. What else is typed meanwhile waits, but not without end.
bool Guest::watching() const {
  return launch.console && !ended_ && input_.size() - place_ < kTypedAhead;
}

// A console has one stream for both. Ctrl-C is noticed here too, so that it stops a program that
// only writes.
bool Guest::write(Target target, std::string_view text) {
  if (watching()) fill(Clock::now());
  if (over()) return false;
  if (target == Target::Nothing) return true;
  const bool output = target == Target::Output || launch.console;
  std::string translated;
  if (launch.console && launch.linuxGuest) {
    for (const char c : text) {
      if (c == '\n') translated.push_back('\r');
      translated.push_back(c);
    }
    text = translated;
  }
  if (streams_->write(output ? Stream::Output : Stream::Error, text.data(), text.size()))
    return true;
  broken_ = true;
  return false;
}

// At a console Ctrl-C may be typed meanwhile.
bool Guest::sleepUntil(Time until) {
  while (!over()) {
    if (!watching()) return streams_->sleep(until);
    const Io how = fill(until);
    if (how == Io::Late) return true;
    if (how == Io::Woken) return false;
  }
  return false;
}

bool Guest::sleep(double time) {
  constexpr double kForEver = 1e12;  // three decades; much more does not fit into a Time
  const Time now = Clock::now();
  const bool ends = time < kForEver && milliseconds(time) < Time::max() - now;
  return sleepUntil(ends ? now + milliseconds(time) : Time::max());
}

void Guest::sleepForEver() { sleepUntil(Time::max()); }

std::uint32_t Guest::exitCode(std::uint32_t code) const {
  if (interrupted_) return launch.linuxGuest ? kInterruptedLinux : kControlExitCode;
  if (broken_) return launch.linuxGuest ? kBrokenPipeLinux : 1;
  return code;
}

}  // namespace hc::simulator
