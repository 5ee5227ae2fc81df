#include "layer-files.h"

#include <cerrno>
#include <fstream>

#include "../base/utf8.h"

namespace hc::simulator {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDisk = "simulated disk\nbytes ";

std::string nameOf(const fs::path& path) { return toUtf8(toText(path.filename())); }

}  // namespace

FilePath toFilePath(std::u16string_view text) {
#if defined(_WIN32)
  // The form that Windows has for long paths, of which "\\\\?\\Volume{...}" has no short one.
  if (text.compare(0, 4, u"\\\\?\\") == 0 && text.substr(5, 1) == u":") text.remove_prefix(4);
  return std::wstring(text.begin(), text.end());
#else
  return toUtf8(text);
#endif
}

std::u16string toText(const FilePath& path) {
#if defined(_WIN32)
  return {path.native().begin(), path.native().end()};
#else
  return toUtf16(path.native());
#endif
}

bool isFolder(const FilePath& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() == fs::file_type::directory;
}

bool isFile(const FilePath& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() == fs::file_type::regular;
}

bool isEmptyFile(const FilePath& path) {
  std::error_code ignored;
  return isFile(path) && fs::file_size(path, ignored) == 0;
}

Outcome fileFailure(std::error_code error, const FilePath& path) {
  if (!error) return {};
  HResult status = 0x8007001F;  // ERROR_GEN_FAILURE
  if (error == std::errc::no_such_file_or_directory) status = kFileNotFound;
  if (error == std::errc::not_a_directory) status = kPathNotFound;
  if (error == std::errc::permission_denied || error == std::errc::operation_not_permitted ||
      error == std::errc::is_a_directory)
    status = kAccessDenied;
  if (error == std::errc::too_many_symbolic_link_levels)
    status = 0x80070781;                                             // ERROR_CANT_RESOLVE_FILENAME
  if (error == std::errc::too_many_files_open) status = 0x80070004;  // ERROR_TOO_MANY_OPEN_FILES
  if (error == std::errc::read_only_file_system) status = 0x80070013;  // ERROR_WRITE_PROTECT
  if (error == std::errc::filename_too_long) status = 0x800700CE;      // ERROR_FILENAME_EXCED_RANGE
  if (error == std::errc::file_exists) status = kAlreadyExists;
  if (error == std::errc::no_space_on_device) status = kDiskFull;
  return fail(status, toText(path.filename()) + u": " + toUtf16(error.message()));
}

Outcome makeFolder(const FilePath& folder) {
  std::error_code error;
  fs::create_directory(folder, error);
  return fileFailure(error, folder);
}

Outcome writeFile(const FilePath& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return {};
  return fileFailure(std::error_code(errno != 0 ? errno : EIO, std::generic_category()), path);
}

Outcome linkFile(const FilePath& from, const FilePath& to) {
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (error && error != std::errc::file_exists) fs::copy_file(from, to, error);
  return fileFailure(error, to);
}

Outcome writeDisk(const FilePath& path, std::uint64_t bytes) {
  return writeFile(path, std::string(kDisk) + std::to_string(bytes) + "\n");
}

std::optional<std::uint64_t> sizeOfDisk(const FilePath& path) {
  std::ifstream file(path, std::ios::binary);
  std::string head(kDisk.size(), '\0');
  std::uint64_t bytes = 0;
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (head != kDisk || !(file >> bytes)) return std::nullopt;
  return bytes;
}

// A base block and one bin with nothing in it.
const std::string& emptyHive() {
  static const std::string& hive = *new std::string([] {
    std::string bytes(8192, '\0');
    const auto put = [&](std::size_t at, std::uint32_t value) {
      for (int i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
    };
    bytes.replace(0, 4, "regf");
    put(4, 1);
    put(8, 1);
    put(20, 1);
    put(24, 5);
    put(32, 1);
    put(36, 0x20);
    put(40, 4096);
    put(44, 1);
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < 508; at += 4)
      for (int i = 0; i < 4; ++i)
        sum ^= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    put(508, sum);
    bytes.replace(4096, 4, "hbin");
    put(4096 + 8, 4096);
    put(4096 + 32, 4096 - 32);
    return bytes;
  }());
  return hive;
}

bool isProcessed(const FilePath& layer) { return isFile(layer / "Hives" / "System_Base"); }
bool isBase(const FilePath& layer) { return isFile(layer / "blank.vhdx"); }
bool isScratch(const FilePath& layer) { return isFile(layer / "sandbox.vhdx"); }

std::string_view folderOfSideFile(std::string_view name) {
  if (name.size() <= kSideFile.size()) return {};
  const std::size_t length = name.size() - kSideFile.size();
  return name.substr(length) == kSideFile ? name.substr(0, length) : std::string_view();
}

FilePath sideFileOf(const FilePath& folder) {
  return folder.native() + toFilePath(toUtf16(kSideFile)).native();
}

Listing listingOf(const FilePath& folder) {
  Listing listing;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const std::string name = nameOf(at->path());
    const std::string_view of = folderOfSideFile(name);
    if (fs::is_directory(at->symlink_status(ignored))) {
      listing.emplace(name, true);
    } else if (of.empty()) {
      listing.emplace(name, false);
    } else if (!isEmptyFile(at->path())) {
      listing.emplace(of, true);  // a link, which may be without its folder
    }
  }
  return listing;
}

Listing mergedListing(const std::vector<FilePath>& parents, const FilePath& folder) {
  for (const fs::path& parent : parents) {
    fs::path at = parent;
    bool below = false;
    for (const fs::path& part : folder) {
      const fs::path side = sideFileOf(at / part);
      at /= part;
      if (!isFolder(at)) return {};  // it was deleted, or is another thing
      below = isEmptyFile(side);     // as the next parent has it
      if (below) break;
    }
    if (!below) return listingOf(at);
  }
  return {};
}

Outcome addPlaceholders(const FilePath& layer, const FilePath& folder, const Listing& inherited) {
  if (inherited.empty()) return {};
  const Listing own = listingOf(layer / folder);
  for (const auto& [name, isFolderToo] : inherited) {
    if (own.count(name) != 0) continue;
    const FilePath place = layer / folder / toFilePath(toUtf16(name));
    if (isFolderToo)
      if (Outcome made = makeFolder(place); !made.ok()) return made;
    if (Outcome made = writeFile(isFolderToo ? sideFileOf(place) : place, {}); !made.ok())
      return made;
  }
  return {};
}

Outcome layOutFiles(const FilePath& layer, const std::vector<FilePath>& parents) {
  if (isFolder(layer / "Files")) return {};
  Outcome made = makeFolder(layer / "Files");
  if (made.ok()) made = writeFile(sideFileOf(layer / "Files"), std::string("\x10\0\0\0", 4));
  return made.ok() ? addPlaceholders(layer, "Files", mergedListing(parents, "Files")) : made;
}

}  // namespace hc::simulator
