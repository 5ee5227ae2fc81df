// cmd of the guests of Windows: its grammar, its commands and the files that they work on.
#include "../support/guest-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

struct Row {
  const char* line;  // after cmd /c
  const char* output;
  const char* error;
  std::uint32_t code;
};

constexpr const char* kSyntax = "The syntax of the command is incorrect.\r\n";
constexpr const char* kNoFile = "The system cannot find the file specified.\r\n";
constexpr const char* kNoPath = "The system cannot find the path specified.\r\n";
constexpr const char* kNope =
    "'nope' is not recognized as an internal or external command,\r\n"
    "operable program or batch file.\r\n";

// Each line in a process of its own, of one system: its files last.
template <std::size_t kSize>
void expect(const char16_t* name, const Row (&rows)[kSize]) {
  reset();
  HcsSystem* system = running(name);
  for (const Row& row : rows) {
    const Finished finished = finish(system, std::string("cmd /c ") + row.line);
    const bool good = CHECK(finished.output == row.output) & CHECK(finished.error == row.error) &
                      CHECK(finished.code == row.code);
    if (!good) {
      std::fprintf(stderr, "%s gave %u\n%s%s\n", row.line, finished.code, finished.output.c_str(),
                   finished.error.c_str());
    }
  }
  nothingLeft();
}

void blocks() {
  const Row rows[] = {
      {"(exit 0)", "", "", 0},
      {"(exit 4)", "", "", 4},
      {"(echo a&echo b)&echo c", "a\r\nb\r\nc\r\n", "", 0},
      {"((echo a)&(echo b))", "a\r\nb\r\n", "", 0},
      {"(echo a&exit 3)&echo no", "a\r\n", "", 3},
      {"echo a)", "a)\r\n", "", 0},
      {"(echo a^))", "a)\r\n", "", 0},
      {"@(@echo a)", "a\r\n", "", 0},
      {"(echo a&echo b>&2) 2>nul", "a\r\n", "", 0},
      {"echo \"a & b\" && echo \"c | d\"", "\"a & b\" \r\n\"c | d\"\r\n", "", 0},
      {"echo a ^& b ^^ ^\"c & echo d", "a & b ^ \"c \r\nd\r\n", "", 0},
      {"rem x & echo no", "", "", 0},
      {"rem& echo yes", "yes\r\n", "", 0},
      {"echo a&", "a\r\n", "", 0},
      // && binds more than ||, and both more than &.
      {"echo a || echo b && echo c", "a \r\n", "", 0},
      {"nope 2>nul || echo b && echo c & echo d", "b \r\nc \r\nd\r\n", "", 0},
      {"nope 2>nul && echo b || echo c", "c\r\n", "", 0},
      // What cmd does not understand.
      {"echo a & & echo b", "", "& was unexpected at this time.\r\n", 255},
      {"&& echo b", "", "&& was unexpected at this time.\r\n", 255},
      {"echo a ||", "", kSyntax, 255},
      {"(echo a", "", kSyntax, 255},
      {"(echo a) b", "", "b was unexpected at this time.\r\n", 255},
      {"()", "", ") was unexpected at this time.\r\n", 255},
      {"echo a >", "", kSyntax, 255},
      {"nope", "", kNope, 1},
      {"nope 2>nul & call echo %^errorlevel%", "9009\r\n", "", 0},
      {"rem& \"no such\" x", "",
       "'\"no such\"' is not recognized as an internal or external command,\r\n"
       "operable program or batch file.\r\n",
       1},
  };
  expect(u"blocks", rows);
}

