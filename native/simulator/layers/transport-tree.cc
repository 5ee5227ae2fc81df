#include "transport-tree.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <set>

#include "../base/utf8.h"

namespace hc::simulator {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kDirectory = 0x10;
constexpr std::uint32_t kReparsePoint = 0x400;
constexpr std::uint32_t kDataStream = 1;
constexpr std::uint32_t kAlternateStream = 4;
constexpr std::uint32_t kReparseStream = 8;
constexpr std::uint32_t kSparseStream = 9;
constexpr std::uint32_t kLastStream = 10;
constexpr std::string_view kTombstones = "\xEF\xBB\xBFVersion 1.0\n";

struct StreamHeader {
  std::uint32_t id;
  std::uint32_t attributes;
  std::uint64_t size;
  std::uint32_t nameBytes;
};
constexpr std::size_t kHeaderBytes = 20;

Outcome malformed(const fs::path& entry, std::u16string why) {
  return fail(kInvalidData, toText(entry) + u" " + std::move(why), toText(entry));
}

bool readHeader(std::ifstream& file, StreamHeader* header) {
  char bytes[kHeaderBytes];
  if (!file.read(bytes, sizeof bytes)) return false;
  std::memcpy(&header->id, bytes, 4);
  std::memcpy(&header->attributes, bytes + 4, 4);
  std::memcpy(&header->size, bytes + 8, 8);
  std::memcpy(&header->nameBytes, bytes + 16, 4);
  return true;
}

// The attributes and streams of a file, or of a folder in its side file.
Outcome checkStreams(const fs::path& path, const fs::path& entry, bool folder,
                     std::uint32_t* attributes) {
  std::error_code error;
  std::uint64_t left = fs::file_size(path, error);
  if (error) return fileFailure(error, path);
  std::ifstream file(path, std::ios::binary);
  char head[4];
  if (!file.read(head, sizeof head)) return malformed(entry, u"has no attributes.");
  std::memcpy(attributes, head, sizeof head);
  left -= sizeof head;
  if (((*attributes & kDirectory) != 0) != folder) {
    return malformed(entry, folder ? u"is a folder without the attribute of one."
                                   : u"is a file with the attribute of a folder.");
  }
  std::set<std::uint32_t> seen;
  while (left > 0) {
    StreamHeader header;
    if (left < kHeaderBytes || !readHeader(file, &header))
      return malformed(entry, u"ends inside the header of a stream.");
    left -= kHeaderBytes;
    if (header.id == 0 || header.id > kLastStream)
      return malformed(entry, u"has a stream of an unknown kind.");
    const bool named = header.id == kAlternateStream;
    if (named ? header.nameBytes < 4 || header.nameBytes % 2 != 0 : header.nameBytes != 0)
      return malformed(entry, u"has a stream with a wrong name.");
    if (!named && header.id != kSparseStream && !seen.insert(header.id).second)
      return malformed(entry, u"has a stream twice.");
    if (folder && header.id == kDataStream) return malformed(entry, u"is a folder with data.");
    if (header.nameBytes > left || header.size > left - header.nameBytes)
      return malformed(entry, u"ends inside a stream.");
    if (header.id == kSparseStream && header.size < 8)
      return malformed(entry, u"has a sparse block without an offset.");
    file.seekg(static_cast<std::streamoff>(header.nameBytes + header.size), std::ios::cur);
    left -= header.nameBytes + header.size;
  }
  if ((*attributes & kReparsePoint) != 0 && seen.count(kReparseStream) == 0)
    return malformed(entry, u"is a reparse point without the data of one.");
  return {};
}

// The path of a tombstone below `Files`. It must lead nowhere else, here or on Windows.
bool isBelow(std::string_view path) {
  if (path.find(':') != std::string_view::npos) return false;
  while (true) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == path.size()) return true;
    path.remove_prefix(slash + 1);
  }
}

