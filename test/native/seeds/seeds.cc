// The core under a scheduler that decides from a seed: test-seeds [--seeds N] [--from N] runs the
// seeds of a range, each in a process of its own, and says which are red; --seed N runs one again
// and prints its hash, with --trace each of its turns. PROGRAM ... are builds of this one with a
// fault planted in the core, which has to be found.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cinttypes>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>

#include "../support/check.h"
#include "scheduler.h"
#include "script.h"

namespace {

using namespace hc;         // NOLINT(google-build-using-namespace)
using namespace hc::seeds;  // NOLINT(google-build-using-namespace)
using namespace hc::test;   // NOLINT(google-build-using-namespace)

constexpr std::uint64_t kMostRed = 3;  // so many are reported, then it ends
constexpr unsigned kLimitSeconds = 60;

Report& shared() {
  static auto* const report = static_cast<Report*>(
      mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return *report;
}

// The host is this program itself, which exports its functions; but for those of computecore.dll,
// some of which have the same names.
std::shared_ptr<const Libraries> libraries() {
  Libraries::Paths paths;
  for (const Library library : {kMainLibrary, Library::computenetwork})
    paths[static_cast<std::size_t>(library)] = {u"this program", ""};
  paths[static_cast<std::size_t>(Library::computecore)] = {u"a library", SCRIPTED_COMPUTECORE};
  static const auto opened = Libraries::open(paths);
  if (!opened.libraries) std::fprintf(stderr, "%s\n", opened.error.c_str());
  return opened.libraries;
}

// In a process of its own: what a seed breaks, it breaks for itself, and each begins alike.
Report run(std::uint64_t seed, bool trace) {
  Report& report = shared();
  report = {};
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    alarm(kLimitSeconds);
    Scheduler::get().run(seed, report, trace, [] { Script(libraries()).run(); });
    std::fflush(stdout);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (report.red[0] == '\0' && (!report.over || status != 0)) {
    std::snprintf(report.red, sizeof report.red, "the process ended with status %x", status);
  }
  return report;
}

// AddressSanitizer remarks once in a process that contexts are switched: here, not in each seed.
void warmUp() {
  ucontext_t here;
  ucontext_t again;
  volatile bool back = false;
  getcontext(&again);
  if (back) return;
  back = true;
  swapcontext(&here, &again);
}

bool good(const Report& report) { return report.red[0] == '\0'; }

void print(std::uint64_t seed, const Report& report) {
  std::printf("seed %" PRIu64 ": %s, hash %016" PRIx64 " after %" PRIu64 " turns\n", seed,
              good(report) ? "green" : report.red, report.hash, report.turns);
}

std::string output(const std::string& command) {
  FILE* const pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> part{};
  while (pipe != nullptr && std::fgets(part.data(), part.size(), pipe) != nullptr)
    text += part.data();
  if (pipe != nullptr) pclose(pipe);
  return text;
}

// All of them, until some are red.
void runSeeds(std::uint64_t from, std::uint64_t count) {
  std::set<std::uint64_t> hashes;
  std::uint64_t red = 0;
  std::uint64_t turns = 0;
  for (std::uint64_t seed = from; seed < from + count && red < kMostRed; ++seed) {
    const Report report = run(seed, false);
    hashes.insert(report.hash);
    turns += report.turns;
    if (check(good(report), __FILE__, __LINE__, "the seed is green")) continue;
    ++red;
    print(seed, report);
  }
  std::printf("%" PRIu64 " seeds, %zu hashes, %" PRIu64 " turns, %" PRIu64 " red\n", count,
              hashes.size(), turns, red);
  CHECK(red != 0 || hashes.size() >= count - count / 100);
}

// The same turns again, here and in a program that is started anew.
void replays(const std::string& self, std::uint64_t from) {
  for (std::uint64_t seed = from; seed < from + 20; ++seed) {
    const Report first = run(seed, false);
    const Report second = run(seed, false);
    CHECK(first.hash == second.hash && first.turns == second.turns);
    if (seed % 10 != 0) continue;
    char hash[40];
    std::snprintf(hash, sizeof hash, "hash %016" PRIx64, first.hash);
    CHECK(output(self + " --seed " + std::to_string(seed)).find(hash) != std::string::npos);
  }
}

// The fault is found, and each replay of its seed is the same to the letter.
void finds(const std::string& planted, std::uint64_t count) {
  const std::string all = output(planted + " --seeds " + std::to_string(count) + " 2>/dev/null");
  const std::size_t place = all.find("seed ");
  const std::size_t end = all.find('\n', place);
  if (!CHECK(place != std::string::npos && end != std::string::npos)) {
    std::printf("%s: nothing was found\n", planted.c_str());
    return;
  }
  const std::string line = all.substr(place, end - place + 1);
  std::printf("%s: %s", baseName(planted.c_str()), line.c_str());
  const std::string seed = line.substr(5, line.find(':') - 5);
  for (int i = 0; i < 2; ++i) CHECK(output(planted + " --seed " + seed) == line);
}

}  // namespace

int main(int count, char** arguments) {
  std::uint64_t seeds = 1000;
  std::uint64_t from = 1;
  std::uint64_t one = 0;
  bool trace = false;
  bool quick = false;
  std::vector<std::string> planted;
  for (int i = 1; i < count; ++i) {
    const std::string name = arguments[i];
    const auto value = [&] {
      return std::strtoull(i + 1 < count ? arguments[++i] : "0", nullptr, 10);
    };
    if (name == "--seeds") {
      seeds = value();
      quick = true;
    } else if (name == "--from") {
      from = value();
    } else if (name == "--seed") {
      one = value();
    } else if (name == "--trace") {
      trace = true;
    } else {
      planted.push_back(name);
    }
  }
  if (!CHECK(libraries() != nullptr)) return summary();
  warmUp();
  if (one != 0) {
    const Report report = run(one, trace);
    print(one, report);
    return good(report) ? 0 : 1;
  }
  runSeeds(from, seeds);
  if (!quick) replays(arguments[0], from);
  for (const std::string& program : planted) finds(program, seeds);
  return summary();
}
