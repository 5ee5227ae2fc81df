// What programs of a guest do with what they are given.
#include "../support/guest-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

struct Row {
  const char* line;
  const char* output;
  const char* error;
  std::uint32_t code;
};

void expect(HcsSystem* system, const Row& row) {
  const Finished finished = finish(system, row.line);
  const bool good = CHECK(finished.output == row.output) & CHECK(finished.error == row.error) &
                    CHECK(finished.code == row.code);
  if (!good) {
    std::fprintf(stderr, "%s gave %u\n%s%s\n", row.line, finished.code, finished.output.c_str(),
                 finished.error.c_str());
  }
}

void cmd() {
  reset();
  HcsSystem* system = running(u"cmd");
  constexpr const char* kUnknown =
      "'nope' is not recognized as an internal or external command,\r\n"
      "operable program or batch file.\r\n";
  const Row rows[] = {
      {"cmd /c ver", "\r\nMicrosoft Windows [Version 10.0.20348.2227]\r\n", "", 0},
      {"cmd /c echo hello", "hello\r\n", "", 0},
      {"CMD.EXE /S /C \"echo \"a b\"\"", "\"a b\"\r\n", "", 0},
      {"\"C:\\Windows\\System32\\cmd.exe\" /c exit 3", "", "", 3},
      {"cmd /c exit /b 4000000000", "", "", 4000000000},
      {"cmd /c exit -1", "", "", 4294967295},
      {"cmd /c echo.", "\r\n", "", 0},
      {"cmd /c echo %username% %nothing%", "ContainerAdministrator %nothing%\r\n", "", 0},
      {"cmd /c echo a& echo b", "a\r\nb\r\n", "", 0},
      {"cmd /c nope && echo no || echo yes", "yes\r\n", kUnknown, 0},
      {"cmd /c nope", "", kUnknown, 1},
      {"cmd /c echo out&echo err>&2", "out\r\n", "err\r\n", 0},
      {"cmd /c echo err 1>&2", "", "err \r\n", 0},
      {"cmd /c nope 2>nul", "", "", 1},
      {"cmd /c nope >nul 2>&1", "", "", 1},
      {"cmd /c \"set Aa=1&set aa\"", "Aa=1\r\n", "", 0},
      {"cmd /c cd", "C:\\\r\n", "", 0},
      {"cmd /c \"mkdir \\x&cd \\x&cd\"", "C:\\x\r\n", "", 0},
      {"cmd /c whoami", "user manager\\containeradministrator\r\n", "", 0},
      {"cmd /c hostname", "CMD\r\n", "", 0},
      {"cmd /c type nowhere.txt", "", "The system cannot find the file specified.\r\n", 1},
      {"cmd /c echo ^&^>", "&>\r\n", "", 0},
      {"cmd /c cmd /c exit 7", "", "", 7},
      {"sim-crash 0xC0000005", "", "", 0xC0000005},
      {"sim-crash 17", "", "", 17},
      {"sim-sleep 1", "", "", 0},
  };
  for (const Row& row : rows) expect(system, row);
  CHECK(finish(system, "cmd /c type C:\\License.txt").output.size() > 10);
  CHECK(finish(system, "ping -n 1 localhost").output.find("Reply from 127.0.0.1") !=
        std::string::npos);
  nothingLeft();
}

void powerShell() {
  reset();
  HcsSystem* system = running(u"ps");
  const Row rows[] = {
      {"powershell -NoProfile -Command Write-Output 'a b'", "a b\r\n", "", 0},
      {"powershell.exe -c \"echo x; 'y'; exit 3\"", "x\r\ny\r\n", "", 3},
      {"pwsh -Command $env:username", "ContainerAdministrator\r\n", "", 0},
      {"powershell -c \"$env:Own='v w'; echo \\\"is $env:OWN\\\"\"", "is v w\r\n", "", 0},
      {"powershell -c [Console]::Error.WriteLine('oh no')", "", "oh no\r\n", 0},
      {"powershell Start-Sleep -Milliseconds 1; cmd /c exit 9; $LASTEXITCODE; exit 0", "9\r\n", "",
       0},
      {"powershell -c Get-Content C:\\Windows\\System32\\drivers\\etc\\hosts >$null", "", "", 0},
      {"powershell -c whoami", "user manager\\containeradministrator\r\n", "", 0},
  };
  for (const Row& row : rows) expect(system, row);
  const Finished unknown = finish(system, "powershell -c nope");
  CHECK(unknown.code == 1 && unknown.error.find("The term 'nope' is not") != std::string::npos);
  nothingLeft();
}

