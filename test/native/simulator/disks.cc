// Virtual disks: what is in their files, chains of them, and files that lie.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>

#if !defined(_WIN32)
#include <sys/resource.h>

#include <csignal>
#endif

#include "../support/check.h"
#include "abi/functions.h"
#include "simulator/disks/disk-chain.h"
#include "simulator/disks/disks.h"
#include "simulator/disks/vhdx-layout.h"

extern "C" {
std::remove_pointer_t<hc::functions::virtdisk::CreateVirtualDisk::Pointer> CreateVirtualDisk;
std::remove_pointer_t<hc::functions::virtdisk::OpenVirtualDisk::Pointer> OpenVirtualDisk;
std::remove_pointer_t<hc::functions::virtdisk::CloseVirtualDisk::Pointer> CloseVirtualDisk;
}

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)
namespace fs = std::filesystem;
using simulator::DiskStore;
using simulator::FilePath;
using simulator::toText;
using simulator::vhdx::ChainOptions;
using simulator::vhdx::DiskChain;

constexpr std::uint64_t kMiB = 1u << 20;
constexpr std::uint64_t kSize = 64 * kMiB;

FilePath folder() {
  static const FilePath& made = *new FilePath([] {
    const FilePath path =
        fs::temp_directory_path() / ("hostcompute-disks-" + std::to_string(std::random_device{}()));
    fs::create_directory(path);
    return path;
  }());
  return made;
}

std::uint32_t create(const FilePath& path, const CreateDiskParameters& wanted,
                     std::uint32_t flags = 0) {
  const DiskTypeData type{};
  VirtDisk* disk = nullptr;
  const std::uint32_t error =
      CreateVirtualDisk(&type, toText(path).c_str(), 0, nullptr, flags, 0, &wanted, nullptr, &disk);
  CHECK((error == 0) == (disk != nullptr));
  if (disk != nullptr) CHECK(CloseVirtualDisk(disk) == 0);
  return error;
}

CreateDiskParameters sized(std::uint64_t size) {
  CreateDiskParameters wanted{};
  wanted.version = kParametersVersion;
  wanted.maximumSize = size;
  wanted.blockSize = kMiB;
  return wanted;
}

FilePath dynamic(const char* name, std::uint64_t size = kSize) {
  FilePath path = folder() / name;
  fs::remove(path);
  CHECK(create(path, sized(size)) == 0);
  return path;
}

FilePath child(const char* name, const FilePath& parent) {
  FilePath path = folder() / name;
  fs::remove(path);
  CreateDiskParameters wanted = sized(0);
  const std::u16string text = toText(parent);
  wanted.parentPath = text.c_str();
  CHECK(create(path, wanted) == 0);
  return path;
}

std::uint32_t open(const FilePath& path, bool readOnly = true) {
  const DiskTypeData type{};
  OpenDiskParameters parameters{};
  parameters.version = kParametersVersion;
  parameters.readOnly = readOnly ? 1 : 0;
  VirtDisk* disk = nullptr;
  const std::uint32_t error =
      OpenVirtualDisk(&type, toText(path).c_str(), 0, 0, &parameters, &disk);
  if (disk != nullptr) CHECK(CloseVirtualDisk(disk) == 0);
  return error;
}

void write(const FilePath& path, std::uint64_t at, const std::string& bytes) {
  DiskChain chain;
  ChainOptions options;
  options.writes = true;
  CHECK(DiskChain::open(path, options, &chain).ok());
  CHECK(chain.write(at, bytes).ok());
}

std::string read(const FilePath& path, std::uint64_t at, std::size_t length) {
  DiskChain chain;
  std::string bytes;
  CHECK(DiskChain::open(path, {}, &chain).ok());
  CHECK(chain.read(at, length, &bytes).ok());
  return bytes;
}

std::string patternOf(std::size_t length, char seed) {
  std::string bytes(length, '\0');
  for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<char>(seed + i * 7 + i / 251);
  return bytes;
}

void change(const FilePath& path, std::uint64_t at, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(at));
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

template <class Value>
void changeNumber(const FilePath& path, std::uint64_t at, Value value) {
  change(path, at, std::string(reinterpret_cast<const char*>(&value), sizeof value));
}

// What the disk must read as after the writes of chains().
std::string& model() {
  static std::string& bytes = *new std::string(kSize, '\0');
  return bytes;
}

