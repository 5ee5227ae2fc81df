// Archives on their way into a folder: read, planned and written on threads of their own.
#include "archive/unpack/unpack.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../support/check.h"
#include "archive.h"

namespace {

using namespace hc::test;
using std::chrono::milliseconds;

constexpr milliseconds kWait{20};

using Files = std::vector<std::pair<std::string, std::string>>;

// "f/" is made first; the files are in it or in the root.
std::string tarOf(const Files& files) {
  std::string tar = block("f", '5', 0);
  for (const auto& [name, content] : files) {
    tar += block(name, '0', content.size());
    tar += padded(content);
  }
  return tar + std::string(1024, '\0');
}

std::string contentOf(std::size_t size, unsigned seed) {
  std::string content(size, '\0');
  for (char& byte : content) byte = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return content;
}

Files manyFiles(std::size_t count) {
  Files files;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = (i % 3 == 0 ? "f/" : "") + std::string("file-") + std::to_string(i);
    files.emplace_back(name, contentOf(i * 37 % 9000, static_cast<unsigned>(i)));
  }
  return files;
}

struct Unpacked {
  Turn turn = Turn::goOn;
  Failure failure;
  std::uint16_t problem = 0;
  std::size_t entries = 0;
};

// Plans what the archive says: its folder and its files, below `root`. `write`: else all is
// skipped.
Unpacked plan(Unpack& unpack, const std::string& root, bool write) {
  Unpacked outcome;
  std::vector<std::uint8_t> bytes(8192);
  bool opened = !write;
  for (;;) {
    std::size_t count = 0, needed = 0;
    outcome.turn = unpack.take(bytes.data(), bytes.size(), kWait, count, needed);
    if (outcome.turn != Turn::goOn) break;
    if (needed > 0) bytes.resize(needed);
    Steps steps;
    if (!std::exchange(opened, true)) steps.add(Step::openRoot, 0, 1, root);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint8_t* const record = bytes.data() + 96 * i;
      std::uint16_t problem;
      std::memcpy(&problem, record + 2, sizeof problem);
      if (problem != 0) outcome.problem = problem;
      if (record[0] != 0 || problem != 0) continue;
      ++outcome.entries;
      const auto* const text = reinterpret_cast<const char*>(bytes.data()) + wordAt(record, 8);
      const std::string name(text, wordAt(record, 12));
      const bool inFolder = name.compare(0, 2, "f/") == 0;
      if (!write) {
        steps.add(Step::skip, 0, 0, {});
      } else if (record[1] == '5') {
        steps.add(Step::makeFolder, 1, 2, name);
        steps.add(Step::skip, 0, 0, {});
      } else {
        steps.add(Step::file, inFolder ? 2 : 1, 0, inFolder ? name.substr(2) : name, "head");
      }
    }
    outcome.turn = unpack.plan(steps.bytes);
    if (outcome.turn != Turn::goOn) break;
  }
  if (outcome.turn == Turn::end) {
    do outcome.turn = unpack.finish(kWait);
    while (outcome.turn == Turn::goOn);
  }
  while (unpack.settle(kWait) != Turn::end) continue;
  if (outcome.turn == Turn::failed) outcome.failure = unpack.failure();
  return outcome;
}

// Reads on this thread and plans on another.
Unpacked unpacked(const std::string& tar, const std::string& root, std::size_t chunk, bool write) {
  const auto signal = std::make_shared<Signal>();
  const auto unpack = Unpack::create(signal);
  Unpacked outcome;
  std::thread planner([&] { outcome = plan(*unpack, root, write); });
  for (std::size_t at = 0; at < tar.size(); at += chunk) {
    const std::size_t size = std::min(chunk, tar.size() - at);
    const bool room = unpack->push(reinterpret_cast<const std::uint8_t*>(tar.data()) + at, size);
    if (!room && !signal->wait()) {
      CHECK(!"there is room in the end");
      break;
    }
  }
  unpack->end(false);
  planner.join();
  return outcome;
}

void writesAllInPiecesOfAnySize() {
  const Files files = manyFiles(120);
  const std::string tar = tarOf(files);
  for (const std::size_t chunk :
       {std::size_t{1}, std::size_t{511}, std::size_t{4096}, tar.size()}) {
    const Place place;
    const Unpacked outcome = unpacked(tar, place.text(), chunk, true);
    CHECK(outcome.turn == Turn::end && outcome.entries == files.size() + 1);
    bool right = true;
    for (const auto& [name, content] : files) right &= place.contentOf(name) == "head" + content;
    CHECK(right);
  }
}

void writesWhatIsLargerThanItsMemory() {
  const Place place;
  const std::string large = contentOf(48 << 20, 7);
  const Unpacked outcome =
      unpacked(tarOf({{"large", large}, {"small", "x"}}), place.text(), 1 << 20, true);
  CHECK(outcome.turn == Turn::end);
  CHECK(place.contentOf("large") == "head" + large && place.contentOf("small") == "headx");
}

void namesTheFirstFileThatIsThereAlready() {
  const Files files = manyFiles(90);
  for (int round = 0; round < 20; ++round) {
    const Place place;
    fs::create_directories(place.path / "f");
    for (const int taken : {31, 61, 80}) std::ofstream(place.path / files[taken].first) << "mine";
    fs::remove_all(place.path / "f");
    const Unpacked outcome = unpacked(tarOf(files), place.text(), 100000, true);
    CHECK(outcome.turn == Turn::failed);
    const bool known = outcome.failure.entry == files[31].first ||
                       outcome.failure.entry == files[61].first ||
                       outcome.failure.entry == files[80].first;
    CHECK(known && std::string(outcome.failure.what) == "open");
    CHECK(place.contentOf(files[31].first) == "mine");
  }
}