void conditions() {
  const Row rows[] = {
      {"if exist C:\\License.txt echo yes", "yes\r\n", "", 0},
      {"if exist c:\\windows\\system32\\cmd.exe (echo yes) else (echo no)", "yes\r\n", "", 0},
      {"if exist C:\\nope (echo yes) else (echo no)", "no\r\n", "", 0},
      {"if not exist C:\\nope echo missing & echo too", "missing \r\ntoo\r\n", "", 0},
      {"if exist C:\\nope echo yes & echo yes", "", "", 0},
      {"if exist C:\\Windows\\ echo folder", "folder\r\n", "", 0},
      {"if exist C:\\License.txt\\ echo folder", "", "", 0},
      {"if exist C:\\Lic*.txt echo yes", "yes\r\n", "", 0},
      {"if a==b (echo yes) else if a==a (echo second) else echo third", "second\r\n", "", 0},
      {"if a==A (echo yes) else echo no", "no\r\n", "", 0},
      {"if /i a==A echo yes", "yes\r\n", "", 0},
      {"if /i not \"%OS%\"==\"windows_nt\" (echo no) else echo yes", "yes\r\n", "", 0},
      {"if \"a b\" == \"a b\" echo yes", "yes\r\n", "", 0},
      {"if 10 gtr 9 echo numbers", "numbers\r\n", "", 0},
      {"if 0x10 EQU 16 echo equal", "equal\r\n", "", 0},
      // Octal after a 0, and a text where it is none; 32 bits, and the largest of them beyond.
      {"if 010 equ 8 echo octal", "octal\r\n", "", 0},
      {"if not 010 equ 10 echo octal", "octal\r\n", "", 0},
      {"if -010 equ -8 echo octal", "octal\r\n", "", 0},
      {"if +5 equ 5 echo sign", "sign\r\n", "", 0},
      {"if -0X10 equ -16 echo sign", "sign\r\n", "", 0},
      {"if 09 neq 9 if 09 lss 9 echo text", "text\r\n", "", 0},
      {"if 0x lss 1 if 0b1 neq 1 if 5- neq 5 echo text", "text\r\n", "", 0},
      {"if 2147483648 equ 2147483647 if -9999999999999999999999 equ -2147483648 echo most",
       "most\r\n", "", 0},
      {"if 010 == 8 (echo equal) else echo letters", "letters\r\n", "", 0},
      {"for /l %i in (010,1,0x9) do @echo %i", "8\r\n9\r\n", "", 0},
      {"if b lss a (echo yes) else echo texts", "texts\r\n", "", 0},
      {"if defined PATH echo yes", "yes\r\n", "", 0},
      {"if not defined nope echo yes", "yes\r\n", "", 0},
      {"if errorlevel 0 echo yes", "yes\r\n", "", 0},
      {"cmd /c exit 3 & if errorlevel 3 (if not errorlevel 4 echo three)", "three\r\n", "", 0},
      // A command that succeeds without setting it leaves it as it was.
      {"cmd /c exit 3 & echo x& if errorlevel 3 echo still", "x\r\nstill\r\n", "", 0},
      {"cmd /c exit 3 & ver >nul & if not errorlevel 1 echo set", "set\r\n", "", 0},
      {"if", "", kSyntax, 255},
      {"if a==b", "", kSyntax, 255},
      {"if a is b echo c", "", "is was unexpected at this time.\r\n", 255},
      {"if exist", "", kSyntax, 255},
  };
  expect(u"conditions", rows);
}

void loops() {
  const Row rows[] = {
      {"for %i in (a b,c) do @echo %i", "a\r\nb\r\nc\r\n", "", 0},
      {"for %i in (\"a b\" c) do @echo [%~i]", "[a b]\r\n[c]\r\n", "", 0},
      {"for %i in (1 2) do @(echo %i&for %j in (x y) do @echo %i%j)",
       "1\r\n1x\r\n1y\r\n2\r\n2x\r\n2y\r\n", "", 0},
      {"for %i in (a) do @echo %I %j %%", "%I %j %%\r\n", "", 0},
      // Without the @, or /q, each round shows itself.
      {"for %i in (a b) do echo %i", "\r\nC:\\>echo a\r\na\r\n\r\nC:\\>echo b\r\nb\r\n", "", 0},
      {"cmd /q /c for %i in (a) do echo %i", "a\r\n", "", 0},
      {"echo off& for %i in (a) do echo %i", "a\r\n", "", 0},
      {"for /l %i in (1,2,5) do @echo %i", "1\r\n3\r\n5\r\n", "", 0},
      {"for /L %i in (3 -1 1) do @echo %i", "3\r\n2\r\n1\r\n", "", 0},
      {"for /l %i in (1,1,3) do @if %i==2 exit %i", "", "", 2},
      {"md f\\d & echo x>f\\one.txt& echo yy>f\\two.txt", "", "", 0},
      {"for %i in (f\\*.txt) do @echo %i %~nxi %~dpi",
       "f\\one.txt one.txt C:\\f\\\r\n"
       "f\\two.txt two.txt C:\\f\\\r\n",
       "", 0},
      {"for /d %i in (f\\*) do @echo %i", "f\\d\r\n", "", 0},
      {"for /r f %i in (*.txt) do @echo %i", "C:\\f\\one.txt\r\nC:\\f\\two.txt\r\n", "", 0},
      {"for %i in (f\\*.none) do @echo %i", "", "", 0},
      {"for /f %i in (f\\one.txt f\\two.txt) do @echo %i", "x\r\nyy\r\n", "", 0},
      {"for /f \"tokens=1,3* delims=,\" %a in (\"1,2,3,4,5\") do @echo %a %b %c", "1 3 4,5\r\n", "",
       0},
      {"for /f \"tokens=*\" %i in ('dir /b f') do @echo %i", "d\r\none.txt\r\ntwo.txt\r\n", "", 0},
      {"for /f \"skip=1 usebackq\" %i in (`dir /b f`) do @echo %i", "one.txt\r\ntwo.txt\r\n", "",
       0},
      {"for /f %i in (nope.txt) do @echo %i", "", "The system cannot find the file nope.txt.\r\n",
       1},
      {"for %i in (1 2) do @set n=%i& call echo %^n%", "1\r\n2\r\n", "", 0},
      {"for %%i in (a) do @echo %%i", "", "%%i was unexpected at this time.\r\n", 255},
      {"for %i (a) do @echo", "", "( was unexpected at this time.\r\n", 255},
      {"for %i in (a) echo", "", "echo was unexpected at this time.\r\n", 255},
  };
  expect(u"loops", rows);
}

