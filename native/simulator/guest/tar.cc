// The program tar, as far as copies need it: -c, -x and -t, with an archive on its input or output.
// It says what the tar.exe of Windows says, which is bsdtar.
#include <algorithm>
#include <utility>

#include "programs.h"
#include "tar-format.h"
#include "tar-options.h"

namespace hc::simulator {
namespace {

constexpr std::size_t kFlush = 64 * 1024;
constexpr std::size_t kRecord = 20 * kTarBlock;  // what is written is a whole number of these

// What a path means in a folder of either guest.
std::string pathIn(bool linuxGuest, const std::string& directory, const std::string& path) {
  if (!linuxGuest) return absolutePath(directory, path);
  const std::string text = !path.empty() && path[0] == '/' ? path : directory + '/' + path;
  std::string result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    const std::string name = text.substr(begin, end - begin);
    begin = end + 1;
    if (name.empty() || name == ".") continue;
    if (name == "..")
      result.resize(result.empty() ? 0 : result.rfind('/'));
    else
      result.append("/").append(name);
  }
  return result.empty() ? "/" : result;
}

class Tar {
 public:
  Tar(Guest& guest, const Command& command) : guest_(guest), command_(command) {}

  std::uint32_t run() {
    const std::string wrong = readTarOptions(command_.arguments, &options_);
    if (!wrong.empty()) return fail(wrong);
    if (options_.file != "-") {
      const std::string device = guest_.launch.linuxGuest ? "/dev/st0" : "\\\\.\\tape0";
      return fail("Error opening archive: Failed to open '" + options_.file.value_or(device) + "'");
    }
    if (options_.mode == 'c') return create();
    if (options_.mode == '\0') return fail("Must specify one of -c, -r, -t, -u, -x");
    return takeApart();
  }

 private:
  std::uint32_t fail(const std::string& what) {
    say("tar: " + what);
    return 1;
  }
  void say(const std::string& line) {
    guest_.write(command_.error, line + std::string(guest_.lineEnd()));
  }
  void warn(const std::string& line) {
    say(line);
    failed_ = true;
  }
  std::uint32_t end() { return failed_ ? fail("Error exit delayed from previous errors.") : 0; }

  std::string pathOf(const std::string& name) const {
    const bool linuxGuest = guest_.launch.linuxGuest;
    return pathIn(linuxGuest, pathIn(linuxGuest, guest_.directory, options_.folder), name);
  }
  bool changeFolder() {
    if (options_.folder.empty()) return true;
    const auto found = guest_.files().find(pathOf(""));
    if (found && found->folder) return true;
    fail("could not chdir to '" + options_.folder + "'");
    return false;
  }

  std::uint32_t create() {
    if (options_.names.empty()) return fail("no files or directories specified");
    if (!changeFolder()) return 1;
    for (std::string name : options_.names) {
      if (!guest_.launch.linuxGuest) std::replace(name.begin(), name.end(), '\\', '/');
      const auto found = guest_.files().find(pathOf(name));
      if (!found)
        warn("tar: " + name + ": Couldn't visit directory: No such file or directory");
      else if (!add(name, *found))
        return 1;
    }
    written_.append(2 * kTarBlock, '\0');
    written_.append((kRecord - (flushed_ + written_.size()) % kRecord) % kRecord, '\0');
    return flush() ? end() : 1;
  }

  // Folders are no deeper than the longest path of the guest allows. False: nobody takes more.
  bool add(const std::string& name, const FileEntry& entry) {
    const std::string path = pathOf(name);
    if (!entry.folder) {
      const auto text = guest_.files().read(path);
      if (!text) {
        warn("tar: " + name + ": Couldn't open file: No such file or directory");
        return true;
      }
      written_ += tarHeader(name, false, text->size(), entry.modified);
      written_ += *text;
      written_ += tarPadding(text->size());
      return written_.size() < kFlush || flush();
    }
    written_ += tarHeader(name + '/', true, 0, entry.modified);
    if (!options_.recursive) return true;
    for (const FileEntry& child : guest_.files().list(path))
      if (!add(name + '/' + child.name, child)) return false;
    return !guest_.over();
  }

