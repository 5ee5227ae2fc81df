// powershell.exe of Windows guests: commands, and the few expressions that tests use.
#include "shell.h"

#include <cctype>

#include "command-line.h"

namespace hc::simulator {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view kVariable = "$env:";

bool startsWith(std::string_view text, std::string_view start) {
  return lowerCase(text.substr(0, start.size())) == start;
}

// $env:NAME and $LASTEXITCODE; any other variable is empty. Moves *at past it.
std::string variable(const Shell& shell, std::string_view text, std::size_t* at) {
  const auto nameEnd = [&](std::size_t end) {
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_'))
      ++end;
    return end;
  };
  const std::string_view rest = text.substr(*at);
  if (startsWith(rest, kVariable)) {
    const std::size_t begin = *at + kVariable.size();
    *at = nameEnd(begin);
    const auto found = shell.guest.environment.find(std::string(text.substr(begin, *at - begin)));
    return found != shell.guest.environment.end() ? found->second : std::string();
  }
  const std::size_t begin = *at + 1;
  *at = nameEnd(begin);
  if (*at == begin) return "$";
  return lowerCase(text.substr(begin, *at - begin)) == "lastexitcode" ? std::to_string(shell.last)
                                                                      : std::string();
}

Words wordsOf(const Shell& shell, std::string_view text) {
  Words words;
  std::string word;
  bool present = false;
  char quote = '\0';
  const auto end = [&] {
    if (present || !word.empty()) words.push_back(std::move(word));
    word.clear();
    present = false;
  };
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const bool more = at + 1 < text.size();
    if (c == '$' && quote != '\'') {
      word += variable(shell, text, &at);
      continue;
    }
    ++at;
    if (quote != '\0' && c == quote) {
      if (more && text[at] == quote) {
        word.push_back(text[at++]);
      } else {
        quote = '\0';
      }
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
      present = true;
    } else if (c == '`' && quote != '\'' && more) {
      const char escaped = text[at++];
      word.push_back(escaped == 'n'   ? '\n'
                     : escaped == 'r' ? '\r'
                     : escaped == 't' ? '\t'
                                      : escaped);
    } else if (quote == '\0' && (c == ' ' || c == '\t')) {
      end();
    } else {
      word.push_back(c);
    }
  }
  end();
  return words;
}

std::uint32_t writeLines(Shell& shell, const Step& step, const Words& words, std::size_t first) {
  for (std::size_t i = first; i < words.size(); ++i)
    if (!shell.print(step, words[i] + "\r\n")) return 1;
  return 0;
}

std::uint32_t writeOutput(Shell& shell, const Step& step, const Words& words) {
  return writeLines(shell, step, words, 1);
}

std::uint32_t writeHost(Shell& shell, const Step& step, const Words& words) {
  return shell.print(step, joinWords(words, 1) + "\r\n") ? 0 : 1;
}

std::uint32_t writeError(Shell& shell, const Step& step, const Words& words) {
  return shell.printError(step, "Write-Error : " + joinWords(words, 1) + "\r\n");
}

std::uint32_t startSleep(Shell& shell, const Step& step, const Words& words) {
  double scale = 1000;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string word = lowerCase(words[i]);
    if (word == "-milliseconds" || word == "-m") scale = 1;
    if (word[0] == '-') continue;
    if (const auto time = secondsOf(word)) {
      shell.guest.sleep(*time * scale);
      return 0;
    }
  }
  return shell.printError(step, "Start-Sleep : Cannot bind parameter 'Seconds'.\r\n");
}

std::uint32_t getContent(Shell& shell, const Step& step, const Words& words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i][0] == '-') continue;
    const auto file = shell.guest.files().read(absolutePath(shell.guest.directory, words[i]));
    if (file) return shell.print(step, *file) ? 0 : 1;
    return shell.printError(
        step, "Get-Content : Cannot find path '" + words[i] + "' because it does not exist.\r\n");
  }
  return shell.printError(step, "Get-Content : Cannot bind parameter 'Path'.\r\n");
}

std::uint32_t exitPowerShell(Shell& shell, const Step&, const Words& words) {
  const std::string text = words.size() > 1 ? words[1] : "0";
  const bool negative = text[0] == '-';
  const auto code = static_cast<std::uint32_t>(
      numberOf(std::string_view(text).substr(negative ? 1 : 0)).value_or(0));
  shell.ended = negative ? 0 - code : code;
  return *shell.ended;
}

