// Reads a tree ahead, on a thread of its own, and the content of its large files as it is asked
// for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "entry.h"

namespace hc::pack {

// Its methods are called on one thread. What its own thread still needs is shared with that, which
// ends by itself: nobody waits for it.
class TreeReader {
 public:
  TreeReader();
  ~TreeReader();
  TreeReader(const TreeReader&) = delete;
  TreeReader& operator=(const TreeReader&) = delete;

  // Opens the root, and starts the thread. Once. An errno, or 0.
  int open(const std::string& root, std::string suffix);
  // Begins to walk a folder, when the walk before it has been read to its end: see TreeWalk::begin.
  void walk(std::string path, bool alone);

  static constexpr std::int64_t kNotYet = -1'000'000;
  // Waits for a batch, but not long, and puts it there: the entries from the start, what they point
  // at from kMostEntries entries on. Gives their number, 0 at the end of the walk, or kNotYet.
  // Files that are open in it have numbers until they are closed.
  std::int64_t next(std::uint8_t* bytes);

  // Reads part of an open file, at once: how many bytes, or an errno, negative.
  std::int64_t read(std::int32_t file, std::uint8_t* bytes, std::size_t length,
                    std::uint64_t position) const;
  // Has part of an open file read, which take() gives. False if there is no such file.
  bool load(std::int32_t file, std::uint64_t position, std::size_t length);
  // Waits for what was asked for first, but not long: how many bytes, or an errno, or kNotYet.
  std::int64_t take(std::uint8_t* bytes, std::size_t length);
  // What was asked for of it is still read.
  void close(std::int32_t file) { files_.erase(file); }

 private:
  struct Job;
  struct Shared;
  static void run(const std::shared_ptr<Shared>& shared);

  const std::shared_ptr<Shared> shared_;
  std::unordered_map<std::int32_t, std::shared_ptr<const Descriptor>> files_;
  std::int32_t last_ = 0;
};

}  // namespace hc::pack
