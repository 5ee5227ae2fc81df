// The shell of Linux guests, and the small programs that it has built in.
#include <cctype>
#include <cstdlib>

#include "shell.h"

namespace hc::simulator {
namespace {

using Words = std::vector<std::string>;

bool nameCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Takes a step apart. Without a shell nothing is expanded.
class WordReader {
 public:
  WordReader(std::string_view line, const Shell* shell) : line_(line), shell_(shell) {}

  Words read() {
    while (at_ < line_.size()) {
      const char c = line_[at_];
      if (quote_ != '\'' && c == '$' && shell_ != nullptr) {
        expand();
      } else if (quote_ != '\0' && c == quote_) {
        quote_ = '\0';
        ++at_;
      } else if (quote_ == '\0' && (c == '\'' || c == '"')) {
        quote_ = c;
        present_ = true;
        ++at_;
      } else if (quote_ == '\0' && (c == ' ' || c == '\t' || c == '\r')) {
        end();
        ++at_;
      } else {
        if (c == '\\' && escapes()) ++at_;
        word_.push_back(line_[at_++]);
      }
    }
    end();
    return std::move(words_);
  }

 private:
  bool escapes() const {
    if (quote_ == '\'' || at_ + 1 == line_.size()) return false;
    return quote_ == '\0' ||
           std::string_view("$\"\\`").find(line_[at_ + 1]) != std::string_view::npos;
  }

  void end() {
    if (present_ || !word_.empty()) words_.push_back(std::move(word_));
    word_.clear();
    present_ = false;
  }

  void expand() {
    const std::size_t dollar = at_++;
    const bool braces = at_ < line_.size() && line_[at_] == '{';
    if (braces) ++at_;
    std::size_t end = at_;
    if (end < line_.size() && line_[end] == '?') {
      ++end;
    } else {
      while (end < line_.size() && nameCharacter(line_[end])) ++end;
    }
    const std::string name(line_.substr(at_, end - at_));
    if (name.empty()) {
      word_.push_back('$');
      at_ = dollar + 1;
      return;
    }
    at_ = end;
    if (braces && at_ < line_.size() && line_[at_] == '}') ++at_;
    const Environment& environment = shell_->guest.environment;
    if (name == "?") {
      word_ += std::to_string(shell_->last);
    } else if (const auto found = environment.find(name); found != environment.end()) {
      word_ += found->second;
    }
  }

  const std::string_view line_;
  const Shell* const shell_;
  Words words_;
  std::string word_;
  bool present_ = false;  // even if it is empty
  std::size_t at_ = 0;
  char quote_ = '\0';
};

std::uint32_t print(Shell& shell, const Step& step, const std::string& text) {
  return shell.print(step, text) ? 0 : 1;
}

std::uint32_t echo(Shell& shell, const Step& step, const Words& words) {
  const bool noEnd = words.size() > 1 && words[1] == "-n";
  return print(shell, step, joinWords(words, noEnd ? 2 : 1) + (noEnd ? "" : "\n"));
}

std::uint32_t env(Shell& shell, const Step& step, const Words&) {
  std::string list;
  for (const auto& [name, value] : shell.guest.environment) list += name + '=' + value + '\n';
  return print(shell, step, list);
}

bool assign(Shell& shell, const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0) return false;
  for (std::size_t i = 0; i < equals; ++i)
    if (!nameCharacter(word[i])) return false;
  shell.guest.environment[word.substr(0, equals)] = word.substr(equals + 1);
  return true;
}

std::uint32_t exportVariables(Shell& shell, const Step&, const Words& words) {
  for (std::size_t i = 1; i < words.size(); ++i) assign(shell, words[i]);
  return 0;
}

std::uint32_t cat(Shell& shell, const Step& step, const Words& words) {
  if (words.size() == 1) {
    Command command;
    command.output = step.output;
    return runCopyInput(shell.guest, command);
  }
  std::uint32_t code = 0;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (const auto file = shell.guest.files().read(words[i])) {
      code |= print(shell, step, *file);
    } else {
      code =
          shell.printError(step, "cat: can't open '" + words[i] + "': No such file or directory\n");
    }
  }
  return code;
}

std::uint32_t uname(Shell& shell, const Step& step, const Words& words) {
  const std::string option = words.size() > 1 ? words[1] : "-s";
  const std::string& host = shell.guest.launch.hostName;
  if (option == "-a")
    return print(shell, step, "Linux " + host + " 5.15.0-simulated #1 SMP x86_64 Linux\n");
  if (option == "-n") return print(shell, step, host + '\n');
  return print(shell, step,
               option == "-r"   ? "5.15.0-simulated\n"
               : option == "-m" ? "x86_64\n"
                                : "Linux\n");
}