void folders() {
  const Row rows[] = {
      {"mkdir a\\b \"c d\"", "", "", 0},
      {"md a", "", "A subdirectory or file a already exists.\r\n", 1},
      {"dir /b",
       "a\r\nc d\r\nLicense.txt\r\nProgram Files\r\nProgram Files (x86)\r\nProgramData\r\n"
       "Users\r\nWindows\r\n",
       "", 0},
      {"dir /b /a-d", "License.txt\r\n", "", 0},
      {"cd a\\b && cd", "C:\\a\\b\r\n", "", 0},
      {"cd a\\b&cd ..\\..\\\"c d\"&cd", "C:\\c d\r\n", "", 0},
      {"cd /d C:\\a\\.\\b\\..&cd&cd..&cd", "C:\\a\r\nC:\\\r\n", "", 0},
      {"cd nope || echo no", "no\r\n", kNoPath, 0},
      {"pushd a & cd & popd & cd", "C:\\a\r\nC:\\\r\n", "", 0},
      {"rd a", "", "The directory is not empty.\r\n", 145},
      {"rd a\\b & rmdir a & if not exist a echo gone", "gone\r\n", "", 0},
      {"md x\\y\\z & rd /s /q x & if not exist x echo gone", "gone\r\n", "", 0},
      {"rd nope", "", kNoFile, 2},
      {"dir nope", " Volume in drive C has no label.\r\n Volume Serial Number is 5AFE-C0DE\r\n\r\n",
       "File Not Found\r\n", 1},
      {"dir /?", "", "Invalid switch - \"?\".\r\n", 1},
      {"d:", "", "The system cannot find the drive specified.\r\n", 1},
  };
  expect(u"folders", rows);
  // The whole form, with a date that stands still.
  control(u"{\"Configure\":{\"Clock\":\"virtual\"}}");
  HcsSystem* system = running(u"whole");
  const std::string listed = finish(system, "cmd /c \"md w&cd w&(echo abc)>f.txt&dir\"").output;
  for (const char* part :
       {" Directory of C:\\w\r\n\r\n", "    <DIR>          ..\r\n", "                 5 f.txt\r\n",
        "1 File(s)              5 bytes\r\n", "2 Dir(s)  21,474,836,480 bytes free\r\n"})
    CHECK(listed.find(part) != std::string::npos);
}

void files() {
  const Row rows[] = {
      {"echo one>f& echo two>>f& type f", "one\r\ntwo\r\n", "", 0},
      {"type f", "one\r\ntwo\r\n", "", 0},
      {"(echo a& echo b)>g& type g", "a\r\nb\r\n", "", 0},
      {">h echo first& type h", "first\r\n", "", 0},
      {"nope >o 2>&1& type o", kNope, "", 0},
      {"type nul>empty& if exist empty (type empty)", "", "", 0},
      {"more<f", "one\r\ntwo\r\n", "", 0},
      {"set /p v=<f& call echo %^v%", "one\r\n", "", 0},
      {"sim-cat < nope", "", kNoFile, 1},
      {"echo x>no\\such", "", kNoPath, 1},
      {"echo x>C:\\Windows", "", "Access is denied.\r\n", 1},
      {"copy f c.txt & type c.txt", "        1 file(s) copied.\r\none\r\ntwo\r\n", "", 0},
      {"md d & copy f d & type d\\f", "        1 file(s) copied.\r\none\r\ntwo\r\n", "", 0},
      {"copy /y f+g j >nul & type j", "one\r\ntwo\r\na\r\nb\r\n", "", 0},
      {"copy nope x", "", kNoFile, 1},
      {"copy f f", "", "The file cannot be copied onto itself.\r\n        0 file(s) copied.\r\n",
       1},
      {"ren c.txt e.txt & move e.txt d & dir /b d", "        1 file(s) moved.\r\ne.txt\r\nf\r\n",
       "", 0},
      {"del d\\*.txt & dir /b d", "f\r\n", "", 0},
      {"del /q d & dir /b /a-d d", "", "File Not Found\r\n", 1},
      {"del nope", "", "Could Not Find C:\\nope\r\n", 0},
      {"powershell -c \"cmd /c type f 2>&1\"", "one\r\ntwo\r\n", "", 0},
      {"echo t>%TEMP%\\t& type %TEMP%\\T", "t\r\n", "", 0},
  };
  expect(u"files", rows);
  // Every system has files of its own.
  CHECK(finish(running(u"other"), "cmd /c type f").error == kNoFile);
}

