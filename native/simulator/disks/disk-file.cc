#include "disk-file.h"

#include <cerrno>
#include <filesystem>

namespace hc::simulator::vhdx {

namespace fs = std::filesystem;

namespace {

constexpr HResult kFileExists = 0x80070050;  // ERROR_FILE_EXISTS

Outcome failureAt(const FilePath& path, std::error_code error) {
  if (error == std::errc::file_too_large) return fail(kDiskFull, toText(path.filename()));
  return fileFailure(error, path);
}

// Of the C library; a stream tells no more.
std::error_code lastError() { return {errno != 0 ? errno : EIO, std::generic_category()}; }

Outcome openStream(const FilePath& path, std::ios::openmode mode, std::fstream* stream) {
  errno = 0;
  stream->open(path, mode | std::ios::binary);
  return stream->is_open() ? Outcome() : failureAt(path, lastError());
}

bool folderExists(const FilePath& path) {
  std::error_code ignored;
  return fs::is_directory(path.parent_path(), ignored);
}

}  // namespace

Outcome DiskFile::open(const FilePath& path, bool writes, DiskFile* file) {
  if (!folderExists(path)) return fail(kPathNotFound, u"The folder does not exist.");
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found)
    return fail(kFileNotFound, u"The file does not exist.");
  if (status.type() == fs::file_type::none) return failureAt(path, error);
  if (status.type() != fs::file_type::regular) return fail(kAccessDenied, u"It is no file.");
  file->path_ = path;
  file->size_ = fs::file_size(path, error);
  if (error) return failureAt(path, error);
  return openStream(path, writes ? std::ios::in | std::ios::out : std::ios::in, &file->file_);
}

Outcome DiskFile::create(const FilePath& path, DiskFile* file) {
  if (!folderExists(path)) return fail(kPathNotFound, u"The folder does not exist.");
  std::error_code error;
  const auto type = fs::symlink_status(path, error).type();
  if (type == fs::file_type::none) return failureAt(path, error);
  if (type != fs::file_type::not_found) return fail(kFileExists, u"The file exists.");
  file->path_ = path;
  return openStream(path, std::ios::in | std::ios::out | std::ios::trunc, &file->file_);
}

Outcome DiskFile::failure() {
  const Outcome outcome = failureAt(path_, lastError());
  file_.clear();
  return outcome;
}

bool DiskFile::read(std::uint64_t at, std::size_t length, std::string* bytes) {
  if (at > size_ || length > size_ - at) return false;
  bytes->resize(length);
  file_.seekg(static_cast<std::streamoff>(at));
  file_.read(bytes->data(), static_cast<std::streamsize>(length));
  if (file_) return true;
  file_.clear();
  return false;
}

Outcome DiskFile::write(std::uint64_t at, std::string_view bytes) {
  errno = 0;
  file_.seekp(static_cast<std::streamoff>(at));
  file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file_) return failure();
  if (at + bytes.size() > size_) size_ = at + bytes.size();
  return {};
}

Outcome DiskFile::flush() {
  errno = 0;
  file_.flush();
  return file_ ? Outcome() : failure();
}

Outcome DiskFile::resize(std::uint64_t size) {
  Outcome flushed = flush();
  if (!flushed.ok()) return flushed;
  std::error_code error;
  fs::resize_file(path_, size, error);
  if (error) return failureAt(path_, error);
  size_ = size;
  return {};
}

}  // namespace hc::simulator::vhdx
