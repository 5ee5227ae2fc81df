// A differencing disk whose file lies: a script of changes to what a VHDX file says of itself, with
// right checksums, and then everything that reads and writes such a file. Each change is a place,
// an offset from it, a length of up to 16, and bytes.
#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

#include "../../native/simulator/disks/disk-chain.h"
#include "../../native/simulator/disks/vhdx-layout.h"
#include "input.h"

namespace {

using namespace hc::simulator;        // NOLINT(google-build-using-namespace)
using namespace hc::simulator::vhdx;  // NOLINT(google-build-using-namespace)
using hc::test::Input;
using hc::test::require;
namespace fs = std::filesystem;

// Where headers, region tables, metadata with its items, and the table of blocks are, and how much
// of each is put back before the next script.
struct Part {
  std::uint64_t at;
  std::size_t length;
};
constexpr std::array<Part, 8> kParts = {{{0, 1024},
                                         {kHeaders[0], kHeaderBytes},
                                         {kHeaders[1], kHeaderBytes},
                                         {kRegionTables[0], kTableBytes},
                                         {kRegionTables[1], kTableBytes},
                                         {kMetadataPlace, kTableBytes},
                                         {kMetadataPlace + kTableBytes, kTableBytes},
                                         {kBlocksPlace, kTableBytes}}};

FilePath folder() {
  static const FilePath& made = *new FilePath([] {
    FilePath path = fs::temp_directory_path() /
                    ("hostcompute-fuzz-disks-" + std::to_string(std::random_device{}()));
    fs::create_directory(path);
    std::atexit([] {
      std::error_code ignored;
      fs::remove_all(folder(), ignored);
    });
    return path;
  }());
  return made;
}

struct Files {
  FilePath child = folder() / "child.vhdx";
  std::string bytes;  // of the child, as it was made

  Files() {
    const FilePath base = folder() / "base.vhdx";
    Metadata metadata;
    metadata.size = 64 * kMiB;
    metadata.blockSize = kLeastBlock;
    metadata.sectorSize = 512;
    metadata.physicalSectorSize = 4096;
    require(writeImage(base, metadata).ok(), "the base is written");
    DiskChain chain;
    require(DiskChain::open(base, {}, &chain).ok(), "the base is opened");
    metadata.hasParent = true;
    metadata.parent = locatorOf(chain.image(), child);
    require(writeImage(child, metadata).ok(), "the child is written");
    std::ifstream file(child, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
};

void seal(std::string& bytes, const Part& part) {
  std::string structure = bytes.substr(part.at, part.length);
  put(structure, 4, std::uint32_t{0});
  put(structure, 4, checksumOf(structure));
  bytes.replace(part.at, part.length, structure);
}

void change(std::string& bytes, Input& input) {
  while (!input.empty()) {
    const Part& part = kParts[input.byte() % kParts.size()];
    std::size_t at = part.at + input.unit() % part.length;
    for (int left = input.byte() % 16; left >= 0; --left)
      bytes[at++] = static_cast<char>(input.byte());
  }
  for (std::size_t structure = 1; structure <= 4; ++structure) seal(bytes, kParts[structure]);
}

void write(const Files& files, const std::string& bytes) {
  fs::resize_file(files.child, bytes.size());
  std::fstream file(files.child, std::ios::binary | std::ios::in | std::ios::out);
  for (const Part& part : kParts) {
    file.seekp(static_cast<std::streamoff>(part.at));
    file.write(bytes.data() + part.at, static_cast<std::streamsize>(part.length));
  }
}

void use(const FilePath& path) {
  ChainOptions options;
  options.writes = true;
  DiskChain chain;
  if (!DiskChain::open(path, options, &chain).ok()) return;
  const std::uint64_t size = chain.image().metadata.size;
  require(size > 0 && size <= kMostBytes, "a disk that is opened has a size");
  for (const std::uint64_t at :
       {std::uint64_t{0}, size / 2, size - std::min<std::uint64_t>(size, 4096)}) {
    std::string bytes;
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(4096, size - at));
    if (chain.read(at, length, &bytes).ok())
      require(bytes.size() == length, "what is read has its length");
    // Not of a block that would have 256 MiB.
    if (chain.image().metadata.blockSize <= 2 * kMiB)
      (void)chain.write(at, std::string(length, 'w'));
  }
  (void)chain.changeId({});
  if (size < 128 * kMiB) (void)chain.grow(size + kMiB);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Files& files = *new Files;
  std::string bytes = files.bytes;
  Input input(data, size);
  change(bytes, input);
  write(files, bytes);
  use(files.child);
  return 0;
}
