// What a program of a simulated container sees and uses, on its own thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "guest-files.h"
#include "launch.h"
#include "streams.h"

namespace hc::simulator {

// Where a shell lets a stream of a command lead.
enum class Target : std::uint8_t { Output, Error, Nothing };

// Takes what a command writes where a shell has led it elsewhere.
class Sink {
 public:
  virtual ~Sink() = default;
  // False: it takes no more.
  virtual bool write(std::string_view text) = 0;
};

// To the sink, or else to a stream of the process.
struct Route {
  Target target = Target::Output;
  Sink* sink = nullptr;
};

// Where the streams of the command that runs lead. Whoever sets them sets them back.
struct Routes {
  Route output{Target::Output};
  Route error{Target::Error};
  std::string_view* input = nullptr;  // what is left of it; null: the input of the process
};

class Guest {
 public:
  Guest(Launch launch, std::shared_ptr<Streams> streams);

  const Launch launch;
  Environment environment;  // both change by commands of a shell
  std::string directory;
  Routes routes;

  // The folder that the program was started in is among them, and that for temporary files.
  GuestFiles& files();
  Route routeOf(Target target) const;

  std::string_view lineEnd() const { return launch.linuxGuest ? "\n" : "\r\n"; }
  ConsoleSize consoleSize() const { return streams_->size(); }

  // Nothing more can be done: the process has ended, its output is gone, or someone typed Ctrl-C.
  bool over() const { return interrupted_ || broken_ || streams_->stopped(); }
  bool interrupted() const { return interrupted_; }
  void resume() { interrupted_ = false; }  // a shell goes on when its command was interrupted

  // 0: the end of the input, or over.
  std::size_t read(char* data, std::size_t size);
  // Without its line end. False: the end of the input, or over.
  bool readLine(std::string* line);
  // False: over.
  bool write(Target target, std::string_view text);
  bool sleep(double milliseconds);
  // Waits in what the program gives, which must return when the process ends: see StopAction.
  void block(const std::function<void()>& wait);

  // What the process leaves when the program has returned that code.
  std::uint32_t exitCode(std::uint32_t code) const;

 private:
  IoStatus fill(Time until);
  bool watching() const;
  bool sleepUntil(Time until);
  std::size_t readConsole(char* data, std::size_t size);
  bool takeLine(std::string* line);
  bool edit(char typed, std::string* line, std::string* echo);

  friend class Nesting;
  friend class StopAction;

  const std::shared_ptr<Streams> streams_;
  bool filesReady_ = false;
  int depth_ = 0;
  std::string input_;  // read and not yet used
  std::size_t place_ = 0;
  std::string cooked_;  // the rest of a line that a program reads from the console
  bool ended_ = false;
  bool endTyped_ = false;
  bool afterReturn_ = false;  // a line feed that comes now belongs to the line before
  bool interrupted_ = false;
  bool broken_ = false;
};

// What is done, while this is there, when the process ends: at once, on the thread that ends it and
// under its locks. A process has one.
class StopAction {
 public:
  StopAction(Guest& guest, std::function<void()> action) : guest_(guest) {
    guest_.streams_->whenStopped(std::move(action));
  }
  ~StopAction() { guest_.streams_->whenStopped(nullptr); }
  StopAction(const StopAction&) = delete;
  StopAction& operator=(const StopAction&) = delete;

 private:
  Guest& guest_;
};

// While a program runs on the thread of the one that has started it. Too deep: it must not.
class Nesting {
 public:
  explicit Nesting(Guest& guest) : guest_(guest) { ++guest_.depth_; }
  ~Nesting() { --guest_.depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;
  bool tooDeep() const { return guest_.depth_ > kMost; }

 private:
  static constexpr int kMost = 16;
  Guest& guest_;
};

}  // namespace hc::simulator
