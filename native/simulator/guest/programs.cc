// Which programs there are, and those that both kinds of guest have.
#include "programs.h"

#include <algorithm>

namespace hc::simulator {
namespace {

std::uint32_t succeed(Guest&, const Command&) { return 0; }
std::uint32_t failPlainly(Guest&, const Command&) { return 1; }

constexpr ProgramEntry kCommon[] = {
    {"sim-flood", "sim-flood.exe", runFlood},
    {"sim-cat", "sim-cat.exe", runCopyInput},
    {"sim-sleep", "sim-sleep.exe", runSleep, waitOfSleep},
    {"sim-crash", "sim-crash.exe", runCrash},
    {"sim-args", "sim-args.exe", runArguments},
    {"sim-http", "sim-http.exe", runHttp},
    {"sim-report", "sim-report.exe", runReport},
    {"ping", "PING.EXE", runPing},
    {"hostname", "HOSTNAME.EXE", runHostname},
    {"whoami", "whoami.exe", runWhoami},
    {"tar", "tar.exe", runTar},
};
constexpr ProgramEntry kWindows[] = {
    {"cmd", "cmd.exe", runCmd},           {"powershell", "powershell.exe", runPowerShell},
    {"pwsh", "pwsh.exe", runPowerShell},  {"more", "more.com", runCopyInput},
    {"mode", "mode.com", runConsoleSize},
};
// What a shell of Linux has built in, and has files for as well, is in shell-sh.cc.
constexpr ProgramEntry kLinux[] = {
    {"sh", "", runSh},          {"bash", "", runSh},
    {"ash", "", runSh},         {"stty", "", runConsoleSize},
    {"echo", "", runSh},        {"env", "", runSh},
    {"cat", "", runSh},         {"uname", "", runSh},
    {"pwd", "", runSh},         {"sleep", "", runSh, waitOfLinuxSleep},
    {"id", "", runSh},          {"true", "", succeed},
    {"false", "", failPlainly},
};

constexpr std::string_view kWindowsFolders[] = {
    "c:\\windows\\system32\\", "c:\\windows\\syswow64\\",
    "c:\\windows\\system32\\windowspowershell\\v1.0\\", "c:\\program files\\powershell\\7\\"};
constexpr std::string_view kLinuxFolders[] = {"/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/",
                                              "/usr/local/bin/"};

template <std::size_t kSize>
bool isOneOf(const std::string_view (&folders)[kSize], std::string_view folder) {
  return folder.empty() ||
         std::find(std::begin(folders), std::end(folders), folder) != std::end(folders);
}

template <std::size_t kSize>
const ProgramEntry* entryOf(const ProgramEntry (&entries)[kSize], std::string_view name) {
  for (const ProgramEntry& entry : entries)
    if (entry.name == name) return &entry;
  return nullptr;
}

bool endsWith(const std::string& text, std::string_view end) {
  return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

const ProgramEntry* findProgram(std::string_view name, bool linuxGuest) {
  std::string path(name);
  if (!linuxGuest) {
    path = lowerCase(path);
    std::replace(path.begin(), path.end(), '/', '\\');
    if (endsWith(path, ".exe") || endsWith(path, ".com")) path.resize(path.size() - 4);
  }
  const std::size_t slash = path.find_last_of(linuxGuest ? '/' : '\\');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  const std::string file = path.substr(folder.size());
  const bool known = linuxGuest ? isOneOf(kLinuxFolders, folder) : isOneOf(kWindowsFolders, folder);
  if (!known) return nullptr;
  if (const ProgramEntry* entry = entryOf(kCommon, file)) return entry;
  return linuxGuest ? entryOf(kLinux, file) : entryOf(kWindows, file);
}

std::vector<std::string> programPaths() {
  std::vector<std::string> paths;
  const auto add = [&](const ProgramEntry& entry) {
    const bool newer = entry.name == "pwsh", older = entry.name == "powershell";
    std::string path = newer   ? "C:\\Program Files\\PowerShell\\7\\"
                       : older ? "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\"
                               : "C:\\Windows\\System32\\";
    paths.push_back(path.append(entry.image));
  };
  for (const ProgramEntry& entry : kWindows) add(entry);
  for (const ProgramEntry& entry : kCommon) add(entry);
  return paths;
}

std::string_view imageOf(const ProgramEntry& program, bool linuxGuest) {
  return linuxGuest ? program.name : program.image;
}

std::optional<std::uint64_t> numberOf(std::string_view text) {
  const bool hexadecimal = text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
  if (hexadecimal) text.remove_prefix(2);
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    const char lower = static_cast<char>(c | 0x20);
    const bool digit = c >= '0' && c <= '9';
    if (!digit && !(hexadecimal && lower >= 'a' && lower <= 'f')) return std::nullopt;
    number = number * (hexadecimal ? 16 : 10) +
             static_cast<std::uint64_t>(digit ? c - '0' : lower - 'a' + 10);
  }
  return number;
}

std::optional<double> secondsOf(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const auto whole = point == 0 ? std::optional<std::uint64_t>(0) : numberOf(text.substr(0, point));
  if (!whole || text.empty()) return std::nullopt;
  double seconds = static_cast<double>(*whole);
  double share = 1;
  for (std::size_t i = point + 1; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    share /= 10;
    seconds += share * (text[i] - '0');
  }
  return seconds;
}

// At a console somebody may type Ctrl-C, which only a program that runs notices; and what ends at
// once ends before the call that starts it returns.
std::optional<Time> endOfWait(const Launch& launch) {
  if (launch.console || launch.program->waits == nullptr) return std::nullopt;
  const auto milliseconds = launch.program->waits(launch.arguments);
  if (!milliseconds || *milliseconds <= 0) return std::nullopt;
  return timeAfter(*milliseconds);
}

std::string joinWords(const std::vector<std::string>& arguments, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < arguments.size(); ++i) {
    if (i != first) text.push_back(' ');
    text += arguments[i];
  }
  return text;
}

std::uint32_t runHostname(Guest& guest, const Command& command) {
  guest.write(command.output, guest.launch.hostName + std::string(guest.lineEnd()));
  return 0;
}

// Windows names the authority too; the accounts of a container belong to its user manager.
std::uint32_t runWhoami(Guest& guest, const Command& command) {
  std::string user = guest.launch.user;
  if (!guest.launch.linuxGuest) {
    user = lowerCase(user);
    if (user.find('\\') == std::string::npos) user.insert(0, "user manager\\");
  }
  guest.write(command.output, user.append(guest.lineEnd()));
  return 0;
}

std::uint32_t runConsoleSize(Guest& guest, const Command& command) {
  const ConsoleSize size = guest.consoleSize();
  const std::string height = std::to_string(size.height);
  const std::string width = std::to_string(size.width);
  if (guest.launch.linuxGuest) {
    guest.write(command.output, height + ' ' + width + '\n');
    return 0;
  }
  guest.write(command.output,
              "\r\nStatus for device CON:\r\n----------------------\r\n"
              "    Lines:          " +
                  height + "\r\n    Columns:        " + width +
                  "\r\n    Keyboard rate:  31\r\n    Keyboard delay: 1\r\n"
                  "    Code page:      65001\r\n\r\n");
  return 0;
}

namespace {

struct Ping {
  std::string host = "127.0.0.1";
  std::uint64_t count = 4;
  bool forEver = false;
};

Ping readPing(const Guest& guest, const std::vector<std::string>& arguments) {
  Ping ping;
  ping.forEver = guest.launch.linuxGuest;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "-t") {
      ping.forEver = true;
    } else if ((word == "-n" || word == "-c") && i + 1 < arguments.size()) {
      ping.count = numberOf(arguments[++i]).value_or(4);
      ping.forEver = false;
    } else if (word[0] != '-') {
      ping.host = word == "localhost" ? "127.0.0.1" : word;
    }
  }
  return ping;
}

}  // namespace