void pipes() {
  const Row rows[] = {
      {"echo a|more", "a\r\n", "", 0},
      {"(echo a& echo b)|sim-cat|more", "a\r\nb\r\n", "", 0},
      {"echo a|(set x=1& exit 3)", "", "", 3},
      {"set x=0& echo a|set x=1& call echo %^x%", "0\r\n", "", 0},
      {"nope|echo b", "b\r\n", kNope, 0},
      {"nope 2>&1|more", kNope, "", 0},
      {"sim-flood 20000000|sim-cat>nul", "", "", 0},
  };
  expect(u"pipes", rows);
}

void variables() {
  const Row rows[] = {
      {"set zz=b& set z", "zz=b\r\n", "", 0},
      {"set \"a=b c\"& call echo [%^a%]", "[b c]\r\n", "", 0},
      {"set nope", "", "Environment variable nope not defined\r\n", 1},
      {"echo %OS:~0,3% %OS:~-2% %OS:windows=Linux% %nope:a=b%", "Win NT Linux_NT %nope:a=b%\r\n",
       "", 0},
      {"echo %cd% %ErrorLevel%", "C:\\ 0\r\n", "", 0},
      {"cmd /v:on /c \"set a=1& echo !a! %a%\"", "1 %a%\r\n", "", 0},
      {"exit /b 7", "", "", 7},
      {"echo off", "", "", 0},
      {"echo off& echo", "ECHO is off.\r\n", "", 0},
  };
  expect(u"variables", rows);
}

// Lines come one by one, and a block over several.
void standardInput() {
  reset();
  Running process(running(u"input"), commandLine("cmd"));
  CHECK(
      process.input.write("if a==a (\r\necho x\r\n) else (\r\necho y\r\n)\r\nset n=2\r\n"
                          "echo %n%\r\nnope 2>nul\r\necho %errorlevel%\r\nexit 5\r\n"));
  CHECK(process.output.readAll() == "x\r\n2\r\n9009\r\n" && process.wait() == 5);
  nothingLeft();
}

// Much of whatever the parser might stumble over ends in time, and on a small stack. What takes
// time in proportion to its square would not end within the test's limit.
void adversaries() {
  reset();
  HcsSystem* system = running(u"long");
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  constexpr std::size_t kSize = 50'000;
#else
  constexpr std::size_t kSize = 1'000'000;
#endif
  for (const char* piece : {"(",
                            ")",
                            "\"",
                            "^",
                            "%",
                            "%PATH%",
                            "%a",
                            "!",
                            "&",
                            "|",
                            "||",
                            "&&",
                            "<",
                            ">",
                            "rem&",
                            "if ",
                            "if a==a ",
                            "for ",
                            "for %i in (a) do ",
                            "(a&",
                            "@",
                            "not ",
                            "cmd /c ",
                            "call ",
                            "2>&1 ",
                            "echo a&",
                            "%PATH:~0,1%",
                            "%OS:a=%",
                            "*",
                            "md a\\",
                            "rem ",
                            ";",
                            "else ",
                            "cd ..\\",
                            "type \"a\" "}) {
    std::string line;
    while (line.size() < kSize) line += piece;
    const Finished finished =
        finish(system, "cmd /v:on /c for %i in (a) do if a==a " + line + " >nul 2>nul");
    CHECK(finished.code != UINT32_MAX);
  }
  for (const char* piece : {"(\r\n", "\r\n", "echo )\r\n", "(echo a)\r\n", "if a==a (\n"}) {
    std::string lines;
    while (lines.size() < kSize / 4) lines += piece;
    Running process(system, commandLine("cmd"));
    std::thread reader([&] { process.output.readAll(); });
    std::thread errors([&] { process.error.readAll(); });
    CHECK(process.input.write(lines));
    process.input.close();
    reader.join();
    errors.join();
    CHECK(process.wait() != UINT32_MAX);
  }
  nothingLeft();
}

}  // namespace

int main() {
  blocks();
  conditions();
  loops();
  folders();
  files();
  pipes();
  variables();
  standardInput();
  adversaries();
  return summary();
}