void endsAfterAnAbortAtAnyTime() {
  const std::string tar = tarOf(manyFiles(400));
  for (int round = 0; round < 60; ++round) {
    const Place place;
    const auto signal = std::make_shared<Signal>();
    const auto unpack = Unpack::create(signal);
    Unpacked outcome;
    std::thread planner([&] { outcome = plan(*unpack, place.text(), true); });
    std::thread aborter([&] {
      std::this_thread::sleep_for(std::chrono::microseconds(round * 50));
      unpack->abort();
    });
    for (std::size_t at = 0; at < tar.size(); at += 3000) {
      const std::size_t size = std::min<std::size_t>(3000, tar.size() - at);
      if (!unpack->push(reinterpret_cast<const std::uint8_t*>(tar.data()) + at, size)) break;
    }
    aborter.join();
    planner.join();
    CHECK(outcome.turn == Turn::aborted || outcome.turn == Turn::end);
  }
}

void unpacksSeveralAtOnce() {
  const Files files = manyFiles(200);
  const std::string tar = tarOf(files);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const Place place;
      CHECK(unpacked(tar, place.text(), 5000, true).turn == Turn::end);
      CHECK(place.contentOf(files.back().first) == "head" + files.back().second);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void readsOrRefusesWhatIsDamaged() {
  const std::string tar = tarOf(manyFiles(6));
  std::mt19937 random(1);
  std::size_t refused = 0;
  for (int round = 0; round < 1500; ++round) {
    std::string damaged = tar;
    for (int i = 0; i < 3; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    if (round % 3 == 0) damaged.resize(random() % damaged.size());
    const Unpacked outcome = unpacked(damaged, "", 1 + random() % 5000, false);
    CHECK(outcome.turn == Turn::end);
    refused += outcome.problem != 0;
  }
  CHECK(refused > 300);
}

// What keeps a thread of those that write until it is let go.
struct Blocker : Runnable {
  std::shared_future<void> letGo;
  explicit Blocker(std::shared_future<void> signal) : letGo(std::move(signal)) {}
  void run() override { letGo.wait(); }
};

// Each folder has a file in the one above it and one in itself.
void opensFewFoldersWhileNoThreadWrites() {
#if defined(__linux__)
  constexpr std::uint32_t kFolders = 3000;
  const Place place;
  std::promise<void> hold;
  const std::shared_future<void> letGo = hold.get_future().share();
  for (std::size_t i = 0; i < mostRunners(); ++i) CHECK(submit(std::make_shared<Blocker>(letGo)));
  const auto unpack = Unpack::create(std::make_shared<Signal>());
  std::string tar;
  for (std::uint32_t i = 0; i < kFolders; ++i) tar += block("f", '0', 0);
  unpack->push(reinterpret_cast<const std::uint8_t*>(tar.data()), tar.size());
  Steps root;
  root.add(Step::openRoot, 0, 0, place.text());
  CHECK(unpack->plan(root.bytes) == Turn::goOn);
  std::ptrdiff_t most = 0;
  for (std::uint32_t i = 1; i <= kFolders; ++i) {
    Steps steps;
    steps.add(Step::makeFolder, 0, i, "d" + std::to_string(i));
    steps.add(Step::file, i, 0, "a", "x");
    CHECK(unpack->plan(steps.bytes) == Turn::goOn);
    const auto open = std::distance(fs::directory_iterator("/proc/self/fd"), {});
    most = std::max<std::ptrdiff_t>(most, open);
  }
  CHECK(most < 300);
  hold.set_value();
  while (unpack->finish(kWait) == Turn::goOn) continue;
  CHECK(place.contentOf("d" + std::to_string(kFolders) + "/a") == "x");
  while (unpack->settle(kWait) != Turn::end) continue;
#endif
}

void refusesStepsThatAreNone() {
  const auto unpack = Unpack::create(std::make_shared<Signal>());
  CHECK(unpack->plan(std::string(8, '\1')) == Turn::malformed);
  const auto planned = [&](Step step, std::uint32_t parent, const std::string& name) {
    Steps steps;
    steps.add(step, parent, 2, name);
    return unpack->plan(steps.bytes);
  };
  CHECK(planned(Step::makeFolder, 9, "a") == Turn::malformed);
  CHECK(planned(Step::skip, 0, "") == Turn::malformed);
  const Place place;
  CHECK(planned(Step::openRoot, 0, place.text()) == Turn::goOn);
  for (const char* name : {"..", ".", "", "a/b"}) {
    CHECK(planned(Step::makeFolder, 2, name) == Turn::malformed);
    CHECK(planned(Step::file, 2, name) == Turn::malformed);
  }
  while (unpack->settle(kWait) != Turn::end) continue;
}

}  // namespace

int main() {
  writesAllInPiecesOfAnySize();
  writesWhatIsLargerThanItsMemory();
  namesTheFirstFileThatIsThereAlready();
  endsAfterAnAbortAtAnyTime();
  unpacksSeveralAtOnce();
  readsOrRefusesWhatIsDamaged();
  opensFewFoldersWhileNoThreadWrites();
  refusesStepsThatAreNone();
  return hc::test::summary();
}