// Each file has what was written into it, and the last one reads as all of them.
void chains() {
  const FilePath base = dynamic("base.vhdx");
  const auto put = [](const FilePath& path, std::uint64_t at, std::size_t length, char seed) {
    const std::string bytes = patternOf(length, seed);
    write(path, at, bytes);
    model().replace(at, length, bytes);
  };
  put(base, 0, 3 * kMiB, 1);
  put(base, 40 * kMiB + 512, 1024, 2);
  const FilePath middle = child("middle.vhdx", base);
  CHECK(read(middle, 0, kSize) == model());
  put(middle, 2 * kMiB - 700, 1400, 3);
  const FilePath top = child("top.vhdx", middle);
  put(top, kMiB / 2, 5, 4);
  put(top, kSize - 4096, 4096, 5);
  CHECK(read(top, 0, kSize) == model());
  CHECK(read(base, 0, 3 * kMiB) == patternOf(3 * kMiB, 1));
  CHECK(open(top) == 0 && open(top, false) == 0);
  // A base that was written to does not fit its children any more.
  const FilePath copy = folder() / "copy.vhdx";
  fs::copy_file(base, copy, fs::copy_options::overwrite_existing);
  write(base, 0, "x");
  CHECK(open(top) == simulator::vhdx::kParentIdMismatch);
  fs::copy_file(copy, base, fs::copy_options::overwrite_existing);
  CHECK(open(top) == 0);
}

// Of the sectors of a block that are in the file a bitmap says which they are.
void bitmaps() {
  using namespace simulator::vhdx;  // NOLINT(google-build-using-namespace)
  const FilePath base = dynamic("bits-base.vhdx");
  write(base, 0, std::string(kMiB, 'p'));
  const FilePath path = child("bits.vhdx", base);
  write(path, 0, std::string(kMiB, 'c'));
  DiskChain chain;
  CHECK(DiskChain::open(path, {}, &chain).ok());
  const std::uint64_t table = chain.image().blocks.offset;
  const std::uint64_t ratio = chunkRatio(chain.image().metadata);
  const std::uint64_t block = fs::file_size(path) - kMiB;
  const std::uint64_t bitmap = fs::file_size(path);
  fs::resize_file(path, bitmap + kMiB);
  change(path, bitmap, "\x05");  // the first sector and the third
  changeNumber(path, table, block | 7);
  changeNumber(path, table + ratio * 8, bitmap | 6);
  const std::string bytes = read(path, 0, 4 * 512);
  CHECK(bytes == std::string(512, 'c') + std::string(512, 'p') + std::string(512, 'c') +
                     std::string(512, 'p'));
  // A bitmap beyond the end of the file.
  changeNumber(path, table + ratio * 8, (std::uint64_t{1} << 50) | 6);
  DiskChain damaged;
  std::string ignored;
  CHECK(DiskChain::open(path, {}, &damaged).ok());
  CHECK(damaged.read(0, 512, &ignored).status == kTableCorrupt);
}

// A parent is found beside its child, and else where it was.
void parents() {
  const FilePath home = folder() / "home";
  const FilePath away = folder() / "away";
  fs::create_directories(home);
  fs::create_directories(away);
  dynamic("home/p.vhdx");
  child("home/c.vhdx", home / "p.vhdx");
  fs::rename(home / "p.vhdx", away / "p.vhdx");
  CHECK(open(home / "c.vhdx") == simulator::vhdx::kParentNotFound);
  fs::rename(home / "c.vhdx", away / "c.vhdx");
  CHECK(open(away / "c.vhdx") == 0);
  fs::rename(away / "p.vhdx", home / "p.vhdx");
  CHECK(open(away / "c.vhdx") == 0);
  // A disk that names itself as its parent.
  const FilePath own = child("own.vhdx", away / "c.vhdx");
  DiskChain chain;
  CHECK(DiskChain::open(own, {}, &chain).ok());
  fs::copy_file(own, away / "c.vhdx", fs::copy_options::overwrite_existing);
  const std::uint32_t error = open(own);
  CHECK(error == simulator::vhdx::kParentIdMismatch || error == simulator::vhdx::kChainCycle);
}

// The second header is there for the case that the first is damaged.
void damage() {
  const FilePath path = dynamic("damaged.vhdx");
  change(path, 64u << 10, "HEAD");
  CHECK(open(path) == 0);
  change(path, 192u << 10, "REGI");
  CHECK(open(path) == 0);
  change(path, (128u << 10) + 100, "x");
  CHECK(open(path) == simulator::vhdx::kHeaderCorrupt);
  const FilePath other = dynamic("other.vhdx");
  change(other, 0, "VHDXFILE");
  CHECK(open(other) == simulator::vhdx::kFormatUnknown);
  fs::resize_file(other, 100);
  CHECK(open(other) == simulator::vhdx::kFormatUnknown);
  const FilePath tables = dynamic("tables.vhdx");
  change(tables, 192u << 10, "REGI");
  change(tables, 256u << 10, "REGI");
  CHECK(open(tables) == simulator::vhdx::kHeaderCorrupt);
}

