// The pipes of processes: what goes through them, and how they end.
#include "../support/guest-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

void modify(HcsProcess* process, const char16_t* handle) {
  const std::u16string document =
      std::u16string(u"{\"Operation\":\"CloseHandle\",\"CloseHandle\":{\"Handle\":\"") + handle +
      u"\"}}";
  CHECK(call(HcsModifyProcess, process, document.c_str()) == kOk);
}

void whichStreams() {
  reset();
  HcsSystem* system = running(u"s");
  struct Row {
    const char16_t* members;
    bool input, output, error;
  };
  const Row rows[] = {
      {u"", false, false, false},
      {u",\"CreateStdInPipe\":true", true, false, false},
      {u",\"CreateStdOutPipe\":true", false, true, false},
      {u",\"CreateStdErrPipe\":true", false, false, true},
      {kPipes, true, true, true},
      {u",\"EmulateConsole\":true,\"CreateStdOutPipe\":true,\"CreateStdErrPipe\":true", false, true,
       false}};
  for (const Row& row : rows) {
    Running process(system, commandLine("sim-sleep", row.members));
    CHECK(process.status == kOk);
    CHECK(process.input.there() == row.input && process.output.there() == row.output);
    CHECK(process.error.there() == row.error);
    CHECK(call(HcsTerminateProcess, process.process) == kOk && process.wait() == 1067);
    CHECK(process.output.there() ? process.output.readAll().empty() : true);
  }
  nothingLeft();
}

void flood() {
  reset();
  HcsSystem* system = running(u"f");
  constexpr std::size_t kSize = 3'000'001;
  for (const bool error : {false, true}) {
    const Finished finished =
        finish(system, "sim-flood " + std::to_string(kSize) + (error ? " stderr" : ""));
    const std::string& bytes = error ? finished.error : finished.output;
    CHECK(finished.code == 0 && bytes.size() == kSize);
    CHECK((error ? finished.output : finished.error).empty());
    bool good = true;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      good = good && static_cast<unsigned char>(bytes[i]) == i % 251;
    CHECK(good);
  }
  nothingLeft();
}

// Both directions at once, and the end of the input by either way.
void cat() {
  reset();
  HcsSystem* system = running(u"c");
  std::string text;
  while (text.size() < 1'000'000) text += "line " + std::to_string(text.size()) + "\n";
  for (const bool byModify : {false, true}) {
    Running process(system, commandLine("sim-cat"));
    std::thread writer([&] {
      CHECK(process.input.write(text));
      if (byModify) {
        const std::u16string document =
            u"{\"Operation\":\"CloseHandle\",\"CloseHandle\":{\"Handle\":\"StdIn\"}}";
        CHECK(call(HcsModifyProcess, process.process, document.c_str()) == kOk);
      } else {
        process.input.close();
      }
    });
    CHECK(process.output.readAll() == text);
    writer.join();
    CHECK(process.wait() == 0);
  }
  nothingLeft();
}

// A program that waits for input, is stuck in output, or sleeps ends at once.
void killed() {
  reset();
  HcsSystem* system = running(u"k");
  for (const char* line : {"sim-cat", "sim-flood 100000000", "sim-sleep", "ping -t localhost"}) {
    Running process(system, commandLine(line));
    if (std::string(line) == "sim-flood 100000000") {
      char byte = 1;
      CHECK(process.output.read(&byte, 1) == 1 && byte == 0);
    }
    CHECK(call(HcsTerminateProcess, process.process) == kOk);
    CHECK(process.wait() == 1067);
    process.output.readAll();
    CHECK(process.error.readAll().empty());
    nothingLeft();
  }
  Running process(system, commandLine("sim-cat"));
  CHECK(call(HcsTerminateComputeSystem, system, u"") == kPending && process.wait() == 1067);
  CHECK(process.output.readAll().empty());
  nothingLeft();
}

// What was written before the end is there after it.
void kept() {
  reset();
  HcsSystem* system = running(u"o");
  Running process(system, commandLine("sim-flood 4000"));
  CHECK(process.wait() == 0);
  nothingLeft();
  CHECK(process.output.readAll().size() == 4000);
}

void brokenPipe() {
  reset();
  HcsSystem* system = running(u"b");
  Running process(system, commandLine("sim-flood 100000000"));
  process.output.close();
  CHECK(process.wait() == 1);
  Running other(system, commandLine("sim-flood 100000000"));
  modify(other.process, u"StdOut");
  CHECK(other.wait() == 1);
  other.output.readAll();
  Running all(system, commandLine("sim-sleep"));
  modify(all.process, u"All");
  CHECK(all.output.readAll().empty() && all.error.readAll().empty());
  CHECK(call(HcsTerminateProcess, all.process) == kOk);
  CHECK(all.wait() == 1067);
  nothingLeft();
}

