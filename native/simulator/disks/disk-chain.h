// A disk with all that it is based on: its own file, and behind it those of its parents.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vhdx.h"

namespace hc::simulator::vhdx {

struct ChainOptions {
  bool writes = false;           // its own file
  bool withoutParents = false;   // it is not looked for them
  bool ignoresRelative = false;  // of the places where a parent may be
};

class DiskChain {
 public:
  static Outcome open(const FilePath& path, const ChainOptions& options, DiskChain* chain);

  // Its own file first.
  const Image& image(std::size_t level = 0) const { return links_[level]->image; }
  std::size_t length() const { return links_.size(); }

  // What the disk reads as. The disk has to be that long.
  Outcome read(std::uint64_t at, std::size_t length, std::string* bytes);
  // Into its own file. Its children do not fit it any more.
  Outcome write(std::uint64_t at, std::string_view bytes);
  Outcome changeId(const GuidData& id);
  // Never smaller.
  Outcome grow(std::uint64_t size);

 private:
  struct Link {
    Image image;
    DiskFile file;
  };

  Outcome changeMetadata(const GuidData& item, std::string_view bytes);
  Outcome addParents(const ChainOptions& options);
  Outcome addParent(const ChainOptions& options, bool* found);
  Outcome readEntry(Link& link, std::uint64_t index, std::uint64_t* entry);
  Outcome readLevel(std::size_t level, std::uint64_t at, std::size_t length, char* to);
  Outcome readBlock(std::size_t level, std::uint64_t block, std::uint64_t from, std::size_t length,
                    char* to);
  Outcome readPartial(std::size_t level, std::uint64_t block, std::uint64_t place,
                      std::uint64_t from, std::size_t length, char* to);
  Outcome writeBlock(std::uint64_t block, std::uint64_t from, std::string_view bytes);

  std::vector<std::unique_ptr<Link>> links_;
};

// What a new child of this disk has in it, to be found again by.
ParentLocator locatorOf(const Image& parent, const FilePath& child);

}  // namespace hc::simulator::vhdx
