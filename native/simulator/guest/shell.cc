#include "shell.h"

#include <algorithm>
#include <utility>

#include "../base/status-codes.h"

namespace hc::simulator {
namespace {

bool isSpace(char c) { return c == ' ' || c == '\t'; }

class Splitter {
 public:
  Splitter(std::string_view line, ShellKind kind, const Command& command)
      : line_(line), kind_(kind), command_(command) {
    begin(Joiner::Always);
  }

  std::vector<Step> split() {
    while (at_ < line_.size()) {
      const char c = line_[at_];
      if (quote_ != '\0') {
        quoted(c);
      } else if (c == escape()) {
        escaped();
      } else if (c == '"' || c == '\'') {
        quote_ = c;
        keep();
      } else if (c == '>') {
        redirect();
      } else if (!separate(c)) {
        keep();
      }
    }
    return std::move(steps_);
  }

 private:
  char escape() const { return kind_ == ShellKind::Posix ? '\\' : '`'; }
  void keep() { steps_.back().text.push_back(line_[at_++]); }
  bool follows(char c) const { return at_ + 1 < line_.size() && line_[at_ + 1] == c; }

  void begin(Joiner joiner) {
    Step step;
    step.joiner = joiner;
    step.output = command_.output;
    step.error = command_.error;
    steps_.push_back(std::move(step));
  }

  void quoted(char c) {
    if (c == quote_) quote_ = '\0';
    if (c == escape() && quote_ == '"' && at_ + 1 < line_.size()) keep();
    keep();
  }

  void escaped() {
    keep();
    if (at_ < line_.size()) keep();
  }

  // Whether a step ends here.
  bool separate(char c) {
    const bool powerShell = kind_ == ShellKind::PowerShell;
    if (c == '\n' || c == ';') {
      ++at_;
      begin(Joiner::Always);
    } else if (c == '&' && !powerShell) {
      const bool both = follows('&');
      at_ += both ? 2 : 1;
      begin(both ? Joiner::IfGood : Joiner::Always);
    } else if (c == '|' && !powerShell && follows('|')) {
      at_ += 2;
      begin(Joiner::IfBad);
    } else if (c == '|') {
      steps_.back().unsupported = "a pipe";
      ++at_;
    } else {
      return false;
    }
    return true;
  }

  // A digit before it is the stream, if it stands alone.
  void redirect() {
    Step& step = steps_.back();
    std::string& text = step.text;
    bool error = false;
    const std::size_t size = text.size();
    if (size != 0 && (text[size - 1] == '1' || text[size - 1] == '2') &&
        (size == 1 || isSpace(text[size - 2]))) {
      error = text[size - 1] == '2';
      text.pop_back();
    }
    ++at_;
    if (at_ < line_.size() && line_[at_] == '>') ++at_;
    Target& target = error ? step.error : step.output;
    if (at_ + 1 < line_.size() && line_[at_] == '&') {
      target = line_[at_ + 1] == '2' ? step.error : step.output;
      at_ += 2;
      return;
    }
    while (at_ < line_.size() && isSpace(line_[at_])) ++at_;
    std::string file;
    while (at_ < line_.size() && !isSpace(line_[at_]) &&
           std::string_view("&|;>\n").find(line_[at_]) == std::string_view::npos)
      file.push_back(line_[at_++]);
    file = lowerCase(file);
    if (file == "nul" || file == "$null" || file == "/dev/null") {
      target = Target::Nothing;
    } else {
      step.unsupported = "writing to a file";
    }
  }

  const std::string_view line_;
  const ShellKind kind_;
  const Command& command_;
  std::vector<Step> steps_;
  std::size_t at_ = 0;
  char quote_ = '\0';
};

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && (isSpace(text.front()) || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (isSpace(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

void Shell::runLine(std::string_view line) {
  for (const Step& step : Splitter(line, kind, command).split()) {
    if (ended || guest.over()) return;
    if ((step.joiner == Joiner::IfGood && last != 0) || (step.joiner == Joiner::IfBad && last == 0))
      continue;
    if (!step.unsupported.empty()) {
      last = printError(step, "The shells of the simulator do not know " + step.unsupported + '.' +
                                  std::string(guest.lineEnd()));
    } else if (!trim(step.text).empty()) {
      last = run_(*this, step);
    }
  }
}

std::uint32_t Shell::interact(const std::function<std::string()>& prompt,
                              const std::function<void(const std::string& line)>& run) {
  std::string line;
  while (!ended) {
    if (guest.launch.console) guest.write(command.output, prompt());
    const bool read = guest.readLine(&line);
    // Ctrl-C ends the command or the line that is typed, not the shell.
    if (guest.interrupted()) {
      guest.resume();
      continue;
    }
    if (!read) break;
    run(line);
    if (!guest.interrupted()) continue;
    guest.resume();
    last = guest.launch.linuxGuest ? kInterruptedLinux : kControlExitCode;
  }
  return result();
}

std::optional<std::uint32_t> Shell::runProgram(const Step& step,
                                               std::vector<std::string> arguments) {
  const ProgramEntry* program = findProgram(arguments[0], guest.launch.linuxGuest);
  if (program == nullptr) return std::nullopt;
  const Nesting nesting(guest);
  if (nesting.tooDeep()) return printError(step, std::string(kTooDeep).append(guest.lineEnd()));
  Command started;
  started.arguments = std::move(arguments);
  started.line = std::string(trim(step.text));
  started.output = step.output;
  started.error = step.error;
  return program->run(guest, started);
}

}  // namespace hc::simulator
