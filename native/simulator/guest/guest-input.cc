// The input of a program: by blocks, by lines, and from a console with its echo, its editing keys
// and Ctrl-C. On the thread of the program.
#include <algorithm>
#include <cstring>
#include <utility>

#include "guest.h"

namespace hc::simulator {
namespace {

constexpr std::size_t kInputBlock = 64 * 1024;
constexpr std::size_t kTypedAhead = 1024 * 1024;
constexpr char kInterrupt = 0x03;  // Ctrl-C

}  // namespace

// Brings what the client has written. A console without an input pipe is one at which nobody types.
IoStatus Guest::fill(Time until) {
  if (place_ == input_.size()) {
    input_.clear();
    place_ = 0;
  }
  if (launch.console && !streams_->has(Stream::Input))
    return streams_->sleep(until) ? IoStatus::Late : IoStatus::Woken;
  const std::size_t before = input_.size();
  input_.resize(before + kInputBlock);
  const IoResult moved = streams_->read(&input_[before], kInputBlock, until);
  input_.resize(before + moved.count);
  if (moved.status == IoStatus::Ended) ended_ = true;
  if (!launch.console) return moved.status;
  const std::size_t typed = input_.rfind(kInterrupt);
  if (typed == std::string::npos) return moved.status;
  // What was typed before it is forgotten, as a console does.
  interrupted_ = true;
  input_.erase(0, typed + 1);
  place_ = 0;
  constexpr std::string_view echo = "^C\r\n";
  streams_->write(Stream::Output, echo.data(), echo.size());
  return moved.status;
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

// Whether Ctrl-C may still be typed. What else is typed meanwhile waits, but not without end.
bool Guest::watching() const {
  return launch.console && !ended_ && input_.size() - place_ < kTypedAhead;
}

}  // namespace hc::simulator