void linuxGuest() {
  reset();
  HcsSystem* system = running(u"lx", linuxContainer(u"lx"));
  const Row rows[] = {
      {"sh -c 'echo a; echo b >&2; exit 3'", "a\n", "b\n", 3},
      {"/bin/echo hi  there", "hi there\n", "", 0},
      {"sh -c 'false || echo \"$HOME\" ${HOSTNAME}$nothing'", "/root lx\n", "", 0},
      {"sh -c 'nope && echo no'", "", "sh: nope: not found\n", 127},
      {"sh -c 'A=1 env >/dev/null; echo $A.$?'", ".0\n", "", 0},
      {"sh -c 'B=x; echo $B'", "x\n", "", 0},
      {"uname -a", "Linux lx 5.15.0-simulated #1 SMP x86_64 Linux\n", "", 0},
      {"sh -c 'sleep 0.01 && pwd && whoami && hostname'", "/\nroot\nlx\n", "", 0},
      {"id", "uid=0(root) gid=0(root) groups=0(root)\n", "", 0},
      {"cat /etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost\n", "", 0},
      {"cat /nope", "", "cat: can't open '/nope': No such file or directory\n", 1},
      {"stty size", "25 80\n", "", 0},
      {"sim-crash 0x1FF", "", "", 0x1FF},
  };
  for (const Row& row : rows) expect(system, row);
  Running given(system, std::u16string(u"\"CommandArgs\":[\"sh\",\"-c\",\"echo $X; cat\"],"
                                       u"\"Environment\":{\"X\":\"y\"}") +
                            kPipes);
  CHECK(given.input.write("input"));
  given.input.close();
  CHECK(given.output.readAll() == "y\ninput" && given.wait() == 0);
  Running oci(system, std::u16string(u"\"OciProcess\":{\"args\":[\"env\"],\"cwd\":\"/srv\",\"env\":"
                                     u"[\"PATH=/bin\",\"A=b=c\"]}") +
                          kPipes);
  CHECK(oci.output.readAll() == "A=b=c\nHOME=/root\nHOSTNAME=lx\nPATH=/bin\n");
  CHECK(oci.wait() == 0);
  Running unknown(system, u"\"CommandArgs\":[\"/bin/nope\"]");
  CHECK(unknown.status == 0x80070002 && contains(result, u"WorkingDirectory: '/'"));
  nothingLeft();
}

// Much of whatever the shells might stumble over ends in time. What takes time in proportion to its
// square would not end within the test's limit.
void adversaries() {
  reset();
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  constexpr std::size_t kSize = 50'000;
#else
  constexpr std::size_t kSize = 1'000'000;
#endif
  HcsSystem* linux = running(u"lx", linuxContainer(u"lx"));
  HcsSystem* windows = running(u"windows");
  for (const char* piece :
       {"(",       ")",       "{",     "'",     "\"",     "\\",          "`",    "$",     "$(",
        "${",      "$HOME",   "${A}",  "&",     "|",      "||",          "&&",   "<",     ">",
        ">&",      ";",       "#",     "*",     "a",      "a ",          "A=b ", "true;", "true&&",
        "false||", "echo a;", "2>&1 ", "exit ", "$env:A", "[Console]::", "'a' ", "\"a\" "}) {
    std::string text;
    while (text.size() < kSize) text += piece;
    for (const bool quoted : {false, true}) {
      const std::string line = quoted ? "\"" + text + "\"" : text;
      CHECK(finish(linux, "sh -c " + line).code != UINT32_MAX);
      CHECK(finish(windows, "powershell -c " + line).code != UINT32_MAX);
    }
  }
  nothingLeft();
}