  bool flush() {
    const std::string text = std::exchange(written_, {});
    flushed_ += text.size();
    return guest_.write(command_.output, text);
  }

  std::uint32_t takeApart() {
    TarReader reader([this](char* data, std::size_t size) { return guest_.read(data, size); });
    TarEntry entry;
    TarNext next = reader.next(&entry);
    if (next == TarNext::Unknown) {
      reader.drain();
      return fail("Error opening archive: Unrecognized archive format");
    }
    if (!changeFolder()) return 1;
    for (; next == TarNext::Entry && !guest_.over(); next = reader.next(&entry)) {
      if (options_.mode == 't')
        guest_.write(command_.output, entry.name + std::string(guest_.lineEnd()));
      else if (!extract(reader, entry))
        return end();
    }
    if (next == TarNext::Cut) warn("tar: Truncated tar archive");
    if (next == TarNext::Damaged) warn("tar: Damaged tar archive");
    reader.drain();
    return end();
  }

  // Empty: it must not be extracted.
  std::string memberName(const std::string& given) {
    std::string name = given;
    if (!guest_.launch.linuxGuest) {
      std::replace(name.begin(), name.end(), '\\', '/');
      if (name.size() > 1 && name[1] == ':') {
        if (!std::exchange(toldOfDrive_, true))
          say("tar: Removing leading drive letter from member names");
        name.erase(0, 2);
      }
    }
    if (!name.empty() && name[0] == '/') {
      if (!std::exchange(toldOfSlash_, true)) say("tar: Removing leading '/' from member names");
      name.erase(0, std::min(name.find_first_not_of('/'), name.size()));
    }
    if (('/' + name + '/').find("/../") == std::string::npos) return name;
    warn(given + ": Path contains '..'");
    return {};
  }

  // False: the archive ends here.
  bool extract(TarReader& reader, const TarEntry& entry) {
    const std::string name = memberName(entry.name);
    if (name.empty()) return true;
    const std::string path = pathOf(name);
    GuestFiles& files = guest_.files();
    const auto there = files.find(path);
    const bool folder = entry.type == '5';
    if (there && there->folder != folder) files.remove(path, false);
    FileResult result = FileResult::Done;
    if (folder) {
      result = files.makeFolder(path);
      if (result == FileResult::Exists && (!there || there->folder)) result = FileResult::Done;
    } else {
      const std::size_t slash = path.find_last_of("\\/");
      files.makeFolder(path.substr(0, slash));
      std::string piece;
      if (entry.type == '1') piece = files.read(pathOf(entry.link)).value_or("");
      const bool known = entry.type == '0' || entry.type == '1' || entry.type == '7';
      result = known ? files.write(path, piece, false) : FileResult::NotFound;
      while (result == FileResult::Done) {
        const bool whole = reader.content(&piece);
        if (!piece.empty()) result = files.write(path, piece, true);
        if (!whole) {
          warn(entry.name + ": Truncated tar archive");
          return false;
        }
        if (piece.empty()) break;
      }
    }
    if (result != FileResult::Done)
      warn(entry.name + ": Can't create '" + name + "'" + why(result));
    return true;
  }

  static std::string why(FileResult result) {
    return result == FileResult::Full       ? ": No space left on device"
           : result == FileResult::TooLong  ? ": Filename too long"
           : result == FileResult::IsFolder ? ": Is a directory"
                                            : ": Invalid argument";
  }

  Guest& guest_;
  const Command& command_;
  TarOptions options_;
  std::string written_;  // and not yet flushed
  std::uint64_t flushed_ = 0;
  bool failed_ = false, toldOfDrive_ = false, toldOfSlash_ = false;
};

}  // namespace

std::uint32_t runTar(Guest& guest, const Command& command) { return Tar(guest, command).run(); }

}  // namespace hc::simulator
