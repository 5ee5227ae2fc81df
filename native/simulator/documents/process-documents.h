// Documents about processes: what to start, which signal, what to change. Nothing here takes a
// lock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../base/outcome.h"

namespace hc::simulator {

enum class Stream : std::uint8_t { Input, Output, Error };

struct ConsoleSize {
  std::uint16_t height = 25;
  std::uint16_t width = 80;
};

struct ProcessDocument {
  std::u16string application, commandLine;
  std::vector<std::u16string> arguments;
  std::u16string user, directory;
  std::vector<std::pair<std::u16string, std::u16string>> environment;
  bool console = false;
  bool input = false, output = false, error = false;  // which streams are to have a pipe
  ConsoleSize consoleSize;
};
Outcome readProcessDocument(const char16_t* text, ProcessDocument* document);
struct Signal {
  bool harmless = false;  // signal 0 of Linux asks only whether the process is there
  std::uint32_t exitCode = 0;
};
Outcome readSignal(const char16_t* text, bool linuxGuest, Signal* signal);

struct ProcessModification {
  std::vector<Stream> closed;
  std::optional<ConsoleSize> consoleSize;  // a zero leaves what is
};
Outcome readProcessModification(const char16_t* text, ProcessModification* modification);

}  // namespace hc::simulator
