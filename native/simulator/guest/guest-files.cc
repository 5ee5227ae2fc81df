// The few files of the guests.
#include <algorithm>

#include "programs.h"

namespace hc::simulator {
namespace {

struct File {
  std::string_view path;
  std::string text;
};

std::string windowsPath(std::string_view path) {
  std::string result = lowerCase(path);
  std::replace(result.begin(), result.end(), '/', '\\');
  return result;
}

}  // namespace

const std::string* findFile(std::string_view path, bool linuxGuest) {
  // Leaked: threads may read them when the process ends.
  static const auto& windows = *new std::vector<File>{
      {"c:\\license.txt",
       "This is a simulated container. Nothing in it is licensed by anyone.\r\n"},
      {"c:\\windows\\system32\\drivers\\etc\\hosts",
       "# The hosts file of a simulated container.\r\n127.0.0.1       localhost\r\n"
       "::1             localhost\r\n"}};
  static const auto& others = *new std::vector<File>{
      {"/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost\n"},
      {"/etc/os-release", "NAME=\"Simulated Linux\"\nID=simulated\nVERSION_ID=1\n"},
      {"/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"}};
  const std::string wanted = linuxGuest ? std::string(path) : windowsPath(path);
  for (const File& file : linuxGuest ? others : windows)
    if (file.path == wanted) return &file.text;
  return nullptr;
}

}  // namespace hc::simulator
