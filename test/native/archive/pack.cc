// The tree reader: order, files beside folders, open files, content that is asked for, and its end
// at any time.
#include "../support/check.h"
#include "archive/pack/tree-reader.h"

#if defined(_WIN32)

int main() {
  CHECK(true);  // reads no files of Windows
  return hc::test::summary();
}

#else

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace hc::pack;  // NOLINT(google-build-using-namespace)

const std::string kSuffix = ".side";

class Tree {
 public:
  Tree() {
    std::string name = std::filesystem::temp_directory_path() / "hostcompute-pack-XXXXXX";
    root_ = mkdtemp(name.data());
  }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  ~Tree() { std::filesystem::remove_all(root_); }

  const std::string& root() const { return root_; }
  void folder(const std::string& path) const { mkdir((root_ + "/" + path).c_str(), 0700); }
  void file(const std::string& path, const std::string& content) const {
    std::ofstream(root_ + "/" + path, std::ios::binary) << content;
  }
  void link(const std::string& path) const {
    std::filesystem::create_symlink(root_, root_ + "/" + path);
  }

 private:
  std::string root_;
};

struct Found {
  std::string name;
  std::string head;
  Entry entry;
};

std::vector<Found> walked(TreeReader& reader, const std::string& path, bool alone = true) {
  std::vector<Found> found;
  reader.walk(path, alone);
  std::vector<std::uint8_t> bytes(kBatchSize);
  for (;;) {
    const std::int64_t count = reader.next(bytes.data());
    if (count == TreeReader::kNotYet) continue;
    if (count == 0) return found;
    for (std::int64_t i = 0; i < count; ++i) {
      Found each;
      std::memcpy(&each.entry, bytes.data() + i * sizeof(Entry), sizeof(Entry));
      const auto* const texts =
          reinterpret_cast<const char*>(bytes.data()) + kMostEntries * sizeof(Entry);
      each.name.assign(texts + each.entry.nameAt, each.entry.nameLength);
      each.head.assign(texts + each.entry.headAt, each.entry.headLength);
      found.push_back(std::move(each));
    }
  }
}

std::string namesOf(const std::vector<Found>& found) {
  std::string names;
  for (const Found& each : found) {
    names += std::to_string(each.entry.depth) + each.name +
             (each.entry.kind == Kind::Directory ? "/ " : " ");
  }
  return names;
}

void walksInOrder() {
  const Tree tree;
  tree.folder("top");
  tree.file("top.side", "head of top");
  tree.folder("top/b");
  tree.file("top/b.side", "head of b");
  tree.file("top/b/x", "");
  tree.file("top/b!", "between b and what is beside it");
  tree.file("top/B", "content");
  tree.file("top/gone.side", "alone");
  tree.folder("top/plain");
  tree.file("top/\xff", "no text");
  TreeReader reader;
  CHECK(reader.open(tree.root(), kSuffix) == 0);
  const auto found = walked(reader, "top");
  CHECK(namesOf(found) == "0top/ 1B 1b/ 2x 1b! 1gone/ 1plain/ 1\xff ");
  CHECK(found[0].head == "head of top");
  CHECK(found[1].head == "content" && found[1].entry.size == 7 && found[1].entry.file == -1);
  CHECK(found[2].head == "head of b" && (found[2].entry.flags & kHasFile) != 0);
  CHECK((found[6].entry.flags & kHasFile) == 0 && found[6].entry.times[2] > 0);
  CHECK((found[6].entry.flags & kIsAscii) != 0 && (found[7].entry.flags & kIsAscii) == 0);
  CHECK(namesOf(walked(reader, "top", false)) == "0top/ 1B 1b/ 2x 1b! 1plain/ 1\xff ");
  CHECK(namesOf(walked(reader, "top/b")) == "0b/ 1x ");
}

void followsNoLink() {
  const Tree tree;
  tree.folder("top");
  tree.file("top/a", "");
  tree.link("top/z");
  tree.link("way");
  TreeReader reader;
  CHECK(reader.open(tree.root(), kSuffix) == 0);
  const auto found = walked(reader, "top");
  // What cannot be in a layer is first.
  CHECK(namesOf(found) == "0top/ 1z 1a ");
  CHECK(found[1].entry.kind == Kind::Other);
  for (const char* const path : {"way", "way/top", "none/x"}) {
    const auto refused = walked(reader, path);
    CHECK(refused.back().entry.kind == Kind::Unlisted || refused.back().entry.error != 0);
  }
  TreeReader none;
  CHECK(none.open(tree.root() + "/none", kSuffix) == ENOENT);
}

std::int64_t taken(TreeReader& reader, std::vector<std::uint8_t>& bytes) {
  std::int64_t length = TreeReader::kNotYet;
  while (length == TreeReader::kNotYet) length = reader.take(bytes.data(), bytes.size());
  return length;
}

void readsLargeFiles() {
  const Tree tree;
  tree.folder("top");
  const std::size_t size = kWhole + 1;
  for (char name = 'a'; name <= 'z'; ++name)
    tree.file(std::string("top/") + name, std::string(size, name));
  TreeReader reader;
  CHECK(reader.open(tree.root(), kSuffix) == 0);
  const auto found = walked(reader, "top");
  CHECK(found.size() == 27);
  for (const Found& each : found) {
    if (each.entry.file < 0) continue;
    CHECK(each.head == std::string(kHead, each.name[0]));
    CHECK(reader.load(each.entry.file, kHead, size));
    std::vector<std::uint8_t> bytes(10);
    CHECK(reader.read(each.entry.file, bytes.data(), 10, size - 3) == 3);
    reader.close(each.entry.file);
    CHECK(!reader.load(each.entry.file, 0, 1));
  }
  for (char name = 'a'; name <= 'z'; ++name) {
    std::vector<std::uint8_t> bytes(size);
    CHECK(taken(reader, bytes) == static_cast<std::int64_t>(size - kHead));
    CHECK(bytes[0] == static_cast<std::uint8_t>(name));
  }
}

// Whoever reads goes away, at each point of the work of its thread.
void endsAnyTime() {
  const Tree tree;
  tree.folder("top");
  for (int i = 0; i < 200; ++i) tree.file("top/" + std::to_string(i), std::string(kWhole + 1, 'x'));
  std::vector<std::uint8_t> bytes(kBatchSize);
  for (int round = 0; round < 100; ++round) {
    TreeReader reader;
    CHECK(reader.open(tree.root(), kSuffix) == 0);
    if (round % 4 > 0) reader.walk("top", true);
    if (round % 4 > 1) {
      std::int64_t count = TreeReader::kNotYet;
      while (count == TreeReader::kNotYet) count = reader.next(bytes.data());
      CHECK(count > 0);
    }
    if (round % 4 > 2) CHECK(reader.load(1, 0, kWhole));
  }
}

}  // namespace

int main() {
  walksInOrder();
  followsNoLink();
  readsLargeFiles();
  endsAnyTime();
  return hc::test::summary();
}

#endif
