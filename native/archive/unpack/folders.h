// The folders of a tree by the numbers that plans give them. Few are open at a time: one that is
// not is opened again below its own parent. On one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

#include "tree.h"

namespace hc::archive {

class Folders {
 public:
  Outcome addRoot(std::uint32_t id, const std::string& path);
  // `parent` is known.
  // `make(parent, name, folder)` makes or opens it.
  template <class Make>
  Outcome add(std::uint32_t id, std::uint32_t parent, std::string name, Make make) {
    FolderPointer above, open;
    if (const Outcome failed = find(parent, above)) return failed;
    if (const Outcome failed = make(*above, name, open)) return failed;
    keep(id, {parent, std::move(name), false, std::move(open)});
    return 0;
  }
  bool knows(std::uint32_t id) const;
  // One that it knows.
  Outcome find(std::uint32_t id, FolderPointer& folder);
  // Closes all: those that tasks hold are closed with the last of them.
  void clear();

 private:
  struct Known {
    std::uint32_t parent;
    std::string name;
    bool root;
    FolderPointer open;
  };

  void keep(std::uint32_t id, Known known);
  void closeSome();

  std::unordered_map<std::uint32_t, Known> known_;
  std::size_t open_ = 0;
};

}  // namespace hc::archive