// Firmware starts either guest: arguments are those of a kernel, and a container brings its own.
void firmwareGuest() {
  reset();
  const auto machineOf = [](const char16_t* entry) {
    return std::u16string(
               u"{\"SchemaVersion\":{\"Major\":2,\"Minor\":1},\"VirtualMachine\":{"
               u"\"Chipset\":{\"Uefi\":{\"BootThis\":{\"DeviceType\":\"VmbFs\"") +
           entry + u"}}},\"GuestConnection\":{}}}";
  };
  const Row linux = {"uname", "Linux\n", "", 0};
  const Row windows = {"cmd /c echo a", "a\r\n", "", 0};
  expect(running(u"linux", machineOf(u",\"OptionalData\":\"initrd=/initrd.img\"")), linux);
  expect(running(u"windows", machineOf(u"")), windows);
  expect(running(u"a", hostedIn(u"linux")), linux);
  expect(running(u"b", hostedIn(u"windows")), windows);
  expect(running(u"c", hostedIn(u"windows", u"\"OciSpecification\":{}")), linux);
  nothingLeft();
}

void arguments() {
  reset();
  HcsSystem* system = running(u"a");
  const Row rows[] = {
      {R"(sim-args a  b)", "\"sim-args\"\r\n\"a\"\r\n\"b\"\r\n", "", 0},
      {R"(sim-args "a b" c\d "e\\" f\"g)",
       "\"sim-args\"\r\n\"a b\"\r\n\"c\\\\d\"\r\n\"e\\\\\"\r\n\"f\\\"g\"\r\n", "", 0},
      {R"(sim-args "a""b" "" x"y z"w)", "\"sim-args\"\r\n\"a\\\"b\"\r\n\"\"\r\n\"xy zw\"\r\n", "",
       0},
      {R"(sim-args a\\\"b a\\\\"b c")", "\"sim-args\"\r\n\"a\\\\\\\"b\"\r\n\"a\\\\\\\\b c\"\r\n",
       "", 0},
  };
  for (const Row& row : rows) expect(system, row);
}

void report() {
  reset();
  HcsSystem* system = running(u"r");
  const Finished finished =
      finish(system, "sim-report x",
             std::u16string(kPipes) +
                 u",\"Environment\":{\"path\":\"P\",\"Own\":\"1\"},\"User\":\"me\",\"ConsoleSize\":"
                 u"[40,120],\"WorkingDirectory\":\"D:\\\\w\"");
  const auto has = [&](const char* text) {
    return CHECK(finished.output.find(text) != std::string::npos);
  };
  has("{\"Arguments\":[\"sim-report\",\"x\"],\"Environment\":{\"ALLUSERSPROFILE\"");
  has("\"COMPUTERNAME\":\"R\"");
  has("\"Own\":\"1\"");
  has("\"Path\":\"P\"");
  has("\"USERNAME\":\"me\"");
  has("\"WorkingDirectory\":\"D:\\\\w\",\"User\":\"me\",\"ConsoleSize\":{\"Height\":40,");
  has("\"Width\":120},\"EmulateConsole\":false}\r\n");
}

void text() {
  reset();
  HcsSystem* system = running(u"x");
  Running process(
      system,
      std::u16string(u"\"CommandLine\":\"cmd /c echo \\u00e9\\u20ac\\ud83d\\ude00\\ud800\"") +
          kPipes);
  CHECK(process.output.readAll() == "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBD\r\n");
  Running arguments(system,
                    std::u16string(u"\"CommandLine\":\"sim-args \\u20ac\\ud83d\\ude00\"") + kPipes);
  CHECK(arguments.output.readAll() == "\"sim-args\"\r\n\"\xE2\x82\xAC\xF0\x9F\x98\x80\"\r\n");
}

void unknown() {
  reset();
  HcsSystem* system = running(u"u");
  for (const char* line : {"nope.exe x", "\"cmd /c ver\"", "C:\\cmd.exe", "bash"}) {
    Running process(system, commandLine(line));
    CHECK(process.status == 0x80070002 && process.process == nullptr);
    CHECK(process.information.processId == 0 && !process.output.there());
    CHECK(contains(result, u"{\"Error\":-2147024894,\"ErrorMessage\":\"The system cannot find"));
    CHECK(contains(result, u"CommandLine: '") && contains(result, u"WorkingDirectory: 'C:"));
  }
  Running named(system,
                u"\"ApplicationName\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\","
                u"\"CommandLine\":\"x /c exit 5\"");
  CHECK(named.status == kOk && named.wait() == 5);
}

}  // namespace

int main() {
  cmd();
  powerShell();
  linuxGuest();
  firmwareGuest();
  arguments();
  report();
  text();
  unknown();
  adversaries();
  return summary();
}
