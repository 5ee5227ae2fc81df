// What the shells of Linux and PowerShell have in common: a line is steps, each with its own
// redirections.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "programs.h"

namespace hc::simulator {

enum class ShellKind : std::uint8_t { PowerShell, Posix };

// When a step runs: always, or depending on the step before.
enum class Joiner : std::uint8_t { Always, IfGood, IfBad };

struct Step {
  std::string text;  // quotes and escapes are still in it
  Joiner joiner = Joiner::Always;
  Target output = Target::Output;
  Target error = Target::Error;
  std::string unsupported;  // what the simulator's shells do not know: a pipe, a file
};

class Shell {
 public:
  // Runs one step and gives its code.
  using Runner = std::uint32_t (*)(Shell& shell, const Step& step);

  Shell(Guest& owner, const Command& started, ShellKind which, Runner runner)
      : guest(owner), command(started), kind(which), run_(runner) {}

  Guest& guest;
  const Command& command;
  const ShellKind kind;
  std::uint32_t last = 0;              // the code of the last step
  std::optional<std::uint32_t> ended;  // by `exit`

  void runLine(std::string_view line);
  // Reads lines until `exit` or the end of the input. The prompt is for consoles.
  std::uint32_t interact(const std::function<std::string()>& prompt,
                         const std::function<void(const std::string& line)>& run);
  std::uint32_t result() const { return ended.value_or(last); }

  bool print(const Step& step, std::string_view text) { return guest.write(step.output, text); }
  std::uint32_t printError(const Step& step, std::string_view text, std::uint32_t code = 1) {
    guest.write(step.error, text);
    return code;
  }
  // A program of the guest; null when there is none of that name.
  std::optional<std::uint32_t> runProgram(const Step& step, std::vector<std::string> arguments);

 private:
  const Runner run_;
};

constexpr std::string_view kTooDeep =
    "Not enough memory resources are available to process this command.";

std::string_view trim(std::string_view text);

}  // namespace hc::simulator
