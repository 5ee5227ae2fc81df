#if !defined(_WIN32)

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "tree.h"

namespace hc::archive {

namespace {

constexpr std::size_t kMostPieces = 64;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  const int number_;
};

class PosixFolder : public Folder {
 public:
  explicit PosixFolder(int number) : descriptor_(number) {}
  int number() const { return descriptor_.number(); }

 private:
  const Descriptor descriptor_;
};

class PosixFile : public NewFile {
 public:
  explicit PosixFile(int number) : descriptor_(number) {}

  Outcome write(const Bytes* pieces, std::size_t count) override {
    iovec parts[kMostPieces];
    for (std::size_t done = 0; done < count;) {
      const std::size_t now = std::min(count - done, kMostPieces);
      for (std::size_t i = 0; i < now; ++i) {
        const Bytes& piece = pieces[done + i];
        parts[i] = {const_cast<std::uint8_t*>(piece.data), piece.size};
      }
      if (const Outcome failed = writeAll(parts, now)) return failed;
      done += now;
    }
    return 0;
  }

 private:
  // A regular file takes all of it, or there is no room: then the rest fails, and says so.
  Outcome writeAll(iovec* parts, std::size_t count) {
    while (count > 0) {
      const ssize_t written = ::writev(descriptor_.number(), parts, static_cast<int>(count));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return errno;
      auto rest = static_cast<std::size_t>(written);
      while (count > 0 && rest >= parts->iov_len) {
        rest -= parts->iov_len;
        ++parts;
        --count;
      }
      if (count == 0) break;
      parts->iov_base = static_cast<char*>(parts->iov_base) + rest;
      parts->iov_len -= rest;
    }
    return 0;
  }

  const Descriptor descriptor_;
};

Outcome opened(int number, FolderPointer& folder) {
  if (number < 0) return errno;
  folder = std::make_shared<PosixFolder>(number);
  return 0;
}

int numberOf(const Folder& folder) { return static_cast<const PosixFolder&>(folder).number(); }

}  // namespace

Outcome openRoot(const std::string& path, FolderPointer& folder) {
  return opened(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), folder);
}

Outcome openFolder(const Folder& parent, const std::string& name, FolderPointer& folder) {
  const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  return opened(::openat(numberOf(parent), name.c_str(), flags), folder);
}

Outcome makeFolder(const Folder& parent, const std::string& name, FolderPointer& folder) {
  if (::mkdirat(numberOf(parent), name.c_str(), 0777) != 0) return errno;
  return openFolder(parent, name, folder);
}

Outcome createFile(const Folder& parent, const std::string& name, bool append,
                   std::unique_ptr<NewFile>& file) {
  const int mode = append ? O_APPEND : O_EXCL;
  const int flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | mode;
  const int number = ::openat(numberOf(parent), name.c_str(), flags, 0666);
  if (number < 0) return errno;
  file = std::make_unique<PosixFile>(number);
  return 0;
}

Outcome makePlacedFolder(const Folder& parent, const std::string& name, const Placement&, Bytes,
                         FolderPointer& folder) {
  return makeFolder(parent, name, folder);
}

Outcome createPlacedFile(const Folder& parent, const std::string& name, const Placement&,
                         std::unique_ptr<NewFile>& file) {
  return createFile(parent, name, false, file);
}

bool isOneName(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

}  // namespace hc::archive

#endif