// The first reply comes at once, every other a second after the one before.
std::uint32_t runPing(Guest& guest, const Command& command) {
  const Ping ping = readPing(guest, command.arguments);
  const bool linuxGuest = guest.launch.linuxGuest;
  guest.write(command.output, linuxGuest
                                  ? "PING " + ping.host + " (" + ping.host + "): 56 data bytes\n"
                                  : "\r\nPinging " + ping.host + " with 32 bytes of data:\r\n");
  std::uint64_t sent = 0;
  for (; (ping.forEver || sent < ping.count) && !guest.over(); ++sent) {
    if (sent != 0 && !guest.sleep(1000)) break;
    const std::string sequence = std::to_string(sent);
    guest.write(command.output,
                linuxGuest
                    ? "64 bytes from " + ping.host + ": seq=" + sequence + " ttl=64 time=0.050 ms\n"
                    : "Reply from " + ping.host + ": bytes=32 time<1ms TTL=128\r\n");
  }
  const std::string total = std::to_string(sent);
  guest.write(command.output,
              linuxGuest
                  ? "\n--- " + ping.host + " ping statistics ---\n" + total +
                        " packets transmitted, " + total + " packets received, 0% packet loss\n"
                  : "\r\nPing statistics for " + ping.host + ":\r\n    Packets: Sent = " + total +
                        ", Received = " + total + ", Lost = 0 (0% loss),\r\n");
  return 0;
}

}  // namespace hc::simulator
