// Walks a tree in the order of a layer tar: by name as bytes, a folder before what is in it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "files.h"

namespace hc::pack {

// On one thread at a time.
class TreeWalk {
 public:
  // `suffix`: what the name of a file ends in that is beside a folder, and has the head of its
  // entry.
  TreeWalk(Descriptor root, std::string suffix)
      : root_(std::move(root)), suffix_(std::move(suffix)) {}

  // Begins with a folder below the root: its path with slashes. `alone`: a file beside a folder
  // stands for it where that is not there.
  void begin(const std::string& path, bool alone);
  // Adds what comes next to the batch. False at the end.
  bool step(Batch& batch);

 private:
  struct Item {
    std::string name;
    Kind kind;
    bool hasSide;  // has a file beside it
    bool isThere;  // is more than that file
  };
  struct Level {
    Descriptor folder;
    std::vector<Item> items;
    std::size_t next = 0;
  };

  void descend(int parent, const std::string& name, Batch& batch);
  std::vector<Item> arrange(std::vector<Name> names) const;
  void add(int folder, const Item& item, Batch& batch) const;
  Entry& append(const std::string& name, Kind kind, int error, Batch& batch) const;

  const Descriptor root_;
  const std::string suffix_;
  bool alone_ = false;
  int failure_ = 0;  // why the path that begin() was given leads nowhere
  std::vector<Level> levels_;
};

}  // namespace hc::pack