// Nothing that a file says is believed.
void lies() {
  using namespace simulator::vhdx;  // NOLINT(google-build-using-namespace)
  constexpr std::uint64_t kItems = kMetadataPlace + kTableBytes;
  const auto lie = [](const std::function<void(const FilePath&)>& tell) {
    const FilePath path = dynamic("lie.vhdx");
    tell(path);
    return open(path);
  };
  const auto number = [&](std::uint64_t at, auto value) {
    return lie([&](const FilePath& path) { changeNumber(path, at, value); });
  };
  CHECK(number(kItems, std::uint32_t{0}) == kInvalidBlockSize);
  CHECK(number(kItems, std::uint32_t{3u << 20}) == kInvalidBlockSize);
  CHECK(number(kItems + 8, std::uint64_t{0}) == kInvalidSize);
  CHECK(number(kItems + 8, ~std::uint64_t{511}) == kInvalidSize);
  CHECK(number(kItems + 8, std::uint64_t{60} << 40) == kTableCorrupt);
  CHECK(number(kItems + 32, std::uint32_t{7}) == kUnsupportedSectorSize);
  CHECK(number(kMetadataPlace + 10, std::uint16_t{0xFFFF}) == kMetadataUnreadable);
  CHECK(number(kMetadataPlace + 32 + 16, std::uint32_t{0xFFFFFFF0}) == kMetadataUnreadable);
  CHECK(number(kMetadataPlace + 32 + 20, std::uint32_t{0xFFFFFFF0}) == kMetadataUnreadable);
  // A differencing disk without a parent to look for.
  CHECK(number(kItems + 4, std::uint32_t{2}) == kMetadataUnreadable);
  // A block beyond the end of the file, and one in the headers.
  for (const std::uint64_t place : {std::uint64_t{1} << 52, std::uint64_t{0}}) {
    const FilePath path = dynamic("block.vhdx");
    changeNumber(path, kBlocksPlace, place | 6);
    DiskChain chain;
    ChainOptions options;
    options.writes = true;
    std::string bytes;
    CHECK(DiskChain::open(path, options, &chain).ok());
    CHECK(chain.read(0, 512, &bytes).status == kTableCorrupt);
    CHECK(chain.write(0, "x").status == kTableCorrupt);
  }
}

// What cannot be completed leaves nothing.
void fullDisks() {
  const FilePath path = folder() / "full.vhdx";
  CHECK(create(path, sized(std::uint64_t{60} << 40), kCreateFullyAllocated) == 112);
  CHECK(!fs::exists(path));
#if !defined(_WIN32)
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = 100u << 10;
  setrlimit(RLIMIT_FSIZE, &limit);
  CHECK(create(path, sized(kSize)) == 112);
  limit.rlim_cur = before;
  setrlimit(RLIMIT_FSIZE, &limit);
  CHECK(!fs::exists(path));
#endif
}

// A disk that is formatted, and one that is based on it.
void formats() {
  const FilePath base = dynamic("formatted.vhdx");
  simulator::OpenDisk disk;
  disk.file = base;
  disk.writable = true;
  DiskStore& store = DiskStore::instance();
  CHECK(!store.mountPath(disk).ok());
  CHECK(store.format(disk).ok());
  const auto its = store.mountPath(disk);
  CHECK(its.ok() && its.payload->substr(0, 11) == u"\\\\?\\Volume{");
  simulator::OpenDisk derived;
  derived.file = child("derived.vhdx", base);
  const auto other = store.mountPath(derived);
  CHECK(other.ok() && *other.payload != *its.payload);
}

bool tool(const std::string& command) {
  return std::system(("qemu-img " + command + " > /dev/null 2>&1").c_str()) == 0;
}

// Another implementation finds nothing wrong. It reads no parents: each file of the chain is
// checked without the bit that says it has one and the item that says where, and what all of them
// read as is copied into one file.
void others() {
  using namespace simulator::vhdx;  // NOLINT(google-build-using-namespace)
#if !defined(_WIN32)
  if (!tool("--version")) {
    std::printf("qemu-img is not installed: files are not compared with another implementation\n");
    return;
  }
  const auto quoted = [](const FilePath& path) { return "'" + path.string() + "'"; };
  for (const char* name : {"base.vhdx", "middle.vhdx", "top.vhdx"}) {
    const FilePath alone = folder() / "alone.vhdx";
    fs::copy_file(folder() / name, alone, fs::copy_options::overwrite_existing);
    changeNumber(alone, kMetadataPlace + kTableBytes + 4, std::uint32_t{0});
    changeNumber(alone, kMetadataPlace + 6 * 32, std::uint32_t{0});
    changeNumber(alone, kMetadataPlace + 6 * 32 + 24, std::uint32_t{0});
    CHECK(tool("check " + quoted(alone)));
  }
  for (const std::uint32_t flags : {0u, kCreateFullyAllocated}) {
    const FilePath flat = folder() / "flat.vhdx";
    const FilePath raw = folder() / "flat.raw";
    fs::remove(flat);
    CHECK(create(flat, sized(kSize), flags) == 0);
    write(flat, 0, read(folder() / "top.vhdx", 0, kSize));
    CHECK(tool("check " + quoted(flat)));
    CHECK(tool("convert -O raw " + quoted(flat) + " " + quoted(raw)));
    std::ifstream file(raw, std::ios::binary);
    CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == model());
  }
#endif
}

}  // namespace

int main() {
  chains();
  bitmaps();
  parents();
  damage();
  lies();
  fullDisks();
  formats();
  others();
  fs::remove_all(folder());
  return summary();
}
