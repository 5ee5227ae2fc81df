#include "guest.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "../base/status-codes.h"

namespace hc::simulator {

Guest::Guest(Launch start, std::shared_ptr<Streams> streams)
    : launch(std::move(start)),
      environment(launch.environment),
      directory(launch.directory),
      streams_(std::move(streams)) {}

GuestFiles& Guest::files() {
  if (!std::exchange(filesReady_, true)) {
    launch.files->makeFolder(directory);
    if (const auto folder = environment.find("TEMP"); folder != environment.end())
      launch.files->makeFolder(folder->second);
  }
  return *launch.files;
}

Route Guest::routeOf(Target target) const {
  return target == Target::Output  ? routes.output
         : target == Target::Error ? routes.error
                                   : Route{Target::Nothing};
}

std::size_t Guest::read(char* data, std::size_t size) {
  if (routes.input != nullptr) {
    const std::size_t count = routes.input->copy(data, size);
    routes.input->remove_prefix(count);
    return count;
  }
  if (launch.console) return readConsole(data, size);
  if (place_ != input_.size()) {
    const std::size_t count = std::min(size, input_.size() - place_);
    std::memcpy(data, &input_[place_], count);
    place_ += count;
    return count;
  }
  if (ended_ || over()) return 0;
  const IoResult moved = streams_->read(data, size, Time::max());
  if (moved.status == IoStatus::Ended) ended_ = true;
  return moved.count;
}

bool Guest::readLine(std::string* line) {
  line->clear();
  if (routes.input != nullptr) {
    if (routes.input->empty()) return false;
    const std::size_t end = std::min(routes.input->find('\n'), routes.input->size());
    *line = routes.input->substr(0, end);
    routes.input->remove_prefix(std::min(end + 1, routes.input->size()));
    if (!line->empty() && line->back() == '\r') line->pop_back();
    return true;
  }
  for (;;) {
    if (takeLine(line)) return true;
    if (over() || std::exchange(endTyped_, false)) return false;
    if (ended_) return !line->empty();
    if (fill(Time::max()) == IoStatus::Woken || over()) return false;
  }
}

// A console has one stream for both. Ctrl-C is noticed here too, so that it stops a program that
// only writes.
bool Guest::write(Target target, std::string_view text) {
  if (watching()) fill(Clock::now());
  if (over()) return false;
  const Route route = routeOf(target);
  if (route.sink != nullptr) return route.sink->write(text);
  if (route.target == Target::Nothing) return true;
  const bool output = route.target == Target::Output || launch.console;
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
    const IoStatus how = fill(until);
    if (how == IoStatus::Late) return true;
    if (how == IoStatus::Woken) return false;
  }
  return false;
}

bool Guest::sleep(double milliseconds) { return sleepUntil(timeAfter(milliseconds)); }

void Guest::block(const std::function<void()>& wait) { streams_->block(wait); }

std::uint32_t Guest::exitCode(std::uint32_t code) const {
  if (interrupted_) return launch.linuxGuest ? kInterruptedLinux : kControlExitCode;
  if (broken_) return launch.linuxGuest ? kBrokenPipeLinux : 1;
  return code;
}

}  // namespace hc::simulator