std::uint32_t sleep(Shell& shell, const Step& step, const Words& words) {
  const auto time = waitOfLinuxSleep(words);
  if (!time) {
    return shell.printError(step,
                            "sleep: invalid number '" + (words.size() > 1 ? words[1] : "") + "'\n");
  }
  shell.guest.sleep(*time);
  return 0;
}

std::uint32_t pwd(Shell& shell, const Step& step, const Words&) {
  return print(shell, step, shell.guest.directory + '\n');
}

std::uint32_t changeDirectory(Shell& shell, const Step&, const Words& words) {
  std::string& directory = shell.guest.directory;
  const std::string to = words.size() > 1 ? words[1] : "/root";
  if (to[0] == '/') {
    directory = to;
  } else if (to == "..") {
    const std::size_t slash = directory.find_last_of('/');
    directory.resize(slash == 0 || slash == std::string::npos ? 1 : slash);
  } else {
    directory += (directory.back() == '/' ? "" : "/") + to;
  }
  return 0;
}

std::uint32_t id(Shell& shell, const Step& step, const Words& words) {
  const std::string& user = shell.guest.launch.user;
  const bool root = user == "root" || user == "0" || user == "0:0";
  const std::string number = root ? "0" : "1000";
  if (words.size() > 1 && words[1] == "-u") return print(shell, step, number + '\n');
  const std::string both = number + '(' + (root ? "root" : user) + ')';
  return print(shell, step, "uid=" + both + " gid=" + both + " groups=" + both + '\n');
}

std::uint32_t exitSh(Shell& shell, const Step&, const Words& words) {
  const auto code = words.size() > 1 ? numberOf(words[1]) : std::nullopt;
  shell.ended = code ? static_cast<std::uint32_t>(*code & 0xFF) : shell.last;
  return *shell.ended;
}

struct Builtin {
  std::string_view name;
  std::uint32_t (*run)(Shell& shell, const Step& step, const Words& words);
};

constexpr Builtin kBuiltins[] = {
    {"echo", echo},   {"env", env},     {"export", exportVariables}, {"cat", cat},
    {"uname", uname}, {"sleep", sleep}, {"cd", changeDirectory},     {"pwd", pwd},
    {"id", id},       {"exit", exitSh}};

std::string fileName(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

std::uint32_t runWords(Shell& shell, const Step& step, const Words& words) {
  const std::string name = fileName(words[0]);
  for (const Builtin& builtin : kBuiltins)
    if (builtin.name == name) return builtin.run(shell, step, words);
  if (const auto code = shell.runProgram(step, words)) return *code;
  return shell.printError(step, "sh: " + words[0] + ": not found\n", 127);
}

// Assignments before a command are for that command alone.
std::uint32_t runShStep(Shell& shell, const Step& step) {
  Words words = WordReader(trim(step.text), &shell).read();
  const Environment before = shell.guest.environment;
  std::size_t assigned = 0;
  while (assigned < words.size() && assign(shell, words[assigned])) ++assigned;
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(assigned));
  if (words.empty()) return 0;
  const std::uint32_t code = runWords(shell, step, words);
  if (assigned != 0) shell.guest.environment = before;
  return code;
}

}  // namespace

std::optional<double> waitOfLinuxSleep(const Words& arguments) {
  if (fileName(arguments[0]) != "sleep") return std::nullopt;  // it is this that runSh() goes by
  const std::string text = arguments.size() > 1 ? arguments[1] : "";
  if (text == "infinity") return kForEver;
  const auto seconds = secondsOf(text);
  return seconds ? std::optional<double>(*seconds * 1000) : std::nullopt;
}

std::vector<std::string> splitWords(std::string_view line) {
  return WordReader(line, nullptr).read();
}

// Also the programs of kBuiltins, when they are started by themselves.
std::uint32_t runSh(Guest& guest, const Command& command) {
  Shell shell(guest, command, ShellKind::Posix, runShStep);
  const Words& words = command.arguments;
  const std::string name = fileName(words[0]);
  for (const Builtin& builtin : kBuiltins) {
    if (builtin.name != name) continue;
    Step step;
    step.output = command.output;
    step.error = command.error;
    return builtin.run(shell, step, words);
  }
  for (std::size_t i = 1; i < words.size() && words[i][0] == '-'; ++i) {
    if (words[i].find('c') == std::string::npos) continue;
    if (i + 1 == words.size()) {
      guest.write(command.error, "sh: -c requires an argument\n");
      return 2;
    }
    shell.runLine(words[i + 1]);
    return shell.result();
  }
  return shell.interact([&] { return guest.directory + " # "; },
                        [&](const std::string& line) { shell.runLine(line); });
}

}  // namespace hc::simulator