std::string upperCase(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

class Reader {
 public:
  Reader(const fs::path& layer, std::vector<TransportEntry>* entries)
      : layer_(layer), entries_(entries) {}

  // A folder with its side file, and all below it.
  Outcome readFolder(const fs::path& entry) {
    const fs::path side = layer_ / sideFileOf(entry);
    const bool present = isFolder(layer_ / entry);
    if (!isFile(side)) return malformed(entry, u"is a folder without a side file.");
    if (isEmptyFile(side)) {
      std::error_code ignored;
      if (present && !fs::is_empty(layer_ / entry, ignored))
        return malformed(entry, u"is a placeholder with something below it.");
      entries_->push_back({entry, true, true});
      return {};
    }
    std::uint32_t attributes = 0;
    if (Outcome read = checkStreams(side, entry, true, &attributes); !read.ok()) return read;
    if (!present && (attributes & kReparsePoint) == 0)
      return malformed(entry, u"is a side file without its folder.");
    entries_->push_back({entry, true, false});
    return present ? readChildren(entry, (attributes & kReparsePoint) != 0) : Outcome();
  }

 private:
  Outcome readChildren(const fs::path& folder, bool reparse) {
    std::vector<fs::path> names;
    std::error_code error;
    fs::directory_iterator at(layer_ / folder, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error))
      names.push_back(at->path().filename());
    if (error) return fileFailure(error, folder);
    if (reparse && !names.empty()) return malformed(folder, u"is a link with something below it.");
    std::sort(names.begin(), names.end());
    std::set<std::string> known;
    std::set<fs::path> sides;
    for (const fs::path& name : names) {
      const std::string text = toUtf8(toText(name));
      if (!known.insert(upperCase(text)).second)
        return malformed(folder / name, u"differs from another name by its case only.");
      if (const std::string_view of = folderOfSideFile(text); !of.empty())
        sides.insert(toFilePath(toUtf16(of)));
    }
    for (const fs::path& name : names)
      if (Outcome read = readOne(folder, name, sides); !read.ok()) return read;
    return {};
  }

  Outcome readOne(const fs::path& folder, const fs::path& name, const std::set<fs::path>& sides) {
    const fs::path entry = folder / name;
    const bool isDirectory = isFolder(layer_ / entry);
    if (!isDirectory && !isFile(layer_ / entry))
      return malformed(entry, u"is neither a file nor a folder.");
    const std::string text = toUtf8(toText(name));
    const std::string_view of = isDirectory ? std::string_view() : folderOfSideFile(text);
    if (!of.empty()) return readFolder(folder / toFilePath(toUtf16(of)));
    if (isDirectory) {
      return sides.count(name) != 0 ? Outcome()
                                    : malformed(entry, u"is a folder without a side file.");
    }
    if (sides.count(name) != 0)
      return malformed(entry, u"is a file with the side file of a folder.");
    const bool placeholder = isEmptyFile(layer_ / entry);
    std::uint32_t attributes = 0;
    if (Outcome read =
            placeholder ? Outcome() : checkStreams(layer_ / entry, entry, false, &attributes);
        !read.ok())
      return read;
    entries_->push_back({entry, false, placeholder});
    return {};
  }

  const fs::path& layer_;
  std::vector<TransportEntry>* const entries_;
};

}  // namespace

Outcome readTransportTree(const FilePath& layer, std::vector<TransportEntry>* entries) {
  if (!isFolder(layer / "Files"))
    return fail(kPathNotFound, u"The folder Files must exist in a layer of Windows.", u"Files");
  return Reader(layer, entries).readFolder("Files");
}

Outcome checkHive(const FilePath& path) {
  const FilePath name = FilePath("Hives") / path.filename();
  std::ifstream file(path, std::ios::binary);
  char head[4] = {};
  file.read(head, sizeof head);
  if (std::string_view(head, sizeof head) == "regf") return {};
  return fail(kNotRegistryFile, toText(name) + u" must be a registry hive.", toText(name));
}

Outcome appendAlternateStream(const FilePath& path, std::u16string_view name,
                              std::string_view bytes) {
  const std::u16string whole = u":" + std::u16string(name) + u":$DATA";
  const auto nameBytes = static_cast<std::uint32_t>(whole.size() * sizeof(char16_t));
  std::string stream;
  const auto put = [&](std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) stream.push_back(static_cast<char>(value >> (8 * i)));
  };
  put(kAlternateStream, 4);
  put(0, 4);
  put(bytes.size(), 8);
  put(nameBytes, 4);
  for (const char16_t c : whole) put(c, 2);
  stream.append(bytes);
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file.write(stream.data(), static_cast<std::streamsize>(stream.size()));
  file.close();
  return file ? Outcome() : fail(kAccessDenied, toText(path.filename()) + u" cannot be edited.");
}

Outcome readTombstones(const FilePath& path, std::vector<FilePath>* deleted) {
  std::ifstream file(path, std::ios::binary);
  std::string head(kTombstones.size(), '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (head != kTombstones) return malformed(path.filename(), u"does not begin with its version.");
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::replace(line.begin(), line.end(), '\\', '/');
    if (line[0] != '/' || !isBelow(line.substr(1)))
      return malformed(path.filename(), u"must have a path on each line.");
    deleted->push_back(toFilePath(toUtf16(line.substr(1))));
  }
  return {};
}

Outcome writeTombstones(const FilePath& path, const std::vector<FilePath>& deleted) {
  std::vector<std::string> lines;
  for (const FilePath& each : deleted) {
    std::string line = "\\" + toUtf8(toText(each));
    std::replace(line.begin(), line.end(), '/', '\\');
    lines.push_back(line + "\n");
  }
  std::sort(lines.begin(), lines.end());
  std::string text(kTombstones);
  for (const std::string& line : lines) text += line;
  return writeFile(path, text);
}

}  // namespace hc::simulator