struct Cmdlet {
  std::string_view name;
  std::uint32_t (*run)(Shell& shell, const Step& step, const Words& words);
};

constexpr Cmdlet kCmdlets[] = {
    {"write-output", writeOutput}, {"echo", writeOutput},       {"write", writeOutput},
    {"write-host", writeHost},     {"write-error", writeError}, {"start-sleep", startSleep},
    {"sleep", startSleep},         {"get-content", getContent}, {"gc", getContent},
    {"type", getContent},          {"cat", getContent},         {"exit", exitPowerShell}};

// [Console]::Error.WriteLine('x') and its kin.
std::uint32_t writeConsole(Shell& shell, const Step& step, std::string_view text) {
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');
  const std::string method = lowerCase(text.substr(0, open));
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return shell.printError(step, "Missing ')' in method call.\r\n");
  std::string line = joinWords(wordsOf(shell, text.substr(open + 1, close - open - 1)), 0);
  if (method.find("writeline") != std::string::npos) line += "\r\n";
  if (method.find("::error.") != std::string::npos)
    return shell.guest.write(step.error, line) ? 0 : 1;
  return shell.print(step, line) ? 0 : 1;
}

bool assign(Shell& shell, std::string_view text) {
  const std::size_t equals = text.find('=');
  if (!startsWith(text, kVariable) || equals == std::string_view::npos) return false;
  const std::string name(trim(text.substr(kVariable.size(), equals - kVariable.size())));
  shell.guest.environment[name] = joinWords(wordsOf(shell, trim(text.substr(equals + 1))), 0);
  return true;
}

std::uint32_t runPowerShellStep(Shell& shell, const Step& step) {
  std::string_view text = trim(step.text);
  if (startsWith(text, "[console]::") || startsWith(text, "[system.console]::"))
    return writeConsole(shell, step, text);
  if (assign(shell, text)) return 0;
  const bool called = text[0] == '&';
  if (called) text = trim(text.substr(1));
  const Words words = wordsOf(shell, text);
  if (words.empty()) return 0;
  if (!called && (text[0] == '\'' || text[0] == '"' || text[0] == '$'))
    return writeLines(shell, step, words, 0);
  const std::string name = lowerCase(words[0]);
  for (const Cmdlet& cmdlet : kCmdlets)
    if (cmdlet.name == name) return cmdlet.run(shell, step, words);
  // Programs get a command line of Windows: PowerShell's quotes mean nothing to them.
  Step plain = step;
  plain.text = joinCommandLine(words);
  if (const auto code = shell.runProgram(plain, words)) return *code;
  return shell.printError(
      step, words[0] + " : The term '" + words[0] +
                "' is not recognized as the name of a cmdlet, function, script file, or operable "
                "program.\r\nCheck the spelling of the name, or if a path was included, verify "
                "that the path is correct and try again.\r\n");
}

// What is to be run; null: nothing, so lines are read.
std::optional<std::string> scriptOf(const Words& words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string word = lowerCase(words[i]);
    if (word == "-command" || word == "-c") return joinWords(words, i + 1);
    if (word == "-executionpolicy" || word == "-ex" || word == "-version") {
      ++i;
    } else if (word[0] != '-' && word[0] != '/') {
      return joinWords(words, i);
    }
  }
  return std::nullopt;
}

}  // namespace

std::uint32_t runPowerShell(Guest& guest, const Command& command) {
  Shell shell(guest, command, ShellKind::PowerShell, runPowerShellStep);
  const auto script = scriptOf(command.arguments);
  if (script) {
    shell.runLine(*script);
    // Only `exit` hands down a code as it is.
    return shell.ended ? *shell.ended : shell.last == 0 ? 0 : 1;
  }
  if (guest.launch.console) {
    guest.write(command.output,
                "Windows PowerShell\r\nCopyright (C) Microsoft Corporation. All rights "
                "reserved.\r\n\r\n");
  }
  return shell.interact([&] { return "PS " + guest.directory + "> "; },
                        [&](const std::string& line) { shell.runLine(line); });
}

}  // namespace hc::simulator