// What a client may rely on when it takes the handles for its own.
void handles() {
  reset();
  HcsSystem* system = running(u"d");
#if defined(_WIN32)
  Running process(system, commandLine("sim-cat"));
  DWORD flags = 0;
  CHECK(GetHandleInformation(process.output.handle(), &flags) && flags == 0);
  CHECK(GetFileType(process.output.handle()) == FILE_TYPE_PIPE);
  DWORD mode = PIPE_READMODE_BYTE | PIPE_WAIT;
  CHECK(SetNamedPipeHandleState(process.output.handle(), &mode, nullptr, nullptr));
  CHECK(SetNamedPipeHandleState(process.input.handle(), &mode, nullptr, nullptr));
  CHECK(GetNamedPipeHandleStateW(process.input.handle(), &mode, nullptr, nullptr, nullptr, nullptr,
                                 0));
  CHECK(call(HcsTerminateProcess, process.process) == kOk);
#else
  const int input = dup(0);
  ::close(0);
  {
    Running process(system, commandLine("sim-cat"));
    for (const Pipe* pipe : {&process.input, &process.output, &process.error}) {
      const int descriptor = static_cast<int>(reinterpret_cast<std::intptr_t>(pipe->handle()));
      CHECK(descriptor > 2 && (fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
      CHECK((fcntl(descriptor, F_GETFL) & O_NONBLOCK) == 0);
    }
    CHECK(fcntl(0, F_GETFD) < 0);
    process.input.close();
    CHECK(process.output.readAll().empty() && process.wait() == 0);
  }
  dup2(input, 0);
  ::close(input);
#endif
  nothingLeft();
}

// Not enough for three pipes: those that were made are closed again.
void tooMany() {
#if !defined(_WIN32)
  reset();
  HcsSystem* system = running(u"n");
  const int next = dup(0);
  ::close(next);
  rlimit before = {};
  CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
  for (int free = 0; free < 8; ++free) {
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(next + free);
    CHECK(setrlimit(RLIMIT_NOFILE, &tight) == 0);
    Running process(system, commandLine("sim-sleep"));
    CHECK(process.status == 0x80070004 && process.process == nullptr && !process.input.there());
    CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
    nothingLeft();
    const int now = dup(0);
    CHECK(now == next);
    ::close(now);
  }
#endif
}

// Every way in which a create fails or is forgotten leaves nothing open.
void leaks() {
  reset();
  HcsSystem* system = running(u"l");
  Running unknown(system, commandLine("no-such-program"));
  CHECK(unknown.status == 0x80070002 && !unknown.output.there() && unknown.process == nullptr);
  control(u"{\"Inject\":{\"Function\":\"HcsCreateProcess\",\"Status\":\"0x80070005\"}}");
  Running refused(system, commandLine("sim-sleep"));
  CHECK(refused.status == 0x80070005 && !refused.output.there());
  nothingLeft();
  control(u"{\"Inject\":{\"Function\":\"HcsCreateProcess\",\"CallMs\":60000}}");
  std::thread caller([&] {
    Running late(system, commandLine("sim-sleep"));
    CHECK(late.status == kAborted && !late.output.there());
  });
  control(u"{\"Await\":{\"Programs\":1,\"TimeoutMs\":10000}}");
  reset();
  caller.join();
  nothingLeft();
  HcsSystem* again = running(u"l");
  Running forgotten(again, commandLine("sim-cat"));
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Pipes\":3,\"Programs\":1"));
  reset();
  CHECK(forgotten.output.readAll().empty());
  nothingLeft();
}

// A host has been seen to leave pipes open after the exit: they end when nobody knows the process.
void keptPipes() {
  reset();
  HcsSystem* system = running(u"kept");
  control(u"{\"Inject\":{\"Function\":\"HcsCreateProcess\",\"KeepPipes\":true,\"Count\":2}}");
  Running quick(system, commandLine("cmd /c echo hello"));
  Running killed(system, commandLine("sim-sleep"));
  CHECK(quick.wait() == 0);
  CHECK(call(HcsTerminateProcess, killed.process) == kOk && killed.wait() == 1067);
  CHECK(quick.output.readUntil("hello\r\n") == "hello\r\n");
  control(u"{\"Await\":{\"Programs\":0,\"TimeoutMs\":10000}}");
  CHECK(contains(control(u"{\"State\":{}}"), u"\"Pipes\":6"));
  CHECK(HcsCloseProcess(quick.process) == kOk && HcsCloseProcess(killed.process) == kOk);
  CHECK(quick.output.readAll().empty() && killed.error.readAll().empty());
  quick.process = killed.process = nullptr;
  nothingLeft();
  // The third is as ever.
  CHECK(finish(system, "cmd /c echo more").output == "more\r\n");
}

