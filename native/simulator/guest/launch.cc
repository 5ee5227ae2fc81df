#include "launch.h"

#include <algorithm>

#include "../base/utf8.h"
#include "command-line.h"
#include "programs.h"

namespace hc::simulator {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

Environment defaultEnvironment(const Launch& launch) {
  if (launch.linuxGuest) {
    return Environment({{"HOME", "/root"},
                        {"HOSTNAME", launch.hostName},
                        {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}},
                       NameLess{false});
  }
  const std::string home = "C:\\Users\\" + launch.user;
  return Environment({{"ALLUSERSPROFILE", "C:\\ProgramData"},
                      {"COMPUTERNAME", launch.hostName},
                      {"ComSpec", "C:\\Windows\\system32\\cmd.exe"},
                      {"NUMBER_OF_PROCESSORS", "2"},
                      {"OS", "Windows_NT"},
                      {"Path",
                       "C:\\Windows\\system32;C:\\Windows;"
                       "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\"},
                      {"PATHEXT", ".COM;.EXE;.BAT;.CMD"},
                      {"PROCESSOR_ARCHITECTURE", "AMD64"},
                      {"ProgramFiles", "C:\\Program Files"},
                      {"SystemDrive", "C:"},
                      {"SystemRoot", "C:\\Windows"},
                      {"TEMP", home + "\\AppData\\Local\\Temp"},
                      {"TMP", home + "\\AppData\\Local\\Temp"},
                      {"USERDOMAIN", "User Manager"},
                      {"USERNAME", launch.user},
                      {"USERPROFILE", home},
                      {"windir", "C:\\Windows"}},
                     NameLess{true});
}

// A name that a guest can have: of Windows at most 15 capitals.
std::string hostNameOf(const SystemDocument& system, const std::u16string& id) {
  std::string name = toUtf8(system.hostName.empty() ? id : system.hostName);
  if (system.linuxGuest) return name;
  if (name.size() > 15) name.resize(15);
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return name;
}

void readArguments(const ProcessDocument& document, Launch* launch) {
  launch->commandLine = toUtf8(document.commandLine);
  for (const std::u16string& argument : document.arguments)
    launch->arguments.push_back(toUtf8(argument));
  const bool given = launch->linuxGuest && !launch->arguments.empty();
  if (!given && !launch->commandLine.empty()) {
    launch->arguments = launch->linuxGuest ? splitWords(launch->commandLine)
                                           : splitCommandLine(launch->commandLine);
  }
  if (launch->arguments.empty()) launch->arguments.push_back(toUtf8(document.application));
  if (launch->commandLine.empty()) launch->commandLine = joinCommandLine(launch->arguments);
}

// As the service reports it: the text of Windows, with what was to be started.
Outcome notFound(const Launch& launch) {
  const std::u16string line = toUtf16(launch.commandLine);
  const std::u16string directory = toUtf16(launch.directory);
  Outcome outcome = fail(kFileNotFound,
                         u"CreateProcess: failure in a Windows system call: The system cannot "
                         u"find the file specified. (0x2) CommandLine: '" +
                             line + u"' WorkingDirectory: '" + directory + u"'",
                         line);
  outcome.more = directory;
  outcome.failure = u"ExecuteProcess";
  return outcome;
}

}  // namespace

std::string lowerCase(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool NameLess::operator()(const std::string& a, const std::string& b) const {
  return ignoreCase ? lowerCase(a) < lowerCase(b) : a < b;
}

Outcome prepareLaunch(const ProcessDocument& document, const SystemDocument& system,
                      const std::u16string& id, Launch* launch) {
  launch->linuxGuest = system.linuxGuest;
  launch->console = document.console;
  launch->hostName = hostNameOf(system, id);
  launch->systems = {id};
  if (!system.hostingSystemId.empty()) launch->systems.push_back(system.hostingSystemId);
  launch->user = toUtf8(document.user);
  if (launch->user.empty()) launch->user = launch->linuxGuest ? "root" : "ContainerAdministrator";
  launch->directory = toUtf8(document.directory);
  if (launch->directory.empty()) launch->directory = launch->linuxGuest ? "/" : "C:\\";
  launch->environment = defaultEnvironment(*launch);
  for (const auto& [name, value] : document.environment)
    launch->environment[toUtf8(name)] = toUtf8(value);
  readArguments(document, launch);
  const std::string name =
      document.application.empty() ? launch->arguments[0] : toUtf8(document.application);
  launch->program = findProgram(name, launch->linuxGuest);
  return launch->program != nullptr ? Outcome() : notFound(*launch);
}

}  // namespace hc::simulator
