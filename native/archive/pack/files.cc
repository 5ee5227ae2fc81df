#if !defined(_WIN32)
#include "files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif

#include <cerrno>
#include <memory>

namespace hc::pack {

namespace {

constexpr std::int64_t kUnixEpoch = 116'444'736'000'000'000;

// What is finer than 100 ns is cut off towards 1970.
std::int64_t fileTime(std::int64_t seconds, std::int64_t nanoseconds) {
  std::int64_t units = seconds * 10'000'000 + nanoseconds / 100;
  if (units < 0 && nanoseconds % 100 != 0) ++units;
  return kUnixEpoch + units;
}

template <class Time>
std::int64_t fileTime(const Time& time) {
  return fileTime(time.tv_sec, time.tv_nsec);
}

// Where nothing tells when a file was made, as Node has it: the time of its last change.
void fill(const struct stat& stats, Entry& entry) {
#if defined(__APPLE__)
  entry.times[0] = fileTime(stats.st_birthtimespec);
  entry.times[1] = fileTime(stats.st_atimespec);
  entry.times[2] = fileTime(stats.st_mtimespec);
  entry.times[3] = fileTime(stats.st_ctimespec);
#else
  entry.times[0] = fileTime(stats.st_ctim);
  entry.times[1] = fileTime(stats.st_atim);
  entry.times[2] = fileTime(stats.st_mtim);
  entry.times[3] = fileTime(stats.st_ctim);
#endif
  entry.device = static_cast<std::uint64_t>(stats.st_dev);
  entry.inode = static_cast<std::uint64_t>(stats.st_ino);
  entry.size = static_cast<double>(stats.st_size);
  entry.links = static_cast<std::uint32_t>(stats.st_nlink);
}

int describe(int file, Entry& entry, mode_t& mode) {
#if defined(STATX_BTIME) && defined(SYS_statx)
  // By its number: the C library of an older system has no function for it.
  struct statx known {};
  if (syscall(SYS_statx, file, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &known) == 0) {
    const bool born = (known.stx_mask & STATX_BTIME) != 0;
    entry.times[0] = fileTime(born ? known.stx_btime : known.stx_ctime);
    entry.times[1] = fileTime(known.stx_atime);
    entry.times[2] = fileTime(known.stx_mtime);
    entry.times[3] = fileTime(known.stx_ctime);
    entry.device = static_cast<std::uint64_t>(known.stx_dev_major) << 32 | known.stx_dev_minor;
    entry.inode = known.stx_ino;
    entry.size = static_cast<double>(known.stx_size);
    entry.links = known.stx_nlink;
    mode = known.stx_mode;
    return 0;
  }
#endif
  struct stat stats {};
  if (fstat(file, &stats) != 0) return errno;
  fill(stats, entry);
  mode = stats.st_mode;
  return 0;
}

Kind kindOf(mode_t mode) {
  return S_ISREG(mode) ? Kind::File : S_ISDIR(mode) ? Kind::Directory : Kind::Other;
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

}  // namespace

int describe(int file, Entry& entry) {
  mode_t mode = 0;
  return describe(file, entry, mode);
}

int openFolder(int parent, const std::string& name, Descriptor& folder) {
  folder =
      Descriptor(openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return folder ? 0 : errno;
}

int kindOf(int folder, const std::string& name, Kind& kind) {
  struct stat stats {};
  if (fstatat(folder, name.c_str(), &stats, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  kind = kindOf(stats.st_mode);
  return 0;
}

int list(int folder, std::vector<Name>& names) {
  // Through a descriptor of its own, which the reading of the folder takes for itself.
  const int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) return errno;
  const std::unique_ptr<DIR, CloseFolder> reading(fdopendir(copy));
  if (!reading) {
    const int error = errno;
    close(copy);
    return error;
  }
  for (;;) {
    errno = 0;
    const dirent* const found = readdir(reading.get());
    if (found == nullptr) return errno;
    std::string name = found->d_name;
    if (name == "." || name == "..") continue;
    Kind kind = Kind::Other;
    if (found->d_type == DT_REG) {
      kind = Kind::File;
    } else if (found->d_type == DT_DIR) {
      kind = Kind::Directory;
    } else if (found->d_type == DT_UNKNOWN) {
      if (const int error = kindOf(folder, name, kind)) return error;
    }
    names.push_back({std::move(name), kind});
  }
}

int openFile(int folder, const std::string& name, Descriptor& file, Entry& entry) {
  // Without waiting for the other end of a pipe that has been put in its place.
  const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  file = Descriptor(openat(folder, name.c_str(), flags));
  if (!file) return errno;
  mode_t mode = 0;
  if (const int error = describe(file.get(), entry, mode)) return error;
  return S_ISREG(mode) ? 0 : EINVAL;
}

std::int64_t readAt(int file, std::uint8_t* bytes, std::size_t length, std::uint64_t position) {
  std::size_t done = 0;
  while (done < length) {
    const ssize_t count =
        pread(file, bytes + done, length - done, static_cast<off_t>(position + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -errno;
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return static_cast<std::int64_t>(done);
}

}  // namespace hc::pack

#endif