// What was not asked for may be spelled in two ways.
void absentStreams() {
  reset();
  HcsSystem* system = running(u"absent");
  const char16_t* document = u"{\"CommandLine\":\"sim-sleep\",\"CreateStdOutPipe\":true}";
  ProcessInformation information = {};
  HcsProcess* process = nullptr;
  CHECK(call(HcsCreateProcess, system, document, &information, &process) == kOk);
  CHECK(information.stdInput == nullptr && information.stdError == nullptr);
  Pipe first(information.stdOutput);
  control(u"{\"Inject\":{\"Function\":\"HcsCreateProcess\",\"InvalidStreams\":true}}");
  CHECK(call(HcsCreateProcess, system, document, &information, &process) == kOk);
  CHECK(information.stdInput == kInvalidStream && information.stdError == kInvalidStream);
  CHECK(information.stdOutput != nullptr && information.stdOutput != kInvalidStream);
  Pipe second(information.stdOutput);
  reset();
  nothingLeft();
}

// The streams of a process as HcsGetProcessInfo gives them.
struct Copies {
  explicit Copies(HcsProcess* process)
      : status(call(HcsGetProcessInfo, process, &information)),
        input(information.stdInput),
        output(information.stdOutput),
        error(information.stdError) {}
  bool empty() const { return !input.there() && !output.there() && !error.there(); }

  ProcessInformation information = {};
  const HResult status;
  Pipe input, output, error;
};

// Whoever opens a process gets handles of its own to the same pipes.
void duplicates() {
  reset();
  HcsSystem* system = running(u"duplicates");
  Running process(system, commandLine("sim-cat"));
  HcsProcess* opened = nullptr;
  CHECK(call(HcsOpenProcess, system, process.information.processId, &opened) == kOk);
  {
    Copies first(opened);
    Copies second(opened);
    CHECK(first.status == kOk && first.information.processId == process.information.processId);
    CHECK(first.input.there() && first.input.handle() != process.input.handle());
    CHECK(first.output.handle() != second.output.handle() && first.error.there());
    // Each lives for itself, and all are one pipe.
    process.input.close();
    second.input.close();
    second.output.close();
    CHECK(first.input.write("one") && first.output.readUntil("one") == "one");
    CHECK(first.input.write("two") && process.output.readUntil("two") == "two");
  }
  // The last end of the input is closed.
  CHECK(process.wait() == 0);
  const Copies late(opened);
  CHECK(late.status == 0x80070490 && late.empty() && late.information.processId == 0);
  CHECK(HcsCloseProcess(opened) == kOk);
  nothingLeft();
}

// What was not asked for is null, and so is a stream that the client has closed.
void duplicatesOfSome() {
  reset();
  HcsSystem* system = running(u"some");
  Running one(system, commandLine("sim-sleep", u",\"CreateStdOutPipe\":true"));
  Running none(system, commandLine("sim-sleep", u""));
  {
    const Copies copies(one.process);
    CHECK(copies.status == kOk && copies.output.there());
    CHECK(!copies.input.there() && !copies.error.there());
    const Copies nothing(none.process);
    CHECK(nothing.status == kOk && nothing.empty());
  }
#if !defined(_WIN32)
  const int number = static_cast<int>(reinterpret_cast<std::intptr_t>(one.output.handle()));
#endif
  one.output.close();
  CHECK(Copies(one.process).empty());
#if !defined(_WIN32)
  // Another file has the number of the handle now.
  const int file = dup(1);
  CHECK(file == number || dup2(file, number) == number);
  CHECK(Copies(one.process).empty());
  if (file != number) ::close(file);
  ::close(number);
#endif
  Running other(system, commandLine("sim-sleep", u",\"CreateStdOutPipe\":true"));
  CHECK(Copies(one.process).empty() && Copies(other.process).output.there());
  for (Running* each : {&one, &none, &other})
    CHECK(call(HcsTerminateProcess, each->process) == kOk);
  nothingLeft();
}

// Too few handles for all three, or a call that is forgotten: those that were made are closed.
void duplicatesRefused() {
#if !defined(_WIN32)
  reset();
  HcsSystem* system = running(u"refused");
  Running process(system, commandLine("sim-sleep"));
  const int next = dup(0);
  ::close(next);
  rlimit before = {};
  CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
  for (int free = 0; free < 3; ++free) {
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(next + free);
    CHECK(setrlimit(RLIMIT_NOFILE, &tight) == 0);
    const Copies copies(process.process);
    CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(copies.status == 0x80070004 && copies.empty());
  }
  control(u"{\"Inject\":{\"Function\":\"HcsGetProcessInfo\",\"CallMs\":60000}}");
  std::thread caller([&] {
    const Copies late(process.process);
    CHECK(late.status == kAborted && late.empty());
  });
  control(u"{\"Await\":{\"CallsInside\":1,\"Scheduled\":1,\"TimeoutMs\":10000}}");
  reset();
  caller.join();
  for (int free = 0; free < 8; ++free) CHECK(fcntl(next + free, F_GETFD) < 0);
  nothingLeft();
#endif
}

}  // namespace

int main() {
  whichStreams();
  flood();
  cat();
  killed();
  kept();
  brokenPipe();
  handles();
  tooMany();
  leaks();
  keptPipes();
  absentStreams();
  duplicates();
  duplicatesOfSome();
  duplicatesRefused();
  return summary();
}
