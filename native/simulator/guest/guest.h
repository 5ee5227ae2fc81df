// What a program of a simulated container sees and uses, on its own thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "launch.h"
#include "streams.h"

namespace hc::simulator {

// Where a shell lets a stream of a command lead.
enum class Target : std::uint8_t { Output, Error, Nothing };

class Guest {
 public:
  Guest(Launch launch, std::shared_ptr<Streams> streams);

  const Launch launch;
  Environment environment;  // both change by commands of a shell
  std::string directory;

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
  void sleepForEver();

  // What the process leaves when the program has returned that code.
  std::uint32_t exitCode(std::uint32_t code) const;

 private:
  IoStatus fill(Time until);
  bool watching() const;
  bool sleepUntil(Time until);
  std::size_t readConsole(char* data, std::size_t size);
  bool takeLine(std::string* line);
  bool edit(char typed, std::string* line, std::string* echo);

  const std::shared_ptr<Streams> streams_;
  std::string input_;  // read and not yet used
  std::size_t place_ = 0;
  std::string cooked_;  // the rest of a line that a program reads from the console
  bool ended_ = false;
  bool endTyped_ = false;
  bool afterReturn_ = false;  // a line feed that comes now belongs to the line before
  bool interrupted_ = false;
  bool broken_ = false;
};

}  // namespace hc::simulator
