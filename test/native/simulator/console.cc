// Shells that read commands, with and without a console.
#include "../support/guest-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr const char16_t* kConsole =
    u",\"EmulateConsole\":true,\"CreateStdInPipe\":true,\"CreateStdOutPipe\":true";
bool ends(const std::string& text, const std::string& end) {
  const bool good =
      text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
  if (!good) std::fprintf(stderr, "'%s' does not end with '%s'\n", text.c_str(), end.c_str());
  return good;
}

void windowsConsole() {
  reset();
  Running cmd(running(u"w"), commandLine("cmd", kConsole));
  CHECK(cmd.output.readUntil(">") ==
        "Microsoft Windows [Version 10.0.20348.2227]\r\n(c) Microsoft Corporation. All rights "
        "reserved.\r\n\r\nC:\\>");
  CHECK(cmd.input.write("echp\bo hi\r\n"));
  CHECK(cmd.output.readUntil(">") == "echp\b \bo hi\r\nhi\r\n\r\nC:\\>");
  CHECK(cmd.input.write("nope\r"));
  CHECK(ends(cmd.output.readUntil(">"), "operable program or batch file.\r\n\r\nC:\\>"));
  CHECK(cmd.input.write("more\rone\r\x1a\r"));
  CHECK(ends(cmd.output.readUntil(">"), "one\r\none\r\n\r\nC:\\>"));
  CHECK(cmd.input.write("exit 6\r"));
  CHECK(cmd.output.readAll() == "\r\n\r\nC:\\>exit 6\r\n" && cmd.wait() == 6);
  nothingLeft();
}

void resize() {
  reset();
  Running cmd(running(u"r"), commandLine("cmd", kConsole));
  cmd.output.readUntil(">");
  CHECK(call(HcsModifyProcess, cmd.process,
             u"{\"Operation\":\"ConsoleSize\",\"ConsoleSize\":{\"Height\":50,\"Width\":132}}") ==
        kOk);
  CHECK(cmd.input.write("mode con\r"));
  const std::string status = cmd.output.readUntil(">");
  CHECK(status.find("Lines:          50\r\n    Columns:        132") != std::string::npos);
  HcsSystem* system = running(u"lx", linuxContainer(u"lx"));
  Running stty(
      system,
      std::u16string(u"\"CommandArgs\":[\"stty\",\"size\"],\"ConsoleSize\":[7,9]") + kConsole);
  CHECK(stty.output.readAll() == "7 9\r\n" && stty.wait() == 0);
  Running plain(
      system,
      std::u16string(u"\"CommandArgs\":[\"stty\",\"size\"],\"ConsoleSize\":[0,0]") + kPipes);
  CHECK(plain.output.readAll() == "25 80\n");
}

// Ctrl-C ends the command that runs, and a process that is not a shell.
void interrupts() {
  reset();
  HcsSystem* system = running(u"i");
  Running cmd(system, commandLine("cmd", kConsole));
  cmd.output.readUntil(">");
  CHECK(cmd.input.write("ping -t localhost\r"));
  cmd.output.readUntil("TTL=128");
  CHECK(cmd.input.write("\x03"));
  const std::string rest = cmd.output.readUntil("C:\\>");
  CHECK(rest.find("^C") != std::string::npos);
  CHECK(cmd.input.write("sim-cat\r"));
  cmd.output.readUntil("\n");
  CHECK(cmd.input.write("\x03"));
  CHECK(ends(cmd.output.readUntil(">"), "^C\r\n\r\nC:\\>"));
  CHECK(cmd.input.write("sim-flood 1000000000\r"));
  cmd.output.readUntil("\n");
  CHECK(cmd.input.write("\x03"));
  cmd.output.readUntil("\r\nC:\\>");
  CHECK(cmd.input.write("exit\r"));
  cmd.output.readAll();
  CHECK(cmd.wait() == 0xC000013A);
  for (const char* line : {"sim-sleep", "sim-cat", "cmd /c ping -t localhost"}) {
    Running process(system, commandLine(line, kConsole));
    CHECK(process.input.write("\x03"));
    CHECK(ends(process.output.readAll(), "^C\r\n") && process.wait() == 0xC000013A);
  }
  nothingLeft();
}

void otherShells() {
  reset();
  Running shell(running(u"p"), commandLine("powershell", kConsole));
  CHECK(ends(shell.output.readUntil("PS C:\\> "), "reserved.\r\n\r\nPS C:\\> "));
  CHECK(shell.input.write("exit 2\r"));
  shell.output.readAll();
  CHECK(shell.wait() == 2);
  Running sh(running(u"lx", linuxContainer(u"lx")),
             std::u16string(u"\"CommandArgs\":[\"/bin/sh\"]") + kConsole);
  CHECK(sh.output.readUntil("# ") == "/ # ");
  CHECK(sh.input.write("echo hi\n"));
  CHECK(sh.output.readUntil("# ") == "echo hi\r\nhi\r\n/ # ");
  CHECK(sh.input.write("\x04"));
  CHECK(sh.output.readAll().empty() && sh.wait() == 0);
  nothingLeft();
}

// Without a console: commands come by lines, and what a command reads comes from among them.
void piped() {
  reset();
  HcsSystem* system = running(u"x");
  Running cmd(system, commandLine("cmd"));
  CHECK(cmd.input.write("echo one\r\nmore\ntwo\nthree"));
  cmd.input.close();
  CHECK(cmd.output.readAll() == "one\r\ntwo\nthree" && cmd.wait() == 0);
  Running kept(system, commandLine("cmd /k echo first"));
  CHECK(kept.input.write("exit 4\n"));
  CHECK(kept.output.readAll() == "first\r\n" && kept.wait() == 4);
  // A console at which nobody can type waits.
  Running idle(system, commandLine("cmd", u",\"EmulateConsole\":true,\"CreateStdOutPipe\":true"));
  idle.output.readUntil("C:\\>");
  CHECK(call(HcsSignalProcess, idle.process, u"{\"Signal\":\"CtrlClose\"}") == kOk);
  CHECK(idle.output.readAll().empty() && idle.wait() == 0xC000013A);
  Running ended(system, commandLine("cmd", u",\"CreateStdOutPipe\":true"));
  CHECK(ended.wait() == 0);
  nothingLeft();
}

}  // namespace

int main() {
  windowsConsole();
  resize();
  interrupts();
  otherShells();
  piped();
  return summary();
}
