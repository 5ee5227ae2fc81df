// Files of POSIX, opened relative to a folder and never through a link.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "descriptor.h"
#include "entry.h"

namespace hc::pack {

struct Name {
  std::string text;
  Kind kind;
};

// Each gives 0, or an errno.
int openFolder(int parent, const std::string& name, Descriptor& folder);
int kindOf(int folder, const std::string& name, Kind& kind);
// What is in a folder, in the order of the file system.
int list(int folder, std::vector<Name>& names);
// Of what is open: times, size, identity.
int describe(int file, Entry& entry);
// Opens a file for reading, and describes it. ELOOP for a link, EINVAL for what is no file.
int openFile(int folder, const std::string& name, Descriptor& file, Entry& entry);
// Fills the bytes, or as many as there are up to the end of the file. Negative: an errno.
std::int64_t readAt(int file, std::uint8_t* bytes, std::size_t length, std::uint64_t position);

}  // namespace hc::pack
